"""Baselines: the last value, the last season, and the line from the first value to the last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class NaiveState:
    """The last value is repeated."""

    last: float

    def forecast(self, horizon: int) -> NDArray[Any]:
        """Return the last value, ``horizon`` times."""
        return np.full(horizon, self.last)

    def observe(self, value: float) -> NaiveState:
        """Return the state one value later."""
        return NaiveState(value)


@dataclass(frozen=True, slots=True)
class SeasonalNaiveState:
    """The last season is repeated; ``season`` are its values, the oldest first."""

    season: tuple[float, ...]

    def forecast(self, horizon: int) -> NDArray[Any]:
        """Return the last season again and again."""
        return np.resize(np.array(self.season), horizon)

    def observe(self, value: float) -> SeasonalNaiveState:
        """Return the state one value later."""
        return SeasonalNaiveState((*self.season[1:], value))


@dataclass(frozen=True, slots=True)
class DriftState:
    """The line through the first and the last of ``n`` values goes on."""

    first: float
    last: float
    n: int

    def forecast(self, horizon: int) -> NDArray[Any]:
        """Return the line's next values."""
        slope = (self.last - self.first) / max(self.n - 1, 1)
        return self.last + slope * np.arange(1, horizon + 1)

    def observe(self, value: float) -> DriftState:
        """Return the state one value later."""
        return DriftState(self.first, value, self.n + 1)
