"""Steps after the model on their way into a run: read, and held against the task before anything trains."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from litmus_core.errors import UnknownNameError
from litmus_core.plugins import read_part, resolve_part, untrusted_message
from litmus_core.types import Column, DatasetVersion, Part, Point, Task

if TYPE_CHECKING:
    from litmus_core.store import Workspace


def read_parts(steps: Sequence[str | Part] | str, *, point: Point = "postprocess") -> tuple[Part, ...]:
    """Return steps that were given as texts or parts, in their order; raises UsageError in words."""
    given = [steps] if isinstance(steps, str) else steps
    return tuple(read_part(point, each) if isinstance(each, str) else each for each in given)


def check(
    workspace: Workspace,
    version: DatasetVersion,
    task: Task,
    parts: Sequence[Part],
    columns: Sequence[Column],
) -> None:
    """Raise, in words, when steps cannot be meant for the task."""
    if not parts:
        return
    from litmus_core.engine import check_post

    steps = [resolve_part(workspace.path, each) for each in parts]
    try:
        check_post(steps, task, columns, labels=lambda: _labels(workspace, version, task))
    except UnknownNameError as error:
        error.hint = f"{error.hint} {untrusted_message(workspace.path)}".strip()
        raise


def _labels(workspace: Workspace, version: DatasetVersion, task: Task) -> list[Any]:
    from litmus_core.data import distinct_labels

    return sorted(distinct_labels(workspace, version, task), key=str)
