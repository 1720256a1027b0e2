"""The interface of every task type."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, Literal

from litmus_core.errors import UsageError
from litmus_core.task_types._target import TargetFacts

ProblemType = Literal["binary", "multiclass", "regression"]  # as they are stored


class TaskType(ABC):
    """A task type: what its target looks like, and what its predictions are.

    The rest of Litmus asks this object and never compares ``key``. What needs arrays, tables or models is a
    :class:`Facet` of the package that has them, looked up by ``key``. A task type has no state: there is one
    object of each class, and threads may share it.
    """

    key: ClassVar[ProblemType]  # as stored: in the journal, in bundles, in recipes
    title: ClassVar[str]  # as a choice: "One of two answers"
    answer: ClassVar[str]  # in a sentence: "one of two answers"
    prediction: ClassVar[str]  # what a model returns: "one of two labels"
    wording: ClassVar[str]  # as people write it: "multi-class classification"
    aliases: ClassVar[tuple[str, ...]] = ()  # other words for it, lower-case, without signs
    default_metric: ClassVar[str]  # what judges it where nobody says

    has_classes: ClassVar[bool]  # answers are labels with a probability each; else (n,) numbers
    has_positive_class: ClassVar[bool] = False  # one label is the one that matters
    has_threshold: ClassVar[bool] = False  # the label follows from one probability and a threshold
    has_one_probability: ClassVar[bool] = False  # that of the positive class says all
    weighs_classes: ClassVar[bool] = False  # the label follows from weights or costs of several classes

    learns_each_class: ClassVar[bool] = False  # models learn one thing a class, so more classes take longer

    @property
    def has_one_number(self) -> bool:
        """Whether one number says the whole prediction: a value, or the positive class's probability."""
        return not self.has_classes or self.has_one_probability

    @property
    def stratifies(self) -> bool:
        """Whether a random split keeps each answer's share in every part."""
        return self.has_classes

    @abstractmethod
    def suggest(self, target: TargetFacts) -> str | None:
        """Return why this is how the target is best asked about; None where another type is."""

    @abstractmethod
    def check_target(self, target: TargetFacts) -> None:
        """Raise UsageError, with what to ask for instead, where the target's values cannot be its answers."""

    def accepts(self, target: TargetFacts) -> bool:
        """Return whether the target's values can be its answers."""
        try:
            self.check_target(target)
        except UsageError:
            return False
        return True

    def __repr__(self) -> str:
        return f"<task type {self.key}>"

    def __str__(self) -> str:
        return self.key

    def __reduce__(self) -> str:
        """Pickle by the name in its module, so that there is one object a type in every process."""
        return self.key.upper()
