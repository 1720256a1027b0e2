"""Metrics of predicted values (regression)."""

from __future__ import annotations

import numpy as np

from litmus_core.metrics._case import Floats, ValueCase
from litmus_core.metrics._uncertainty.draws import Draws, divide
from litmus_core.runtime import fit_scale, scaled_errors


def rmse(case: ValueCase, draws: Draws) -> Floats:
    """Root of the mean squared error."""
    return np.sqrt(_mean(*squared_errors(case), draws))


def mae(case: ValueCase, draws: Draws) -> Floats:
    """Mean absolute error."""
    return _mean(*absolute_errors(case), draws)


def r2(case: ValueCase, draws: Draws) -> Floats:
    """Share of the variance that is explained; undefined if all true values are equal."""
    error, first, second, weight = draws.sums(r2_columns(case)).T
    spread = second - first**2 / weight
    enough = spread > 1e-12 * np.maximum(second, np.finfo(np.float64).tiny)
    return np.asarray(1 - divide(error, np.where(enough, spread, 0.0)))


def quantile_loss(case: ValueCase, draws: Draws, *, quantile: float) -> Floats:
    """Mean pinball loss: a prediction below the truth counts ``quantile``, one above it the rest."""
    return _mean(*pinball_losses(case, quantile=quantile), draws)


def mape(case: ValueCase, draws: Draws) -> Floats:
    """Mean of |error| / |truth|, over rows whose truth is not 0."""
    return _mean(*relative_errors(case), draws)


def medape(case: ValueCase, draws: Draws) -> Floats:
    """Median of |error| / |truth|, over rows whose truth is not 0."""
    shares, counted = relative_errors(case)
    order = np.argsort(shares, kind="stable")
    order = order[counted[order] > 0]
    if len(order) == 0:
        return np.concatenate([np.full(len(weights), np.nan) for weights in draws.weights()])
    ranked = shares[order]
    return np.concatenate([_weighted_median(ranked, weights[:, order]) for weights in draws.weights()])


def interval_width(case: ValueCase, draws: Draws, *, level: float) -> Floats:
    """Mean width of the narrowest intervals around the predictions that hold ``level`` of the true values.

    They are a model's own intervals, with the margin that these rows need; NaN with too few rows.
    """
    errors, _ = absolute_errors(case)
    scale = fit_scale(case.predicted, errors).of(case.predicted)
    scores = scaled_errors(case.predicted, errors)
    order = np.argsort(scores, kind="stable")
    return np.concatenate(
        [
            2.0
            * _conformal_quantile(scores[order], weights[:, order], level=level)
            * divide(weights @ scale, weights.sum(axis=1))
            for weights in draws.weights()
        ]
    )


def rmsle(case: ValueCase, draws: Draws) -> Floats:
    """Root mean squared difference of log(1 + value), predictions below 0 as 0; NaN with a truth below 0."""
    return np.sqrt(_mean(*squared_log_errors(case), draws))


def squared_errors(case: ValueCase) -> tuple[Floats, Floats]:
    """Return the rows' losses (n,), and 1 for rows that count. The functions below return the same."""
    return (case.predicted - case.truth) ** 2, np.ones(case.n_rows)


def absolute_errors(case: ValueCase) -> tuple[Floats, Floats]:
    return np.abs(case.predicted - case.truth), np.ones(case.n_rows)


def squared_log_errors(case: ValueCase) -> tuple[Floats, Floats]:
    """Return the rows' losses, and 0 for all rows if a truth is below 0."""
    valid = np.full(case.n_rows, float(not (case.truth < 0).any()))
    difference = np.log1p(np.maximum(case.predicted, 0.0)) - np.log1p(np.maximum(case.truth, 0.0))
    return difference**2, valid


def pinball_losses(case: ValueCase, *, quantile: float) -> tuple[Floats, Floats]:
    short = case.truth - case.predicted
    return np.maximum(quantile * short, (quantile - 1) * short), np.ones(case.n_rows)


def r2_columns(case: ValueCase) -> Floats:
    """Return (n, 4): squared error, the truth's distance from its mean, that squared, and 1."""
    centred = case.truth - case.truth.mean()
    return np.column_stack([(case.predicted - case.truth) ** 2, centred, centred**2, np.ones(case.n_rows)])


def relative_errors(case: ValueCase) -> tuple[Floats, Floats]:
    counted = (case.truth != 0).astype(np.float64)
    errors = np.abs(case.predicted - case.truth)
    shares = np.divide(errors, np.abs(case.truth), out=np.zeros(case.n_rows), where=counted > 0)
    return shares, counted


def _weighted_median(ranked: Floats, weights: Floats) -> Floats:
    reached = np.cumsum(weights, axis=1)
    half = reached[:, -1:] / 2
    lower = np.argmax(reached >= half, axis=1)
    upper = np.argmax(reached > half, axis=1)
    return np.where(half[:, 0] > 0, (ranked[lower] + ranked[upper]) / 2, np.nan)


def _conformal_quantile(ranked: Floats, weights: Floats, *, level: float) -> Floats:
    """Return each draw's conformal quantile: a new row's score exceeds it with chance 1 - ``level`` at
    most."""
    reached = np.cumsum(weights, axis=1)
    needed = np.ceil(level * (reached[:, -1:] + 1) - 1e-9)  # 0.9 has no exact binary form
    place = np.argmax(reached >= needed, axis=1)
    return np.where(reached[:, -1] >= needed[:, 0], ranked[place], np.nan)


def _mean(losses: Floats, counted: Floats, draws: Draws) -> Floats:
    """Return (R,) means of ``losses`` (n,) over the rows with ``counted`` 1; NaN if there are none."""
    total, weight = draws.sums(np.column_stack([losses * counted, counted])).T
    return divide(total, weight)
