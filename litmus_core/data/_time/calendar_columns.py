"""Dates spread over several columns: year, month, day and hour, whatever they are called."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.data._time import calendar_units as units
from litmus_core.data._time.calendar_units import Floats, Unit, is_called
from litmus_core.data._time.ordered_texts import text_order
from litmus_core.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.types import Column

_IMPOSSIBLE_EXPECTED = 6.5  # impossible dates, expected if the columns are no calendar
_FEWER_BY_NAME = 2.0  # fewer are needed for each name that says so
_FEWER_BY_YEAR = 0.5  # needed if year and month are known by other means
_BEYOND_EXPECTED = 15.0  # rows beyond the first and last moment, expected if the columns are unrelated
_MONTH_EXPECTED = 8.0  # rows of a month: if an empty one is expected to hold as many, it is not a calendar
_RAREST_HOUR = 0.2  # of the average hour's rows: measurements have as many in the rarest hour
_MOST_CANDIDATES = 12  # columns tried for one unit
_MOST_MISSING = 0.5
_MOST_YEARS, _MOST_SHORT_YEARS = 150, 40
_SPAN = re.compile(r"(^|[\W_])(yrs|years|jahre|ans|años|anni)([\W_]|$)", re.IGNORECASE)  # durations in years
_BIRTH = re.compile(r"birth|born|dob|geburt|(^|[\W_])geb([\W_]|$)|naiss|nacim|nasc", re.IGNORECASE)
_YEAR_OF_A_THING = re.compile(
    r"built|build|blt|constr|found|establ|remod|renov|model|manufact|grad|hired|since|opened", re.IGNORECASE
)
_COHORT = re.compile(
    r"vintage|cohort|kohorte", re.IGNORECASE
)  # of wine and births by year, of loans by month


@dataclass(frozen=True)
class _Candidates:
    """The columns' numbers, and which of them could be each unit, those named after it first.

    ``in_words`` are the columns whose texts name their unit.
    """

    numbers: Mapping[str, Floats]
    by_unit: Mapping[str, tuple[str, ...]]
    named: Mapping[str, tuple[str, ...]]
    short_years: tuple[str, ...]
    in_words: frozenset[str]

    @property
    def years(self) -> tuple[str, ...]:
        """The columns that could be a year of four digits, or of two."""
        return (*self.by_unit["year"], *self.short_years)

    def pairs(self, coarse: Unit, fine: Unit) -> Iterator[tuple[str, str]]:
        """Yield pairs of different columns that could be the two units."""
        for coarse_name, fine_name in product(self.by_unit[coarse.name], self.by_unit[fine.name]):
            if coarse_name != fine_name:
                yield coarse_name, fine_name

    def is_named(self, name: str, unit: Unit) -> bool:
        """Return whether the column's name, or its values, name the unit."""
        return name in self.named[unit.name]


def names_year_of_a_thing(name: str) -> bool:
    """Return whether a column's name is about the date of a thing (construction, birth), not of the row."""
    return bool(_YEAR_OF_A_THING.search(name) or _BIRTH.search(name) or names_cohort(name))


def names_cohort(name: str) -> bool:
    """Return whether a column's name is a cohort: its year belongs to a thing, its month to the row."""
    return bool(_COHORT.search(name))


def find_calendar(frame: pd.DataFrame, columns: Sequence[Column]) -> tuple[str, ...]:
    """Return the columns that together date a row, the coarsest first; empty if there are none.

    Columns are recognised by names in several languages, and by values alone: a month and a day never make 31
    June, and years and months leave no gap between the first and the last moment.
    """
    candidates = _candidates(frame, columns)
    dated = _year_month_day(candidates) or _year_and_part(candidates)
    if not dated:
        return ()
    days = (units.DAY, units.YEARDAY, units.WEEKDAY)
    if not any(dated[-1] in candidates.by_unit[day.name] for day in days):
        return dated  # hours without days are not ordered
    dated = (*dated, *_finer(candidates, dated, units.HALFDAY, named_only=True))
    hour = _finer(candidates, dated, units.HOUR, named_only=False)
    minute = _finer(candidates, (*dated, *hour), units.MINUTE, named_only=True) if hour else ()
    return (*dated, *hour, *minute)


def moments(frame: pd.DataFrame, names: Sequence[str]) -> Floats:
    """Return numbers (n,) in time order from the columns ``names``, the coarsest first.

    NaN where one of them is missing.
    """
    if len(names) == 1:
        return times_of(frame[names[0]], names[0])
    combined = np.zeros(len(frame))
    for name in names:
        times = times_of(frame[name], name)
        values, codes = np.unique(times, return_inverse=True)
        combined = np.where(np.isnan(times), np.nan, combined * (len(values) + 1) + codes)
    return combined


