"""Time that several columns tell together: year, month, day and hour, whatever they are called."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from litmus_core.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.types import Column

Floats = NDArray[np.float64]
_DAYS_IN = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_SURE = 6.5  # dates that no calendar has, expected of columns that are no calendar
_MOST_EACH = 6  # columns tried as one unit
_MOST_MISSING = 0.5
_IN_ORDER = 0.99  # rank correlation of the moments with the row number
_A_THINGS_YEAR = re.compile(
    r"birth|born|dob|built|build|blt|constr|found|establ|remod|renov|model|manufact|vintage|grad|hired|since"
    r"|opened|cohort",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Unit:
    """Whole numbers from ``low`` to ``high``; without a name that says so, ``fewest`` different ones."""

    name: str
    low: int
    high: int
    fewest: int
    words: frozenset[str]


def _unit(name: str, low: int, high: int, fewest: int, words: str) -> _Unit:
    return _Unit(name, low, high, fewest, frozenset(words.split()))


_YEAR = _unit("year", 1900, 2100, 2, "year yr yrs yyyy y jahr année annee an anno ano año jaar rok år")
_MONTH = _unit("month", 1, 12, 2, "month mon mo mth mm m monat mois mes mês mese maand miesiac måned")
_DAY = _unit("day", 1, 31, 20, "day dy dd d dom mday tag jour dia día giorno dag dzien")
_HOUR = _unit("hour", 0, 24, 24, "hour hr hrs hh h stunde std heure hora ora uur godzina time")
_MINUTE = _unit("minute", 0, 59, 8, "minute min mins minuten minuto")
_UNITS = (_YEAR, _MONTH, _DAY, _HOUR, _MINUTE)


def names_a_things_year(name: str) -> bool:
    """Say whether a column's name tells the time of a thing (its building, a birth), not that of the row."""
    return bool(_A_THINGS_YEAR.search(name))


def find_calendar(frame: pd.DataFrame, columns: Sequence[Column], rows: NDArray[np.int64]) -> tuple[str, ...]:
    """Return the columns that together tell the time of a row, the coarsest first; empty where none do.

    ``rows`` (n,) are the row numbers of ``frame``. Names in several languages count, and so do values alone:
    a month and a day make no 31 June in any row, and rows may come in the order of the moments.
    """
    whole = _whole_numbers(frame, columns)
    fitting = {unit.name: _fitting(whole, unit) for unit in _UNITS}
    by_date = _month_and_day(whole, fitting, rows)
    if by_date:
        dated = tuple(dict.fromkeys((*_year_of(whole, fitting, by_date), *by_date)))
    else:
        dated = _year_and_month(whole, fitting, rows)
    if not dated:
        return ()
    hour = _finer(fitting["hour"], dated, _HOUR, named_only=not by_date)
    minute = _finer(fitting["minute"], (*dated, *hour), _MINUTE, named_only=True) if hour else ()
    return (*dated, *hour, *minute)


def moments(frame: pd.DataFrame, names: Sequence[str]) -> Floats:
    """Return (n,) numbers in the order of time told by ``names``, the coarsest first; NaN where one is."""
    if len(names) == 1:
        return times_of(frame[names[0]], names[0])
    found = np.zeros(len(frame))
    for name in names:
        times = times_of(frame[name], name)
        values, codes = np.unique(times, return_inverse=True)
        found = np.where(np.isnan(times), np.nan, found * (len(values) + 1) + codes)
    return found


def times_of(values: pd.Series[float], column: str) -> Floats:
    """Return (n,) numbers in the order of time, NaN where there is none; UsageError for a column without."""
    if values.dtype.kind == "M":
        moments = values.to_numpy().astype("datetime64[us]")
        times: Floats = moments.astype(np.int64).astype(np.float64)
        times[np.isnat(moments)] = np.nan
        return times
    if values.dtype.kind in "iuf":
        return np.asarray(values, dtype=np.float64)
    raise UsageError(
        f"'{column}' holds neither dates nor numbers, so rows have no order in time.",
        hint="Choose a date column, or split at random.",
    )


def _whole_numbers(frame: pd.DataFrame, columns: Sequence[Column]) -> dict[str, Floats]:
    """Return the columns that hold whole numbers up to 2,100 and change."""
    found = {}
    for column in columns:
        if column.storage not in ("BIGINT", "DOUBLE") or column.n_distinct < 2:
            continue
        values = frame[column.name].to_numpy(dtype=np.float64)
        known = values[~np.isnan(values)]
        is_whole = len(known) > (1 - _MOST_MISSING) * len(values) and bool((known == np.floor(known)).all())
        if is_whole and known.min() >= 0 and known.max() <= _YEAR.high:
            found[column.name] = values
    return found


