"""Numbers that tell when a row was recorded: moments written as one number, and counters."""

from __future__ import annotations

import re

import numpy as np

from litmus_core.data._time import calendar_units as units
from litmus_core.data._time.calendar_units import DAYS_IN, Floats, Sure, unit_names

_FEWEST_MOMENTS = 12
_EPOCH_BEGINS, _EPOCH_ENDS = 631_152_000, 2_208_988_800  # 1990 and 2040, in seconds since 1970
_DAY = 86_400
_DAYS_FROM = (0, 25_569, 2_440_587.5)  # 1970 in Unix days, in spreadsheet days, and in Julian days
_TELLS_TIME = re.compile(
    r"(^|[\W_\d])(ts|time|timestamp|unix|epoch|date|datum|datetime|stamp|created|updated|recorded|erfasst|zeit|heure"
    r"|hora|fecha|data|elapsed|since|left|until|seq|sequence|nr|no|num|number|numero|count|counter|pos|position|idx|row"
    r"|order|lot|batch|charge|page|seite|wave|welle|step|tick|offset|progress|jd)([\W_\d]|$)|timestamp|elapsed",
    re.IGNORECASE,
)
_MEASURES = re.compile(
    r"length|width|height|weight|depth|thick|diamet|radius|area|volume|temperat|humid|pressure|speed|income"
    r"|salary|wage|price|preis|amount|betrag|cost|percent|prozent|(^|[\W_])(mm|cm|m2|m²|m3|m³|kg|lbs?|pct|age|score|size|rate"
    r"|rating)([\W_\d]|$)",
    re.IGNORECASE,
)
_FEWEST_YEARS_PARTS = 50  # distinct moments of years with decimals
_FEWEST_COUNTED, _FEWEST_NAMED = 25, 12  # distinct numbers of a counter; if the name says so
_NEARLY_ALL = 0.5  # share of distinct numbers, for numbers that count rows
_DENSE = 0.8  # of the integers from the first to the last
_EVEN = 0.06  # the most that counters deviate from an even spread, besides chance
_EVEN_NAMED = 0.15
_SPREAD_OF_ROWS = (units.QUARTER, units.MONTH, units.DAY, units.WEEKDAY, units.HOUR, units.MINUTE)
_STEADY = 0.5  # scatter of the rows of each number, as a share of what draws at random scatter


def names_time(name: str) -> bool:
    """Return whether a column is named after a time, a unit of it, or a counter."""
    return bool(_TELLS_TIME.search(name) or unit_names(name))


def holds_moments(values: Floats, name: str) -> Sure:
    """Return whether numbers (n,) are moments: dates written as one (20240131, 202401), years, or an epoch.

    Seconds, days and so on since 1970, and days of spreadsheets and astronomers, are recognised by the
    column's name. Without a name they are uncertain, as are years with decimals.
    """
    numbers = np.unique(values[~np.isnan(values)])
    if len(numbers) < _FEWEST_MOMENTS:
        return "no"
    low, high = numbers[0], numbers[-1]
    is_named = names_time(name)
    if (numbers != np.floor(numbers)).any():
        is_year = low >= 1900 and high < 2101 and len(numbers) >= _FEWEST_YEARS_PARTS
        days = any(_is_epoch_time(numbers - start, 1 / _DAY) for start in _DAYS_FROM[1:])
        return _by_name(is_named) if is_year or days else "no"
    if _is_written_date(numbers):
        return "surely"
    for scale in (1.0, 1e3, 1e6, 1e9):
        if _is_epoch_time(numbers, scale):
            return _by_name(is_named)
    if any(_is_epoch_time(numbers - start, 1 / _DAY) for start in _DAYS_FROM):
        return "maybe"
    return "maybe" if is_named and _is_ordinal_date(numbers) else "no"


def _by_name(is_named: bool) -> Sure:
    return "surely" if is_named else "maybe"


def _is_epoch_time(numbers: Floats, scale: float) -> bool:
    return bool(scale * _EPOCH_BEGINS <= numbers[0] and numbers[-1] <= scale * _EPOCH_ENDS)


def _is_written_date(numbers: Floats) -> bool:
    """Return whether numbers are like 20240131, 202401 or 2024013123."""
    if numbers[0] >= 1_900_010_100 and numbers[-1] <= 2_100_123_124:
        return bool((numbers % 100 <= 24).all()) and _is_written_date(np.unique(numbers // 100))
    days, months = numbers % 100, numbers // 100 % 100
    if numbers[0] >= 19_000_101 and numbers[-1] <= 21_001_231:
        in_year = (months >= 1) & (months <= 12) & (days >= 1)
        return bool((in_year & (days <= DAYS_IN[np.where(in_year, months, 0).astype(np.int64)])).all())
    return bool(numbers[0] >= 190_001 and numbers[-1] <= 210_012 and ((days >= 1) & (days <= 12)).all())


def _is_ordinal_date(numbers: Floats) -> bool:
    """Return whether numbers are like 24031 (a year and its day) or 2431 (a year and its week)."""
    for base, most in ((1_000, 366), (100, 53)):
        years, parts = np.unique(numbers // base), numbers % base
        if years[-1] <= 99 and np.ptp(years) + 1 == len(years) and parts.min() >= 1 and parts.max() <= most:
            return len(np.unique(parts)) >= most // 2
    return False


def may_count(values: Floats, name: str, *, is_id: bool) -> bool:
    """Return whether numbers (n,) may count rows in the order in which they were recorded.

    The numbers of an id may. Others may if they are spread as evenly as counters: nearly all distinct; or
    whole, without gaps, each in as many rows, more evenly than draws at random. The name of a time or a
    counter lowers these limits; the name of a measure or an amount excludes a counter. A counter without such
    a name has at most two decimals; numbers from 0 to 100 are percentages.
    """
    present = values[~np.isnan(values)]
    numbers, counts = np.unique(present, return_counts=True)
    is_named = names_time(name)
    if len(numbers) < (_FEWEST_NAMED if is_named else _FEWEST_COUNTED) or not np.isfinite(numbers).all():
        return False
    if _MEASURES.search(name):
        return False
    if is_id:
        return True
    if any(units.is_called(name, unit) and unit.holds(present) for unit in _SPREAD_OF_ROWS):
        return False
    is_integral = bool((numbers == np.floor(numbers)).all())
    if not (is_named or is_integral or _has_two_places(numbers)) or (
        not is_integral and _are_percentages(numbers)
    ):
        return False
    expected = (np.sort(present) - numbers[0]) / (numbers[-1] - numbers[0])
    off = float(np.abs(np.linspace(0, 1, len(present)) - expected).max())
    if off > (_EVEN_NAMED if is_named else _EVEN) + 1 / np.sqrt(len(present)):
        return False
    if len(numbers) >= _NEARLY_ALL * len(present):
        return True
    is_dense = is_integral and len(numbers) >= _DENSE * float(np.ptp(numbers) + 1)
    return is_dense and (is_named or float(counts.var()) <= _STEADY * float(counts.mean()))


def _has_two_places(numbers: Floats) -> bool:
    return bool(np.allclose(numbers * 100, np.round(numbers * 100), rtol=1e-12, atol=1e-6))


def _are_percentages(numbers: Floats) -> bool:
    return bool(numbers[0] >= 0 and numbers[-1] <= 100)
