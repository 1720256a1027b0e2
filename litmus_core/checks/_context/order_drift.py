"""The drift of a target over the order of its rows, compared without a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from litmus_core.checks._context.quick_model import Floats
from litmus_core.checks._similarity.expected_duplicates import find_copies

if TYPE_CHECKING:
    from litmus_core.checks._context.table import CheckContext
    from litmus_core.data import UnivariateScorer

_MOST_PERIODS, _ROWS_OF_PERIOD = 40, 10  # whose targets are compared
_MOST_ERRORS = 30.0


def drift_over_order(table: CheckContext, times: Floats) -> float:
    """Return the difference of the target between periods beyond chance, in standard errors.

    ``times`` are those of the sample, without copies. Targets are compared without a model (Kruskal and
    Wallis for numbers, chi² for labels), so few rows suffice.
    """
    from scipy.stats import chi2, norm

    scorer = table.scorer
    moments = times[scorer.rows]
    rows = np.flatnonzero(~np.isnan(moments) & ~table.once(find_copies))
    n_periods = min(_MOST_PERIODS, len(rows) // _ROWS_OF_PERIOD)
    if n_periods < 2:
        return 0.0
    shuffled = np.random.default_rng(29).permutation(rows)
    ordered = shuffled[np.argsort(moments[shuffled], kind="stable")]
    period = np.arange(len(ordered)) * n_periods // len(ordered)
    indicators = _indicators(scorer, n_periods)[ordered]
    sums = np.array([np.bincount(period, weights=indicator) for indicator in indicators.T])
    sizes = np.bincount(period)
    means = indicators.mean(axis=0)[:, None]
    spread = indicators.var(axis=0)[:, None] if not scorer.n_classes else means
    between = np.square(sums - means * sizes) / np.maximum(spread * sizes, 1e-12)
    freedom = (n_periods - 1) * max(1, indicators.shape[1] - 1)
    return float(min(_MOST_ERRORS, norm.isf(chi2.sf(between.sum(), freedom))))


def _indicators(scorer: UnivariateScorer, n_periods: int) -> Floats:
    """Return (n, 1) numbers, or (n, k) indicators of the frequent labels, and of all others."""
    if not scorer.n_classes:
        return np.asarray(scorer.target, dtype=np.float64)[:, None]
    counts = np.bincount(scorer.target, minlength=scorer.n_classes)
    frequent = np.flatnonzero(counts >= 3 * n_periods)
    marks = (scorer.target[:, None] == frequent).astype(np.float64)
    rest = 1 - marks.sum(axis=1, keepdims=True)
    return np.hstack([marks, rest]) if rest.any() else marks
