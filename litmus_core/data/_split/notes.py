"""Notes on a split: rows without a target, and groups that stay together."""

from __future__ import annotations

from litmus_core.text import format_count
from litmus_core.types import Task


def unlabelled_note(task: Task, n_rows: int) -> str:
    """Note that ``n_rows`` rows have no target; "" if all have one."""
    if not n_rows:
        return ""
    return (
        f"{format_count(n_rows, 'row')} without '{task.target}' {'was' if n_rows == 1 else 'were'} set aside."
    )


def whole_groups_note(task: Task) -> str:
    """Note that each group of rows stays in one part; "" if the task has no groups."""
    group = task.needs.group
    return f"All rows of one '{group}' stay in one part." if group else ""
