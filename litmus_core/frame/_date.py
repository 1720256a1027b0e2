"""Dates and times: parts that people think in, and days since 1970; never nanoseconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.frame import _values
from litmus_core.frame._encoder import Encoded, Outputs
from litmus_core.frame._values import Array, Floats
from litmus_core.types import Column

if TYPE_CHECKING:
    from litmus_core.frame._values import Raw

_PARTS = (" days", " year", " month", " day", " weekday")
_CLOCK = {"none": (), "hours": (" hour",), "minutes": (" hour", " minute of day")}
_US_PER_DAY = 86_400_000_000


class DateEncoder:
    """Days since 1970-01-01 (with the time of day as a fraction), year, month, day, weekday (Monday 0).

    Where fit saw times of day also the hour (0-23), where it saw times off the hour also the minute of the
    day (0-1439). NaN where missing.
    """

    kind = "date"

    def __init__(self, column: Column, *, clock: str = "none") -> None:
        self.column, self.clock = column, clock

    @classmethod
    def fit(cls, column: Column, raw: Raw) -> DateEncoder:
        """Learn how finely the times of day are told."""
        when = _values.moments(raw, column)
        when = when[~np.isnat(when)]
        if (when != when.astype("datetime64[h]")).any():
            return cls(column, clock="minutes")
        return cls(column, clock="hours" if (when != when.astype("datetime64[D]")).any() else "none")

    @property
    def outputs(self) -> Outputs:
        """Days and calendar parts, then the parts of the clock where there are times."""
        return Outputs(numbers=_PARTS + _CLOCK[self.clock])

    def encode(self, raw: Raw) -> Encoded:
        """Return the parts as doubles."""
        when = _values.moments(raw, self.column)
        missing = np.isnat(when)
        parts = (_calendar(when) + _clock(when))[: len(self.outputs.numbers)]
        return Encoded(numbers=[np.where(missing, np.nan, part) for part in parts])

    def state(self) -> dict[str, Any]:
        """Return how finely the times of day are told."""
        return {"clock": self.clock}


def _calendar(when: Array) -> list[Floats]:
    day = when.astype("datetime64[D]")
    month = when.astype("datetime64[M]")
    year = when.astype("datetime64[Y]").astype(np.int64)
    return [
        when.astype(np.int64) / _US_PER_DAY,
        year + 1970.0,
        month.astype(np.int64) - year * 12 + 1.0,
        (day - month.astype("datetime64[D]")).astype(np.int64) + 1.0,
        (day.astype(np.int64) + 3) % 7 + 0.0,
    ]


def _clock(when: Array) -> list[Floats]:
    minute = (when - when.astype("datetime64[D]")).astype(np.int64) // 60_000_000
    return [minute // 60 + 0.0, minute + 0.0]
