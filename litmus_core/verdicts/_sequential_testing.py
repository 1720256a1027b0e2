"""What repeated looks at the same test rows cost a verdict.

Whoever tries until a test score passes finds a lucky one in the end. A verdict may be wrong about a bar that
is just not reached 2.5 times in 100; the k-th look at the same rows has to be as sure as if that were shared
among k looks (Bonferroni). Looks at the same rows rise and fall together, so that in all there are hardly
more wrong claims than of one look: docs/guides/verdicts.md says how many.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from litmus_core.metrics import get_metric
from litmus_core.types import Score

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ERROR = 0.05  # that a 95 % interval allows at both its ends together


def certainty(n_evaluations: int) -> float:
    """Return how sure the interval of the ``n_evaluations``-th look has to be.

    >>> certainty(1), certainty(4)
    (0.95, 0.9875)
    """
    return 1.0 - _ERROR / max(1, n_evaluations)


def standard_errors(n_evaluations: int) -> float:
    """Return how many standard errors reach from the middle to the end of that interval.

    >>> round(standard_errors(1), 2), round(standard_errors(4), 2)
    (1.96, 2.5)
    """
    return NormalDist().inv_cdf(1.0 - (1.0 - certainty(n_evaluations)) / 2)


def interval_inflation(n_evaluations: int) -> float:
    """Return by how much the ``n_evaluations``-th look makes an interval wider than the first."""
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
    """Return replicates (n,) that stretch as :func:`inflated_interval` does, within the metric's bounds."""
    import numpy as np

    metric, factor = get_metric(score.metric), interval_inflation(n_evaluations)
    if factor == 1.0:
        return replicates
    moved = score.value + factor * (np.asarray(replicates, dtype=np.float64) - score.value)
    return np.clip(moved, metric.lowest, metric.highest)
