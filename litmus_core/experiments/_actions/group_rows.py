"""Actions of collecting rows of a group that nobody listed: those of a live model that got worse there."""

from __future__ import annotations

from litmus_core.errors import UnknownNameError
from litmus_core.experiments._context import Context
from litmus_core.experiments._runs.lineage import trained_run
from litmus_core.types import Action, ActionList, Run, Task


def find_action(context: Context, run: Run, key: str, *, listed: ActionList | None) -> Action | None:
    """Return the action ``key`` of a run's list, or that of any group of rows; None for "rows" alone.

    ``listed`` is the run's list, if it has one. ``key`` is "rows where COLUMN is VALUE" for a group. Raises
    UnknownNameError for another key that is not listed, and for a column that the model does not learn from.
    """
    from litmus_core.advice import GROUP_KEY, rows_of_group

    actions = {} if listed is None else {action.key: action for action in listed.actions}
    if key in actions:
        return actions[key]
    if key == "rows":
        return None
    task = context.experiment(run.experiment_id).task
    column, _, value = _group(key.removeprefix(GROUP_KEY), task)
    if not key.startswith(GROUP_KEY) or not value:
        raise UnknownNameError(kind="action", name=key, names=actions)
    if column not in task.features:
        raise UnknownNameError(kind="column of the model called", name=column, names=task.features)
    limit_s = trained_run(context, run).plan.compute.time_limit_s or task.time_limit_s
    n_rows = _count(context, task, column, value)
    return rows_of_group(column, value, n_rows=n_rows, minutes=limit_s / 60)


def _group(text: str, task: Task) -> tuple[str, str, str]:
    """Return column and value of "COLUMN is VALUE", with the longest column of the model that fits."""
    fits = (name for name in task.features if text.startswith(f"{name} is "))
    longest = max(fits, key=len, default=None)
    if longest is None:
        return text.partition(" is ")
    return longest, " is ", text.removeprefix(f"{longest} is ")


def _count(context: Context, task: Task, column: str, value: str) -> int:
    from litmus_core.data import read_rows
    from litmus_core.diagnostics import value_rows

    version = context.dataset(task.dataset_version_id)
    return int(value_rows(read_rows(context.workspace, version, columns=[column])[column], value).sum())
