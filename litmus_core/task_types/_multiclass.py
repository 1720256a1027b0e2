"""Multiclass classification."""

from __future__ import annotations

from litmus_core.errors import UsageError
from litmus_core.task_types._classification import SENSIBLE_CLASSES, ClassTask
from litmus_core.task_types._target import TargetFacts


class MulticlassTask(ClassTask):
    """Three labels or more: the most likely is predicted, or the one that weights or costs prefer."""

    key = "multiclass"
    title = "One of several answers"
    answer = "one of several answers"
    prediction = "one of several labels"
    wording = "multi-class classification"
    aliases = ("multi class",)
    default_metric = "accuracy"
    weighs_classes = True
    learns_each_class = True

    def suggest(self, target: TargetFacts) -> str | None:
        """Claim targets that have neither two values nor amounts."""
        n = target.n_distinct
        if n == 2 or not target.holds_names:
            return None
        if target.is_numeric:
            return f"Only {n} different whole numbers, so this is a choice between {n} classes."
        why = f"{n:,} different values, so this is a choice between {n:,} categories."
        if n > 0.5 * target.n_values:
            why += " Most of them appear only once, which is too seldom to learn from: choose another column."
        elif n > SENSIBLE_CLASSES:
            why += f" More than {SENSIBLE_CLASSES} is a lot: merging the rare ones into 'other' often helps."
        return why

    def check_classes(self, target: TargetFacts) -> None:
        """Raise UsageError if there are only two values."""
        if target.n_distinct == 2:
            raise UsageError(f"'{target.name}' has two different values.", hint="Ask for binary instead.")


MULTICLASS = MulticlassTask()
