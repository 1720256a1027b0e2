"""Comparison of two models on the same live rows; the interval is valid at every evaluation."""

from __future__ import annotations

import numpy as np

from litmus_core.metrics import Metric, paired
from litmus_core.types import ComparisonState
from litmus_core.verdicts._live.increments import Case, rows_of, value_of
from litmus_core.verdicts._live.interval import anytime_factor

FEWEST_COMPARED = 100
_MOST_ROWS = 20_000  # rows that a standard error is computed from
_N_REPLICATES = 200


def compare_live(
    metric: Metric, live: Case, challenger: Case, *, seed: int = 0
) -> tuple[ComparisonState, float, float, float]:
    """Return the comparison with a challenger on the same rows: state, gain, and the gain's interval.

    The gain is positive if the challenger is better, whatever the metric's direction. The interval is an
    asymptotic confidence sequence of the paired bootstrap (see ``interval.py``): even with an evaluation
    after every row, at most 1 comparison in 20 is wrong. Below 100 rows, and if the metric is undefined,
    nothing is decided.
    """
    sign = 1.0 if metric.greater_is_better else -1.0
    gain = sign * (value_of(metric, challenger) - value_of(metric, live))
    n_rows = min(live.n_rows, _MOST_ROWS)
    if live.n_rows < FEWEST_COMPARED or not np.isfinite(gain):
        return "too few rows", gain, float("nan"), float("nan")
    rows = np.sort(np.random.default_rng(seed).choice(live.n_rows, n_rows, replace=False))
    drawn = paired(n_rows, None, n=_N_REPLICATES, seed=seed)
    pairs = [metric.evaluate(rows_of(case, rows), drawn) for case in (challenger, live)]
    gains = sign * (pairs[0] - pairs[1])
    gains = gains[np.isfinite(gains)]
    if len(gains) <= _N_REPLICATES // 2:
        return "too few rows", gain, float("nan"), float("nan")
    half = float(np.std(gains)) * np.sqrt(n_rows / live.n_rows) * anytime_factor(live.n_rows)
    low, high = gain - half, gain + half
    state: ComparisonState = "better" if low > 0 else "worse" if high < 0 else "undecided"
    return state, gain, float(low), float(high)
