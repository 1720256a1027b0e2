"""Common parts of the task types with classes."""

from __future__ import annotations

from litmus_core.errors import UsageError
from litmus_core.task_types._target import TargetFacts
from litmus_core.task_types._task_type import TaskType

MOST_CLASSES = 1_000
SENSIBLE_CLASSES = 100


class ClassTask(TaskType):
    """A choice between labels: models return (n, k) probabilities, which become labels."""

    has_classes = True

    def check_target(self, target: TargetFacts) -> None:
        """Raise UsageError if there are too many values for classes."""
        self.check_classes(target)
        if target.n_distinct > MOST_CLASSES or target.n_distinct > 0.5 * target.n_values:
            instead = "regression" if target.is_numeric else "another column"
            raise UsageError(
                f"'{target.name}' has {target.n_distinct:,} different values in {target.n_values:,} rows: "
                "too many to tell apart.",
                hint=f"Choose {instead}, or merge rare values into one.",
            )

    def check_classes(self, target: TargetFacts) -> None:
        """Raise UsageError if there are too few or too many classes for this type."""