def times_of(values: pd.Series[Any], column: str) -> Floats:
    """Return (n,) numbers in time order, NaN where missing; raises UsageError for a column without time.

    Texts have the order that :func:`litmus_core.data.text_order` finds.
    """
    if values.dtype.kind == "M":
        moments = values.to_numpy().astype("datetime64[us]")
        times: Floats = moments.astype(np.int64).astype(np.float64)
        times[np.isnat(moments)] = np.nan
        return times
    if values.dtype.kind in "iuf":
        return np.asarray(values, dtype=np.float64)
    order = text_order(values, column)
    if order is not None:
        return order.numbers
    raise UsageError(
        f"'{column}' holds neither dates nor numbers, so rows have no order in time.",
        hint="Choose a date column, or split at random.",
    )


def _candidates(frame: pd.DataFrame, columns: Sequence[Column]) -> _Candidates:
    numbers: dict[str, Floats] = {}
    by_value: dict[str, Unit] = {}
    for column in columns:
        if column.n_distinct < 2 or _BIRTH.search(column.name):
            continue
        if column.stores_numbers:
            values = _gregorian_years(frame[column.name].to_numpy(dtype=np.float64))
            if _is_integral(values):
                numbers[column.name] = values
        elif column.stores_text:
            order = text_order(frame[column.name], column.name)
            if order is not None and order.unit is not None:
                by_value[column.name], numbers[column.name] = order.unit, order.numbers
            elif order is not None and order.is_number and _is_integral(order.numbers):
                numbers[column.name] = order.numbers
    by_unit, by_name = {}, {}
    for unit in units.UNITS:
        by_name[unit.name] = tuple(name for name in numbers if _is_named(name, unit, numbers[name], by_value))
        others = [
            name
            for name, values in numbers.items()
            if name not in by_name[unit.name] and name not in by_value and _fits(name, values, unit)
        ]
        others.sort(key=lambda name: -len(np.unique(numbers[name])) if unit is not units.YEAR else 0)
        by_unit[unit.name] = (*by_name[unit.name], *others)[:_MOST_CANDIDATES]
    short = [name for name in numbers if name not in by_value and _may_be_short_year(name, numbers[name])]
    return _Candidates(numbers, by_unit, by_name, tuple(short[:_MOST_CANDIDATES]), frozenset(by_value))


def _gregorian_years(values: Floats) -> Floats:
    """Return years of the Buddhist calendar as Gregorian ones; other numbers unchanged."""
    present = values[~np.isnan(values)]
    is_thai = len(present) > 0 and units.YEAR.holds(present - units.THAI) and not units.YEAR.holds(present)
    return values - units.THAI if is_thai else values


def _is_integral(values: Floats) -> bool:
    """Return whether most rows hold integers up to 2,100, and no row another number."""
    present = values[~np.isnan(values)]
    return (
        len(present) > (1 - _MOST_MISSING) * len(values)
        and bool((present == np.floor(present)).all())
        and bool(present.min() >= 0 and present.max() <= units.YEAR.high)
    )


def _is_named(name: str, unit: Unit, values: Floats, by_value: Mapping[str, Unit]) -> bool:
    if name in by_value:
        return by_value[name] is unit
    if unit is units.YEARDAY and is_called(name, units.DAY):
        present = values[~np.isnan(values)]
        return (
            unit.holds(present)
            and bool(present.max() > units.DAY.high)
            and len(np.unique(present)) >= unit.fewest
        )
    if not is_called(name, unit) or names_year_of_a_thing(name):
        return False
    present = values[~np.isnan(values)]
    return unit.holds(present) or (
        unit is units.YEAR and bool(present.max() <= 99) and not _SPAN.search(name)
    )


def _fits(name: str, values: Floats, unit: Unit) -> bool:
    """Return whether numbers could be the unit without its name: in its range, from end to end."""
    present = values[~np.isnan(values)]
    if not unit.holds(present) or len(np.unique(present)) < unit.fewest:
        return False
    if unit is units.YEAR:
        return not names_year_of_a_thing(name) and len(np.unique(present)) <= _MOST_YEARS
    if unit is units.DAY:
        return bool(present.min() <= 3 and present.max() >= 28)
    if unit is units.HOUR:
        counts = np.bincount(present.astype(np.int64))
        return len(counts) == 24 and bool(counts.min() >= _RAREST_HOUR * counts.mean())
    return unit in (units.MONTH, units.WEEK, units.YEARDAY)


def _may_be_short_year(name: str, values: Floats) -> bool:
    """Return whether numbers could be two-digit years: several consecutive ones."""
    years = np.unique(values[~np.isnan(values)])
    follow = bool(years.max() <= 99) and len(years) == np.ptp(years) + 1
    return follow and 2 <= len(years) <= _MOST_SHORT_YEARS and not names_year_of_a_thing(name)


def _year_month_day(candidates: _Candidates) -> tuple[str, ...]:
    """Return a month and a day, with their year if there is one: the most certain by name, then by value."""
    numbers, best_sure = candidates.numbers, 0.0
    best: tuple[str, ...] = ()
    spans: dict[str, tuple[str, ...]] = {}
    for month, day in candidates.pairs(units.MONTH, units.DAY):
        n_named = candidates.is_named(month, units.MONTH) + candidates.is_named(day, units.DAY)
        n_odd, expected = _impossible(numbers[month], numbers[day])
        if n_odd:
            continue
        if n_named == 2:
            return (*_year_of(candidates, month, (month, day)), month, day)
        sure = expected + _FEWER_BY_NAME * n_named
        if sure <= best_sure or expected < _FEWER_BY_YEAR:
            continue
        if sure < _IMPOSSIBLE_EXPECTED:
            spans.setdefault(month, _spanning(candidates, month, units.MONTH, candidates.years))
            if day in spans[month] or not spans[month]:
                continue
        best, best_sure = (month, day), sure
    return (*_year_of(candidates, best[0], best), *best) if best else ()


