"""Times as NumPy has them, without pandas, and as people write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.errors import DataError

EARLIEST_YEAR, LATEST_YEAR = 1000, 2999  # whole numbers between are years
_MONTHS = (190001, 210012)  # whole numbers between are months, if all end as one does
_DAYS = (19000101, 21001231)
_OFF_MONTH = 0.1  # of a month: years have rounded decimals, and months unequal days
_ZONE = re.compile(r"(.*:\d{2}(?:\.\d+)?) ?(z|utc|gmt|[+-]\d{2}(?::?\d{2})?)")


def whole_times(numbers: NDArray[Any]) -> NDArray[Any]:
    """Return whole numbers (n,) as times where all are years, months or days, else as they are: steps.

    >>> whole_times(np.array([202612, 202701])).astype(str).tolist()
    ['2026-12-01T00:00:00', '2027-01-01T00:00:00']
    """
    if not len(numbers):
        return numbers
    least, most = int(numbers.min()), int(numbers.max())
    if least >= EARLIEST_YEAR and most <= LATEST_YEAR:
        return _dates(numbers, numbers * 0 + 1, numbers * 0 + 1)
    if _MONTHS[0] <= least and most <= _MONTHS[1]:
        months = numbers % 100
        return _dates(numbers // 100, months, months * 0 + 1) if _within(months, 12) else numbers
    if _DAYS[0] <= least and most <= _DAYS[1]:
        months, days = numbers // 100 % 100, numbers % 100
        if _within(months, 12) and _within(days, 31):
            times = _dates(numbers // 10_000, months, days)
            months_read = times.astype("datetime64[M]").astype(np.int64) % 12 + 1
            return times if (months_read == months).all() else numbers  # there is no 31st of April
    return numbers


def decimal_years(numbers: NDArray[Any]) -> NDArray[Any] | None:
    """Return years with decimals (n,) as the first days of months; None where they are no months.

    They tell the beginning of months, as R writes them, or the middle of all of them.

    >>> decimal_years(np.array([1949.0, 1949.083, 1949.167])).astype("datetime64[M]").astype(str).tolist()
    ['1949-01', '1949-02', '1949-03']
    """
    if not len(numbers) or not ((numbers >= EARLIEST_YEAR) & (numbers < LATEST_YEAR + 1)).all():
        return None
    months = numbers * 12
    if (np.abs(months - np.round(months)) <= _OFF_MONTH).all():
        months = np.round(months)
    elif (np.abs(months % 1 - 0.5) > 1.5 * _OFF_MONTH).any():
        return None
    months = np.floor(months).astype(np.int64)
    return _dates(months // 12, months % 12 + 1, months * 0 + 1)


def _within(numbers: NDArray[Any], most: int) -> bool:
    return bool(numbers.min() >= 1 and numbers.max() <= most)


def _dates(years: NDArray[Any], months: NDArray[Any], days: NDArray[Any]) -> NDArray[Any]:
    first = ((years - 1970) * 12 + months - 1).astype("datetime64[M]").astype("datetime64[D]")
    return np.asarray((first + (days - 1)).astype("datetime64[s]"))


def without_zone(text: str) -> tuple[str, str]:
    """Return a time without its zone, as the clock there shows it, and the zone; "" where it has none.

    >>> without_zone("2026-01-31 14:00+01:00")
    ('2026-01-31 14:00', '+01:00')
    """
    zoned = _ZONE.fullmatch(text.strip().lower())
    return (zoned[1].strip(), zoned[2]) if zoned else (text.strip(), "")


def seconds_of_zone(zone: str) -> int:
    """Return how far a zone's clock is ahead of UTC.

    >>> seconds_of_zone("-0330"), seconds_of_zone("z")
    (-12600, 0)
    """
    digits = re.sub(r"\D", "", zone).ljust(4, "0")
    return (-1 if zone.startswith("-") else 1) * (int(digits[:2]) * 3600 + int(digits[2:4]) * 60)


def read_times(times: Sequence[Any], *, are_steps: bool = False) -> NDArray[Any]:
    """Return ISO texts, dates, or whole numbers as datetime64[s] or numbers; raises DataError for others.

    A time with a zone is what the clock there shows. ``are_steps``: whole numbers count, and are no years.

    >>> read_times(["2026-01-31", "2026-02-28 14:00+01:00"]).astype(str).tolist()
    ['2026-01-31T00:00:00', '2026-02-28T14:00:00']
    """
    if are_steps:
        return np.array([_step(time) for time in times], dtype=np.int64)
    array = np.asarray(times)
    if array.dtype.kind in "iu":
        return whole_times(array.astype(np.int64))
    if array.dtype.kind == "f" and (months := decimal_years(array)) is not None:
        return months
    return np.array([_time(time) for time in times], dtype="datetime64[s]")


def _step(time: Any) -> int:
    try:
        if int(time) == float(time):
            return int(time)
    except (TypeError, ValueError, OverflowError):
        pass
    raise DataError(f"{str(time)!r} is not a step.", hint="Number the steps as the history does: 37, 38.")


def _time(time: Any) -> Any:
    if isinstance(time, datetime):
        time = time.replace(tzinfo=None)
    try:
        if isinstance(time, date | np.datetime64):
            read = np.array([time]).astype("datetime64[s]")[0]
        else:
            read = np.datetime64(without_zone(str(time))[0].replace(" ", "T").upper(), "s")
    except (TypeError, ValueError):
        read = np.datetime64("NaT")
    if np.isnat(read):
        hint = "Write times as 2026-01-31 or 2026-01-31 14:00."
        raise DataError(f"{str(time)!r} is not a time.", hint=hint)
    return read


def time_text(time: Any) -> str:
    """Return a time as people write it: 2026-01-31, 2026-01-31 14:00, or a step's number.

    >>> time_text(np.datetime64("2026-01-31T00:00:00"))
    '2026-01-31'
    """
    if not isinstance(time, np.datetime64):
        return str(int(time))
    text = str(time.astype("datetime64[m]")).replace("T", " ")
    return text.removesuffix(" 00:00")
