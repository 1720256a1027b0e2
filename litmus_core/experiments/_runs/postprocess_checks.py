"""Parse and check post-processing steps before training."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from litmus_core.errors import UnknownNameError
from litmus_core.plugins import read_part, resolve_part, untrusted_message
from litmus_core.types import Column, DatasetVersion, PluginRef, Point, Task

if TYPE_CHECKING:
    from litmus_core.store import Workspace


def read_parts(
    steps: Sequence[str | PluginRef] | str, *, point: Point = "postprocess"
) -> tuple[PluginRef, ...]:
    """Return steps, given as texts or parts, in order. Raises UsageError."""
    parts = [steps] if isinstance(steps, str) else steps
    return tuple(read_part(point, part) if isinstance(part, str) else part for part in parts)


def check(
    workspace: Workspace,
    version: DatasetVersion,
    task: Task,
    parts: Sequence[PluginRef],
    columns: Sequence[Column],
) -> None:
    """Raise an error if steps are invalid for the task."""
    if not parts:
        return
    from litmus_core.engine import check_post

    steps = [resolve_part(workspace.path, part) for part in parts]
    try:
        check_post(steps, task, columns, labels=lambda: _labels(workspace, version, task))
    except UnknownNameError as error:
        error.hint = f"{error.hint} {untrusted_message(workspace.path)}".strip()
        raise


def _labels(workspace: Workspace, version: DatasetVersion, task: Task) -> list[Any]:
    from litmus_core.data import distinct_labels

    return sorted(distinct_labels(workspace, version, task), key=str)
