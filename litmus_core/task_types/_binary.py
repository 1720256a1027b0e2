"""Binary classification."""

from __future__ import annotations

from litmus_core.errors import UsageError
from litmus_core.task_types._classification import ClassTask
from litmus_core.task_types._target import TargetFacts


class BinaryTask(ClassTask):
    """Two labels: the positive one is predicted from a threshold of its probability on."""

    key = "binary"
    title = "One of two answers"
    answer = "one of two answers"
    prediction = "one of two labels"
    wording = "binary"
    aliases = ("yes or no",)
    default_metric = "roc_auc"  # how well it ranks
    has_positive_class = True
    has_threshold = True
    has_one_probability = True

    def suggest(self, target: TargetFacts) -> str | None:
        """Claim every target with two values."""
        if target.n_distinct != 2:
            return None
        first, second = target.labels()
        return f"Two different values, so this is a choice between {first} and {second}."

    def check_classes(self, target: TargetFacts) -> None:
        """Raise UsageError unless there are two values."""
        if target.n_distinct != 2:
            raise UsageError(
                f"'{target.name}' has {target.n_distinct:,} different values, so it is not a yes-or-no "
                "question.",
                hint=f"Ask for multiclass{' or regression' if target.is_numeric else ''} instead.",
            )


BINARY = BinaryTask()
