"""Theta: exponential smoothing and a line through the past, on values without their season."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class ThetaState:
    """A theta model after ``n`` values (Fiorucci et al. 2016).

    ``intercept`` and ``slope`` are the line, which a ``dynamic`` model moves with each value; ``mean`` is
    that of all values. ``season`` are the effects of the next season, the next one's first; () for none.
    """

    dynamic: bool
    multiplicative: bool
    alpha: float
    theta: float
    n: int
    level: float
    mean: float
    intercept: float
    slope: float
    season: tuple[float, ...] = ()

    def forecast(self, horizon: int) -> NDArray[Any]:
        """Return the next ``horizon`` values."""
        values = np.empty(horizon)
        n, level, mean, intercept, slope = self.n, self.level, self.mean, self.intercept, self.slope
        for step in range(horizon):
            rest = (1.0 - self.alpha) ** n
            line = intercept * rest + slope * (1.0 - rest * (1.0 - self.alpha)) / self.alpha
            values[step] = value = level + (1.0 - 1.0 / self.theta) * line
            n, level, mean, intercept, slope = self._smoothed(value, n, level, mean, intercept, slope)
        if not self.season:
            return values
        season = np.resize(np.array(self.season), horizon)
        return values * season if self.multiplicative else values + season

    def observe(self, value: float) -> ThetaState:
        """Return the state one value later."""
        season = self.season
        if season:
            effect = season[0]
            value = value / effect if self.multiplicative else value - effect
            season = (*season[1:], effect)
        n, level, mean, intercept, slope = self._smoothed(
            value, self.n, self.level, self.mean, self.intercept, self.slope
        )
        return replace(self, n=n, level=level, mean=mean, intercept=intercept, slope=slope, season=season)

    def _smoothed(
        self, value: float, n: int, level: float, mean: float, intercept: float, slope: float
    ) -> tuple[int, float, float, float, float]:
        """Return the numbers that a value without its season changes."""
        level = self.alpha * value + (1.0 - self.alpha) * level
        later = (n * mean + value) / (n + 1)
        if self.dynamic:
            slope = ((n - 1) * slope + 6.0 * (value - mean) / (n + 1)) / (n + 2)
            intercept = later - slope * (n + 2) / 2
        return n + 1, level, later, intercept, slope
