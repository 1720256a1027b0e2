"""Regression."""

from __future__ import annotations

from litmus_core.errors import UsageError
from litmus_core.task_types._target import TargetFacts
from litmus_core.task_types._task_type import TaskType


class RegressionTask(TaskType):
    """An amount: models return (n,) numbers, and near misses count less than far ones."""

    key = "regression"
    title = "A number"
    answer = "a number"
    prediction = "a number"
    wording = "regression"
    default_metric = "rmse"
    has_classes = False

    def suggest(self, target: TargetFacts) -> str | None:
        """Claim numbers, unless there are two, or a few that name classes."""
        if target.n_distinct == 2 or target.holds_names:
            return None
        return f"{target.n_distinct:,} different numbers, so this is a question of how much."

    def check_target(self, target: TargetFacts) -> None:
        """Raise UsageError unless the values are numbers."""
        if not target.is_numeric:
            raise UsageError(
                f"'{target.name}' does not hold numbers, so it is not a question of how much.",
                hint=f"Ask for {'binary' if target.n_distinct == 2 else 'multiclass'} instead.",
            )


REGRESSION = RegressionTask()