def _fitting(whole: Mapping[str, Floats], unit: _Unit) -> list[str]:
    """Return the columns that could be the unit, those that are called so first."""
    named, others = [], []
    for name, values in whole.items():
        known = values[~np.isnan(values)]
        if known.min() < unit.low or known.max() > unit.high:
            two_digits = unit is _YEAR and known.max() <= 99 and _is_called(name, unit)
            if not two_digits:
                continue
        if unit is _YEAR and names_a_things_year(name):
            continue
        if _is_called(name, unit):
            named.append(name)
        elif len(np.unique(known)) >= unit.fewest and _fills(known, unit):
            others.append(name)
    return [*named, *others][:_MOST_EACH]


def _fills(known: Floats, unit: _Unit) -> bool:
    """Say whether numbers without a telling name reach both ends that the unit has."""
    if unit is _DAY:
        return bool(known.min() <= 3 and known.max() >= 28)
    if unit is _HOUR:
        return len(np.unique(known)) == 24
    return True


def _is_called(name: str, unit: _Unit) -> bool:
    words = re.sub(r"([a-z])([A-Z])", r"\1 \2", name)
    return not unit.words.isdisjoint(re.split(r"[\W\d_]+", words.lower()))


def _month_and_day(
    whole: Mapping[str, Floats], fitting: Mapping[str, list[str]], rows: NDArray[np.int64]
) -> tuple[str, ...]:
    for month, day in product(fitting["month"], fitting["day"]):
        if month == day:
            continue
        n_named = _is_called(month, _MONTH) + _is_called(day, _DAY)
        n_odd, expected = _impossible(whole[month], whole[day])
        if not n_odd and (n_named == 2 or expected >= _SURE):
            return month, day
    return ()


def _impossible(month: Floats, day: Floats) -> tuple[int, float]:
    """Return how many rows have a date that no calendar has, and how many would, were both independent."""
    known = ~np.isnan(month) & ~np.isnan(day)
    months, days = month[known].astype(np.int64), day[known].astype(np.int64)
    if not len(months):
        return 0, 0.0
    odd = int((days > _DAYS_IN[months]).sum())
    by_month = np.bincount(months, minlength=13)[1:13] / len(months)
    by_day = np.bincount(days, minlength=32)
    expected = sum(share * by_day[_DAYS_IN[at + 1] + 1 :].sum() for at, share in enumerate(by_month))
    return odd, float(expected)


def _year_of(
    whole: Mapping[str, Floats], fitting: Mapping[str, list[str]], dated: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the year of a month and a day: called so, most like the month's name, of the fewest years.

    A column that is only in the range of years, and has more of them than a century half, is none.
    """
    possible = [each for each in fitting["year"] if each not in dated]
    possible = [each for each in possible if len(np.unique(whole[each])) <= 150]
    if not possible:
        return ()
    month = set(re.split(r"[\W_]+", dated[0].lower()))

    def order(name: str) -> tuple[bool, int, int]:
        alike = len(month & set(re.split(r"[\W_]+", name.lower())))
        return not _is_called(name, _YEAR), -alike, len(np.unique(whole[name]))

    return (min(possible, key=order),)


def _year_and_month(
    whole: Mapping[str, Floats], fitting: Mapping[str, list[str]], rows: NDArray[np.int64]
) -> tuple[str, ...]:
    """Return a year and a month without a day: both called so, or the order in which rows come."""
    from scipy.stats import spearmanr

    for year, month in product(fitting["year"], fitting["month"]):
        if year == month:
            continue
        if _is_called(year, _YEAR) and _is_called(month, _MONTH):
            return year, month
        together = whole[year] * 100 + whole[month]
        known = ~np.isnan(together)
        if known.sum() < 20 or len(np.unique(together[known])) < 12:
            continue
        if abs(float(spearmanr(together[known], rows[known]).statistic)) >= _IN_ORDER:
            return year, month
    return ()


def _finer(possible: list[str], dated: tuple[str, ...], unit: _Unit, *, named_only: bool) -> tuple[str, ...]:
    """Return the column of a finer unit: called so; or the only one that its values allow."""
    left = [each for each in possible if each not in dated]
    named = [each for each in left if _is_called(each, unit)]
    if named:
        return (named[0],)
    return tuple(left) if len(left) == 1 and not named_only else ()
