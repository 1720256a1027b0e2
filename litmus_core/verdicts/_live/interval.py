"""A score's interval that holds at every look: an asymptotic confidence sequence.

Source: Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2024), "Time-uniform central limit theory and
asymptotic confidence sequences", Annals of Statistics: a standard error from the central limit theorem,
times a factor that grows with the logarithm of the number of rows.

Where few large errors decide a score, a standard error is too small until one of them came. So the range
reaches further on the worse side: to the score that three more rows like the worst one would leave.
"""

from __future__ import annotations

import math

import numpy as np

from litmus_core.metrics import LabelCase, Metric, ValueCase, bootstrap
from litmus_core.types import Score
from litmus_core.verdicts._live.increments import Case, rows_of, value_of

_ERROR = 0.05
_SHARPEST_AT = 1_000  # rows at which the sequence is narrowest
_MOST_ROWS = 20_000  # that a standard error is taken from
_N_REPLICATES = 200
_MORE_ERRORS = 1.3  # standard errors of 1.3 rows: without an error in n rows, 5/n cannot be excluded for good
_MORE_LIKE_THE_WORST = 3


def lasting_interval(metric: Metric, case: Case, *, seed: int) -> Score | None:
    """Return the score of a case with its interval; None where it is undefined."""
    value = value_of(metric, case)
    if not np.isfinite(value):
        return None
    half = standard_error(metric, case, seed=seed) * lasting_factor(case.n_rows)
    loss = _loss_to_come(metric, case, value)
    below, above = (half + loss, half) if metric.greater_is_better else (half, half + loss)
    low, high = max(value - below, metric.lowest), min(value + above, metric.highest)
    return Score(metric=metric.name, value=value, low=low, high=high, n_rows=case.n_rows)


def _loss_to_come(metric: Metric, case: Case, value: float) -> float:
    """Return by how much a score would be worse with three more rows like the one with the largest error."""
    rows = np.append(np.arange(case.n_rows), np.full(_MORE_LIKE_THE_WORST, _worst_row(case)))
    worse = value_of(metric, rows_of(case, rows))
    loss = value - worse if metric.greater_is_better else worse - value
    return max(0.0, loss) if math.isfinite(loss) else 0.0


def _worst_row(case: Case) -> int:
    """Return the row with the largest error, or the least probability of what came true."""
    if isinstance(case, ValueCase):
        return int(np.argmax(np.abs(np.asarray(case.predicted) - np.asarray(case.truth))))
    codes = np.minimum(case.codes, case.n_classes - 1)
    return int(np.argmin(case.probabilities[np.arange(case.n_rows), codes]))


def standard_error(metric: Metric, case: Case, *, seed: int) -> float:
    """Return the bootstrap's standard error; infinite where the rows do not tell it."""
    n_rows = min(case.n_rows, _MOST_ROWS)
    rows = np.sort(np.random.default_rng(seed).choice(case.n_rows, n_rows, replace=False))
    sample = rows_of(case, rows)
    replicates = metric.evaluate(sample, bootstrap(n_rows, None, n=_N_REPLICATES, seed=seed))
    replicates = replicates[np.isfinite(replicates)]
    spread = float(np.std(replicates)) if len(replicates) > _N_REPLICATES // 2 else math.inf
    # no spread among few rows, or few rows of a class, is no certainty
    fewest = _MORE_ERRORS * min(1.0, metric.highest - metric.lowest) / _n_units(metric, sample)
    return max(spread, fewest) * math.sqrt(n_rows / case.n_rows)


def _n_units(metric: Metric, case: Case) -> int:
    """Return how many rows there are, or of the smallest class where each class counts."""
    if not metric.by_class or not isinstance(case, LabelCase):
        return case.n_rows
    if metric.is_about_positive_class:
        return max(1, int((case.codes == case.positive).sum()))
    return max(1, int(np.bincount(case.codes, minlength=case.n_classes)[: case.n_classes].min()))


def lasting_factor(n_rows: int) -> float:
    """Return how many standard errors the interval reaches to either side.

    >>> round(lasting_factor(1_000), 2), round(lasting_factor(100_000), 2)
    (3.04, 3.56)
    """
    spread = -2.0 * math.log(_ERROR)
    spread = n_rows * (spread + math.log(spread + 1.0)) / _SHARPEST_AT
    return math.sqrt(2.0 * (spread + 1.0) / spread * math.log(math.sqrt(spread + 1.0) / _ERROR))
