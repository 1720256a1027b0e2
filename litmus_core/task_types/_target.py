"""What a task type is told of the column that is to be predicted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

_NUMBERS_AS_CLASSES = 10  # this many different whole numbers or fewer are names of classes


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetFacts:
    """A target: its name, how many different values, how many rows have one, and whether they are numbers.

    ``is_whole`` and ``labels`` look at the values, so they are called only where they decide.
    """

    name: str
    n_distinct: int
    n_values: int
    is_numeric: bool
    is_whole: Callable[[], bool] = lambda: False
    labels: Callable[[], Sequence[str]] = tuple

    @property
    def holds_names(self) -> bool:
        """Whether the values name classes: no numbers, or a few whole ones."""
        return not self.is_numeric or (self.n_distinct <= _NUMBERS_AS_CLASSES and self.is_whole())
