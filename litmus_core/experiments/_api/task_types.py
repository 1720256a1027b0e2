"""Look up a task type by its name: built-in, a plug-in, or a class in a file or module."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.metrics import all_metrics
from litmus_core.plugins import (
    PluginDescription,
    PlugInState,
    copy_parts,
    describe,
    describe_module,
    find_plugin,
    read_part,
    ready_at,
)
from litmus_core.task_types import TaskType, all_task_types, get_task_type
from litmus_core.types import DatasetVersion, PluginRef, Suggestion, Task

if TYPE_CHECKING:
    from litmus_core.store import Workspace


def read_task_type(kind: str | PluginRef, *, home: Path) -> tuple[PluginDescription, PluginRef]:
    """Return the description of a task type, and the part of a task that refers to it.

    Raises UnknownNameError with the nearest name, UsageError if it cannot be used or is not trusted.
    """
    reference = read_part("task_type", kind) if isinstance(kind, str) else kind
    described = (
        _describe_custom(reference, home)
        if ":" in reference.reference
        else _find_by_name(reference.reference, home)
    )
    return described, described.part(**dict(reference.parameters))


def base_of(described: PluginDescription, kind: TaskType | None) -> TaskType:
    """Return the standard task type that a custom one is based on.

    Raises UsageError if another one was requested.
    """
    base = get_task_type(described.facts["base"])
    if kind not in (None, base):
        raise UsageError(
            f"'{described.name}' is put as a {base} question, not as a {kind} one.",
            hint="Leave the problem type out.",
        )
    return base


def proposed_metric(described: PluginDescription, suggestion: Suggestion, otherwise: str) -> str:
    """Return the metric of a task type if none is requested: its own default, if the numbers allow that."""
    default = str(described.facts.get("default_metric") or otherwise)
    same = get_task_type(described.facts["base"]) is suggestion.type
    fits = (
        not same or default in suggestion.metrics or default not in (metric.name for metric in all_metrics())
    )
    return default if fits else otherwise


def with_positive(
    workspace: Workspace, version: DatasetVersion, task: Task, described: PluginDescription
) -> Task:
    """Return the task with the label whose probability binary metrics use, unless it is chosen already."""
    from litmus_core.data import default_positive_class, read_labels

    if not task.type.has_positive_class or task.positive_class is not None:
        return task
    if described.facts.get("positive"):
        return replace(task, positive_class=str(described.facts["positive"]))
    counts = read_labels(workspace, version, task).dropna().value_counts()
    return replace(task, positive_class=default_positive_class(tuple(counts.index))) if len(counts) else task


def available_task_types(home: Path) -> tuple[PluginDescription, ...]:
    """Return the task types that can be chosen: built-in ones, and the workspace's ready plug-ins."""
    from litmus_core.data import task_types

    return (*task_types(), *ready_at(home, "task_type"))


def _find_by_name(name: str, home: Path) -> PluginDescription:
    from litmus_core.data import task_types

    built_in = {task_type.name: task_type for task_type in task_types()}
    if name in built_in:
        return built_in[name]
    try:
        described = find_plugin(home, "task_type", name).described
    except UnknownNameError as error:
        names = [
            *(task_type.wording for task_type in all_task_types()),
            *(task_type.name for task_type in available_task_types(home)),
        ]
        raise UnknownNameError(kind="kind of question", name=name, names=names) from error
    if described is None:
        raise UnknownNameError(kind="kind of question", name=name, names=list(built_in))
    return described


def _describe_custom(part: PluginRef, home: Path) -> PluginDescription:
    """Return the description of a class that was named with its file or module."""
    home_module, _, name = part.reference.rpartition(":")
    with tempfile.TemporaryDirectory(prefix="litmus-task-") as scratch:
        (copied,) = copy_parts([part], base=Path.cwd(), to=Path(scratch), home=home)
    file = Path(copied.reference.rpartition(":")[0])
    if file.suffix == ".py":
        PlugInState(home).check_trusted(file)
        descriptions = [described for described in describe(file, home=home) if described.name == name]
    else:
        descriptions = [
            replace(described, reference=copied.reference)
            for described in describe_module(home_module, name=name)
        ]
    if not descriptions or descriptions[0].point != "task_type":
        raise UsageError(
            f"{name} of {home_module} is not a kind of question.",
            hint="Mark the class with @task_type(base=…) of litmus_core.plugins.",
        )
    return descriptions[0]
