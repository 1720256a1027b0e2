"""Outcomes of earlier actions, from which gains are predicted, without test rows of the same table."""

from __future__ import annotations

from dataclasses import replace

from litmus_core.experiments._actions.outcomes import outcomes
from litmus_core.experiments._context import Context
from litmus_core.types import ActionOutcome, Task


def past_outcomes(context: Context, task: Task) -> tuple[ActionOutcome, ...]:
    """Return the workspace's outcomes, those on the table of ``task`` by their validation rows only.

    Test rows judge the chosen model and must not influence the choice. Two kinds are left out: outcomes of
    which only one run used folds, because validation flatters the other run, and stacked runs
    (docs/adr/0037).
    """
    table = context.dataset(task.dataset_version_id).dataset_id
    past = []
    for past_outcome in outcomes(context):
        task_then = context.experiment(context.run(past_outcome.run_id).experiment_id).task
        if context.dataset(task_then.dataset_version_id).dataset_id == table:
            alike = past_outcome.validation is not None and validated_alike(
                context, past_outcome.run_id, past_outcome.follows_run_id
            )
            past_outcome = replace(
                past_outcome, test=None, validation=past_outcome.validation if alike else None
            )
        past.append(past_outcome)
    return tuple(past)


def validated_alike(context: Context, now: str, before: str) -> bool:
    """Return whether the validation scores of two runs are a fair comparison."""
    stacked = [context.run(id_).plan.training.stack for id_ in (now, before)]
    return stacked[0] == stacked[1] and _in_folds(context, now) == _in_folds(context, before)


def _in_folds(context: Context, run_id: str) -> bool:
    from litmus_core.engine import n_folds

    return n_folds(context.workspace.run_dir(run_id)) > 0
