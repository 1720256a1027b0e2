"""Fix the table: leave out rows with labels that look wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from litmus_core.advice import _learning_curve
from litmus_core.advice._gain_calibration import calibrate_gain
from litmus_core.advice._surrogate import TrialData
from litmus_core.advice._trials.data_fixes import NO_DOUBTS
from litmus_core.advice._trials.runner import TrialResults
from litmus_core.types import Action, ActionCost, Statement

if TYPE_CHECKING:
    from litmus_core.advice._situation import Situation


def propose_data_fixes(situation: Situation, trials: TrialResults, data: TrialData) -> Iterator[Action]:
    """Propose training without the rows whose labels the data checks doubt."""
    measured = trials.better(NO_DOUBTS, "single")
    before = situation.plan.training.without_rows
    rows = () if data.doubtful is None else tuple(data.frame.index[data.doubtful].tolist())
    if measured is None or measured.value <= 0 or {*rows} <= {*before}:
        return
    share, _ = _learning_curve.next_doubling_share(trials)
    expected = _learning_curve.extrapolate_gain(measured, trials, share, n_rows=len(data.frame))
    yield Action(
        key="labels",
        kind="labels",
        title=Statement.of("labels", "title"),
        statements=(Statement.of("labels", "do", n_rows=len(rows)),),
        evidence=(Statement.of("labels", "tried", gain=float(measured.value), metric=situation.task.metric),),
        gain=calibrate_gain("labels", expected, situation.outcomes),
        cost=ActionCost(minutes=situation.time.limit_s / 60),
        plan=replace(
            situation.plan,
            training=replace(situation.plan.training, without_rows=tuple(sorted({*before, *rows}))),
        ),
    )
