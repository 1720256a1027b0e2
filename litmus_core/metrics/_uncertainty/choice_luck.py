"""Optimism of a score by which the best of several models was chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from litmus_core.metrics._metric import Metric
from litmus_core.metrics._uncertainty.draws import paired

_REPLICATES = 200


def choice_luck(
    metric: Metric,
    y_true: ArrayLike,
    predictions: Sequence[ArrayLike],
    *,
    thresholds: Sequence[float | None] | None = None,
    classes: Sequence[Any] = (),
    positive_class: Any = None,
    blocks: NDArray[Any] | None = None,
    seed: int,
    n: int = _REPLICATES,
) -> float | None:
    """Return the optimism in the score of the best of ``predictions``: 0 or positive.

    Rows are resampled with replacement; each time the best model on the resample is chosen, and its score
    there compared with its score on all rows. The mean difference is the optimism (Efron's bootstrap
    estimate) of choosing by these rows, in the metric's unit; ``predictions`` are of the same rows. None if
    the rows leave the metric undefined.
    """
    if len(predictions) < 2:
        return 0.0
    sign = 1.0 if metric.greater_is_better else -1.0
    scores, drawn = [], []
    for at, prediction in enumerate(predictions):
        case = metric.case(
            y_true,
            prediction,
            classes=classes,
            positive_class=positive_class,
            threshold=None if thresholds is None else thresholds[at],
        )
        scores.append(sign * metric.value(case))
        draws = paired(case.n_rows, blocks, n=n, seed=seed)
        drawn.append(sign * np.asarray(metric.evaluate(case, draws), dtype=np.float64))
    table = np.stack(drawn)
    table = table[:, ~np.isnan(table).any(axis=0)]
    if not table.shape[1]:
        return None
    best = table.argmax(axis=0)
    luck = table[best, np.arange(table.shape[1])] - np.asarray(scores)[best]
    return max(0.0, float(luck.mean()))
