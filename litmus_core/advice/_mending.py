"""Mending the table: columns that give the answer away, and labels that look wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from litmus_core.advice import _curve
from litmus_core.advice._mended import LEAKS, NO_DOUBTS, NO_LEAKS
from litmus_core.advice._predicted import predicted
from litmus_core.advice._probe import Known
from litmus_core.advice._tried import Tried
from litmus_core.advice._words import gained, named, rows_of
from litmus_core.columns import columns_of
from litmus_core.runtime import columns_looked_at
from litmus_core.types import Action

if TYPE_CHECKING:
    from litmus_core.advice._actions import Situation


def mendings(situation: Situation, tried: Tried, known: Known) -> Iterator[Action]:
    """Return what the data room found that a model should not have learned from."""
    yield from _leaks(situation, tried)
    yield from _labels(situation, tried, known)


def _leaks(situation: Situation, tried: Tried) -> Iterator[Action]:
    """Return leaving leaks out; it is no matter of gain, and the gain is mostly a loss."""
    measured = tried.better(NO_LEAKS, LEAKS)
    if measured is None:
        return
    names = tried.probe.known.leaks
    plan = situation.plan
    # What is made of a leak is one, too, and what looks at it after the model would miss it.
    made = tuple(each for each in plan.preprocess if not {*names} & {*columns_of(each)})
    after = tuple(each for each in plan.postprocess if not {*names} & {*columns_looked_at(each)})
    yield Action(
        key="leak",
        kind="leak",
        title=f"Leave {named(names)} out",
        sentence=(
            f"The table's checks found that {'it gives' if len(names) == 1 else 'they give'} the answer "
            "away. When the model is used, that is not known yet. The score may fall, and will be true."
        ),
        evidence=f"A quick stand-in without: {gained(situation.task, measured.value)}.",
        gain=predicted("leak", measured, situation.outcomes),
        minutes=situation.time_limit_s / 60,
        plan=replace(plan, preprocess=made, postprocess=after),
        leave_out=names,
    )


def _labels(situation: Situation, tried: Tried, known: Known) -> Iterator[Action]:
    measured = tried.better(NO_DOUBTS, "single")
    before = situation.plan.without_rows
    rows = () if known.doubtful is None else tuple(known.frame.index[known.doubtful].tolist())
    if measured is None or measured.value <= 0 or {*rows} <= {*before}:
        return
    share, _ = _curve.share_of(tried)
    expected = _curve.at_all_rows(measured, tried, share, n_rows=len(known.frame))
    yield Action(
        key="labels",
        kind="labels",
        title="Learn without labels that look wrong",
        sentence=(
            f"The table's checks doubt the answer in {rows_of(len(rows))}. They are not learned from, and "
            "scored as before. Where the right answers are known, correct them on Data instead."
        ),
        evidence=(
            f"A quick stand-in that did not learn from them gained "
            f"{gained(situation.task, measured.value)} on rows as they are."
        ),
        gain=predicted("labels", expected, situation.outcomes),
        minutes=situation.time_limit_s / 60,
        plan=replace(situation.plan, without_rows=tuple(sorted({*before, *rows}))),
    )
