"""Skewed numbers brought to the normal distribution by their quantiles, as scikit-learn does it."""

from __future__ import annotations

from bisect import bisect_right
from statistics import NormalDist
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
_EDGE = 1e-7  # this near to the least or greatest quantile counts as beyond it
_inverse = NormalDist().inv_cdf
_LEAST = _inverse(_EDGE - float(np.spacing(1.0)))
_MOST = _inverse(1.0 - (_EDGE - float(np.spacing(1.0))))


class Quantiles:
    """One column's: ``knots`` (m,) are its distinct quantiles, ascending.

    The share of rows below a knot is ``at``; right of it, up to the next, the share is ``after`` plus
    ``slope`` times the distance (all (m,)). A missing value counts as ``fill``.
    """

    def __init__(self, knots: Array, at: Array, after: Array, slope: Array, *, fill: float) -> None:
        self._arrays = knots, at, after, slope
        self._knots, self._at, self._after, self._slope = (each.tolist() for each in self._arrays)
        self._low, self._high, self._fill = self._knots[0], self._knots[-1], fill

    def one(self, value: float) -> float:
        """Return the normal deviate of one number."""
        if value != value:
            value = self._fill
        if value + _EDGE > self._high:
            return _MOST
        if value - _EDGE < self._low:
            return _LEAST
        place = bisect_right(self._knots, value) - 1
        knot = self._knots[place]
        if value == knot:
            return _deviate(self._at[place])
        return _deviate(self._after[place] + self._slope[place] * (value - knot))

    def many(self, values: Array) -> Array:
        """Return (n,) deviates of (n,) numbers, each as :meth:`one` gives it."""
        knots, at, after, slope = self._arrays
        values = np.where(np.isnan(values), self._fill, values)
        place = np.searchsorted(knots, values, side="right") - 1
        np.clip(place, 0, knots.size - 1, out=place)
        beyond = values - knots[place]
        share = np.where(beyond == 0.0, at[place], after[place] + slope[place] * beyond)
        share[values - _EDGE < self._low] = 0.0
        share[values + _EDGE > self._high] = 1.0
        return np.fromiter(map(_deviate, share.tolist()), dtype=np.float64, count=share.size)


def _deviate(share: float) -> float:
    if share <= 0.0:
        return _LEAST
    if share >= 1.0:
        return _MOST
    return min(max(_inverse(share), _LEAST), _MOST)
