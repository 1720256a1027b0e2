"""The task types of Litmus, by their stored key."""

from __future__ import annotations

from litmus_core.errors import UnknownNameError
from litmus_core.task_types._binary import BINARY
from litmus_core.task_types._multiclass import MULTICLASS
from litmus_core.task_types._regression import REGRESSION
from litmus_core.task_types._task_type import TaskType

_ALL: tuple[TaskType, ...] = (BINARY, MULTICLASS, REGRESSION)
_BY_KEY: dict[str, TaskType] = {task_type.key: task_type for task_type in _ALL}


def all_task_types() -> tuple[TaskType, ...]:
    """Return every task type, in the order of the choice."""
    return _ALL


def classification_types() -> tuple[TaskType, ...]:
    """Return the task types that predict labels."""
    return tuple(task_type for task_type in _ALL if task_type.has_classes)


def get_task_type(key: str) -> TaskType:
    """Return the task type stored as ``key``; raises UnknownNameError with similar names.

    >>> get_task_type("binary").has_threshold
    True
    """
    task_type = _BY_KEY.get(key)
    if task_type is None:
        raise UnknownNameError(kind="task type", name=str(key), names=list(_BY_KEY))
    return task_type


def read_wording(text: str) -> TaskType:
    """Return the task type that a text means; raises UnknownNameError with similar wordings.

    >>> read_wording("Multi-Class classification")
    <task type multiclass>
    """
    plain = " ".join(text.lower().replace("-", " ").replace("_", " ").replace("classification", "").split())
    match = next((task_type for task_type in _ALL if plain in (task_type.key, *task_type.aliases)), None)
    if match is None:
        raise UnknownNameError(kind="task", name=text, names=[task_type.wording for task_type in _ALL])
    return match
