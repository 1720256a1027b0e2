"""Symbolic columns: pandas-shaped code runs on them once, which records a graph."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from litmus_core.errors import UsageError
from litmus_core.frame._graph import GraphNode, apply, source
from litmus_core.frame._operations.operation import Dtype


class Lazy:
    """A symbolic column. Its methods and operators are a subset of those of a pandas Series.

    >>> size = Lazy.source("size", "number")
    >>> (size.clip(low=0.0).log1p() + 1).node.operation.name
    'add'
    """

    __hash__ = object.__hash__

    def __init__(self, node: GraphNode) -> None:
        self.node = node

    @classmethod
    def source(cls, name: str, dtype: Dtype) -> Lazy:
        """Return the raw column ``name``, read as ``dtype``."""
        return cls(source(name, dtype))

    @property
    def str(self) -> TextMethods:
        """The text methods."""
        return TextMethods(self)

    @property
    def dt(self) -> MomentMethods:
        """The date and time methods."""
        return MomentMethods(self)

    def __bool__(self) -> bool:
        raise UsageError(
            "A column has no truth value before rows come.",
            hint="Use &, | and ~ between conditions, and where(…) to choose by one.",
        )

    def __add__(self, other: Lazy | float) -> Lazy:
        return self.apply("add", other)

    def __radd__(self, other: float) -> Lazy:
        return _lazy(other).apply("add", self)

    def __sub__(self, other: Lazy | float) -> Lazy:
        return self.apply("subtract", other)

    def __rsub__(self, other: float) -> Lazy:
        return _lazy(other).apply("subtract", self)

    def __mul__(self, other: Lazy | float) -> Lazy:
        return self.apply("multiply", other)

    def __rmul__(self, other: float) -> Lazy:
        return _lazy(other).apply("multiply", self)

    def __truediv__(self, other: Lazy | float) -> Lazy:
        return self.apply("divide", other)

    def __rtruediv__(self, other: float) -> Lazy:
        return _lazy(other).apply("divide", self)

    def __lt__(self, other: Lazy | float) -> Lazy:
        return self.apply("less", other)

    def __le__(self, other: Lazy | float) -> Lazy:
        return self.apply("less or equal", other)

    def __gt__(self, other: Lazy | float) -> Lazy:
        return _lazy(other).apply("less", self)

    def __ge__(self, other: Lazy | float) -> Lazy:
        return _lazy(other).apply("less or equal", self)

    def __eq__(self, other: Lazy | float) -> Lazy:  # type: ignore[override]
        return self.apply("equal", other)

    def __ne__(self, other: Lazy | float) -> Lazy:  # type: ignore[override]
        return self.apply("not equal", other)

    def __and__(self, other: Lazy) -> Lazy:
        return self.apply("and", other)

    def __or__(self, other: Lazy) -> Lazy:
        return self.apply("or", other)

    def __invert__(self) -> Lazy:
        return self.apply("not")

    def log1p(self) -> Lazy:
        """Return log(1 + value)."""
        return self.apply("log1p")

    def clip(self, low: float | None = None, high: float | None = None) -> Lazy:
        """Return numbers no lower than ``low`` and no higher than ``high``."""
        return self.apply("clip", low=low, high=high)

    def bound(self, limit: float, *, low: float, high: float) -> Lazy:
        """Return numbers within ``limit`` of 0, with minus infinity as ``low`` and infinity as ``high``."""
        return self.apply("bound", limit=limit, low=low, high=high)

    def fillna(self, value: float | str) -> Lazy:  # type: ignore[valid-type]
        """Return the column with ``value`` where it is missing."""
        return self.apply("fill text" if self.node.dtype == "text" else "fill number", value=value)

    def isna(self) -> Lazy:
        """Return whether the value is missing."""
        return self.apply(f"{self.node.dtype} is missing")

    def isin(self, values: Collection[float] | Collection[str]) -> Lazy:  # type: ignore[valid-type]
        """Return whether the value is in ``values``; a missing one never is."""
        return self.apply(f"{self.node.dtype} is in", values=tuple(values))

    def where(self, condition: Lazy, other: Lazy | float) -> Lazy:
        """Return the numbers where ``condition`` is true, else ``other``."""
        return self.apply("where", condition, other)

    def as_number(self) -> Lazy:
        """Return 1 where true, 0 where false."""
        return self.apply("flag as number")

    def codes(self, vocabulary: Sequence[str]) -> Lazy:  # type: ignore[valid-type]
        """Return positions in ``vocabulary`` (n words); n if the word is not there, n + 1 if missing."""
        return self.apply("code", vocabulary=tuple(vocabulary))

    def apply(self, name: str, *others: Lazy | float, **settings: object) -> Lazy:  # type: ignore[valid-type]
        """Return operation ``name`` on this column and ``others``; numbers become constants."""
        return Lazy(apply(name, self.node, *(_lazy(other).node for other in others), **settings))


class TextMethods:
    """Methods of a text column. Missing stays missing."""

    def __init__(self, texts: Lazy) -> None:
        self._texts = texts

    def lower(self) -> Lazy:
        """Return texts in lower case."""
        return self._texts.apply("lower")

    def strip_punctuation(self) -> Lazy:
        """Return texts without anything but letters, digits, underscores and whitespace."""
        return self._texts.apply("strip punctuation")

    def collapse_blanks(self) -> Lazy:
        """Return texts with single spaces between words and none at the ends."""
        return self._texts.apply("collapse blanks")

    def cat(self, other: Lazy, *, sep: str = "") -> Lazy:
        """Return both texts with ``sep`` between them."""
        return self._texts.apply("join", other, between=sep)

    def len(self) -> Lazy:
        """Return the number of characters."""
        return self._texts.apply("length")

    def count_words(self) -> Lazy:
        """Return the number of words separated by whitespace."""
        return self._texts.apply("words")

    def count(self, symbol: str) -> Lazy:
        """Return how often ``symbol`` occurs, taken literally."""
        return self._texts.apply("count", symbol=symbol)

    def count_digits(self) -> Lazy:
        """Return the number of digits."""
        return self._texts.apply("digits")

    def count_capitals(self) -> Lazy:
        """Return the number of capital letters."""
        return self._texts.apply("capitals")

    def phrases(self, phrases: Sequence[str]) -> Lazy:
        """Return which ``phrases`` (one to three lower-case words) texts contain; a missing text has none."""
        return self._texts.apply("phrases", phrases=tuple(phrases))


class MomentMethods:
    """Methods of a date column; they return numbers, missing where the date is missing."""

    def __init__(self, moments: Lazy) -> None:
        self._moments = moments

    @property
    def days(self) -> Lazy:
        """Days since 1970-01-01, with the time of day as a fraction."""
        return self._moments.apply("days")

    @property
    def year(self) -> Lazy:
        """The year."""
        return self._moments.apply("year")

    @property
    def month(self) -> Lazy:
        """The month, 1 to 12."""
        return self._moments.apply("month")

    @property
    def day(self) -> Lazy:
        """The day of the month, from 1."""
        return self._moments.apply("day")

    @property
    def weekday(self) -> Lazy:
        """The day of the week, Monday 0."""
        return self._moments.apply("weekday")

    @property
    def hour(self) -> Lazy:
        """The hour, 0 to 23."""
        return self._moments.apply("hour")

    @property
    def minute_of_day(self) -> Lazy:
        """Minutes since midnight, 0 to 1439."""
        return self._moments.apply("minute of day")


def _lazy(value: Lazy | float) -> Lazy:
    return value if isinstance(value, Lazy) else Lazy(apply("constant", value=float(value)))