def _impossible(month: Floats, day: Floats) -> tuple[int, float]:
    """Return the number of impossible dates, and the number expected if both columns were independent."""
    complete = ~np.isnan(month) & ~np.isnan(day)
    months, days = month[complete].astype(np.int64), day[complete].astype(np.int64)
    if not len(months):
        return 0, 0.0
    odd = int((days > units.DAYS_IN[months]).sum())
    by_month = np.bincount(months, minlength=13)[1:13] / len(months)
    by_day = np.bincount(days, minlength=32)
    expected = sum(share * by_day[units.DAYS_IN[at + 1] + 1 :].sum() for at, share in enumerate(by_month))
    return odd, float(expected)


def _year_of(candidates: _Candidates, month: str, dated: tuple[str, ...]) -> tuple[str, ...]:
    """Return the year of a month: proved, named a year, most like the month's name, with the fewest years."""
    possible = [name for name in candidates.by_unit["year"] if name not in dated]
    proved = [
        name for name in _spanning(candidates, month, units.MONTH, candidates.years) if name not in dated
    ]
    words = set(re.split(r"[\W_]+", month.lower()))

    def order(name: str) -> tuple[bool, bool, int, int]:
        alike = len(words & set(re.split(r"[\W_]+", name.lower())))
        n_years = len(np.unique(candidates.numbers[name]))
        return name not in proved, not candidates.is_named(name, units.YEAR), -alike, n_years

    both = [*possible, *(name for name in proved if name not in possible)]
    return (min(both, key=order),) if both else ()


def _year_and_part(candidates: _Candidates) -> tuple[str, ...]:
    """Return a year with a part of it, known by their names, by words in the part, or by their span."""
    for unit in (units.YEARDAY, units.MONTH, units.WEEK, units.QUARTER, units.HALF):
        for year, fine in candidates.pairs(units.YEAR, unit):
            if (candidates.is_named(year, units.YEAR) or fine in candidates.in_words) and candidates.is_named(
                fine, unit
            ):
                weekday = candidates.named["weekday"] if unit is units.WEEK else ()
                return (year, fine, *(name for name in weekday[:1] if name not in (year, fine)))
    for unit in (units.YEARDAY, units.MONTH, units.WEEK):
        for fine in candidates.by_unit[unit.name]:
            for year in _spanning(candidates, fine, unit, candidates.by_unit["year"]):
                return year, fine
    return ()


def _spanning(candidates: _Candidates, fine: str, unit: Unit, possible: Sequence[str]) -> tuple[str, ...]:
    """Return the certain year of ``fine``: all moments lie between the first and the last."""
    numbers = candidates.numbers
    return tuple(
        name
        for name in dict.fromkeys(possible)
        if name != fine and _spans(numbers[name], numbers[fine], unit)
    )


def _spans(year: Floats, fine: Floats, unit: Unit) -> bool:
    """Return whether rows lie between a first and a last moment as those of unrelated columns would not.

    With unrelated ones, some rows of the first year are before the first moment, or some of the last year
    after the last. In a calendar no row is, and no month in between is empty.
    """
    complete = ~np.isnan(year) & ~np.isnan(fine)
    if not complete.any():
        return False
    years = (year[complete] - year[complete].min()).astype(np.int64)
    parts = fine[complete].astype(np.int64)
    n_parts = unit.high + 1
    if unit is units.YEARDAY:
        parts, n_parts = parts // 31, 12
    counts = np.bincount(years * n_parts + parts, minlength=(years.max() + 1) * n_parts)
    table = counts.reshape(-1, n_parts)
    expected = (table.sum(axis=1, keepdims=True) * table.sum(axis=0, keepdims=True) / len(years)).ravel()
    positions = np.flatnonzero(counts)
    beyond = expected[: positions[0]].sum() + expected[positions[-1] + 1 :].sum()
    inside = slice(positions[0], positions[-1] + 1)
    is_filled = not ((counts[inside] == 0) & (expected[inside] >= _MONTH_EXPECTED)).any()
    return bool(beyond >= _BEYOND_EXPECTED and is_filled)


def _finer(
    candidates: _Candidates, dated: tuple[str, ...], unit: Unit, *, named_only: bool
) -> tuple[str, ...]:
    """Return the column of a finer unit: the one with its name, or the only one that its values allow."""
    left = [name for name in candidates.by_unit[unit.name] if name not in dated]
    named = [name for name in left if candidates.is_named(name, unit)]
    if named:
        return (named[0],)
    return tuple(left) if len(left) == 1 and not named_only else ()
