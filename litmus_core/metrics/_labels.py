"""Metrics of predicted labels. All of them follow from three counts per class."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from litmus_core.metrics._case import Floats, Ints, LabelCase
from litmus_core.metrics._uncertainty.draws import Draws, divide


@dataclass(frozen=True)
class LabelCounts:
    """Counts by replicate and class (R, k): rows of it, rows predicted as it, and both; ``total`` (R,)."""

    right: Floats
    true: Floats
    predicted: Floats
    total: Floats


def count(case: LabelCase, draws: Draws) -> LabelCounts:
    """Count a case's rows by true and predicted class."""
    k = case.n_classes
    cells, codes = np.unique(case.codes * k + case.decided, return_inverse=True)
    drawn = draws.counts(codes.astype(np.int64), len(cells))
    true, predicted = cells // k, cells % k
    return LabelCounts(
        right=_per_group(drawn * (true == predicted), predicted, k),
        true=_per_group(drawn, true, k + 1)[:, :k],
        predicted=_per_group(drawn, predicted, k),
        total=drawn.sum(axis=1),
    )


def _per_group(counts: Floats, groups: Ints, n_groups: int) -> Floats:
    order = np.argsort(groups, kind="stable")
    present, starts = np.unique(groups[order], return_index=True)
    summed = np.zeros((len(counts), n_groups))
    summed[:, present] = np.add.reduceat(counts[:, order], starts, axis=1)
    return summed


def accuracy(counts: LabelCounts, positive: int) -> Floats:
    """Share of rows predicted correctly."""
    del positive
    return divide(counts.right.sum(axis=1), counts.total)


def balanced_accuracy(counts: LabelCounts, positive: int) -> Floats:
    """Mean, over the classes that occur, of the share of their rows predicted correctly."""
    del positive
    return _mean_where(divide(counts.right, counts.true), counts.true > 0)


def f1(counts: LabelCounts, positive: int) -> Floats:
    """F1 of the positive class; undefined if it does not occur."""
    return np.where(counts.true[:, positive] > 0, _f1_per_class(counts)[:, positive], np.nan)


def f1_macro(counts: LabelCounts, positive: int) -> Floats:
    """Mean F1 over the classes that occur or are predicted."""
    del positive
    return _mean_where(_f1_per_class(counts), counts.true + counts.predicted > 0)


def f1_weighted(counts: LabelCounts, positive: int) -> Floats:
    """Mean F1 over classes, weighted by their rows."""
    del positive
    return divide((_f1_per_class(counts) * counts.true).sum(axis=1), counts.true.sum(axis=1))


def precision(counts: LabelCounts, positive: int) -> Floats:
    """Share of rows predicted positive that are positive; 0 if no row is predicted positive."""
    value = np.nan_to_num(divide(counts.right[:, positive], counts.predicted[:, positive]))
    return np.where(counts.true[:, positive] > 0, value, np.nan)


def recall(counts: LabelCounts, positive: int) -> Floats:
    """Share of positive rows that are predicted positive; undefined without positive rows."""
    return divide(counts.right[:, positive], counts.true[:, positive])


def mcc(counts: LabelCounts, positive: int) -> Floats:
    """Matthews correlation coefficient for k classes; 0 if truth or predictions have one class only."""
    del positive
    right, total = counts.right.sum(axis=1), counts.total
    covariance = right * total - (counts.true * counts.predicted).sum(axis=1)
    spread_true = total**2 - (counts.true**2).sum(axis=1)
    predicted_spread = total**2 - (counts.predicted**2).sum(axis=1)
    return np.nan_to_num(divide(covariance, np.sqrt(spread_true * predicted_spread)))


def kappa(counts: LabelCounts, positive: int) -> Floats:
    """Cohen's kappa: agreement beyond chance; 0 if truth and predictions are all of the same class."""
    del positive
    agreed = divide(counts.right.sum(axis=1), counts.total)
    chance = divide((counts.true * counts.predicted).sum(axis=1), counts.total**2)
    return np.nan_to_num(divide(agreed - chance, 1.0 - chance))


def fbeta(counts: LabelCounts, positive: int, *, beta: float) -> Floats:
    """F of the positive class with recall weighted ``beta`` times; undefined if it does not occur."""
    right, true, predicted = (
        count_of[:, positive] for count_of in (counts.right, counts.true, counts.predicted)
    )
    value = divide((1 + beta**2) * right, beta**2 * true + predicted)
    return np.where(true > 0, value, np.nan)


def _f1_per_class(counts: LabelCounts) -> Floats:
    return np.nan_to_num(divide(2 * counts.right, counts.true + counts.predicted))


def _mean_where(values: Floats, mask: np.ndarray) -> Floats:
    present = np.where(mask, np.nan_to_num(values), 0.0)
    return divide(present.sum(axis=1), mask.sum(axis=1).astype(np.float64))
