"""Correction of verdicts for repeated evaluations of the same test rows.

Trying until a test score passes finds a lucky score in the end. A verdict may wrongly pass a bar that is just
missed 2.5 times in 100; the k-th evaluation on the same rows shares that error among k evaluations
(Bonferroni). Scores on the same rows are correlated, so in all there are hardly more wrong verdicts than with
one evaluation: docs/guides/verdicts.md says how many.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from litmus_core.metrics import get_metric
from litmus_core.types import Score

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ERROR = 0.05  # the error of a 95 % interval at both ends together


def certainty(n_evaluations: int) -> float:
    """Return the confidence level of the interval at the ``n_evaluations``-th evaluation.

    >>> certainty(1), certainty(4)
    (0.95, 0.9875)
    """
    return 1.0 - _ERROR / max(1, n_evaluations)


def standard_errors(n_evaluations: int) -> float:
    """Return the half-width of that interval in standard errors.

    >>> round(standard_errors(1), 2), round(standard_errors(4), 2)
    (1.96, 2.5)
    """
    return NormalDist().inv_cdf(1.0 - (1.0 - certainty(n_evaluations)) / 2)


def interval_inflation(n_evaluations: int) -> float:
    """Return the factor by which the ``n_evaluations``-th evaluation widens the interval of the first."""
    return standard_errors(n_evaluations) / standard_errors(1)


def inflated_interval(score: Score, n_evaluations: int) -> tuple[float, float]:
    """Return the interval that judges the ``n_evaluations``-th evaluation, within the metric's bounds."""
    metric, factor = get_metric(score.metric), interval_inflation(n_evaluations)
    if factor == 1.0:
        return score.low, score.high
    low = score.value - factor * (score.value - score.low)
    high = score.value + factor * (score.high - score.value)
    return max(metric.lowest, low), min(metric.highest, high)


def inflated_replicates(replicates: NDArray[Any], score: Score, n_evaluations: int) -> NDArray[Any]:
    """Return replicates (n,) widened like :func:`inflated_interval`, within the metric's bounds."""
    import numpy as np

    metric, factor = get_metric(score.metric), interval_inflation(n_evaluations)
    if factor == 1.0:
        return replicates
    moved = score.value + factor * (np.asarray(replicates, dtype=np.float64) - score.value)
    return np.clip(moved, metric.lowest, metric.highest)
