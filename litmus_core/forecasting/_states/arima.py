"""Seasonal ARIMA in its state space form, by the Kalman filter."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class ArimaState:
    """An ARIMA model after ``n`` values; its equations are those of R's ``arima`` (Gardner 1980).

    ``phi`` and ``theta`` are the weights of past values and errors, seasons multiplied out; ``delta`` those
    of past values that differencing adds. ``mean`` (d,) and ``covariance`` (d * d,) are of the filtered
    state. The line ``constant + drift * t`` is apart from it, where t is 1 for the series' first value.
    """

    phi: tuple[float, ...]
    theta: tuple[float, ...]
    delta: tuple[float, ...]
    mean: tuple[float, ...]
    covariance: tuple[float, ...]
    constant: float
    drift: float
    n: int

    def forecast(self, horizon: int) -> NDArray[Any]:
        """Return the next ``horizon`` values."""
        transition, observation = self._transition(), self._observation()
        state, values = np.array(self.mean), np.empty(horizon)
        for step in range(horizon):
            state = transition @ state
            values[step] = observation @ state
        return np.asarray(values + self._line(self.n + np.arange(1, horizon + 1)))

    def observe(self, value: float) -> ArimaState:
        """Return the state one value later."""
        transition, observation = self._transition(), self._observation()
        size = len(observation)
        spread = transition @ np.array(self.covariance).reshape(size, size) @ transition.T
        spread += self._noise()
        expected = transition @ np.array(self.mean)
        gain = spread @ observation
        variance = observation @ gain
        error = value - float(self._line(np.array(self.n + 1))) - observation @ expected
        mean = expected + gain * (error / variance)
        covariance = spread - np.outer(gain, gain) / variance
        return replace(
            self, mean=tuple(mean.tolist()), covariance=tuple(covariance.ravel().tolist()), n=self.n + 1
        )

    def _line(self, times: NDArray[Any]) -> NDArray[Any]:
        return np.asarray(self.constant + self.drift * times)

    @property
    def _order(self) -> int:
        return len(self.mean) - len(self.delta)

    def _observation(self) -> NDArray[Any]:
        return np.concatenate([[1.0], np.zeros(self._order - 1), self.delta])

    def _transition(self) -> NDArray[Any]:
        order, size = self._order, len(self.mean)
        matrix = np.zeros((size, size))
        matrix[: len(self.phi), 0] = self.phi
        matrix[np.arange(order - 1), np.arange(1, order)] = 1.0
        if self.delta:
            matrix[order] = self._observation()
            below = np.arange(order + 1, size)
            matrix[below, below - 1] = 1.0
        return matrix

    def _noise(self) -> NDArray[Any]:
        weights = np.zeros(len(self.mean))
        weights[0], weights[1 : 1 + len(self.theta)] = 1.0, self.theta
        return np.outer(weights, weights)
