"""Stack models, if that helps on rows that neither level saw."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from litmus_core.advice import _learning_curve
from litmus_core.advice._actions.longer_run import FOLDS, TIMES
from litmus_core.advice._derived_plans import folds_as_run
from litmus_core.advice._gain_calibration import calibrate_gain
from litmus_core.advice._trials.runner import TrialResults
from litmus_core.advice._trials.stacking import STACKED
from litmus_core.types import Action, ActionCost, Folds, RunPlan, Statement

if TYPE_CHECKING:
    from litmus_core.advice._situation import Situation

_OF_TREES = {"boosting", "forest"}
_LEVELS_TAKE = 3.0  # times one level's time: the second reads more columns (benchmarks/README.md)


def propose_stacking(situation: Situation, trials: TrialResults, *, n_rows: int) -> Iterator[Action]:
    """Propose a second level of models if it did better in trials than folds alone."""
    fold_gain, plan = trials.better(STACKED, "bag"), situation.plan
    if fold_gain is None or not fold_gain.helps or not _can_stack(situation, plan):
        return
    measured = fold_gain if situation.n_folds else trials.better(STACKED, "single")
    if measured is None:
        return
    share, _ = _learning_curve.next_doubling_share(trials)
    expected = _learning_curve.extrapolate_gain(measured, trials, share, n_rows=n_rows)
    folds = situation.n_folds or FOLDS
    one_level_s = situation.time.fit_s if situation.n_folds else FOLDS * situation.time.fit_s
    limit = min(max(TIMES * situation.time.limit_s, _LEVELS_TAKE * one_level_s), 10 * situation.time.limit_s)
    yield Action(
        key="stack",
        kind="stack",
        title=Statement.of("stack", "title"),
        statements=(Statement.of("stack", "do", n_folds=folds),),
        evidence=(Statement.of("stack", "tried", gain=float(fold_gain.value), metric=situation.task.metric),),
        gain=calibrate_gain("stack", expected, situation.outcomes),
        cost=ActionCost(minutes=limit / 60, latency_factor=None, size_factor=None),
        plan=replace(
            plan,
            folds=replace(folds_as_run(situation.run, folds), n_folds=folds),
            training=replace(plan.training, stack=True),
            compute=replace(plan.compute, time_limit_s=limit),
        ),
    )


def _can_stack(situation: Situation, plan: RunPlan) -> bool:
    """Return whether the run's models can be stacked, and are not stacked yet."""
    folds = plan.folds or Folds()
    plain = folds.kind not in ("time", "custom") and folds.repeats == 1 and plan.compute.where == "here"
    plain = plain and not (folds.refit and plan.training.without_rows)
    return (
        situation.may_fold
        and plain
        and not plan.training.stack
        and not situation.task.monotone
        and bool(_OF_TREES & {*situation.families.trained})
    )
