"""Metrics of predicted values (regression)."""

from __future__ import annotations

import numpy as np

from litmus_core.metrics._case import Floats, ValueCase
from litmus_core.metrics._draws import Draws, divide


def rmse(case: ValueCase, draws: Draws) -> Floats:
    """Root of the mean squared error."""
    return np.sqrt(_mean((case.predicted - case.truth) ** 2, np.ones(case.n_rows), draws))


def mae(case: ValueCase, draws: Draws) -> Floats:
    """Mean absolute error."""
    return _mean(np.abs(case.predicted - case.truth), np.ones(case.n_rows), draws)


def r2(case: ValueCase, draws: Draws) -> Floats:
    """Share of the variance that is explained; undefined where all true values are equal."""
    centred = case.truth - case.truth.mean()
    squared_error = (case.predicted - case.truth) ** 2
    columns = np.column_stack([squared_error, centred, centred**2, np.ones(case.n_rows)])
    error, first, second, weight = draws.sums(columns).T
    spread = second - first**2 / weight
    enough = spread > 1e-12 * np.maximum(second, np.finfo(np.float64).tiny)
    return np.asarray(1 - divide(error, np.where(enough, spread, 0.0)))


def quantile_loss(case: ValueCase, draws: Draws, *, quantile: float) -> Floats:
    """Mean pinball loss: a miss below the truth counts ``quantile``, one above it the rest."""
    short = case.truth - case.predicted
    losses = np.maximum(quantile * short, (quantile - 1) * short)
    return _mean(losses, np.ones(case.n_rows), draws)


def mape(case: ValueCase, draws: Draws) -> Floats:
    """Mean of |error| / |truth|, over rows whose truth is not 0 (the error has no share of nothing)."""
    shares, counted = _relative_errors(case)
    return _mean(shares, counted, draws)


def medape(case: ValueCase, draws: Draws) -> Floats:
    """Median of |error| / |truth|, over rows whose truth is not 0."""
    shares, counted = _relative_errors(case)
    order = np.argsort(shares, kind="stable")
    order = order[counted[order] > 0]
    if len(order) == 0:
        return np.concatenate([np.full(len(weights), np.nan) for weights in draws.weights()])
    ranked = shares[order]
    return np.concatenate([_weighted_median(ranked, weights[:, order]) for weights in draws.weights()])


def rmsle(case: ValueCase, draws: Draws) -> Floats:
    """Root mean squared difference of log(1 + value), predictions below 0 as 0; NaN with a truth below 0."""
    if (case.truth < 0).any():
        return _mean(np.zeros(case.n_rows), np.zeros(case.n_rows), draws)
    difference = np.log1p(np.maximum(case.predicted, 0.0)) - np.log1p(case.truth)
    return np.sqrt(_mean(difference**2, np.ones(case.n_rows), draws))


def _relative_errors(case: ValueCase) -> tuple[Floats, Floats]:
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


def _mean(losses: Floats, counted: Floats, draws: Draws) -> Floats:
    """Return (R,) means of ``losses`` (n,) over the rows with ``counted`` 1; NaN where none is."""
    total, weight = draws.sums(np.column_stack([losses * counted, counted])).T
    return divide(total, weight)
