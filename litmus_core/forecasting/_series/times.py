"""Times as NumPy has them, without pandas, and as people write them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.errors import DataError

_EARLIEST_YEAR, _LATEST_YEAR = 1000, 2999  # whole numbers between are years


def years_as_times(numbers: NDArray[Any]) -> NDArray[Any]:
    """Return whole numbers (n,) as times where all are years, else as they are: steps."""
    if len(numbers) and numbers.min() >= _EARLIEST_YEAR and numbers.max() <= _LATEST_YEAR:
        return np.asarray((numbers - 1970).astype("datetime64[Y]").astype("datetime64[s]"))
    return numbers


def read_times(times: Sequence[Any]) -> NDArray[Any]:
    """Return ISO texts, dates, or whole numbers as datetime64[s] or numbers; raises DataError for others.

    >>> read_times(["2026-01-31", "2026-02-28 14:00"]).astype(str).tolist()
    ['2026-01-31T00:00:00', '2026-02-28T14:00:00']
    """
    array = np.asarray(times)
    if array.dtype.kind in "iu":
        return years_as_times(array.astype(np.int64))
    if array.dtype.kind == "M":
        return array.astype("datetime64[s]")
    return np.array([_time(time) for time in times], dtype="datetime64[s]")


def _time(time: Any) -> Any:
    if isinstance(time, datetime | date | np.datetime64):
        return np.array([time]).astype("datetime64[s]")[0]
    try:
        return np.datetime64(str(time).strip().replace(" ", "T"), "s")
    except ValueError:
        hint = "Write times as 2026-01-31 or 2026-01-31 14:00."
        raise DataError(f"{time!r} is not a time.", hint=hint) from None


def time_text(time: Any) -> str:
    """Return a time as people write it: 2026-01-31, 2026-01-31 14:00, or a step's number.

    >>> time_text(np.datetime64("2026-01-31T00:00:00"))
    '2026-01-31'
    """
    if not isinstance(time, np.datetime64):
        return str(int(time))
    text = str(time.astype("datetime64[m]")).replace("T", " ")
    return text.removesuffix(" 00:00")
