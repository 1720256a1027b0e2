"""Durations in microseconds: one for each row, made by ``pd.to_timedelta``, or one for all rows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np

from litmus_core.frame._series.operands import is_missing
from litmus_core.frame._symbolic.errors import untraceable

UNITS_US = {
    "d": 86_400_000_000.0, "day": 86_400_000_000.0, "days": 86_400_000_000.0, "h": 3_600_000_000.0,
    "hour": 3_600_000_000.0, "hours": 3_600_000_000.0, "m": 60_000_000.0, "min": 60_000_000.0,
    "minute": 60_000_000.0, "minutes": 60_000_000.0, "s": 1_000_000.0, "sec": 1_000_000.0,
    "second": 1_000_000.0, "seconds": 1_000_000.0, "ms": 1_000.0, "us": 1.0, "w": 604_800_000_000.0,
}  # fmt: skip
"""Microseconds of pandas' units of time."""


def unit_us(unit: Any, method: str) -> float:
    """Return the microseconds of a unit of pandas; raises UsageError for another."""
    if unit == "M" or str(unit).lower() not in UNITS_US:
        raise untraceable(f"{method}(…, unit={unit!r})", f"Say one of {', '.join(UNITS_US)}.")
    return UNITS_US[str(unit).lower()]


def time_us(time: Any) -> float:
    """Return a duration in whole microseconds; raises UsageError if it is finer or missing."""
    if is_missing(time):
        raise untraceable("A missing time beside dates", "Use a time such as pd.Timedelta(days=1).")
    ns = getattr(time, "value", None) if getattr(time, "unit", "") == "ns" else None
    if isinstance(ns, int) and ns % 1000:
        raise untraceable(f"{time!r} beside dates", "Dates have microseconds here: use a coarser time.")
    if isinstance(time, timedelta):
        return float(time / timedelta(microseconds=1))
    return float(np.timedelta64(time).astype("timedelta64[us]").astype(np.int64))
