from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pandas as pd
import pytest

from litmus_core.frame import FramePlan
from litmus_core.frame._values.moments import from_microseconds, microseconds, to_microseconds
from litmus_core.types import Column

NAN = float("nan")
WHEN = np.array(["1969-12-31T23:59:59.999999", "NaT", "0001-01-01", "2024-02-29"], dtype="datetime64[us]")
US = [-1, NAN, -62_135_596_800_000_000, 1_709_164_800_000_000]


def test_moments_are_whole_microseconds_and_nan_where_missing() -> None:
    assert repr(to_microseconds(WHEN)) == repr(US)
    assert repr([microseconds(each) for each in WHEN]) == repr(US)
    assert to_microseconds(WHEN, missing=None) == [-1, None, *US[2:]]


def test_microseconds_are_moments_again_to_the_last_one() -> None:
    last = [2**63 - 1, -(2**63) + 1]  # which a double does not hold

    np.testing.assert_array_equal(from_microseconds(US), WHEN)
    assert to_microseconds(from_microseconds(last)) == last


RAW = [
    datetime(2018, 3, 24, 15, 47),
    datetime(1, 1, 1),
    datetime(9999, 12, 31, 23, 59, 59, 999_999),
    datetime(2024, 2, 29, 23, 59, tzinfo=UTC),
    datetime(2024, 2, 29, 23, 59, tzinfo=timezone(timedelta(hours=5))),
    date(2020, 2, 3),
    pd.Timestamp("2001-02-03 04:05"),
    "2011-12-13 14:15:16",
    np.datetime64("1969-12-31T23:59:59"),
    np.datetime64("NaT"),
    pd.NaT,
    None,
]


def _parts(frame: Any) -> Any:
    when, made = frame["when"].dt, frame[["when"]].copy()
    for part in ("year", "month", "day", "dayofweek", "hour", "minute", "dayofyear"):
        made[part] = getattr(when, part)
    made["missing"] = frame["when"].isna()
    return made.drop(columns=["when"])


def _parts_alone(frame: Any) -> Any:
    """Nothing but what a datetime says of itself: its microseconds are not counted."""
    return _parts(frame).drop(columns=["dayofyear"])


def _parts_and_more(frame: Any) -> Any:
    return _parts(frame).assign(since=(frame["when"] - pd.Timestamp("2020-01-01")).dt.total_seconds())


def _parts_beside_it(frame: Any) -> Any:
    return _parts(frame).assign(when=frame["when"])


@pytest.mark.parametrize("code", [_parts, _parts_alone, _parts_and_more, _parts_beside_it])
def test_parts_of_a_moment_are_the_same_whatever_it_came_as(code: Callable[[Any], Any]) -> None:
    plan = FramePlan([Column(name="when", original_name="when", kind="date", storage="TIMESTAMP")], code)
    rows = [{"when": each} for each in RAW]
    counted: list[Any] = []
    read = plan._readers["when"]
    plan._program.readers["when"] = _noting(read, counted)

    alone = [plan.of([row])[0] for row in rows]

    assert plan.explain(rows[:1]).layout == "record"
    assert len(counted) == sum(
        code is not _parts_alone or type(each) is not datetime or each.tzinfo is not None for each in RAW
    )
    assert repr(alone) == repr(plan._of_records(rows, "columns"))


def _noting(read: Any, noted: list[Any]) -> Any:
    def noting(value: Any) -> Any:
        noted.append(value)
        return read(value)

    noting.takes_datetimes = read.takes_datetimes  # type: ignore[attr-defined]
    return noting
