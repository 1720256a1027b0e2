"""The constant prediction: the best guess from the training targets alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from litmus_core.metrics._case import Floats, encode
from litmus_core.metrics._metric import Metric


def constant_answer(
    train: ArrayLike,
    *,
    classes: Sequence[Any] = (),
    metric: Metric | None = None,
    weights: Floats | None = None,
) -> Floats:
    """Return each class's share (k,) of the training targets; without classes their mean, as (1,).

    If another constant is best for ``metric`` (a quantile for a quantile loss), return that instead of the
    mean. ``weights`` (n,) weigh the targets.

    >>> constant_answer(["no", "yes", "no", "no"], classes=["no", "yes"]).tolist()
    [0.75, 0.25]
    >>> constant_answer([1, 2, 6]).tolist()
    [3.0]
    """
    if not len(classes):
        values = np.asarray(train, dtype=np.float64)
        return np.array(
            [np.average(values, weights=weights) if metric is None else metric.constant(values, weights)]
        )
    counted = np.bincount(encode(train, classes), weights=weights, minlength=len(classes))
    return np.asarray(counted[: len(classes)] / counted.sum())


def constant_score(
    metric: Metric,
    train: ArrayLike,
    truth: ArrayLike,
    *,
    classes: Sequence[Any] = (),
    positive_class: Any = None,
    weights: Floats | None = None,
) -> float:
    """Return the score on ``truth`` (n,) of the constant prediction learned from ``train`` (m,).

    ``weights`` (m,) weigh the training targets; the metric has the weights of ``truth``.

    >>> from litmus_core.metrics import get_metric
    >>> constant_score(get_metric("mae"), [1.0, 2.0, 6.0], [3.0, 5.0])
    1.0
    """
    answer = constant_answer(train, classes=classes, metric=metric, weights=weights)
    n_rows = len(np.asarray(truth))
    if not len(classes):
        return metric.score(np.asarray(truth, dtype=np.float64), np.repeat(answer, n_rows))
    return metric.score(
        truth, np.tile(answer, (n_rows, 1)), classes=classes, positive_class=positive_class, threshold=None
    )
