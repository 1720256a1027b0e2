"""The task types of Litmus, by their stored key."""

from __future__ import annotations

from litmus_core.errors import UnknownNameError
from litmus_core.task_types._binary import BINARY
from litmus_core.task_types._multiclass import MULTICLASS
from litmus_core.task_types._regression import REGRESSION
from litmus_core.task_types._task_type import TaskType

_ALL: tuple[TaskType, ...] = (BINARY, MULTICLASS, REGRESSION)
_BY_KEY: dict[str, TaskType] = {each.key: each for each in _ALL}


def all_task_types() -> tuple[TaskType, ...]:
    """Return every task type, in the order of the choice."""
    return _ALL


def classification_types() -> tuple[TaskType, ...]:
    """Return the task types that predict labels."""
    return tuple(each for each in _ALL if each.has_classes)


def get_task_type(key: str) -> TaskType:
    """Return the task type stored as ``key``; raises UnknownNameError with similar names.

    >>> get_task_type("binary").has_threshold
    True
    """
    found = _BY_KEY.get(key)
    if found is None:
        raise UnknownNameError(kind="task type", name=str(key), known=list(_BY_KEY))
    return found


def read_wording(text: str) -> TaskType:
    """Return the task type that a text means; raises UnknownNameError with similar wordings.

    >>> read_wording("Multi-Class classification")
    <task type multiclass>
    """
    plain = " ".join(text.lower().replace("-", " ").replace("_", " ").replace("classification", "").split())
    found = next((each for each in _ALL if plain in (each.key, *each.aliases)), None)
    if found is None:
        raise UnknownNameError(kind="task", name=text, known=[each.wording for each in _ALL])
    return found
