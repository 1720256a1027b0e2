"""Check monotone constraints: whether predictions can be held to rise or fall with a column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from litmus_core.data._rows.read import check_names
from litmus_core.errors import UsageError

if TYPE_CHECKING:
    from litmus_core.types import DatasetVersion, Task

_LEAVE_OUT = "Leave it out of monotone."


def check_monotone(version: DatasetVersion, task: Task) -> None:
    """Raise UnknownNameError or UsageError for a monotone constraint that the task cannot meet."""
    if not task.monotone:
        return
    _check_target(task)
    names = [name for name, _ in task.monotone]
    check_names(version, names)
    for name in names:
        if names.count(name) > 1:
            raise UsageError(
                f"'{name}' cannot be both increasing and decreasing.", hint="Give it one direction."
            )
        if name == task.target:
            raise UsageError(f"'{name}' is what to predict, not a column to learn from.", hint=_LEAVE_OUT)
        if name not in task.features:
            raise UsageError(
                f"Models do not look at '{name}', so predictions cannot rise or fall with it.",
                hint=f"{_LEAVE_OUT} Or add the column to those to learn from.",
            )
        column = version.column(name)
        if not column.traits.is_quantity:
            raise UsageError(
                f"'{name}' is read as {column.traits.label}: only a column of numbers can rise or fall.",
                hint=f"{_LEAVE_OUT} If it holds numbers, say so: schema={{'{name}': 'number'}}.",
            )


def _check_target(task: Task) -> None:
    if not task.type.has_one_number:
        raise UsageError(
            f"A prediction of '{task.target}' is {task.type.prediction}, which neither rises nor falls.",
            hint="Leave monotone out, or ask for a number or one of two labels.",
        )
    if task.task_type is not None and not task.type.has_classes:
        raise UsageError(
            f"'{task.target}' is learned on another scale, on which a direction may turn around.",
            hint="Leave monotone out, or ask for the number itself: task='regression'.",
        )
