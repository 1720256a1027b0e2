"""Dates and times: calendar parts, and days since 1970; never nanoseconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.frame._encoders.encoder import Expressed, Outputs
from litmus_core.frame._encoders.expression import Lazy
from litmus_core.frame._operations.operation import Dtype
from litmus_core.frame._values import raw_values
from litmus_core.types import Column

if TYPE_CHECKING:
    from litmus_core.frame._values.raw_values import Raw

_PARTS = (" days", " year", " month", " day", " weekday")
_CLOCK = {"none": (), "hours": (" hour",), "minutes": (" hour", " minute of day")}


class DateEncoder:
    """Days since 1970-01-01 (with the time of day as a fraction), year, month, day, weekday (Monday 0).

    If fit saw times of day, also the hour (0-23); if it saw times off the hour, also the minute of the day
    (0-1439). NaN where missing.
    """

    kind = "date"
    reads: Dtype = "moment"

    def __init__(self, column: Column, *, clock: str = "none") -> None:
        self.column, self.clock = column, clock

    @classmethod
    def fit(cls, column: Column, raw: Raw) -> DateEncoder:
        """Learn the precision of the times of day."""
        when = raw_values.moments(raw, column)
        when = when[~np.isnat(when)]
        if (when != when.astype("datetime64[h]")).any():
            return cls(column, clock="minutes")
        return cls(column, clock="hours" if (when != when.astype("datetime64[D]")).any() else "none")

    @property
    def outputs(self) -> Outputs:
        """Days and calendar parts, then the parts of the clock if there are times."""
        return Outputs(numbers=_PARTS + _CLOCK[self.clock])

    def express(self, raw: Lazy) -> Expressed:
        """Return the parts as doubles."""
        when = raw.dt
        parts = (when.days, when.year, when.month, when.day, when.weekday, when.hour, when.minute_of_day)
        return Expressed(numbers=parts[: len(self.outputs.numbers)])

    def state(self) -> dict[str, Any]:
        """Return the precision of the times of day."""
        return {"clock": self.clock}
