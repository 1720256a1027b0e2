"""Does following what Litmus suggests reach a bar that ten times the time reaches, on real tables?

A first run is given a few seconds, and a reference ten times as many: its score on the hidden rows is the
bar. Then only the top suggestion that a click can start is followed, at most five times and in at most half
of the reference's time, the first run and finding out what would help included; said is how often that led
the whole list, in which is also what only people can do. One run of its own is given just as long. What
counts is where each ends on the hidden rows, in shares of the way from the first run to the bar.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks._flexible_models import Asked, Model, Said, asked_of, spent
from benchmarks._flexible_speed import METRICS
from benchmarks._flexible_tables import Table
from benchmarks._harness import Figure

if TYPE_CHECKING:
    from litmus_core import Studio
    from litmus_core.types import Action, ActionList, Bar

MOST_CLICKS = 5
TIMES, HALF = 10.0, 0.5  # the reference's time, in first runs; what following may take of it
_REACHED = 0.95  # of the way from the first run to the bar
_LEAST_S = 8.0  # a click with less time left is not made


def bars(table: Table, *, seconds: float, seed: int) -> dict[str, Any]:
    """Return where following the top suggestions, and one run of the same length, end on hidden rows."""
    with asked_of(table, METRICS[table.problem], seed=seed) as asked:
        reference = asked.train("reference", seconds=TIMES * seconds)
        bar = asked.said(reference)
        first = asked.train("followed", seconds=seconds, bar=_bar(asked, bar))
        began = asked.said(first)
        way = asked.better(bar, began)
        found: dict[str, Any] = {
            "way": way.value,
            "way_se": (way.high - way.low) / 3.92,
            "first_s": first.spent_s,
            "reference_s": reference.spent_s,
            "n_hidden": len(asked.hidden),
        }
        if _shows(found):
            followed, clicks = _followed(asked, first, most_s=HALF * TIMES * seconds)
            longer = asked.train("longer", seconds=followed.spent_s)
            found |= {
                "followed": asked.better(asked.said(followed), began).value,
                "longer": asked.better(asked.said(longer), began).value,
                "clicks": clicks,
                "followed_s": followed.spent_s,
                "longer_s": longer.spent_s,
            }
            longer.studio.close()
        reference.studio.close()
        first.studio.close()
        return found


def _shows(found: dict[str, Any]) -> bool:
    """Return whether ten times the time bring more than hidden rows may show by chance."""
    return bool(found["way"] > 2 * found["way_se"])


def _bar(asked: Asked, reference: Said) -> Bar:
    """Return the reference's score on the hidden rows as a bar."""
    from litmus_core.metrics import get_metric
    from litmus_core.types import Bar

    better = get_metric(asked.metric).greater_is_better
    return Bar(metric=asked.metric, op=">=" if better else "<=", value=asked.score(reference))


def _followed(asked: Asked, first: Model, *, most_s: float) -> tuple[Model, list[dict[str, Any]]]:
    """Follow the top suggestions while there is time; return the model that leads then, and the clicks."""
    clicks: list[dict[str, Any]] = []
    held, of_run = first, ""
    for _ in range(MOST_CLICKS):
        listed = held.studio.actions.list(held.candidate.run_id)
        listed_s = 0.0 if listed.run_id == of_run else listed.seconds  # a run keeps its list
        of_run = listed.run_id
        left = most_s - held.spent_s - listed_s
        action = _top(held.studio, listed)
        if action is None or left < _LEAST_S:
            break
        held, click = _click(
            asked, replace(held, spent_s=held.spent_s + listed_s), listed, action, left_s=left
        )
        clicks.append(click | {"listed_s": listed_s})
    return held, clicks


def _click(
    asked: Asked, held: Model, listed: ActionList, action: Action, *, left_s: float
) -> tuple[Model, dict[str, Any]]:
    """Start an action; return the model that leads then, and what came."""
    studio = held.studio
    led = action == _promising(studio, listed)[0]
    run = studio.runs.wait(studio.actions.apply(held.candidate.run_id, action.key, most_s=left_s).id)
    seconds = spent(studio, run.id)
    made = None if run.chosen_id is None else studio.candidates.get(run.chosen_id)
    total = held.spent_s + seconds
    came, is_better = None, False
    if made is not None:
        new = Model(studio=studio, candidate=made, spent_s=total)
        came = asked.better(asked.said(new), asked.said(held)).value
        best = studio.candidates.leader([held.candidate.run_id, run.id])
        is_better = best is not None and best.run_id == run.id
    click = {
        "key": action.key,
        "kind": action.kind,
        "led": led,
        "predicted": [action.gain.value, action.gain.low, action.gain.high],
        "came": came,
        "kept": is_better,
        "seconds": seconds,
        "status": run.status,
    }
    leads = made if made is not None and is_better else held.candidate
    return Model(studio=studio, candidate=leads, spent_s=total), click


def _top(studio: Studio, listed: ActionList) -> Action | None:
    """Return the first action that is a run, may bring something, and was not taken yet from there."""
    return next((each for each in _promising(studio, listed) if each.plan is not None), None)


def _promising(studio: Studio, listed: ActionList) -> list[Action]:
    """Return what may make a better model and was not done yet; the first is what a person is shown to do."""
    done = {each.key for each in studio.actions.outcomes() if each.follows_run_id == listed.run_id}
    better = [each for each in listed.actions if each.gain.value > 0 and each.kind != "abstain"]
    return [each for each in better if each.key not in done]


def bars_figures(found: list[dict[str, Any]], *, say: Callable[[str], None]) -> list[Figure]:
    """Return how often the bar was reached, and how far ahead of one longer run it ended."""
    told = [each for each in found if _shows(each)]
    for each in found:
        if each not in told:
            say(f"{each['table']}: ten times the time bring nothing that shows; left out")
    shares = [each["followed"] / each["way"] for each in told]
    ahead: dict[str, list[float]] = {}
    for each in told:
        ahead.setdefault(each["table"], []).append((each["followed"] - each["longer"]) / each["way"])
    by_table = [float(np.mean(of)) for of in ahead.values()]
    clicks = [click for each in told for click in each["clicks"]]
    reached = float(np.mean([each >= _REACHED for each in shares]))
    low = _low_of_mean(by_table)
    return [
        _told("tables and seeds", len(told), "runs"),
        Figure(name="bars_reached", value=reached, unit="share", target=0.8, better="higher"),
        _told("of the way by following, median", float(np.median(shares)), "share"),
        _told("ahead of one longer run, mean of tables", float(np.mean(by_table)), "of the way"),
        Figure(name="beats_longer_low", value=low, unit="of the way", target=0.0, better="higher"),
        _told("clicks a table", len(clicks) / max(1, len(told)), "clicks"),
        _told("clicks that led the list", sum(each["led"] for each in clicks) / max(1, len(clicks)), "share"),
    ]


def _low_of_mean(shares: list[float], *, seed: int = 0) -> float:
    """Return the lower end of the 90 % interval of a mean over tables, by bootstrap."""
    values = np.array(shares)
    drawn = np.random.default_rng(seed).choice(values, (10_000, len(values))).mean(axis=1)
    return float(np.quantile(drawn, 0.05))


def _told(name: str, value: float, unit: str) -> Figure:
    return Figure(name=name, value=value, unit=unit, target=None, better="higher")
