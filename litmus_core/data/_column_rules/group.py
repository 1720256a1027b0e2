"""Check that a split keeps rows together that belong to one group of the task type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from litmus_core.data._rows.read import check_names, read_rows
from litmus_core.errors import DataError, UsageError
from litmus_core.text import format_count, quote_names

if TYPE_CHECKING:
    from litmus_core.store import Workspace
    from litmus_core.types import DatasetVersion, Task


def check_group(workspace: Workspace | None, version: DatasetVersion, task: Task) -> None:
    """Raise UsageError or DataError if the task's split would separate rows of one group."""
    group, plan = task.needs.group, task.split
    if not group:
        return
    hint = f"Split by group:{group}, as Litmus does where nobody says how."
    if plan.kind == "random":
        raise UsageError(
            f"A random split would separate rows of one '{group}', which belong together.", hint=hint
        )
    check_names(version, [group, *plan.columns])
    if workspace is None or plan.columns == (group,):
        return
    rows = read_rows(workspace, version, columns=list(dict.fromkeys([group, *plan.columns])))
    n_values = rows.groupby(group, observed=True)[list(plan.columns)].nunique(dropna=False)
    if n_separated := int(n_values.gt(1).any(axis=1).sum()):
        raise DataError(
            f"{format_count(n_separated, 'group')} of '{group}' {'has' if n_separated == 1 else 'have'} "
            f"several values of {quote_names(plan.columns)}, so that split would separate rows that belong "
            "together.",
            hint=hint,
        )
