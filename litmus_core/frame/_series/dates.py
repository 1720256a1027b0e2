"""The ``.dt`` accessor of symbolic columns, and the time between two dates."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Generic

import numpy as np

from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.frame._graph import GraphNode, apply, as_type
from litmus_core.frame._series.column import ColumnT
from litmus_core.frame._series.durations import UNITS_US, time_us
from litmus_core.frame._series.operands import is_missing, is_time
from litmus_core.frame._symbolic.apply import pandas_fallback
from litmus_core.frame._symbolic.errors import UnsupportedMethodError, public_names, unsupported, untraceable
from litmus_core.frame._symbolic.operator_errors import Refusing

_PARTS = {
    "year": "year",
    "month": "month",
    "day": "day",
    "hour": "hour",
    "minute": "minute",
    "second": "second",
    "microsecond": "microsecond",
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
_SPELLED = re.compile(r"(?:%[YmdHMSjBbAa]|[^%])*")
_PERIODS = {"M": "%Y-%m", "D": "%Y-%m-%d", "Y": "%Y"}
_NUMBERS_OF_A_GAP = (
    "Make numbers of them: .dt.days, .dt.total_seconds(), or a division by pd.Timedelta(days=1)."
)


class DateMethods(Refusing, Generic[ColumnT]):
    """The supported part of pandas' ``.dt`` for a date column."""

    _name_in_errors = "column's .dt"

    def __init__(self, node: GraphNode, make: Callable[[GraphNode], ColumnT]) -> None:
        self._node, self._make = node, make

    def __getattr__(self, name: str) -> Any:
        if name in _PARTS:
            return self._make(apply(_PARTS[name], self._node))
        if name.startswith("__"):
            raise AttributeError(name)
        return pandas_fallback(self._node, self._make, f"dt.{name}", [*_PARTS, *public_names(DateMethods)])

    @property
    def is_month_start(self) -> ColumnT:
        """Whether it is the first day of a month."""
        return self._make(apply("day", self._node)).eq(1)

    @property
    def is_month_end(self) -> ColumnT:
        """Whether it is the last day of a month."""
        day = self._make(apply("day", self._node))
        return day.eq(self._make(apply("days_in_month", self._node)))

    @property
    def is_quarter_start(self) -> ColumnT:
        """Whether it is the first day of a quarter."""
        return self.is_month_start & self._first_of_quarter(1)

    @property
    def is_quarter_end(self) -> ColumnT:
        """Whether it is the last day of a quarter."""
        return self.is_month_end & self._first_of_quarter(0)

    @property
    def is_year_start(self) -> ColumnT:
        """Whether it is the first of January."""
        return self._make(apply("dayofyear", self._node)).eq(1)

    @property
    def is_year_end(self) -> ColumnT:
        """Whether it is the last day of December."""
        return self.is_month_end & self._make(apply("month", self._node)).eq(12)

    @property
    def is_leap_year(self) -> ColumnT:
        """Whether the year has a 29th of February."""
        year = self._make(apply("year", self._node))
        return (year % 4).eq(0) & ((year % 100).ne(0) | (year % 400).eq(0))

    def isocalendar(self) -> IsoCalendar[ColumnT]:
        """Return year, week and day by ISO 8601, under these names."""
        return IsoCalendar(self._node, self._make)

    def normalize(self) -> ColumnT:
        """Return the dates without the time of day."""
        return self._make(apply("midnight", self._node))

    def floor(self, freq: str) -> ColumnT:
        """Return the dates without the time of day; ``freq`` must be "D"."""
        if freq == "D":
            return self.normalize()
        if freq.lower() not in UNITS_US or freq.lower() == "w" or freq == "M":
            floored: ColumnT = pandas_fallback(self._node, self._make, "dt.floor", ["normalize"])(freq)
            return floored
        return self._make(apply("floored moment", self._node, us=int(UNITS_US[freq.lower()])))

    def strftime(self, date_format: str) -> ColumnT:
        """Return the dates as texts, of years, months, days, hours, minutes and seconds."""
        if not _SPELLED.fullmatch(date_format):
            spelled: ColumnT = pandas_fallback(self._node, self._make, "dt.strftime", ["day_name"])(
                date_format
            )
            return spelled
        return self._make(apply("moment as text", self._node, form=date_format))

    def to_period(self, freq: str) -> Periods[ColumnT]:
        """Return the months, days or years as periods, which ``astype(str)`` turns into texts."""
        if freq not in _PERIODS:
            raise untraceable(
                f"to_period({freq!r})", "Say 'M', 'D' or 'Y', and astype(str) of what it gives."
            )
        return Periods(self.strftime(_PERIODS[freq]))

    def day_name(self) -> ColumnT:
        """Return the English names of weekdays."""
        return self._make(apply("weekday", self._node)).map(dict(enumerate(_DAYS)))

    def month_name(self) -> ColumnT:
        """Return the English names of months."""
        return self._make(apply("month", self._node)).map(dict(enumerate(_MONTHS, start=1)))

    def _first_of_quarter(self, rest: int) -> ColumnT:
        return (self._make(apply("month", self._node)) % 3).eq(rest)


