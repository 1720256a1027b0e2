"""Exponential smoothing (error, trend, season) after Hyndman et al., by its recursions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Component = Literal["N", "A", "M"]  # none, additive, multiplicative


@dataclass(frozen=True, slots=True, kw_only=True)
class EtsState:
    """Level, slope and season; ``season`` has the newest first, so that its last is the next one's.

    ``phi`` damps the trend (1: it is not damped). Weights are those of the error form: ``beta`` and
    ``gamma`` are not multiplied by ``alpha``.
    """

    trend: Component
    seasonal: Component
    alpha: float
    beta: float
    gamma: float
    phi: float
    level: float
    slope: float
    season: tuple[float, ...]

    def forecast(self, horizon: int) -> NDArray[Any]:
        """Return the next ``horizon`` values."""
        steps = np.arange(1, horizon + 1)
        damped = np.cumsum(self.phi**steps)
        multiplies = self.trend == "M"
        values = self.level * self.slope**damped if multiplies else self.level + self.slope * damped
        if self.seasonal == "N":
            return np.asarray(values)
        season = np.resize(np.array(self.season[::-1]), horizon)
        return np.asarray(values + season if self.seasonal == "A" else values * season)

    def observe(self, value: float) -> EtsState:
        """Return the state one value later."""
        step = _power(self.slope, self.phi) if self.trend == "M" else self.phi * self.slope
        before = self.level * step if self.trend == "M" else self.level + step
        old = self.season[-1] if self.season else 0.0
        adjusted = self._without_season(value, old)
        level = before + self.alpha * (adjusted - before)
        slope = self.slope
        if self.trend != "N":
            growth = _ratio(level, self.level) if self.trend == "M" else level - self.level
            slope = step + self.beta / self.alpha * (growth - step)
        season = self.season
        if self.seasonal != "N":
            effect = value - before if self.seasonal == "A" else _ratio(value, before)
            season = (old + self.gamma * (effect - old), *self.season[:-1])
        return replace(self, level=level, slope=slope, season=season)

    def _without_season(self, value: float, effect: float) -> float:
        if self.seasonal == "A":
            return value - effect
        return _ratio(value, effect) if self.seasonal == "M" else value


def _ratio(numerator: float, denominator: float) -> float:
    return numerator / denominator if abs(denominator) > 1e-10 else 1e10


def _power(base: float, exponent: float) -> float:
    return float(base**exponent) if base > 0 else 0.0
