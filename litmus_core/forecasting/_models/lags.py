"""What boosted trees see of a series at an origin: its past, the calendar, and what is known ahead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.forecasting._series.frequency import Frequency
from litmus_core.forecasting._series.panel import Series

Array = NDArray[Any]
_MOST_LAGS = 24
_LONGEST_WINDOW = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class LagDesign:
    """How rows are made of a series. One row is one step ahead of one origin, and has the step as a feature.

    ``season`` and ``long_season`` are in values; 1 and 0: none. ``n_lags`` are the last values that a row
    holds, ``window`` the values whose mean and spread put them on one scale, whatever the series' own.
    """

    frequency: Frequency
    season: int
    long_season: int
    n_lags: int
    window: int

    @classmethod
    def for_history(cls, frequency: Frequency, season: int, n: int) -> LagDesign:
        """Return the design for series of about ``n`` values."""
        long_season = frequency.long_season if season == frequency.season else 0
        return cls(
            frequency=frequency,
            season=season if n > 2 * season else 1,
            long_season=long_season if n > 2 * long_season else 0,
            n_lags=min(max(season, 4), _MOST_LAGS, max(n // 4, 2)),
            window=max(min(2 * season if season > 1 else 8, n // 3, _LONGEST_WINDOW), 2),
        )

    @property
    def first_origin(self) -> int:
        """The fewest known values that a row can be made from."""
        return max(self.window, self.n_lags, self.season, 2)

    @property
    def n_read(self) -> int:
        """How many of the last values the rows of a next horizon read at most."""
        return max(self.first_origin, 2 * self.season, 2 * self.long_season)

    def scales(self, values: Array, origins: Array) -> tuple[Array, Array]:
        """Return the level and the spread (k,) of the last ``window`` values before each origin."""
        windows = np.lib.stride_tricks.sliding_window_view(values, self.window)[origins - self.window]
        level = windows.mean(axis=1)
        spread = np.abs(windows - level[:, None]).mean(axis=1)
        return level, np.maximum(spread, 1e-3 * np.abs(level) + 1e-9)

    def rows(self, series: Series, origins: Array, steps: Array) -> Array:
        """Return the features (k, d) of step ``steps[i]`` after ``origins[i]`` known values.

        Nothing of ``series.values`` from the origin on is read.
        """
        values, ahead = series.values, origins + steps - 1
        level, spread = self.scales(values, origins)
        scaled = [values[origins - 1 - lag] for lag in range(self.n_lags)]
        for season in filter(None, (self.season, self.long_season)):
            for n_back in (1, 2):
                back = ahead - season * (-(-steps // season) + n_back - 1)
                past = np.where(back >= 0, values[np.maximum(back, 0)], level)
                scaled.append(past)
        features = [(column - level) / spread for column in scaled]
        features += [steps.astype(float), level / spread, self._trend(values, origins, spread)]
        features += self._calendar(series.start + ahead)
        beyond = np.minimum(ahead, len(series.covariates) - 1)
        ahead_columns = series.covariates[beyond] if series.covariates.shape[1] else np.empty((len(steps), 0))
        ahead_columns = np.where((ahead < len(series.covariates))[:, None], ahead_columns, np.nan)
        static = np.broadcast_to(series.static, (len(steps), len(series.static)))
        rows = np.column_stack([*features, ahead_columns, static])
        return np.asarray(np.nan_to_num(rows, posinf=0.0, neginf=0.0))

    def _trend(self, values: Array, origins: Array, spread: Array) -> Array:
        """Return how far the newer half of the window lies above the older."""
        half = self.window // 2
        windows = np.lib.stride_tricks.sliding_window_view(values, self.window)[origins - self.window]
        newer, older = windows[:, -half:].mean(axis=1), windows[:, -2 * half : -half].mean(axis=1)
        return np.asarray((newer - older) / spread)

    def _calendar(self, positions: Array) -> list[Array]:
        columns = [(positions % self.season).astype(float)] if self.season > 1 else []
        if self.frequency.unit == "step":
            return columns
        times = self.frequency.times(positions)
        days = times.astype("datetime64[D]")
        months = times.astype("datetime64[M]")
        columns.append((months.astype(np.int64) % 12).astype(float))
        if self.frequency.unit != "month":
            columns.append(((days.astype(np.int64) + 3) % 7).astype(float))
            columns.append((days - months).astype(np.int64).astype(float))
        if self.frequency.unit == "second":
            columns.append((times - days).astype(np.int64) / 3600.0)
        return columns
