"""Dates as points on circles, so that December is next to January and Sunday next to Monday."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

_YEAR, _WEEK, _DAY = 365.25, 7.0, 1440.0  # days, days, minutes


class RoundDates:
    """Adds two columns per circle to each date: its place in the year, the week and, with times, the day.

    >>> import pandas as pd
    >>> frame = pd.DataFrame({"at": pd.to_datetime(["2024-12-31", "2025-01-01"])})
    >>> step = RoundDates()
    >>> step.fit(frame, None)
    >>> step.transform(frame)["at in year, y"].round(1).tolist()
    [1.0, 1.0]
    """

    def fit(self, frame: pd.DataFrame, target: Any) -> None:
        """Find the dates, and which of them have times of day; raises ValueError if there are none."""
        del target
        self.dates_ = list(frame.select_dtypes("datetime").columns)
        if not self.dates_:
            raise ValueError("there is no column of dates")
        clock = {name: frame[name].dropna() for name in self.dates_}
        self.timed_ = [name for name, when in clock.items() if (when != when.dt.normalize()).any()]

    def transform(self, frame: Any) -> Any:
        """Return the frame with those columns added."""
        frame = frame.copy()
        for name in self.dates_:
            when = frame[name].dt
            turns = {"year": when.dayofyear / _YEAR, "week": when.dayofweek / _WEEK}
            if name in self.timed_:
                turns["day"] = (when.hour * 60 + when.minute) / _DAY
            for circle, turn in turns.items():
                frame[f"{name} in {circle}, x"] = np.sin(turn * (2 * np.pi))
                frame[f"{name} in {circle}, y"] = np.cos(turn * (2 * np.pi))
        return frame
