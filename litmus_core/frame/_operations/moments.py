"""Operations on dates: calendar parts, and days since 1970."""

from __future__ import annotations

import math
from datetime import date
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import numpy as np

from litmus_core.frame._operations.operation import Operation

_US_PER_DAY = 86_400_000_000
_US_PER_MINUTE = 60_000_000
_ORDINAL_1970 = date(1970, 1, 1).toordinal()


def _day_number(when: Any) -> Any:
    return when.astype("datetime64[D]").astype(np.int64)


def _as_doubles(when: Any, part: Any) -> Any:
    """Return ``part`` as doubles, NaN where ``when`` is missing."""
    return np.where(np.isnat(when), np.nan, part)


def _days(when: Any) -> Any:
    return _as_doubles(when, when.astype(np.int64) / _US_PER_DAY)


def _year(when: Any) -> Any:
    return _as_doubles(when, when.astype("datetime64[Y]").astype(np.int64) + 1970)


def _month(when: Any) -> Any:
    month = when.astype("datetime64[M]").astype(np.int64)
    return _as_doubles(when, month % 12 + 1)


def _day(when: Any) -> Any:
    first = when.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return _as_doubles(when, _day_number(when) - first + 1)


def _weekday(when: Any) -> Any:
    return _as_doubles(when, (_day_number(when) + 3) % 7)


def _minute_of_day(when: Any) -> Any:
    return _as_doubles(when, when.astype(np.int64) % _US_PER_DAY // _US_PER_MINUTE)


def _hour(when: Any) -> Any:
    return _as_doubles(when, when.astype(np.int64) % _US_PER_DAY // (60 * _US_PER_MINUTE))


@lru_cache(maxsize=65_536)
def _calendar(day: int) -> Any:
    """Return something with ``year``, ``month`` and ``day`` for days since 1970."""
    try:
        return date.fromordinal(day + _ORDINAL_1970)
    except (ValueError, OverflowError):  # outside the years 1 to 9999
        when = np.array([day * _US_PER_DAY], dtype=np.int64).astype("datetime64[us]")
        return SimpleNamespace(year=_year(when)[0], month=_month(when)[0], day=_day(when)[0])


def _calendar_part(name: str, columns: Any) -> Operation:
    return Operation(
        name=name,
        input_types=("moment",),
        gives="number",
        record=f"{{nan}} if {{0}} != {{0}} else float({{calendar}}({{0}} // {_US_PER_DAY}).{name})",
        columns=lambda when, **_: columns(when),
        pandas=lambda when: getattr(when.dt, name).astype("float64"),
        bind=lambda: {"nan": math.nan, "calendar": _calendar},
        of_datetime=f"{{0}}.{name} + 0.0",
    )


def _part(name: str, *, record: str, columns: Any, pandas: Any, of_datetime: str = "") -> Operation:
    return Operation(
        name=name,
        input_types=("moment",),
        gives="number",
        record=record,
        columns=columns,
        pandas=pandas,
        of_datetime=of_datetime,
    )


MOMENT_OPERATIONS = (
    _part(
        "days",
        record=f"float({{0}}) / {_US_PER_DAY}.0",
        columns=_days,
        pandas=lambda when: (when.astype("int64") / _US_PER_DAY).where(when.notna()),
    ),
    _calendar_part("year", _year),
    _calendar_part("month", _month),
    _calendar_part("day", _day),
    _part(
        "weekday",
        record=f"({{0}} // {_US_PER_DAY} + 3) % 7 + 0.0",
        columns=_weekday,
        pandas=lambda when: when.dt.weekday.astype("float64"),
        of_datetime="{0}.weekday() + 0.0",
    ),
    _part(
        "hour",
        record=f"{{0}} % {_US_PER_DAY} // {60 * _US_PER_MINUTE} + 0.0",
        columns=_hour,
        pandas=lambda when: when.dt.hour.astype("float64"),
        of_datetime="{0}.hour + 0.0",
    ),
    _part(
        "minute of day",
        record=f"{{0}} % {_US_PER_DAY} // {_US_PER_MINUTE} + 0.0",
        columns=_minute_of_day,
        pandas=lambda when: when.dt.hour * 60.0 + when.dt.minute,
        of_datetime="{0}.hour * 60.0 + {0}.minute",
    ),
    Operation(
        name="missing as moment",  # for an all-missing column
        input_types=("number",),
        gives="moment",
        record="{nan}",
        columns=lambda values, nan: np.full(len(values), np.datetime64("NaT"), dtype="datetime64[us]"),
        pandas=lambda values: values.mask(values.notna()).astype("datetime64[us]"),
        bind=lambda: {"nan": math.nan},
    ),
    Operation(
        name="moment is missing",
        input_types=("moment",),
        gives="flag",
        record="{0} != {0}",
        columns=np.isnat,
        pandas=lambda when: when.isna(),
        of_datetime="False",
    ),
)
