"""Map skewed numbers to a normal distribution by their quantiles, as scikit-learn does."""

from __future__ import annotations

from bisect import bisect_right
from statistics import NormalDist
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
_EDGE = 1e-7  # values this close to the least or greatest quantile count as beyond it
_inverse = NormalDist().inv_cdf
_LEAST = _inverse(_EDGE - float(np.spacing(1.0)))
_MOST = _inverse(1.0 - (_EDGE - float(np.spacing(1.0))))


EDGES = _LEAST, _MOST, _EDGE  # the deviates at both ends, and how close to them counts as beyond


class Quantiles:
    """One column's quantiles: ``knots`` (m,) are its distinct quantiles, ascending.

    The share of rows below a knot is ``at``; right of it, up to the next, the share is ``after`` plus
    ``slope`` times the distance (all (m,)). A missing value counts as ``fill``.
    """

    def __init__(self, knots: Array, at: Array, upper: Array, slope: Array, *, fill: float) -> None:
        deviates = np.array([_deviate(share) for share in at.tolist()])
        self._arrays = knots, deviates, upper, slope
        lists: list[list[float]] = [array.tolist() for array in self._arrays]
        self._knots, self._deviates, self._upper, self._slope = lists
        self._low, self._high, self._fill = self._knots[0], self._knots[-1], fill

    @property
    def arrays(self) -> tuple[Array, Array, Array, Array]:
        """The knots, the deviates at them, the shares right of them, and the slopes."""
        return self._arrays

    def deviate(self, value: float) -> float:
        """Return the normal deviate of one number."""
        if value != value:
            value = self._fill
        if value + _EDGE > self._high:
            return _MOST
        if value - _EDGE < self._low:
            return _LEAST
        place = max(bisect_right(self._knots, value) - 1, 0)
        knot = self._knots[place]
        if value == knot:
            return self._deviates[place]
        return _deviate(self._upper[place] + self._slope[place] * (value - knot))

    def deviates(self, values: Array) -> Array:
        """Return (n,) deviates of (n,) numbers, each as :meth:`deviate` gives it."""
        knots, deviates, upper, slope = self._arrays
        values = np.where(np.isnan(values), self._fill, values)
        place = np.maximum(np.searchsorted(knots, values, side="right") - 1, 0)
        beyond = values - knots[place]
        result = deviates[place]
        off = beyond.nonzero()[0]
        share = upper[place[off]] + slope[place[off]] * beyond[off]
        result[off] = np.fromiter(map(_deviate, share.tolist()), dtype=np.float64, count=off.size)
        result[values - _EDGE < self._low] = _LEAST
        result[values + _EDGE > self._high] = _MOST
        return result


def _deviate(share: float) -> float:
    if share <= 0.0:
        return _LEAST
    if share >= 1.0:
        return _MOST
    return min(max(_inverse(share), _LEAST), _MOST)
