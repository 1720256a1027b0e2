"""The target as models see it: class codes in a fixed order, or finite numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.errors import DataError, UsageError
from litmus_core.metrics import label_index
from litmus_core.task_types import TaskType, get_task_type
from litmus_core.types import ProblemType, Task

if TYPE_CHECKING:
    import pandas as pd

UNKNOWN = -1
Label = str | int | float | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """How labels become codes: ``classes`` in the models' own order, in their original Python types.

    Binary: the positive class is the second. AutoGluon gets the codes, so that unusual labels (booleans,
    floats, text with spaces) cannot be misread, and all classes, so that rare ones are not dropped.
    """

    name: str
    problem_type: ProblemType
    classes: tuple[Label, ...] = ()

    @classmethod
    def fit(cls, labels: pd.Series[Any], task: Task) -> Target:
        """Learn the classes from the training rows; raises an error if they do not fit the task."""
        if not task.type.has_classes:
            return cls(name=task.target, problem_type=task.problem_type)
        distinct_labels = [_plain_value(label) for label in labels.unique()]
        distinct_labels = sorted(_integral_labels(distinct_labels), key=_order)
        if len(distinct_labels) < 2:
            raise DataError(
                f"All training rows have the same label in '{task.target}': {distinct_labels[0]!r}."
                if distinct_labels
                else f"No training row has a label in '{task.target}'.",
                hint="Choose another split, or check the column.",
            )
        if task.type.has_positive_class:
            distinct_labels = _positive_last(distinct_labels, task)
        return cls(name=task.target, problem_type=task.problem_type, classes=tuple(distinct_labels))

    @property
    def task_type(self) -> TaskType:
        """The task type that the models answer."""
        return get_task_type(self.problem_type)

    @property
    def positive_class(self) -> Label | None:
        """The label whose probability binary metrics use; None unless there are two classes."""
        return self.classes[1] if self.task_type.has_positive_class else None

    def encode(self, labels: pd.Series[Any]) -> NDArray[Any]:
        """Return (n,) class codes, ``UNKNOWN`` for labels that training did not contain; or (n,) values."""
        if not self.task_type.has_classes:
            return _finite(labels, self.name)
        code_of: Mapping[Any, int] = {label: at for at, label in enumerate(self.classes)}
        codes = [code_of.get(_plain_value(label), UNKNOWN) for label in labels]
        return np.asarray(codes, dtype=np.int64)


def _finite(labels: pd.Series[Any], name: str) -> NDArray[np.float64]:
    import pandas as pd

    values = pd.to_numeric(labels, errors="coerce").to_numpy(dtype=np.float64)
    if not np.isfinite(values).all():
        raise DataError(
            f"{int((~np.isfinite(values)).sum())} rows have no finite number in '{name}'.",
            hint="Leave those rows out, or choose another target.",
        )
    return values


def _plain_value(label: Any) -> Any:
    return label.item() if hasattr(label, "item") else label


def _integral_labels(labels: list[Any]) -> list[Any]:
    """Turn floats back into integers, which missing values elsewhere in the column had converted."""
    if labels and all(isinstance(label, float) and label.is_integer() for label in labels):
        return [int(label) for label in labels]
    return labels


def _order(label: Any) -> tuple[bool, Any]:
    is_text = isinstance(label, str)
    return is_text, label


def _positive_last(labels: list[Any], task: Task) -> list[Any]:
    if len(labels) > 2:
        raise UsageError(
            f"'{task.target}' has {len(labels)} different labels in the training rows, not two.",
            hint="Choose the task type multiclass.",
        )
    if task.positive_class is None:
        return labels
    positive = labels[label_index(labels, task.positive_class)]
    return [label for label in labels if label is not positive] + [positive]
