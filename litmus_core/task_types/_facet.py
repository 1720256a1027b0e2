"""Properties that a package adds to every task type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

from litmus_core.task_types._registry import all_task_types
from litmus_core.task_types._task_type import ProblemType

T = TypeVar("T")


class Facet(Generic[T]):
    """A property of the task types that needs more than the standard library, looked up by the type's key.

    Raises LookupError if a task type is missing, so that a new one cannot be imported half done.

        BASELINES = Facet("baseline", {"binary": Majority(), "multiclass": Majority(), "regression": Mean()})
        BASELINES.of(task.problem_type)
    """

    def __init__(self, name: str, by_type: Mapping[ProblemType, T]) -> None:
        left_out = [task_type.key for task_type in all_task_types() if task_type.key not in by_type]
        if left_out:
            raise LookupError(f"There is no {name} for the task types {', '.join(left_out)}.")
        self.name = name
        self._of_each = dict(by_type)

    def of(self, key: ProblemType) -> T:
        """Return the property of the task type with that key."""
        return self._of_each[key]

    def __repr__(self) -> str:
        return f"<facet {self.name!r} of {len(self._of_each)} task types>"
