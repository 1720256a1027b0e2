"""Parse and check post-processing steps before training."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.plugins import read_part, resolve_part, untrusted_message
from litmus_core.types import Column, DatasetVersion, PluginRef, Point, Task

if TYPE_CHECKING:
    from litmus_core.store import Workspace


def read_parts(
    steps: Sequence[str | type | PluginRef] | str | type | PluginRef, *, point: Point = "postprocess"
) -> tuple[PluginRef, ...]:
    """Return steps, given as texts, imported classes or parts, in order. Raises UsageError."""
    parts = steps if isinstance(steps, list | tuple) else [steps]
    return tuple(_part(point, part) for part in parts)


def _part(point: Point, part: Any) -> PluginRef:
    if isinstance(part, type):
        return PluginRef(point=point, reference=f"{part.__module__}:{part.__qualname__}")
    if not isinstance(part, str | PluginRef):
        raise UsageError(
            f"{part!r} is neither the name nor the class of a step.",
            hint="Name it, such as 'cap(low=0)' or 'steps.py:Cap', or give its class.",
        )
    return read_part(point, part) if isinstance(part, str) else part


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
