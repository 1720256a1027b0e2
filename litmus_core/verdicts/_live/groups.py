"""Groups of live rows as units: a score by groups is the mean of the groups' scores."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from litmus_core.metrics import Draws, Metric, SingleGroups, ValueCase
from litmus_core.verdicts._live.increments import Case

Floats = NDArray[np.float64]


def scores_of_groups(metric: Metric, case: Case) -> tuple[ValueCase, NDArray[np.int64]]:
    """Return a case of the groups' scores and the best possible score, and the last row (g,) of each group.

    Groups are in the order of their last outcomes; groups without a score are left out.
    """
    groups = np.zeros(case.n_rows, dtype=np.int64) if case.groups is None else case.groups
    groups = np.unique(groups, return_inverse=True)[1]
    scores = metric.evaluate(case, SingleGroups(groups))
    last_rows = np.zeros(len(scores), dtype=np.int64)
    last_rows[groups] = np.arange(len(groups))  # the last row of a group overwrites earlier ones
    order = np.argsort(last_rows)
    order = order[np.isfinite(scores[order])]
    best = metric.highest if metric.greater_is_better else metric.lowest
    truth = np.full(len(order), best if np.isfinite(best) else 0.0)
    return ValueCase(truth=truth, predicted=scores[order]), last_rows[order]


def mean_of(metric: Metric) -> Metric:
    """Return the metric that is the mean of such scores."""
    return replace(metric, formula=_mean, needs="values", by_group=False, groups=None, averages=True)


def _mean(case: ValueCase, draws: Draws) -> Floats:
    total, n = draws.sums(np.column_stack([case.predicted, np.ones(case.n_rows)])).T
    return np.asarray(np.divide(total, n, out=np.full(total.shape, np.nan), where=n > 0))
