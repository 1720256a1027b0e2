"""Operations on dates for custom pre-processing: parts, comparisons, differences."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from litmus_core.frame._operations.operation import Dtype, Operation

_US_PER_DAY = 86_400_000_000
_US_PER_S = 1_000_000
_MOST_NS = 2**63


def _as_doubles(when: Any, part: Any) -> Any:
    return np.where(np.isnat(when), np.nan, part)


def _one(compute: Any) -> Any:
    """Return ``compute``'s result for one known moment in microseconds."""

    def of_one(when: int) -> Any:
        return compute(np.array([when], dtype=np.int64).astype("datetime64[us]"))[0]

    return of_one


def _quarter(when: Any) -> Any:
    return when.astype("datetime64[M]").astype(np.int64) % 12 // 3 + 1


def _day_of_year(when: Any) -> Any:
    first = when.astype("datetime64[Y]").astype("datetime64[D]")
    return (when.astype("datetime64[D]") - first).astype(np.int64) + 1


def _days_in_month(when: Any) -> Any:
    month = when.astype("datetime64[M]")
    return ((month + 1).astype("datetime64[D]") - month.astype("datetime64[D]")).astype(np.int64)


def _thursday(when: Any) -> Any:
    """Return the Thursday of the week; the week belongs to its year."""
    day = when.astype("datetime64[D]")
    return day - (day.astype(np.int64) + 3) % 7 + 3


def _iso_year(when: Any) -> Any:
    return _thursday(when).astype("datetime64[Y]").astype(np.int64) + 1970


def _iso_week(when: Any) -> Any:
    return (_day_of_year(_thursday(when)) - 1) // 7 + 1


def _clock_part(name: str, *, of_us: str, columns: Any) -> Operation:
    return Operation(
        name=name,
        input_types=("moment",),
        gives="number",
        record=f"float({of_us})",
        columns=lambda when: _as_doubles(when, columns(when.astype(np.int64))),
        pandas=lambda when: getattr(when.dt, name).astype("float64"),
        of_datetime=f"{{0}}.{name} + 0.0",
    )


def _calendar_part(name: str, columns: Any, pandas: Any = None) -> Operation:
    return Operation(
        name=name,
        input_types=("moment",),
        gives="number",
        record="{nan} if {0} != {0} else float({part}({0}))",
        columns=lambda when, **_: _as_doubles(when, columns(when)),
        pandas=pandas or (lambda when: getattr(when.dt, name).astype("float64")),
        bind=lambda: {"nan": math.nan, "part": _one(columns)},
    )


def _comparison(name: str, sign: str, ufunc: Any) -> Operation:
    return Operation(
        name=name,
        input_types=("moment", "moment"),
        gives="flag",
        record=f"{{0}} {sign} {{1}}",
        columns=ufunc,
        pandas=ufunc,
    )


def _nanoseconds(us: Any) -> Any:
    """Return whole nanoseconds as doubles, as pandas counts when one side of a division has them."""
    exact = us.astype(np.float64) * 1000.0
    inside = np.abs(us) < _MOST_NS // 1000
    return np.where(inside, np.where(inside, us, 0) * 1000, exact)


def _nanoseconds_one(gap: Any) -> float:
    if gap != gap:
        return math.nan
    return float(gap * 1000) if abs(gap) < _MOST_NS // 1000 else float(gap) * 1000.0


def _between(name: str, *, record: str, columns: Any, pandas: Any, bind: Any = dict) -> Operation:
    dtypes: tuple[Dtype, ...] = ("moment", "moment")

    def compute(later: Any, earlier: Any, nan: float, **_: Any) -> Any:
        gap = later - earlier
        return np.where(np.isnat(gap), nan, columns(gap.astype("timedelta64[us]").astype(np.int64)))

    return Operation(
        name=name,
        input_types=dtypes,
        gives="number",
        record=record,
        columns=compute,
        pandas=lambda later, earlier: pandas(later - earlier),
        bind=lambda: {"nan": math.nan, **bind()},
    )


CALENDAR_OPERATIONS = (
    Operation(
        name="moment",
        input_types=(),
        gives="moment",
        record="{us}",
        columns=lambda us: np.datetime64(us, "us"),
        pandas=lambda us: np.datetime64(us, "us"),
    ),
    _clock_part(
        "minute",
        of_us=f"{{0}} % {3600 * _US_PER_S} // {60 * _US_PER_S}",
        columns=lambda us: us % (3600 * _US_PER_S) // (60 * _US_PER_S),
    ),
    _clock_part(
        "second",
        of_us=f"{{0}} % {60 * _US_PER_S} // {_US_PER_S}",
        columns=lambda us: us % (60 * _US_PER_S) // _US_PER_S,
    ),
    _clock_part("microsecond", of_us=f"{{0}} % {_US_PER_S}", columns=lambda us: us % _US_PER_S),
    _calendar_part("quarter", _quarter),
    *(
        _calendar_part(
            f"iso {name}",
            columns,
            lambda when, name=name: when.dt.isocalendar()[name].astype("float64"),
        )
        for name, columns in (("year", _iso_year), ("week", _iso_week))
    ),
    _calendar_part("dayofyear", _day_of_year),
    _calendar_part("days_in_month", _days_in_month),
    Operation(
        name="midnight",
        input_types=("moment",),
        gives="moment",
        record=f"{{0}} - {{0}} % {_US_PER_DAY}",
        columns=lambda when: when.astype("datetime64[D]").astype("datetime64[us]"),
        pandas=lambda when: when.dt.normalize(),
    ),
    _comparison("before", "<", np.less),
    _comparison("not after", "<=", np.less_equal),
    _comparison("same moment", "==", np.equal),
    _between(
        "microseconds between",
        record="float({0} - {1})",
        columns=lambda us: us.astype(np.float64),
        pandas=lambda gap: gap / np.timedelta64(1, "us"),
    ),
    _between(
        "nanoseconds between",
        record="{nanoseconds}({0} - {1})",
        columns=_nanoseconds,
        pandas=lambda gap: gap / np.timedelta64(1, "ns"),
        bind=lambda: {"nanoseconds": _nanoseconds_one},
    ),
    _between(
        "days between",
        record=f"{{nan}} if {{0}} != {{0}} or {{1}} != {{1}} else float(({{0}} - {{1}}) // {_US_PER_DAY})",
        columns=lambda us: us // _US_PER_DAY,
        pandas=lambda gap: gap.dt.days.astype("float64"),
    ),
)
