"""The words of ``.dt`` for columns to be, and the time between two dates."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.frame._graph import Node, apply
from litmus_core.frame._unsupported import unmeant, unsupported

if TYPE_CHECKING:
    from litmus_core.frame._series import ScalableSeries

_Make = Callable[[Node], "ScalableSeries"]
_PARTS = {
    "year": "year",
    "month": "month",
    "day": "day",
    "hour": "hour",
    "minute": "minute",
    "second": "second",
    "quarter": "quarter",
    "weekday": "weekday",
    "dayofweek": "weekday",
    "day_of_week": "weekday",
    "dayofyear": "dayofyear",
    "day_of_year": "dayofyear",
    "days_in_month": "days_in_month",
    "daysinmonth": "days_in_month",
}
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
_US_PER_S = 1e6


class DateWords:
    """What pandas' ``.dt`` can do with a column of dates, as far as it is known here."""

    def __init__(self, node: Node, make: _Make) -> None:
        self._node, self._make = node, make

    def __getattr__(self, name: str) -> Any:
        if name in _PARTS:
            return self._make(apply(_PARTS[name], self._node))
        if name.startswith("__"):
            raise AttributeError(name)
        raise unsupported("column's .dt", name)

    @property
    def is_month_start(self) -> ScalableSeries:
        """Whether it is the first day of a month."""
        return self._make(apply("day", self._node)).eq(1)

    @property
    def is_month_end(self) -> ScalableSeries:
        """Whether it is the last day of a month."""
        day = self._make(apply("day", self._node))
        return day.eq(self._make(apply("days_in_month", self._node)))

    def normalize(self) -> ScalableSeries:
        """Return the dates without the time of day."""
        return self._make(apply("midnight", self._node))

    def floor(self, freq: str) -> ScalableSeries:
        """Return the dates without the time of day: ``freq`` is "D"."""
        if freq != "D":
            raise unmeant(f"floor({freq!r})", "Only whole days: floor('D').")
        return self.normalize()

    def day_name(self) -> ScalableSeries:
        """Return the English names of weekdays."""
        return self._make(apply("weekday", self._node)).map(dict(enumerate(_DAYS)))

    def month_name(self) -> ScalableSeries:
        """Return the English names of months."""
        return self._make(apply("month", self._node)).map(dict(enumerate(_MONTHS, start=1)))


class Gap:
    """The time between two columns of dates. Its words are those of a Series of timedeltas."""

    __array_ufunc__ = None  # NumPy leaves the arithmetic to this class

    def __init__(self, later: Node, earlier: Node, make: _Make) -> None:
        self._ends, self._make = (later, earlier), make

    @property
    def dt(self) -> Gap:
        """The words of ``.dt``: days and total_seconds()."""
        return self

    @property
    def days(self) -> ScalableSeries:
        """Whole days between the two."""
        return self._make(apply("days between", *self._ends))

    def total_seconds(self) -> ScalableSeries:
        """Return seconds between the two."""
        return self._us() / _US_PER_S

    def __truediv__(self, other: Any) -> ScalableSeries:
        if not hasattr(other, "total_seconds") and not isinstance(other, np.timedelta64):
            raise unmeant(f"A time divided by {other!r}", "Divide by pd.Timedelta(days=1), or use .dt.days.")
        unit = getattr(other, "unit", "us")  # a Timedelta of pandas has one, and counts in it
        if unit == "ns":
            return self._make(apply("nanoseconds between", *self._ends)) / float(other.value)
        return self._us() / float(np.timedelta64(other).astype("timedelta64[us]").astype(np.int64))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise unsupported("column of times between dates", name)

    def _us(self) -> ScalableSeries:
        return self._make(apply("microseconds between", *self._ends))
