"""A score's 95 % interval, by the bootstrap over rows or whole blocks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from litmus_core.metrics._case import Floats, LabelCase
from litmus_core.metrics._draws import bootstrap, n_units
from litmus_core.metrics._registry import Case, Metric
from litmus_core.types import Score

_MOST_CELLS = 200_000_000  # rows x classes x replicates that ranking metrics sort through
_FEWEST_REPLICATES = 200


def score_interval(
    metric: Metric,
    y_true: ArrayLike,
    prediction: ArrayLike,
    *,
    classes: Sequence[Any] = (),
    positive_class: Any = None,
    threshold: float | None = None,
    blocks: NDArray[Any] | None = None,
    seed: int,
    n: int = 1000,
) -> tuple[Score, Floats]:
    """Return the score with its 95 % interval, and the replicates (n,) it comes from.

    Rows are drawn with replacement, or whole ``blocks`` (a code per row) where rows hang together. Two
    things that the plain bootstrap gets wrong are put right: a replicate that leaves the metric undefined
    (no row of a class) counts as the worst value at the lower end and as the best at the upper end; and
    where every replicate is perfect, errors too rare to have been met are allowed for (1 of n rows is
    still possible at a rate of 3.7 / n). The interval always holds the value.

    >>> from litmus_core.metrics import get_metric
    >>> score, _ = score_interval(get_metric("mae"), [1.0, 2.0, 3.0], [1.0, 2.0, 6.0], seed=0)
    >>> score.value, score.low, score.high
    (1.0, 0.0, 3.0)
    """
    case = metric.case(
        y_true, prediction, classes=classes, positive_class=positive_class, threshold=threshold
    )
    value = metric.value(case)
    n = _affordable(metric, case, n)
    draws = bootstrap(case.n_rows, blocks, n=n, seed=seed)
    replicates = np.asarray(metric.evaluate(case, draws), dtype=np.float64)
    replicates = _allow_for_unmet_errors(metric, case, value, replicates, blocks, seed=seed)
    undefined = np.isnan(replicates)
    low = float(np.quantile(np.where(undefined, metric.lowest, replicates), 0.025, method="lower"))
    high = float(np.quantile(np.where(undefined, metric.highest, replicates), 0.975, method="higher"))
    low, high = min(low, value), max(high, value)
    return Score(metric=metric.name, value=value, low=low, high=high, n_rows=case.n_rows), replicates


def _affordable(metric: Metric, case: Case, n: int) -> int:
    if metric.name != "roc_auc" or not isinstance(case, LabelCase) or case.n_classes == 2:
        return n
    return int(min(n, max(_FEWEST_REPLICATES, _MOST_CELLS // (case.n_rows * case.n_classes))))


def _allow_for_unmet_errors(
    metric: Metric,
    case: Case,
    value: float,
    replicates: Floats,
    blocks: NDArray[Any] | None,
    *,
    seed: int,
) -> Floats:
    """Spread replicates that all sit on the metric's bound, as a flat prior's posterior would."""
    defined = replicates[~np.isnan(replicates)]
    at_bound = value in (metric.lowest, metric.highest) and np.isfinite(value)
    if metric.needs == "values" or not at_bound or not (defined == value).all():
        return replicates
    units = n_units(case.n_rows, blocks)
    if metric.by_class and isinstance(case, LabelCase):
        sizes = np.bincount(case.codes, minlength=case.n_classes)
        units = min(units, int(sizes[sizes > 0].min()))
    rates = np.random.default_rng(seed).beta(1.0, units, size=len(replicates))
    span = metric.highest - metric.lowest
    inward = -1.0 if value == metric.highest else 1.0
    return np.where(np.isnan(replicates), np.nan, value + inward * rates * span)
