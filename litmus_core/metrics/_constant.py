"""The constant prediction: the best guess, by a metric, from the training targets alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from litmus_core.errors import DataError, LitmusError
from litmus_core.metrics._case import Floats, encode, label_index
from litmus_core.metrics._metric import Metric

_MOST_CLASSES = 20  # tried as the answer to every row, the most frequent first
_MOST_ROWS = 20_000
_MOST_CUSTOM_ROWS = 5_000  # each attempt is a call of another process
_N_VALUES = 101  # of training values, from the lowest to the highest, tried as the answer to every row
_N_CUSTOM_VALUES = 41
_SLIGHT = 1e-9  # relative: another answer has to be better by more

Answer = TypeVar("Answer")


def constant_answer(
    train: ArrayLike,
    *,
    classes: Sequence[Any] = (),
    positive_class: Any = None,
    metric: Metric | None = None,
    weights: Floats | None = None,
) -> Floats:
    """Return the constant (k,) in place of class probabilities that is best on the training targets.

    That is each class's share of them, or the certainty of one class where that scores better by ``metric``.
    Without classes it is a number, as (1,): their mean, unless another is best for ``metric``. ``weights``
    (n,) weigh the targets.

    >>> constant_answer(["no", "yes", "no", "no"], classes=["no", "yes"]).tolist()
    [0.75, 0.25]
    >>> from litmus_core.metrics import get_metric
    >>> constant_answer(["no", "yes", "no", "no"], classes=["no", "yes"], metric=get_metric("f1")).tolist()
    [0.0, 1.0]
    >>> constant_answer([1, 2, 6]).tolist()
    [3.0]
    """
    if not len(classes):
        return np.array([_best_number(np.asarray(train, dtype=np.float64), metric, weights)])
    codes = encode(train, classes)
    counted = np.bincount(codes, weights=weights, minlength=len(classes))[: len(classes)].astype(float)
    shares = np.asarray(counted / counted.sum())
    if metric is None or metric.by_group or not (metric.needs == "labels" or metric.is_custom):
        return shares
    one_class = np.eye(len(classes))[np.argsort(-counted, kind="stable")[:_MOST_CLASSES]]
    if positive_class is not None:
        one_class = np.vstack([one_class, np.eye(len(classes))[[label_index(classes, positive_class)]]])
    if metric.is_custom:  # it takes no weights
        truth = np.asarray(train)[_some_rows(len(codes), _MOST_CUSTOM_ROWS)]
        metric = replace(metric, weights=None)
    else:
        truth, metric = np.array(classes, dtype=object)[counted > 0], metric.weighted(counted[counted > 0])

    def score(answer: Floats) -> float:
        table = np.tile(answer, (len(truth), 1))
        return metric.score(truth, table, classes=classes, positive_class=positive_class)

    return best_constant([shares, *one_class], score, greater_is_better=metric.greater_is_better)


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
    2.0
    """
    answer = constant_answer(
        train, classes=classes, positive_class=positive_class, metric=metric, weights=weights
    )
    n_rows = len(np.asarray(truth))
    if not len(classes):
        return metric.score(np.asarray(truth, dtype=np.float64), np.repeat(answer, n_rows))
    return metric.score(
        truth, np.tile(answer, (n_rows, 1)), classes=classes, positive_class=positive_class, threshold=None
    )


def best_constant(
    candidates: Iterable[Answer], score: Callable[[Answer], float], *, greater_is_better: bool
) -> Answer:
    """Return the answer that scores best, the first of equals; one without a score is never better.

    Raises what stops the metric on the first answer, unless that is only undefined there.
    """
    best, *others = candidates
    sign = 1.0 if greater_is_better else -1.0
    try:
        highest = sign * score(best)
    except DataError:
        highest = -np.inf
    for answer in others:
        try:
            value = sign * score(answer)
        except LitmusError:
            continue
        if value > highest + _SLIGHT * max(1.0, abs(highest) if np.isfinite(highest) else 1.0):
            best, highest = answer, value
    return best


def values_to_try(values: Floats, usual: float, *, is_custom: bool) -> list[float]:
    """Return constants for numbers, ``usual`` first: further ones are evenly spread over the values."""
    shares = np.linspace(0, 1, _N_CUSTOM_VALUES if is_custom else _N_VALUES)
    spread = np.unique(np.quantile(values, shares, method="nearest"))
    return [usual, *spread.tolist()]


def _best_number(values: Floats, metric: Metric | None, weights: Floats | None) -> float:
    usual = float(np.average(values, weights=weights))
    if metric is None or metric.by_group:
        return usual
    if metric.constant is not None:
        return metric.constant(values, weights)
    rows = _some_rows(len(values), _MOST_CUSTOM_ROWS if metric.is_custom else _MOST_ROWS)
    takes_weights = weights is not None and not (metric.is_custom or metric.counts_rows)
    scored = metric.weighted(weights[rows] if takes_weights and weights is not None else None)

    def score(answer: float) -> float:
        return scored.score(values[rows], np.full(len(rows), answer))

    candidates = values_to_try(values, usual, is_custom=metric.is_custom)
    return best_constant(candidates, score, greater_is_better=metric.greater_is_better)


def _some_rows(n_rows: int, most: int) -> NDArray[np.int64]:
    """Return the places of at most ``most`` rows, drawn at random but the same every time."""
    return np.arange(n_rows) if n_rows <= most else np.random.default_rng(0).permutation(n_rows)[:most]
