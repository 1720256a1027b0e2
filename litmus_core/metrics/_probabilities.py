"""Metrics of class probabilities."""

from __future__ import annotations

import numpy as np

from litmus_core.metrics._case import Floats, LabelCase
from litmus_core.metrics._uncertainty.draws import Draws, are_random_blocks, divide

_LEAST = np.finfo(float).eps  # as in scikit-learn, probabilities are clipped to it before a logarithm


def log_loss(case: LabelCase, draws: Draws) -> Floats:
    """Mean of -log(probability of the true class)."""
    losses, _ = log_losses(case)
    return _mean(losses, draws)


def log_losses(case: LabelCase) -> tuple[Floats, Floats]:
    """Return the rows' losses (n,), and 1 for each row, since all count."""
    padded = np.column_stack([case.probabilities, np.zeros(case.n_rows)])
    true = np.clip(padded[np.arange(case.n_rows), case.codes], _LEAST, 1.0)
    return -np.log(true), np.ones(case.n_rows)


def brier(case: LabelCase, draws: Draws) -> Floats:
    """Mean squared distance to the truth, halved over classes: for two, (probability - truth) squared."""
    truth = np.eye(case.n_classes + 1)[case.codes]
    padded = np.column_stack([case.probabilities, np.zeros(case.n_rows)])
    return _mean(((padded - truth) ** 2).sum(axis=1) / 2, draws)


def roc_auc(case: LabelCase, draws: Draws) -> Floats:
    """Chance that a row of the class ranks above another row; for more than two classes, mean one-vs-rest.

    Undefined for a class if a replicate has none of its rows, or no others; such classes are left out.
    """
    if case.n_classes == 2:
        return _one_class(case, draws, case.positive, ascending=True)
    return _mean_over_classes(
        np.stack([_one_class(case, draws, at, ascending=True) for at in range(case.n_classes)])
    )


def average_precision(case: LabelCase, draws: Draws) -> Floats:
    """Mean precision at each positive row, from the likeliest down.

    For more than two classes, the mean of one-vs-rest over classes that occur.
    """
    if case.n_classes == 2:
        return _one_class(case, draws, case.positive, ascending=False)
    return _mean_over_classes(
        np.stack([_one_class(case, draws, at, ascending=False) for at in range(case.n_classes)])
    )


def _one_class(case: LabelCase, draws: Draws, at: int, *, ascending: bool) -> Floats:
    """Rank rows by the probability of class ``at``, equal ones together, and rate the ranking."""
    scores = case.probabilities[:, at] if ascending else -case.probabilities[:, at]
    order = np.argsort(scores, kind="stable")
    ranked = scores[order]
    starts = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]])
    is_class = (case.codes == at)[order].astype(np.float64)
    if ascending and are_random_blocks(draws):
        listed = np.ones(case.n_rows) if case.weights is None else case.weights[order]
        return _area_of_many(order, is_class, starts, draws, listed)
    rate = _area if ascending else _precision
    return np.concatenate([rate(weights[:, order], is_class, starts) for weights in draws.weights()])


def _area(weights: Floats, is_class: Floats, starts: np.ndarray) -> Floats:
    inside = np.add.reduceat(weights * is_class, starts, axis=1)
    outside = np.add.reduceat(weights * (1 - is_class), starts, axis=1)
    below = np.cumsum(outside, axis=1) - outside / 2
    pairs = inside.sum(axis=1) * outside.sum(axis=1)
    won = (inside * below).sum(axis=1)
    return divide(won, pairs)


def _area_of_many(
    order: np.ndarray, is_class: Floats, starts: np.ndarray, draws: Draws, listed: Floats
) -> Floats:
    """Return the areas of more than 20,000 rows from sums over rows, which takes a hundredth of the time.

    Each row has its placement (DeLong): for the class, the share of other rows that it beats; for others, the
    share of the class that beats it. A replicate's area is the sum of both means less the area of all rows.
    This leaves out a product of two deviations, a hundredth of the spread. ``listed`` are the rows' weights
    in ``order``, which weigh shares and means.
    """
    ties = np.diff(np.r_[starts, len(order)])
    inside, outside = (np.add.reduceat(listed * side, starts) for side in (is_class, 1 - is_class))
    if not inside.any() or not outside.any():
        return np.full(len(draws.sums(np.ones((len(order), 1)))), np.nan)
    beaten = (np.cumsum(outside) - outside / 2) / outside.sum()
    beating = 1.0 - (np.cumsum(inside) - inside / 2) / inside.sum()
    columns = np.empty((len(order), 4))
    columns[order, 0] = np.repeat(beaten, ties) * is_class
    columns[order, 1] = np.repeat(beating, ties) * (1 - is_class)
    columns[order, 2], columns[order, 3] = is_class, 1 - is_class
    won, lost, n_inside, n_outside = draws.sums(columns).T
    area = (inside * beaten).sum() / inside.sum()
    return np.asarray(np.clip(divide(won, n_inside) + divide(lost, n_outside) - area, 0.0, 1.0))


def _precision(weights: Floats, is_class: Floats, starts: np.ndarray) -> Floats:
    inside = np.add.reduceat(weights * is_class, starts, axis=1)
    met = np.cumsum(np.add.reduceat(weights, starts, axis=1), axis=1)
    precision = np.divide(np.cumsum(inside, axis=1), met, out=np.zeros_like(met), where=met > 0)
    return divide((precision * inside).sum(axis=1), inside.sum(axis=1))


def _mean_over_classes(values: Floats) -> Floats:
    present = ~np.isnan(values)
    total = np.where(present, values, 0.0).sum(axis=0)
    return divide(total, present.sum(axis=0).astype(np.float64))


def _mean(losses: Floats, draws: Draws) -> Floats:
    sums = draws.sums(np.column_stack([losses, np.ones_like(losses)]))
    return np.asarray(sums[:, 0] / sums[:, 1])


def top_k_accuracy(case: LabelCase, draws: Draws, *, k: int) -> Floats:
    """Share of rows whose class is among the ``k`` likeliest; ties go to the first ones."""
    padded = np.column_stack([case.probabilities, np.full(case.n_rows, -1.0)])
    of_truth = padded[np.arange(case.n_rows), case.codes][:, None]
    is_before = np.arange(case.n_classes)[None, :] < case.codes[:, None]
    ahead = (case.probabilities > of_truth) | ((case.probabilities == of_truth) & is_before)
    hit = (ahead.sum(axis=1) < k) & (case.codes < case.n_classes)
    return _mean(hit.astype(np.float64), draws)


def expected_calibration_error(case: LabelCase, draws: Draws, *, bins: int) -> Floats:
    """Mean distance between the likeliest class's probability and its accuracy, over equal bins."""
    sure = case.probabilities.max(axis=1)
    right = case.probabilities.argmax(axis=1) == case.codes
    place = np.clip(np.ceil(sure * bins).astype(np.int64) - 1, 0, bins - 1)
    used, column = np.unique(place, return_inverse=True)
    columns = np.zeros((case.n_rows, len(used) + 1))
    columns[np.arange(case.n_rows), column] = right - sure
    columns[:, -1] = 1.0
    sums = draws.sums(columns)
    return np.asarray(np.abs(sums[:, :-1]).sum(axis=1) / sums[:, -1])
