"""A score's 95 % interval, by the bootstrap over rows or whole blocks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from litmus_core.metrics._case import Floats, LabelCase
from litmus_core.metrics._metric import Case, Metric
from litmus_core.metrics._smooth import studentised
from litmus_core.metrics._uncertainty.draws import bootstrap, n_blocks, n_units
from litmus_core.metrics._weights import effective_rows
from litmus_core.types import Score

_MOST_CELLS = 200_000_000  # rows x classes x replicates that ranking metrics sort
_FEWEST_REPLICATES = 200


def score_interval(
    metric: Metric,
    y_true: ArrayLike,
    prediction: ArrayLike,
    *,
    classes: Sequence[Any] = (),
    positive_class: Any = None,
    threshold: float | Floats | None = None,
    blocks: NDArray[Any] | None = None,
    seed: int,
    n: int = 1000,
) -> tuple[Score, Floats]:
    """Return the score with its 95 % interval, and the replicates (n,) that it comes from.

    Rows are drawn with replacement, or whole ``blocks`` (a code per row) if rows depend on each other. Two
    weaknesses of the plain bootstrap are corrected: a replicate that leaves the metric undefined (no row of a
    class) counts as the worst value at the lower end and as the best at the upper end. Kinds of rows that do
    not occur among n may still exist. Each end allows for a share of them, drawn from Beta(1, n), with the
    worst (or best) predictions. For a share of k right among n this is Clopper and Pearson's exact interval,
    to about 0.01. The replicates are those of the worse end. Means of errors, which have no worst value, get
    a studentised interval instead (:mod:`litmus_core.metrics._smooth`), and the replicates follow its
    quantiles. The interval always contains the value.

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
    fast = None if metric.smooth is None else studentised(metric.smooth, case, draws)
    replicates = np.asarray(metric.evaluate(case, draws) if fast is None else fast, dtype=np.float64)
    unseen = _unseen_shares(metric, case, blocks, size=len(replicates), seed=seed)
    floor = np.minimum(replicates, 0.5) if metric.compares_pairs else metric.lowest
    low_end = _moved(replicates, unseen, toward=floor)
    high_end = _moved(replicates, unseen, toward=metric.highest)
    low = float(np.quantile(np.where(np.isnan(low_end), metric.lowest, low_end), 0.025, method="lower"))
    high = float(np.quantile(np.where(np.isnan(high_end), metric.highest, high_end), 0.975, method="higher"))
    low = max(min(low, value), metric.lowest)  # rounding may put the value outside
    high = min(max(high, value), metric.highest)
    effective = None if case.weights is None else round(effective_rows(case.weights), 1)
    score = Score(
        metric=metric.name,
        value=value,
        low=low,
        high=high,
        n_rows=case.n_rows,
        n_effective=effective,
        n_blocks=n_blocks(blocks),
    )
    return score, (low_end if metric.greater_is_better else high_end)


def _affordable(metric: Metric, case: Case, n: int) -> int:
    if not metric.ranks_each_class or not isinstance(case, LabelCase) or case.n_classes == 2:
        return n
    return int(min(n, max(_FEWEST_REPLICATES, _MOST_CELLS // (case.n_rows * case.n_classes))))


def _unseen_shares(
    metric: Metric, case: Case, blocks: NDArray[Any] | None, *, size: int, seed: int
) -> Floats | None:
    """Draw (size,) shares of kinds of rows that do not occur in the case; None for metrics of values."""
    if not isinstance(case, LabelCase):
        return None
    units = np.array([n_units(case.n_rows, blocks, weights=case.weights)])
    if metric.by_class:
        sizes, others = _class_sizes(case)
        if metric.compares_pairs:  # between the smaller and the larger class
            sizes = np.sqrt(sizes * others)
        elif metric.is_about_positive_class:
            sizes = sizes[[case.positive]]
        units = np.minimum(units, sizes[sizes > 0])
    drawn = np.random.default_rng(seed).beta(1.0, units, size=(size, len(units)))
    return np.asarray(drawn.mean(axis=1))


def _class_sizes(case: LabelCase) -> tuple[Floats, Floats]:
    """Return the numbers of rows (k,) in each class and outside it; with weights, the effective numbers."""
    if case.weights is None:
        sizes = np.bincount(case.codes, minlength=case.n_classes)[: case.n_classes].astype(np.float64)
        return sizes, case.n_rows - sizes
    inside = [case.codes == at for at in range(case.n_classes)]
    counted = [[effective_rows(case.weights[rows]), effective_rows(case.weights[~rows])] for rows in inside]
    sizes, others = np.array(counted).T
    return sizes, others


def _moved(replicates: Floats, share: Floats | None, *, toward: Floats | float) -> Floats:
    """Return replicates in which a share of the rows scores ``toward``, the worst or best value."""
    if share is None or np.isinf(toward).any():
        return replicates
    return (1.0 - share) * replicates + share * toward
