"""The interface of every task type."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, Literal

from litmus_core.errors import UsageError
from litmus_core.task_types._target import TargetFacts

ProblemType = Literal["binary", "multiclass", "regression"]  # as they are stored


class TaskType(ABC):
    """A task type: its targets and its predictions.

    The rest of Litmus asks this object and never compares ``key``. Properties that need arrays, tables or
    models are in a :class:`Facet` of the package that has them, looked up by ``key``. A task type has no
    state: there is one object of each class, and threads may share it.
    """

    key: ClassVar[ProblemType]  # as stored: in the journal, in bundles, in recipes
    title: ClassVar[str]  # as a choice: "One of two answers"
    answer: ClassVar[str]  # in a sentence: "one of two answers"
    prediction: ClassVar[str]  # the prediction: "one of two labels"
    wording: ClassVar[str]  # as a person would write it: "multi-class classification"
    aliases: ClassVar[tuple[str, ...]] = ()  # synonyms, lower-case, without signs
    default_metric: ClassVar[str]  # the metric if none is chosen

    has_classes: ClassVar[bool]  # answers are labels with a probability each; else (n,) numbers
    has_positive_class: ClassVar[bool] = False  # one label is the one that matters
    has_threshold: ClassVar[bool] = False  # the label follows from one probability and a threshold
    has_one_probability: ClassVar[bool] = False  # the positive class's is enough
    weighs_classes: ClassVar[bool] = False  # the label follows from weights or costs of several classes

    learns_each_class: ClassVar[bool] = False  # models learn one thing a class, so more classes take longer

    @property
    def has_one_number(self) -> bool:
        """Whether a prediction is a single number: a value, or the positive class's probability."""
        return not self.has_classes or self.has_one_probability

    @property
    def stratifies(self) -> bool:
        """Whether a random split keeps each label's share in every part."""
        return self.has_classes

    @abstractmethod
    def suggest(self, target: TargetFacts) -> str | None:
        """Return why this task type suits the target best; None if another does."""

    @abstractmethod
    def check_target(self, target: TargetFacts) -> None:
        """Raise UsageError, with an alternative, if the target's values do not fit this task type."""

    def accepts(self, target: TargetFacts) -> bool:
        """Return whether the target's values fit this task type."""
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
        """Pickle by the name in its module, so that each process has one object per type."""
        return self.key.upper()
