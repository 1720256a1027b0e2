"""Refuse folds with pre-processing that uses the target: models would be scored on targets they have seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from litmus_core.jobs._context import RunContext
    from litmus_core.jobs._run_data import RunData


def fold_count_without_target_encoders(
    context: RunContext, data: RunData, folds: int, *, is_requested: bool
) -> int:
    """Return ``folds``, or 0 if a pre-processor of the plan uses the target.

    Raises UsageError in that case if the folds ``is_requested``.
    """
    from litmus_core.engine import refuse_folds_over, target_encoder_names

    if not folds or not context.plan.preprocess:
        return folds
    train = data.rows("train")
    learners = target_encoder_names(
        context.plan.preprocess,
        columns=data.columns,
        train=train[[column.name for column in data.columns]],
        target=train[data.target],
        folder=context.folder,
        weights=data.weights_of(data.index("train")),
        seed=context.experiment.task.seed,
    )
    if is_requested:
        refuse_folds_over(learners)
    return 0 if learners else folds