class Periods(Refusing, Generic[ColumnT]):
    """Periods of dates: not a column itself, but a source of texts."""

    _name_in_errors = "column of periods"

    def __init__(self, texts: ColumnT) -> None:
        self._texts = texts

    def astype(self, dtype: Any) -> ColumnT:
        """Return the periods as texts, 'NaT' where the date is missing, as in pandas."""
        if dtype not in (str, "str"):
            raise untraceable(f"astype({dtype!r}) of periods", "Say astype(str).")
        return self._texts.fillna("NaT")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise unsupported("column of periods", name, ["astype"])


class MissingDateMethods(DateMethods[ColumnT]):
    """``.dt`` of an all-missing column, which may hold dates or time differences."""

    def __init__(self, node: GraphNode, make: Callable[[GraphNode], ColumnT]) -> None:
        super().__init__(as_type(node, "moment"), make)
        self._missing = node

    @property
    def days(self) -> ColumnT:
        """Missing days."""
        return self._make(self._missing)

    def total_seconds(self) -> ColumnT:
        """Return missing seconds."""
        return self._make(self._missing)


class IsoCalendar(Refusing, Generic[ColumnT]):
    """Year, week and day of dates by ISO 8601."""

    _name_in_errors = "calendar of weeks"

    def __init__(self, node: GraphNode, make: Callable[[GraphNode], ColumnT]) -> None:
        self._node, self._make = node, make

    @property
    def year(self) -> ColumnT:
        """The year that the week belongs to."""
        return self._make(apply("iso year", self._node))

    @property
    def week(self) -> ColumnT:
        """The week of that year, from 1."""
        return self._make(apply("iso week", self._node))

    @property
    def day(self) -> ColumnT:
        """The day of the week, Monday is 1."""
        return self._make(apply("add", apply("weekday", self._node), apply("constant", value=1.0)))

    def __getitem__(self, key: str) -> ColumnT:
        if key not in ("year", "week", "day"):
            raise UnknownNameError(
                kind="column of isocalendar() called", name=key, names=("year", "week", "day")
            )
        item: ColumnT = getattr(self, key)
        return item


class Gap(Refusing, Generic[ColumnT]):
    """The time between two date columns: not a column itself, but a source of numeric ones."""

    def __init__(self, later: GraphNode, earlier: GraphNode, make: Callable[[GraphNode], ColumnT]) -> None:
        self._ends, self._make = (later, earlier), make

    @property
    def us(self) -> GraphNode:
        """The microseconds between the two."""
        return apply("microseconds between", *self._ends)

    @property
    def dt(self) -> Gap[ColumnT]:
        """The ``.dt`` accessor: days and total_seconds()."""
        return self

    @property
    def days(self) -> ColumnT:
        """Whole days between the two."""
        return self._make(apply("days between", *self._ends))

    def total_seconds(self) -> ColumnT:
        """Return seconds between the two."""
        return self._us() / _US_PER_S

    def __truediv__(self, other: Any) -> ColumnT:
        if isinstance(other, Gap):
            raise self._refused("/")
        is_time: bool = isinstance(other, timedelta | np.timedelta64)
        if not is_time or is_missing(other):
            raise untraceable(
                f"A time divided by {other!r}", "Divide by pd.Timedelta(days=1), or use .dt.days."
            )
        unit = getattr(other, "unit", "us")  # pandas' Timedelta has one, and counts in it
        if unit == "ns":
            return self._make(apply("nanoseconds between", *self._ends)) / float(other.value)
        return self._us() / float(np.timedelta64(other).astype("timedelta64[us]").astype(np.int64))

    def __floordiv__(self, other: Any) -> ColumnT:
        if not is_time(other):
            raise self._refused("//")
        return self._make(apply("floor divide", self.us, apply("constant", value=time_us(other))))

    def __lt__(self, other: Any) -> ColumnT:
        return self._compared("less", other)

    def __le__(self, other: Any) -> ColumnT:
        return self._compared("less or equal", other)

    def __gt__(self, other: Any) -> ColumnT:
        return self._compared("less", other, reflected=True)

    def __ge__(self, other: Any) -> ColumnT:
        return self._compared("less or equal", other, reflected=True)

    def _compared(self, operation: str, other: Any, *, reflected: bool = False) -> ColumnT:
        if not is_time(other):
            raise self._refused(operation)
        pair = [self.us, apply("constant", value=time_us(other))]
        return self._make(apply(operation, *(reversed(pair) if reflected else pair)))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise UnsupportedMethodError(f"Times between dates have no '{name}'.", hint=_NUMBERS_OF_A_GAP)

    def __repr__(self) -> str:
        return "Times between two columns of dates: .dt.days, .dt.total_seconds() or / pd.Timedelta(days=1)"

    def _refused(self, operation: str) -> UsageError:
        return untraceable("A column of times between dates", _NUMBERS_OF_A_GAP)

    def _us(self) -> ColumnT:
        return self._make(self.us)


class Span(Gap[ColumnT]):
    """Durations that ``pd.to_timedelta`` makes from numbers."""

    def __init__(self, us: GraphNode, make: Callable[[GraphNode], ColumnT]) -> None:
        self._node, self._make = us, make

    @property
    def us(self) -> GraphNode:
        """The microseconds."""
        return self._node

    @property
    def days(self) -> ColumnT:
        """Whole days."""
        return self // timedelta(days=1)
