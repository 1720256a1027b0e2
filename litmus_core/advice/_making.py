"""Making columns of columns, where the stand-in did better with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from litmus_core.advice import _curve
from litmus_core.advice._after import afresh
from litmus_core.advice._made import COUNTS, DATE_PARTS, DATES, PAIRS, dates_of, strongest_names
from litmus_core.advice._predicted import predicted
from litmus_core.advice._tried import Tried
from litmus_core.advice._words import gained, named
from litmus_core.columns import pairs_of, reference_of
from litmus_core.types import Action, Part

if TYPE_CHECKING:
    from litmus_core.advice._actions import Situation


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """One kind of columns: the step that makes them, the ways that were compared, and what it is about."""

    step: str
    way: str
    than: str
    title: str
    sentence: str
    parameters: tuple[tuple[str, str], ...] = ()


def makings(situation: Situation, tried: Tried, *, n_rows: int) -> Iterator[Action]:
    """Return each kind of made columns that the stand-in did better with, as a step before the model."""
    plan = situation.run.plan
    there = {each.reference for each in plan.preprocess}
    share, _ = _curve.share_of(tried)
    for made in _kinds(situation, tried):
        measured, reference = tried.better(made.way, made.than), reference_of(made.step)
        if reference in there or measured is None or not measured.helps:
            continue
        step = Part(point="preprocess", reference=reference, parameters=made.parameters)
        expected = _curve.at_all_rows(measured, tried, share, n_rows=n_rows)
        yield Action(
            key=f"made {made.way}",
            kind="made columns",
            title=made.title,
            sentence=made.sentence,
            evidence=f"A quick stand-in with them gained {gained(situation.task, measured.value)}.",
            gain=predicted("made columns", expected, situation.outcomes),
            minutes=situation.time_limit_s / 60,
            plan=replace(afresh(plan), preprocess=(step, *plan.preprocess)),
        )


def _kinds(situation: Situation, tried: Tried) -> Iterator[_Made]:
    if tried.better(COUNTS, "single") is not None:
        yield _Made(
            step="Counts",
            way=COUNTS,
            than="single",
            title="Tell it how frequent each value is",
            sentence="Each category gets a column beside it that says how many rows have the same value.",
        )
    if tried.better(PAIRS, "single") is not None:
        names = strongest_names(tried.probe, seed=situation.task.seed)
        if len(names) > 1:
            yield _Made(
                step="Pairs",
                way=PAIRS,
                than="single",
                title=f"Tell it how {named(names)} compare",
                sentence="The ratio and the difference of each two of these numbers become columns.",
                parameters=(("columns", pairs_of(names)),),
            )
    if tried.better(DATES, DATE_PARTS) is not None:
        yield _Made(
            step="RoundDates",
            way=DATES,
            than=DATE_PARTS,
            title=f"Tell it where in the year and the week {named(dates_of(tried.probe))} is",
            sentence="Dates go round: December lies beside January, and Sunday beside Monday.",
        )
