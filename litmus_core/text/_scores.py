"""Format a metric's values with a meaningful number of digits."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Protocol

from litmus_core.text._amounts import in_unit

_FEWEST = {"share": 1, "score": 3}  # digits of a value in this unit if its interval would allow fewer
_MOST = 6


class Measured(Protocol):
    """A score with its interval, over ``n_rows`` rows (0: without an interval)."""

    @property
    def value(self) -> float:
        """The score."""
        ...

    @property
    def low(self) -> float:
        """The interval's lower end."""
        ...

    @property
    def high(self) -> float:
        """The interval's upper end."""
        ...

    @property
    def n_rows(self) -> int:
        """The number of rows scored."""
        ...


def format_score(value: float, *, unit: str = "", half_width: float | None = None) -> str:
    """Write a metric's value.

    If its interval's ``half_width`` is known, it has as many digits as are meaningful, in the metric's
    ``unit`` ("share": per cent). Else it has three decimals near 1, and four figures if it is larger. Only 0
    and 1, and values within a millionth of them, are written as 0 and 1.

    >>> format_score(0.89149), format_score(1234.5), format_score(12.3456), format_score(18)
    ('0.891', '1,234', '12.35', '18.00')
    >>> format_score(0.9999), format_score(1.0), format_score(0.0004), format_score(1e-9)
    ('0.9999', '1.000', '0.0004', '0.000')
    >>> format_score(0.95, unit="share", half_width=0.02), format_score(1508.2, half_width=70.0)
    ('95.0 %', '1,508')
    >>> format_score(-1e-9), format_score(-1e-9, unit="share", half_width=0.02)
    ('0.000', '0.0 %')
    """
    if half_width is None:
        if abs(value) < 2:
            exact = next((places for places in range(3, 7) if round(value, places) not in (0.0, 1.0)), 3)
            return f"{value:z.{exact}f}"
        return f"{value:z,.{decimals_of([value])}f}"
    if not math.isfinite(value):
        return "any number"
    digits = digits_within(half_width, unit=unit)
    return f"{100 * value:z.{digits}f} %" if unit == "share" else f"{value:z,.{digits}f}"


def decimals_of(values: Iterable[float]) -> int:
    """Return the number of decimals for a column of metric values, by the rule for one score.

    >>> decimals_of([0.9, -0.1]), decimals_of([17.95, 18.4]), decimals_of([]), decimals_of([634.7, 1508.2])
    (3, 2, 3, 0)
    """
    largest = max((abs(value) for value in values), default=0.0)
    return next((places for places, below in ((3, 2), (3, 10), (2, 100), (1, 1000)) if largest < below), 0)


def format_distance(distance: float, *, score: float) -> str:
    """Write the distance between two scores with the decimals of ``score``, never as 0.

    >>> format_distance(8.131, score=58.13), format_distance(0.0001, score=0.9)
    ('8.13', '0.0001')
    """
    places = decimals_of([score])
    return f"{distance:,.{places}f}" if round(distance, places) else format_score(distance)


def digits_within(half_width: float, *, unit: str = "") -> int:
    """Return how many decimals show an interval's half-width with two digits, six at most.

    ``half_width`` is in the metric's unit; a "share" is written per cent.
    """
    half = 100 * half_width if unit == "share" else half_width
    fewest = _FEWEST.get(unit, 0)
    return max(fewest, places_within(half))


def places_within(half_width: float) -> int:
    """Return the decimal place that shows a half-width with two digits: negative for tens and hundreds.

    Six at most, and two where it is 0 or not finite.

    >>> places_within(0.012), places_within(9.5), places_within(4_120.0), places_within(0.0)
    (3, 1, -2, 2)
    """
    if not 0 < half_width < math.inf:
        return 2
    return min(_MOST, 1 - math.floor(math.log10(half_width)))


def format_interval(low: float, high: float, unit: str = "") -> str:
    """Write an interval of metric values in the target's ``unit``.

    >>> format_interval(0.881, 0.9124), format_interval(6319.2, 9907.0, "EUR")
    ('0.881 to 0.912', '€6,319 to €9,907')
    """
    return f"{in_unit(format_score(low), unit)} to {in_unit(format_score(high), unit)}"


def format_measured(score: Measured, unit: str = "") -> str:
    """Write a score in its target's ``unit`` with its interval, if it has one: "0.900 (0.881 to 0.912)"."""
    value, low, high = (in_unit(format_score(at), unit) for at in (score.value, score.low, score.high))
    return f"{value} ({low} to {high})" if score.n_rows else value
