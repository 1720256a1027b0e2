"""Weight classes equally in training, for metrics that average over classes rather than rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from litmus_core.advice import _learning_curve
from litmus_core.advice._gain_calibration import calibrate_gain
from litmus_core.advice._trials.class_weights import BALANCED
from litmus_core.advice._trials.runner import TrialResults
from litmus_core.types import Action, ActionCost, Statement

if TYPE_CHECKING:
    from litmus_core.advice._situation import Situation

_SAME_AFTERWARDS = ("weigh_classes", "thresholds_by_segment")  # steps after the model with the same effect


def propose_class_weights(situation: Situation, trials: TrialResults, *, n_rows: int) -> Iterator[Action]:
    """Propose training with equal class weights if the surrogate model did better with them."""
    measured = trials.better(BALANCED, "single")
    done = {part.reference for part in situation.chosen.postprocess} & {*_SAME_AFTERWARDS}
    if situation.plan.training.balanced or done or measured is None or not measured.helps:
        return
    share, _ = _learning_curve.next_doubling_share(trials)
    expected = _learning_curve.extrapolate_gain(measured, trials, share, n_rows=n_rows)
    yield Action(
        key="balanced",
        kind="balanced",
        title=Statement.of("balanced", "title"),
        statements=(Statement.of("balanced", "do"),),
        evidence=(
            Statement.of("shared", "stand-in", gain=float(measured.value), metric=situation.task.metric),
        ),
        gain=calibrate_gain("balanced", expected, situation.outcomes),
        cost=ActionCost(minutes=situation.time.limit_s / 60),
        plan=replace(situation.plan, training=replace(situation.plan.training, balanced=True)),
    )
