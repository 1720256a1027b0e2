"""Stacking: trees that learn from the columns and from other models' predictions."""

from __future__ import annotations

from litmus_core.cluster import place_of
from litmus_core.engine._families.registry import FAMILIES
from litmus_core.errors import UsageError
from litmus_core.types import Folds, RunPlan, Task

USUAL_FOLDS = 5


def check_stack(plan: RunPlan, task: Task) -> None:
    """Raise UsageError if a plan's models cannot be stacked."""
    folds = plan.folds or Folds(USUAL_FOLDS)
    if folds.n_folds == 0 or task.validation_version_id is not None:
        raise UsageError(
            "A second level learns from answers to rows that folds leave out, and there are no folds.",
            hint=f"Train in folds ({USUAL_FOLDS} are usual), or without stack.",
        )
    if folds.kind in ("time", "custom") or task.split.kind == "time" or folds.repeats > 1:
        raise UsageError(
            "A second level needs exactly one answer for each row from its folds. Folds in order of time "
            "have none for the first rows, and repeated folds have several.",
            hint="Train without stack, or in plain folds.",
        )
    if plan.training.without_rows and folds.refit:
        raise UsageError(
            "A second level that is trained again on all rows cannot leave some of them out.",
            hint="Train without stack, or in folds alone (refit=False).",
        )
    keys = (*plan.families, *(algorithm.key for algorithm in plan.algorithms))
    families = [FAMILIES[key] for key in keys if key in FAMILIES]
    may_be_trees = [family.is_trees or family.stock for family in families]  # AutoGluon's own mixes have some
    if (keys or plan.models) and not any(may_be_trees):
        raise UsageError(
            "A second level is of trees, and none of these models is.",
            hint="Add one, such as lightgbm, or train without stack.",
        )
    if place_of(plan.compute.where).on_ray:
        raise UsageError("Two levels are trained on this machine alone.", hint="Leave on= out, or stack.")
