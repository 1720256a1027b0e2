"""Metrics that are smooth functions of sums over rows, and their studentised bootstrap.

A few large errors decide a mean of errors, and a small test set may hold none of them. The plain bootstrap
then gives intervals that are too narrow at the bad end: with 300 rows and a skewed error, a "95 %" interval
may cover the truth only 80 times in 100. The studentised bootstrap (bootstrap-t; Efron and Tibshirani 1993,
chapter 12) measures each replicate's distance in its own standard errors, on the logarithm of the error,
which accounts for the skew.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from litmus_core.metrics._case import Floats, LabelCase, ValueCase
from litmus_core.metrics._uncertainty.draws import Draws

_FEWEST_UNITS = 10
_MOST_UNDEFINED = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class SmoothMetric:
    """A metric as a function of sums: ``value`` of the exponential of ``log`` of the sums of ``columns``.

    ``columns`` takes a case and returns (n, m), first the rows' errors and last their weights; ``log`` takes
    sums (R, m) and returns (R,) logarithms of an error and (R, m) their derivatives; ``value`` turns errors
    (R,) into the metric.
    """

    columns: Callable[[Any], Floats]
    log: Callable[[Floats], tuple[Floats, Floats]]
    value: Callable[[Floats], Floats]
    level: Callable[[float], float] | None = None  # the errors' mean at a score


def of_mean(losses: Callable[[Any], tuple[Floats, Floats]], *, root: bool = False) -> SmoothMetric:
    """Return the mean (or its root) of ``losses``: the rows' losses (n,), and whether each row counts
    (n,)."""

    def columns(case: LabelCase | ValueCase) -> Floats:
        loss, counted = losses(case)
        return np.column_stack([loss * counted, counted])

    return SmoothMetric(
        columns=columns,
        log=_log_mean,
        value=np.sqrt if root else _as_it_is,
        level=_squared if root else _itself,
    )


def unexplained(columns: Callable[[ValueCase], Floats]) -> SmoothMetric:
    """Return R² from columns (n, 4): squared error, the truth's distance from a centre, its square, and 1."""
    return SmoothMetric(columns=columns, log=_log_unexplained, value=_explained)


def studentised(smooth: SmoothMetric, case: LabelCase | ValueCase, draws: Draws) -> Floats | None:
    """Return (R,) values whose quantiles are the ends of studentised intervals, at every certainty.

    None if the rows are too few or too alike to estimate a replicate's standard error. Values are limited to
    the score if each row had the worst row's error: a replicate without the one large error has hardly any
    spread, so its studentised distance may be any number.
    """
    columns = smooth.columns(case)
    if case.weights is not None:
        columns = columns * case.weights[:, None]
    units = draws.units(columns)
    n_units, width = units.shape
    if n_units < _FEWEST_UNITS or not columns[:, -1].any():
        return None
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        centre, slope = smooth.log(units.sum(axis=0, keepdims=True))
        error = np.sqrt(((units @ slope[0]) ** 2).sum())
        products = (units[:, :, None] * units[:, None, :]).reshape(n_units, width * width)
        drawn = draws.of_units(np.hstack([units, products]))
        logs, slopes = smooth.log(drawn[:, :width])
        moments = drawn[:, width:].reshape(-1, width, width)
        errors = np.sqrt(np.einsum("ri,rij,rj->r", slopes, moments, slopes))
        moved = np.minimum(centre - (logs - centre) / errors * error, _worst_log(smooth, columns))
    finite = np.isfinite(moved)
    if not finite.any() or (~finite).mean() > _MOST_UNDEFINED:
        return None
    moved = np.where(finite, moved, moved[finite].max())  # no spread: all losses are similar and small
    return np.asarray(smooth.value(np.exp(moved)))


def _worst_log(smooth: SmoothMetric, columns: Floats) -> Floats:
    """Return the logarithm (1,) of the error if each row had the worst row's error."""
    sums = columns.sum(axis=0, keepdims=True)
    counted = columns[:, -1] > 0
    sums[:, 0] = (columns[counted, 0] / columns[counted, -1]).max() * sums[:, -1]
    return smooth.log(sums)[0]


def _log_mean(sums: Floats) -> tuple[Floats, Floats]:
    total, weight = sums.T
    return np.log(total) - np.log(weight), np.column_stack([1 / total, -1 / weight])


def _log_unexplained(sums: Floats) -> tuple[Floats, Floats]:
    error, first, second, weight = sums.T
    middle = first / weight
    spread = second - first * middle
    slopes = np.column_stack([1 / error, 2 * middle / spread, -1 / spread, -(middle**2) / spread])
    return np.log(error) - np.log(spread), slopes


def _itself(score: float) -> float:
    return score


def _squared(score: float) -> float:
    return score**2


def _as_it_is(errors: Floats) -> Floats:
    return errors


def _explained(errors: Floats) -> Floats:
    return 1.0 - errors
