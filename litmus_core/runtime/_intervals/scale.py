"""The typical error by predicted value, which intervals are scaled by."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_ROWS_A_STRETCH, _MOST_STRETCHES = 100, 20
_SMALLEST = 0.1  # of the mean error: a stretch of rows without errors must not make intervals vanish
_FOLDS = 5


@dataclass(frozen=True, eq=False, kw_only=True)
class ErrorScale:
    """The typical error by predicted value: linear between the points ``at``, constant beyond them."""

    at: tuple[float, ...]
    error: tuple[float, ...]
    _slopes: tuple[float, ...] = field(init=False, repr=False)
    _arrays: tuple[Floats, Floats, Floats] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Compute the slopes and arrays that predictions need."""
        rises = zip(pairwise(self.at), pairwise(self.error), strict=True)
        slopes = (0.0, *((high - low) / (right - left) for (left, right), (low, high) in rises), 0.0)
        object.__setattr__(self, "_slopes", slopes)
        points = ((self.at[0], *self.at), (self.error[0], *self.error), slopes)
        object.__setattr__(self, "_arrays", tuple(np.asarray(values, dtype=np.float64) for values in points))

    def of(self, values: Floats) -> Floats:
        """Return the typical errors (n,) at predicted ``values`` (n,)."""
        at, error, slopes = self._arrays
        place = np.searchsorted(at[1:], values, side="right")
        return error[place] + slopes[place] * (values - at[place])

    def of_one(self, value: float) -> float:
        """Return the typical error at one value, equal to :meth:`of` to the last bit, but much faster."""
        place = bisect_right(self.at, value)
        before = max(place - 1, 0)
        return self.error[before] + self._slopes[place] * (value - self.at[before])


def fit_scale(values: Floats, errors: Floats) -> ErrorScale:
    """Return the mean of the non-negative ``errors`` (n,) in stretches of the predicted ``values`` (n,).

    A stretch has at least 100 rows; fewer than 200 rows share one.
    """
    return _fit(values, errors, _n_stretches(len(values)))


def _n_stretches(n_rows: int) -> int:
    return min(_MOST_STRETCHES, n_rows // _ROWS_A_STRETCH)


def _fit(values: Floats, errors: Floats, n_stretches: int) -> ErrorScale:
    overall = float(errors.mean())
    if overall <= 0.0:
        return ErrorScale(at=(0.0,), error=(1.0,))
    if n_stretches < 2:
        return ErrorScale(at=(0.0,), error=(overall,))
    stretches = np.array_split(np.argsort(values, kind="stable"), n_stretches)
    middle = np.array([values[rows].mean() for rows in stretches])
    error = np.maximum([errors[rows].mean() for rows in stretches], _SMALLEST * overall)
    # Models that predict few different values repeat them.
    at, stretch = np.unique(middle, return_inverse=True)
    together = np.bincount(stretch, weights=error) / np.bincount(stretch)
    return ErrorScale(at=tuple(at.tolist()), error=tuple(together.tolist()))


def scaled_errors(values: Floats, errors: Floats) -> Floats:
    """Return each error relative to the scale that is fitted without its row's fold.

    It has as many stretches as the scale of all rows: errors are put on that one.
    """
    n_stretches = _n_stretches(len(values))
    fold = np.random.default_rng(0).permutation(len(values)) % _FOLDS
    scaled = np.empty(len(values))
    for number in range(min(_FOLDS, len(values))):
        inside = fold == number
        others = ~inside if (~inside).any() else inside
        scaled[inside] = errors[inside] / _fit(values[others], errors[others], n_stretches).of(values[inside])
    return scaled
