"""pandas' words that ask of all rows, ``median``, ``value_counts`` …: whoever knows the rows answers."""

from __future__ import annotations

from typing import Any

from litmus_core.frame._asked import ROWS
from litmus_core.frame._graph import Node
from litmus_core.frame._terms import terms_of
from litmus_core.frame._unsupported import unsupported


class AskedWords:
    """What can be asked of all rows of a column, those left out where its value is missing.

    Where there are no rows, as in ``transform``, each raises UsageError, which says what to do.
    """

    node: Node

    def count(self, *given: Any, **named: Any) -> Any:
        """Return how many values there are."""
        return self._asked("count", given, named)

    def sum(self, *given: Any, **named: Any) -> Any:
        """Return the sum."""
        return self._asked("sum", given, named)

    def mean(self, *given: Any, **named: Any) -> Any:
        """Return the mean; NaN of no values, as all that follow."""
        return self._asked("mean", given, named)

    def median(self, *given: Any, **named: Any) -> Any:
        """Return the value in the middle."""
        return self._asked("median", given, named)

    def std(self, *given: Any, **named: Any) -> Any:
        """Return the standard deviation: the sum of squares over n - ``ddof``, by default 1."""
        return self._asked("std", given, named)

    def min(self, *given: Any, **named: Any) -> Any:
        """Return the lowest value."""
        return self._asked("min", given, named)

    def max(self, *given: Any, **named: Any) -> Any:
        """Return the highest value."""
        return self._asked("max", given, named)

    def quantile(self, *given: Any, **named: Any) -> Any:
        """Return the value that a part ``q`` of all, by default half, is below."""
        return self._asked("quantile", given, named)

    def nunique(self, *given: Any, **named: Any) -> Any:
        """Return how many different values there are."""
        return self._asked("nunique", given, named)

    def value_counts(self, *given: Any, **named: Any) -> Any:
        """Return a dict of how often each value is there (``normalize``: in parts of 1), most first."""
        return self._asked("value_counts", given, named)

    def _asked(self, word: str, given: tuple[Any, ...], named: dict[str, Any]) -> Any:
        at_hand = terms_of(self.node).rows
        rows = ROWS.get() if at_hand is None else at_hand
        if rows is None:
            raise unsupported("column", word)
        return rows.told(self.node, word, given, named)
