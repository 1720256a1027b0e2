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
        values, state = np.empty(horizon), replace(self, season=())
        for step in range(horizon):
            values[step] = state._next()
            state = state._smoothed(values[step])
        if not self.season:
            return values
        season = np.resize(np.array(self.season), horizon)
        return values * season if self.multiplicative else values + season

    def observe(self, value: float) -> ThetaState:
        """Return the state one value later."""
        if not self.season:
            return self._smoothed(value)
        effect = self.season[0]
        state = self._smoothed(value / effect if self.multiplicative else value - effect)
        return replace(state, season=(*self.season[1:], effect))

    def _next(self) -> float:
        rest = (1.0 - self.alpha) ** self.n
        line = self.intercept * rest + self.slope * (1.0 - rest * (1.0 - self.alpha)) / self.alpha
        return self.level + (1.0 - 1.0 / self.theta) * line

    def _smoothed(self, value: float) -> ThetaState:
        n, intercept, slope = self.n, self.intercept, self.slope
        level = self.alpha * value + (1.0 - self.alpha) * self.level
        mean = (n * self.mean + value) / (n + 1)
        if self.dynamic:
            slope = ((n - 1) * slope + 6.0 * (value - self.mean) / (n + 1)) / (n + 2)
            intercept = mean - slope * (n + 2) / 2
        return replace(self, n=n + 1, level=level, mean=mean, intercept=intercept, slope=slope)
