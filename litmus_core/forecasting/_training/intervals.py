"""Intervals by what the rolling origins were off: conformal, by step, on each series' mean scale."""

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


def conformal_band(errors: Sequence[Array], units: Array) -> Band:
    """Return the band of ``errors``: of each series (k, horizon), NaN where no value is known.

    ``units`` (n,) are scales of the series before any origin. Overlapping origins err alike, so the quantile
    is that of as many errors as origins would give that do not overlap. What moves all series of a panel at
    once is in few stretches of time, however many series there are: its band is wider by that.
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
    ratios = ratios[np.isfinite(ratios)]
    stretches = [1 + (len(error) - 1) / horizon for error in errors]
    n_apart = sum(stretches) * horizon**0.5  # errors of one stretch are alike, but not the same
    levels = np.minimum(np.ceil((n_apart + 1) * np.array(LEVELS)) / n_apart, 1.0)
    shared = (1 + _SHARED / float(np.mean(stretches))) ** 0.5 if len(errors) > 1 else 1.0
    return Band(scales=scales, profile=profile, quantiles=shared * np.quantile(ratios, levels))


def _scale(errors: Array, usual: float) -> float:
    """Return a series' mean error, drawn to what is ``usual`` where its origins are few."""
    n = float(len(errors))
    mean = float(np.nanmean(errors)) if np.isfinite(errors).any() else usual
    return max((n * mean + _PRIOR_ORIGINS * usual) / (n + _PRIOR_ORIGINS), 1e-12)


def _profile(relative: Array) -> Array:
    """Return how the error grows with the step: it never shrinks, and neighbours are averaged."""
    by_step = np.nanmean(relative, axis=0)
    by_step = np.where(np.isfinite(by_step), by_step, np.nanmean(by_step))
    width = max(len(by_step) // 4, 1)
    padded = np.pad(by_step, width, mode="edge")
    smooth = np.convolve(padded, np.ones(2 * width + 1) / (2 * width + 1), mode="valid")
    return np.asarray(np.maximum(np.maximum.accumulate(smooth), 1e-12))
