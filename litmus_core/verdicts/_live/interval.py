"""A score's interval that is valid at every evaluation: an asymptotic confidence sequence.

Source: Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2024), "Time-uniform central limit theory and
asymptotic confidence sequences", Annals of Statistics: a standard error from the central limit theorem,
times a factor that grows with the logarithm of the number of rows.

If few large errors decide a score, its standard error is too small until one of them occurs. So the interval
extends further on the worse side, to the score with three more rows like the worst row.
"""

from __future__ import annotations

import math

import numpy as np

from litmus_core.metrics import LabelCase, Metric, ValueCase, bootstrap
from litmus_core.types import Score
from litmus_core.verdicts._live.increments import Case, rows_of, value_of

_ERROR = 0.05
_SHARPEST_AT = 1_000  # rows at which the sequence is narrowest
_MOST_ROWS = 20_000  # rows that a standard error is computed from
_N_REPLICATES = 200
# The standard error of 1.3 rows: without an error in n rows, a rate of 5/n is not excluded.
_MORE_ERRORS = 1.3
_MORE_LIKE_THE_WORST = 3


def anytime_interval(metric: Metric, case: Case, *, seed: int) -> Score | None:
    """Return the score of a case with its interval; None if it is undefined."""
    value = value_of(metric, case)
    if not np.isfinite(value):
        return None
    half = standard_error(metric, case, seed=seed) * anytime_factor(case.n_rows)
    loss = _possible_loss(metric, case, value)
    below, above = (half + loss, half) if metric.greater_is_better else (half, half + loss)
    low, high = max(value - below, metric.lowest), min(value + above, metric.highest)
    return Score(metric=metric.name, value=value, low=low, high=high, n_rows=case.n_rows)


def _possible_loss(metric: Metric, case: Case, value: float) -> float:
    """Return how much worse a score would be with three more rows like the row with the largest error."""
    rows = np.append(np.arange(case.n_rows), np.full(_MORE_LIKE_THE_WORST, _worst_row(case)))
    worse = value_of(metric, rows_of(case, rows))
    loss = value - worse if metric.greater_is_better else worse - value
    return max(0.0, loss) if math.isfinite(loss) else 0.0


def _worst_row(case: Case) -> int:
    """Return the row with the largest error, or with the lowest probability of its outcome."""
    if isinstance(case, ValueCase):
        return int(np.argmax(np.abs(np.asarray(case.predicted) - np.asarray(case.truth))))
    codes = np.minimum(case.codes, case.n_classes - 1)
    return int(np.argmin(case.probabilities[np.arange(case.n_rows), codes]))


def standard_error(metric: Metric, case: Case, *, seed: int) -> float:
    """Return the bootstrap's standard error; infinite if there are too few rows for it."""
    n_rows = min(case.n_rows, _MOST_ROWS)
    rows = np.sort(np.random.default_rng(seed).choice(case.n_rows, n_rows, replace=False))
    sample = rows_of(case, rows)
    replicates = metric.evaluate(sample, bootstrap(n_rows, None, n=_N_REPLICATES, seed=seed))
    replicates = replicates[np.isfinite(replicates)]
    spread = float(np.std(replicates)) if len(replicates) > _N_REPLICATES // 2 else math.inf
    # without spread among few rows, or with few rows of a class, the error is unknown
    fewest = _MORE_ERRORS * min(1.0, metric.highest - metric.lowest) / _n_units(metric, sample)
    return max(spread, fewest) * math.sqrt(n_rows / case.n_rows)


def _n_units(metric: Metric, case: Case) -> int:
    """Return the number of rows, or of rows of the smallest class if each class counts."""
    if not metric.by_class or not isinstance(case, LabelCase):
        return case.n_rows
    if metric.is_about_positive_class:
        return max(1, int((case.codes == case.positive).sum()))
    return max(1, int(np.bincount(case.codes, minlength=case.n_classes)[: case.n_classes].min()))


def anytime_factor(n_rows: int) -> float:
    """Return the half-width of the interval in standard errors.

    >>> round(anytime_factor(1_000), 2), round(anytime_factor(100_000), 2)
    (3.04, 3.56)
    """
    spread = -2.0 * math.log(_ERROR)
    spread = n_rows * (spread + math.log(spread + 1.0)) / _SHARPEST_AT
    return math.sqrt(2.0 * (spread + 1.0) / spread * math.log(math.sqrt(spread + 1.0) / _ERROR))
