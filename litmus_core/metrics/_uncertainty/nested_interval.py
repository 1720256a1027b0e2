"""The 95 % interval of a model trained on all rows, judged by outer folds of these rows.

Every row is predicted once, by the procedure trained on the other folds. These models share most of their
training rows, the deployed model learned from all rows, and each row both trains and judges. The bootstrap
over rows ignores that and is too narrow (Bates, Hastie and Tibshirani 2021). Its interval is stretched by a
factor chosen by measured coverage: docs/adr/0043-intervals-of-nested-folds.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from litmus_core.errors import UsageError
from litmus_core.metrics._case import Floats, LabelCase
from litmus_core.metrics._metric import Case, Metric
from litmus_core.metrics._uncertainty.interval import score_interval
from litmus_core.types import Score

_STRETCH = 1.2  # factor on the bootstrap interval over rows, measured


def nested_interval(
    metric: Metric,
    y_true: ArrayLike,
    prediction: ArrayLike,
    *,
    folds: ArrayLike,
    classes: Sequence[Any] = (),
    positive_class: Any = None,
    threshold: float | Floats | None = None,
    blocks: NDArray[Any] | None = None,
    seed: int,
    n: int = 1000,
) -> tuple[Score, Floats]:
    """Return the score of the model trained on all rows with its 95 % interval, and the replicates (n,).

    ``prediction`` has a row's out-of-fold prediction, and ``folds`` (n_rows,) the outer fold that the row was
    left out of. ``threshold`` may be (n_rows,), as each outer fold tunes its own; NaN means 0.5. Other
    parameters and errors are as in :func:`score_interval`. Raises UsageError if ``folds`` or ``threshold`` do
    not fit the rows, or if all rows are of one fold.

    The score is computed over all rows at once. Only the ranking of two classes (ROC AUC) compares pairs of
    rows within each fold, because two folds' models may give the same row different probabilities.

    >>> from litmus_core.metrics import get_metric
    >>> truth, predicted = [1.0, 2.0, 3.0, 4.0], [1.5, 2.5, 2.0, 4.0]
    >>> score, _ = nested_interval(get_metric("mae"), truth, predicted, folds=[0, 0, 1, 1], seed=0)
    >>> score.value, score.n_rows
    (0.5, 4)
    """
    n_rows = len(np.asarray(y_true))
    _check_folds(np.asarray(folds), n_rows)
    named: dict[str, Any] = {"classes": classes, "positive_class": positive_class}
    threshold = _thresholds(threshold, n_rows)
    score, replicates = score_interval(
        metric, y_true, prediction, threshold=threshold, blocks=blocks, seed=seed, n=n, **named
    )
    value = score.value
    if metric.compares_pairs and len(classes) == 2:
        value = _within_folds(metric, metric.case(y_true, prediction, **named), np.asarray(folds), value)

    def stretched(values: Floats) -> Floats:
        moved = value + _STRETCH * (values - score.value)
        return np.asarray(np.clip(moved, metric.lowest, metric.highest), dtype=np.float64)

    low, high = (float(end) for end in stretched(np.array([score.low, score.high])))
    return replace(score, value=value, low=low, high=high), stretched(replicates)


def _within_folds(metric: Metric, case: Case, folds: NDArray[Any], pooled: float) -> float:
    """Return the mean of the folds' values, weighted by their pairs; ``pooled`` if no fold has any."""
    total, n_pairs = 0.0, 0.0
    if not isinstance(case, LabelCase):
        return pooled
    for fold in np.unique(folds):
        rows = folds == fold
        counted = rows.astype(np.float64) if case.weights is None else rows * case.weights
        pairs = counted[case.codes == case.positive].sum() * counted[case.codes == 1 - case.positive].sum()
        if pairs:
            part = replace(
                case,
                codes=case.codes[rows],
                probabilities=case.probabilities[rows],
                weights=None if case.weights is None else case.weights[rows],
            )
            total += pairs * metric.value(part)
            n_pairs += pairs
    return total / n_pairs if n_pairs else pooled


def _check_folds(folds: NDArray[Any], n_rows: int) -> None:
    if folds.shape != (n_rows,):
        raise UsageError(f"There are {n_rows} rows and outer folds of shape {folds.shape}.")
    if n_rows and len(np.unique(folds)) < 2:
        raise UsageError(
            "All rows are of one outer fold: no model was trained without them.",
            hint="Give each row the fold that it was left out of.",
        )


def _thresholds(threshold: float | Floats | None, n_rows: int) -> float | Floats | None:
    if threshold is None or np.ndim(threshold) == 0:
        return threshold
    thresholds = np.asarray(threshold, dtype=np.float64)
    if thresholds.shape != (n_rows,):
        raise UsageError(f"There are {n_rows} rows and thresholds of shape {thresholds.shape}.")
    return np.where(np.isnan(thresholds), 0.5, thresholds)
