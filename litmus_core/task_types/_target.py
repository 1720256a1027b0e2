"""Facts about the target column for task types."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

_NUMBERS_AS_CLASSES = 10  # up to this many distinct whole numbers are class names


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetFacts:
    """A target: its name, number of different values, number of labelled rows, and whether it is numeric.

    ``is_whole`` and ``labels`` read the values, so they are called only if they decide.
    """

    name: str
    n_distinct: int
    n_values: int
    is_numeric: bool
    is_whole: Callable[[], bool] = lambda: False
    labels: Callable[[], Sequence[str]] = tuple

    @property
    def holds_names(self) -> bool:
        """Whether the values name classes: texts, or a few whole numbers."""
        return not self.is_numeric or (self.n_distinct <= _NUMBERS_AS_CLASSES and self.is_whole())
