"""Scores of forecasts at rolling origins, with the interval of the one that is judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from litmus_core.types import Bar, Score

Array = NDArray[Any]
MetricName = Literal["mase", "wape"]
METRICS: tuple[MetricName, ...] = ("mase", "wape")
_QUANTILES = (0.1, 0.5, 0.9)
_LEAST_GAIN = 0.02  # of the error, that others have to be better by
_LEAST_ERRORS = 0.5  # standard errors of the gain, that it has to be


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rolled:
    """The truth and what was answered at the origins of one series: arrays (k, horizon), NaN for no value.

    ``unit`` is its seasonal-naive error before the origins; 0 where it repeats itself, and MASE leaves it
    out.
    """

    truth: Array
    answer: Array
    unit: float

    @property
    def errors(self) -> Array:
        """Truth less answer."""
        return np.asarray(self.truth - self.answer)


def truths(values: Array, is_filled: Array, origins: Sequence[int], horizon: int) -> Array:
    """Return what followed each of ``origins``, (k, horizon); NaN for a filled gap."""
    measured = np.where(is_filled, np.nan, values)
    return np.stack([measured[origin : origin + horizon] for origin in origins])


def count_distinct(rolled: Rolled, origins: Sequence[int]) -> int:
    """Return how many values the ``origins`` (k,) were judged by, each counted once."""
    is_judged = np.isfinite(rolled.errors)
    places = np.asarray(origins)[:, None] + np.arange(is_judged.shape[1])
    return len(np.unique(places[is_judged]))


def mase_of(rolled: Sequence[Rolled]) -> float:
    """Return the mean over series of the absolute error in units of the seasonal-naive one of the past."""
    scores = [float(np.nanmean(np.abs(one.errors))) / one.unit for one in rolled if _counts(one)]
    return float(np.mean(scores)) if scores else float("nan")


def wape_of(rolled: Sequence[Rolled]) -> float:
    """Return the sum of absolute errors as a share of the sum of absolute values."""
    off = sum(float(np.nansum(np.abs(one.errors))) for one in rolled)
    size = sum(float(np.nansum(np.abs(one.truth))) for one in rolled)
    return off / size if size else float("nan")


def score_of(metric: MetricName, rolled: Sequence[Rolled]) -> float:
    """Return a metric's value."""
    return mase_of(rolled) if metric == "mase" else wape_of(rolled)


def pinball_of(rolled: Sequence[Rolled], half_widths: Sequence[Array]) -> float:
    """Return the mean pinball loss of the 10 %, 50 % and 90 % quantiles, in units of MASE.

    ``half_widths`` (horizon,) are those of the 80 % intervals of each series.
    """
    losses = []
    for one, half in zip(rolled, half_widths, strict=True):
        if not _counts(one):
            continue
        for quantile, shift in zip(_QUANTILES, (-half, 0.0 * half, half), strict=True):
            over = one.truth - (one.answer + shift)
            losses.append(float(np.nanmean(np.maximum(quantile * over, (quantile - 1) * over))) / one.unit)
    return float(np.mean(losses)) if losses else float("nan")


def coverage_of(rolled: Sequence[Rolled], half_widths: Sequence[Array]) -> tuple[float, int]:
    """Return the share of values within their intervals, and the number of values."""
    inside = [
        (np.abs(one.errors) <= half)[np.isfinite(one.errors)]
        for one, half in zip(rolled, half_widths, strict=True)
    ]
    hits = np.concatenate(inside)
    return (float(hits.mean()) if len(hits) else float("nan")), len(hits)


def judged_score(metric: MetricName, rolled: Sequence[Rolled]) -> Score:
    """Return the score with its 95 % interval, studentised over units that tell on their own.

    A unit is a series where there are ten or more, else a stretch of origins as long as the horizon: errors
    of overlapping origins say the same twice. With one unit the interval is all that is possible.
    """
    from scipy.stats import t as student

    value = score_of(metric, rolled)
    numbers, sizes = _units(metric, rolled)
    n = len(numbers)
    n_values = int(sum(np.isfinite(one.errors).sum() for one in rolled))
    low, high = 0.0, float("inf")
    if n > 1:
        half = float(student.ppf(0.975, n - 1)) * standard_error(numbers, sizes)
        low, high = max(value - half, 0.0), value + half
    return Score(metric=metric, value=value, low=low, high=high, n_rows=n_values, n_effective=float(n))


def chance_to_pass(metric: MetricName, rolled: Sequence[Rolled], bar: Bar) -> float | None:
    """Return how likely the score is at the bar or better; None where one unit tells nothing of chance."""
    from scipy.stats import t as student

    numbers, sizes = _units(metric, rolled)
    if len(numbers) < 2:
        return None
    error = standard_error(numbers, sizes) or 1e-12
    return float(student.cdf((bar.value - score_of(metric, rolled)) / error, len(numbers) - 1))


def is_gain(metric: MetricName, pairs: Sequence[tuple[Sequence[Rolled], Sequence[Rolled]]]) -> bool:
    """Whether the first of each pair is better than the second: by 2 %, and by more than may be chance.

    That is half a standard error over units, of all pairs together.
    """
    ours, theirs = (
        np.concatenate([_units(metric, pair[side])[0] for pair in pairs] or [np.empty(0)]) for side in (0, 1)
    )
    gains = theirs - ours
    chance = float(np.std(gains, ddof=1)) * len(gains) ** 0.5 if len(gains) > 1 else 0.0
    return bool(gains.sum() > max(_LEAST_GAIN * theirs.sum(), _LEAST_ERRORS * chance))


def standard_error(numbers: Array, sizes: Array) -> float:
    """Return the standard error of the ratio of the mean of ``numbers`` to that of ``sizes``, (n,) each."""
    ratio = numbers.sum() / sizes.sum()
    rest = (numbers - ratio * sizes) / sizes.mean()
    return float(np.sqrt((rest**2).sum() / (len(numbers) - 1) / len(numbers)))


def _units(metric: MetricName, rolled: Sequence[Rolled]) -> tuple[Array, Array]:
    """Return numerators and denominators (n,) of the units whose ratio of sums is the score."""
    counted = [one for one in rolled if metric == "wape" or _counts(one)]
    pieces = []
    for one in counted:
        horizon = one.truth.shape[1]
        n_stretches = 1 if len(counted) >= 10 else max((len(one.truth) + horizon - 1) // horizon, 1)
        stretches = np.array_split(np.arange(len(one.truth)), n_stretches)
        full = [rows for rows in stretches if np.isfinite(one.errors[rows]).any()]  # the others are gaps
        for rows in full:
            errors, truth = np.abs(one.errors[rows]), np.abs(one.truth[rows])
            if metric == "mase":
                pieces.append((float(np.nanmean(errors)) / one.unit / len(full), 1.0 / len(full)))
            else:
                pieces.append((float(np.nansum(errors)), float(np.nansum(truth))))
    numbers, sizes = (np.array(column) for column in zip(*pieces, strict=True))
    return numbers, sizes


def _counts(one: Rolled) -> bool:
    return one.unit > 0 and bool(np.isfinite(one.errors).any())
