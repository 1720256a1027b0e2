"""Read the stored list of actions of a run, without running trials."""

from __future__ import annotations

from litmus_core.experiments._actions.failed import without_failed
from litmus_core.experiments._context import Context
from litmus_core.types import ActionList, read_stored

STORED = "actions.json"


def stored_actions(context: Context, run_id: str) -> ActionList | None:
    """Return a run's stored list of actions; None if there is none. No trials are run.

    The list is rebuilt if somebody has since dismissed one of its findings. Actions that have failed since
    are among its ``failed``.
    """
    run = context.run(run_id)
    stored = read_stored(context.workspace.run_dir(run.id) / STORED, ActionList)
    if stored is None:
        return None
    task = context.experiment(run.experiment_id).task
    fine = context.store.known_findings(context.dataset(task.dataset_version_id).dataset_id)
    return None if fine & {action.key for action in stored.actions} else without_failed(context, stored)
