"""Intervals by what the rolling origins were off: conformal, by step, on each series' own scale.

Three things make them wider than those errors alone. Few errors that tell on their own say little of how
large errors are, so quantiles grow as Student's do. The newest errors count where they are larger than
earlier ones. And a series that moves more at its end than it did at the origins is given more room.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
LEVELS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
_SHARED = 0.5  # of the errors' variance that moves all series of a panel at once
_PRIOR_ORIGINS = 4.0  # how many origins all series together count for, in the scale of one
_HALF_LIFE = 4.0  # horizons after which an error counts half, where the newest are looked at
_STRONGEST = 4.0  # times the usual movement, above which it counts no more
_FEWEST_MOVES = 8  # values that say how much a series moves


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Band:
    """Half widths: ``scales`` (n,) of series, times ``profile`` (horizon,), times a level's ``quantiles``."""

    scales: Array
    profile: Array
    quantiles: Array

    def half_widths(self, index: int, level: float) -> Array:
        """Return how far the interval of series ``index`` goes to both sides, by step."""
        quantile = float(np.interp(level, LEVELS, self.quantiles))
        return np.asarray(self.scales[index] * quantile * self.profile)


def conformal_band(errors: Sequence[Array], units: Array, movements: Array | None = None) -> Band:
    """Return the band of ``errors``: of each series (k, horizon), NaN where no value is known.

    ``units`` (n,) are scales of the series before any origin, ``movements`` (n,) what
    :func:`recent_movement` says of each; None: nothing is known of it.
    """
    horizon = errors[0].shape[1]
    pooled = np.concatenate([np.abs(error) / unit for error, unit in zip(errors, units, strict=True)])
    usual = float(np.nanmean(pooled)) or 1e-9
    scales = np.array(
        [_scale(np.abs(error), unit * usual) for error, unit in zip(errors, units, strict=True)]
    )
    relative = np.concatenate([np.abs(error) / scale for error, scale in zip(errors, scales, strict=True)])
    profile = _profile(relative)
    ratios = (relative / profile).ravel()
    quantiles = np.quantile(ratios[np.isfinite(ratios)], LEVELS) * _widening(errors, horizon)
    wider = np.array(
        [_newest(np.abs(error), scale, horizon) for error, scale in zip(errors, scales, strict=True)]
    )
    if movements is not None:
        wider = wider * np.sqrt(movements)
    return Band(scales=scales * wider, profile=profile, quantiles=quantiles)


def recent_movement(values: Array, origins: Sequence[int], season: int, horizon: int) -> float:
    """Return how much a series moves at its end, in units of how much it moved before ``origins``: 1 to 4.

    It moves by the mean difference between values a season apart, over its last two seasons or horizons.
    """
    lag = season if origins[0] > 2 * season else 1
    sums = np.concatenate([[0.0], np.cumsum(np.abs(values[lag:] - values[:-lag]))])
    ends = np.array([*origins, len(values)]) - lag
    starts = np.maximum(ends - max(2 * season, 2 * horizon, _FEWEST_MOVES), 0)
    moves = (sums[ends] - sums[starts]) / np.maximum(ends - starts, 1)
    before = float(moves[:-1].mean())
    return float(np.clip(moves[-1] / before, 1.0, _STRONGEST)) if before > 0 else 1.0


def _widening(errors: Sequence[Array], horizon: int) -> Array:
    """Return by how much each level's quantile is wider than that of the errors, (levels,).

    Errors of one stretch of time, as long as the horizon, are alike, and so are those of a panel's series in
    part: what moves all of them at once is in few stretches, however many series there are.
    """
    from scipy.stats import norm, t

    n_series = len(errors)
    stretches = float(np.mean([1 + (len(error) - 1) / horizon for error in errors]))
    shared = _SHARED if n_series > 1 else 0.0
    n_apart = stretches / (shared + (1.0 - shared) / n_series)
    tails = 0.5 + np.array(LEVELS) / 2
    return np.asarray(t.ppf(tails, n_apart) / norm.ppf(tails))


def _scale(errors: Array, usual: float) -> float:
    """Return a series' mean error, drawn to what is ``usual`` where its origins are few."""
    n = float(len(errors))
    mean = float(np.nanmean(errors)) if np.isfinite(errors).any() else usual
    return max((n * mean + _PRIOR_ORIGINS * usual) / (n + _PRIOR_ORIGINS), 1e-12)


def _newest(errors: Array, scale: float, horizon: int) -> float:
    """Return how much larger than ``scale`` the newest errors are; 1 where they are not."""
    rows = np.isfinite(errors).any(axis=1)
    if not rows.any():
        return 1.0
    counts = 0.5 ** (np.arange(len(errors))[::-1] / (_HALF_LIFE * horizon))
    total = float(counts.sum())
    mean = float(np.average(np.nanmean(errors[rows], axis=1), weights=counts[rows]))
    return max((total * mean + _PRIOR_ORIGINS * scale) / (total + _PRIOR_ORIGINS) / scale, 1.0)


def _profile(relative: Array) -> Array:
    """Return how the error grows with the step: it never shrinks, and neighbours are averaged."""
    by_step = np.nanmean(relative, axis=0)
    by_step = np.where(np.isfinite(by_step), by_step, np.nanmean(by_step))
    width = max(len(by_step) // 4, 1)
    padded = np.pad(by_step, width, mode="edge")
    smooth = np.convolve(padded, np.ones(2 * width + 1) / (2 * width + 1), mode="valid")
    return np.asarray(np.maximum(np.maximum.accumulate(smooth), 1e-12))
