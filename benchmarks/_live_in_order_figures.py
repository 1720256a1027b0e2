"""Figures of lives that came in the order of their rows: alarms, lasting falls, estimates, drift alarms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks._harness import Figure
from benchmarks._live_in_order import NEAR
from benchmarks._live_replays import Part

Share = Callable[..., Figure]
_STATES = ("still meets", "probably", "doubtful", "not any more")
_MISSED = 10.0


def figures_in_order(found: list[tuple[str, Part]], share: Share, within: float) -> list[Figure]:
    """Return the figures of lives, with their metrics' names."""
    lives = [(metric, part) for metric, part in found if part]
    return [
        *_alarms([part for _, part in lives], share),
        *_looks([part for _, part in lives], share),
        *_falls([part["fall"] for _, part in lives if part["fall"]], share, within),
        *_estimates(
            [(metric, window) for metric, part in lives for window in part["windows"] if window], share
        ),
    ]


def _alarms(lives: list[Part], share: Share) -> list[Figure]:
    """An alarm is false if neither the next quarter of the life nor all its rest misses the bar."""
    told = [part["alarm"] for part in lives if part["alarm"] and part["alarm"]["rest"] is not None]
    false = [part for part in lives if _is_false(part["alarm"])]
    back = [part["looks"][-1]["state"] != "not any more" for part in false]
    return [
        share("lives with an alarm", [part["alarm"] is not None for part in lives], None),
        share(
            "lives with an alarm after which no rows missed the bar",
            [part in false for part in lives],
            0.05,
            "lower",
        ),
        share("such alarms that were taken back by the last look", back, None),
        share(
            "alarms after which the next quarter missed the bar", [alarm["next"] > 0 for alarm in told], None
        ),
        share(
            "alarms after which the rest of the life missed it", [alarm["rest"] > 0 for alarm in told], None
        ),
    ]


def _is_false(alarm: Part | None) -> bool:
    return bool(alarm and alarm["rest"] is not None and alarm["rest"] <= 0 and alarm["next"] <= 0)


def _looks(lives: list[Part], share: Share) -> list[Figure]:
    looks = [look for part in lives for look in part["looks"] if look["rest"] is not None]
    figures = []
    for state in _STATES:
        kept = [look["rest"] <= 0 for look in looks if look["state"] == state]
        figures.append(share(f"looks at '{state}' after which the rest of the life met the bar", kept, None))
    held = [look["holds"] for look in looks if "holds" in look]
    return [*figures, share("ranges that held the score of the rest of the life", held, None)]


def _falls(falls: list[Part], share: Share, within: float) -> list[Figure]:
    """Falls that the oracle finds in time leave rows enough to find them in twice, or ten times, its rows."""
    seen = [
        fall for fall in falls if fall["oracle 95"] and fall["rows at most"] >= within * fall["oracle 95"]
    ]
    ratios = np.sort([_rows(fall) / fall["oracle 95"] for fall in seen])
    long = [fall for fall in seen if fall["rows at most"] >= _MISSED * fall["oracle 95"]]
    return [
        Figure(
            name=f"rows until a lasting fall was found over the oracle's, median (of {len(seen)})",
            value=float(np.median(ratios)) if seen else float("nan"),
            unit="x",
            target=within,
            better="lower",
        ),
        share("lasting falls found within twice the oracle's rows", list(ratios <= within), None),
        share(
            "lasting falls missed within ten times",
            [_rows(f) > _MISSED * f["oracle 95"] for f in long],
            0.0,
            "lower",
        ),
        share(
            "lasting falls for which there are less than twice the oracle's rows",
            [f not in seen for f in falls],
            None,
        ),
    ]


def _rows(fall: Part) -> float:
    return float("inf") if fall["rows"] is None else float(fall["rows"])


def _estimates(windows: list[tuple[str, Part]], share: Share) -> list[Figure]:
    """Estimates of windows of classes, and alarms on all windows: a window fell if it is two points worse."""
    asked = [part for metric, part in windows if metric not in ("rmse", "mae", "r2", "average_precision")]
    known = [part for part in asked if part["expected"] is not None]
    figures = [
        share(
            "windows: expected within two points of what came",
            [_is_near(part, "expected") for part in known],
            0.8,
        ),
        share("windows: its range held what came", [p["low"] <= p["truth"] <= p["high"] for p in known], 0.8),
        share(
            "windows: the score on the past within two points",
            [_is_near(part, "base") for part in known],
            None,
        ),
        share("windows of classes with an estimate", [part["expected"] is not None for part in asked], None),
    ]
    every = [part for _, part in windows]
    for name in ("psi", "ks"):
        for about, is_asked in (("fell", True), ("did not fall", False)):
            alarms = [part[name] for part in every if (part["worse"] > NEAR) is is_asked]
            figures.append(share(f"{name} alarms where the score {about}", alarms, None))
    return figures


def _is_near(part: dict[str, Any], name: str) -> bool:
    return abs(part[name] - part["truth"]) <= NEAR
