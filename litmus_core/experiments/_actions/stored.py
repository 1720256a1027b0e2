"""The list of actions that was made for a run, read without trying anything out."""

from __future__ import annotations

from litmus_core.experiments._context import Context
from litmus_core.types import ActionList, read_stored

STORED = "actions.json"


def stored_actions(context: Context, run_id: str) -> ActionList | None:
    """Return a run's list of actions where one was made; None before that. Nothing is tried out.

    One is rebuilt where someone said meanwhile that a finding which it has as an action is fine.
    """
    run = context.run(run_id)
    found = read_stored(context.workspace.run_dir(run.id) / STORED, ActionList)
    if found is None:
        return None
    task = context.experiment(run.experiment_id).task
    fine = context.store.known_findings(context.dataset(task.dataset_version_id).dataset_id)
    return None if fine & {each.key for each in found.actions} else found
