"""Steps that learn calibration, and class weights."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.engine._postprocess.scored_predictions import ScoredPredictions
from litmus_core.errors import DataError
from litmus_core.metrics import LabelCase, Metric
from litmus_core.runtime import Calibrate, PostStep, WeighClasses

Floats = NDArray[np.float64]
_LEAST = 1e-9
_PULL = 1.0  # regularisation towards unchanged probabilities, in rows: with few rows little is learned
_LEAST_POWER, _MOST_POWER = 0.05, 20.0
_MOST_ROWS = 20_000  # rows used for the search of weights
_MOST_CLASSES = 30  # with a weight of their own, the most frequent first
_FACTORS = (0.5, 0.7, 0.85, 1.18, 1.4, 2.0)
_ROUNDS = 2


def fit_calibrate(values: dict[str, Any], scored: ScoredPredictions) -> PostStep:
    """Return the power and the shifts that maximise the likelihood of the truth."""
    case = label_case(scored)
    codes = case.codes
    labelled = codes < len(scored.info.classes)  # labels that training did not contain are ignored
    logs = np.log(np.maximum(scored.predictions[labelled], _LEAST))
    truth = np.eye(logs.shape[1])[codes[labelled]]
    n_classes = logs.shape[1]
    if not len(logs):
        return Calibrate(power=1.0, shifts=(0.0,) * n_classes)
    counted = np.ones(len(logs)) if case.weights is None else case.weights[labelled]
    counted = counted / max(counted.sum(), _LEAST)

    def loss(at: Floats) -> tuple[float, Floats]:
        power, shifts = at[0], at[1:]
        scores = power * logs + shifts
        scores -= scores.max(axis=1, keepdims=True)
        shares = np.exp(scores)
        shares /= shares.sum(axis=1, keepdims=True)
        off = (shares - truth) * counted[:, None]
        pull = _PULL / len(logs)
        value = -(counted * np.log(np.maximum((shares * truth).sum(axis=1), _LEAST))).sum()
        value += pull * ((power - 1) ** 2 + (shifts**2).sum())
        slope = np.concatenate([[(off * logs).sum()], off.sum(axis=0)])
        return float(value), slope + 2 * pull * np.concatenate([[power - 1], shifts])

    from scipy.optimize import minimize

    start = np.concatenate([[1.0], np.zeros(n_classes)])
    bounds = [(_LEAST_POWER, _MOST_POWER), *[(None, None)] * n_classes]
    solution = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    shifts = solution[1:] - solution[1:].mean()  # after normalisation only differences count
    return Calibrate(power=float(solution[0]), shifts=tuple(shifts.tolist()))


def fit_weights(values: dict[str, Any], scored: ScoredPredictions) -> PostStep:
    """Return weights for which the likeliest label scores best, found one label at a time."""
    n_rows = len(scored.predictions)
    if n_rows > _MOST_ROWS:
        scored = scored.at(np.sort(np.random.default_rng(0).choice(n_rows, _MOST_ROWS, replace=False)))
    case, n_classes = label_case(scored), len(scored.info.classes)
    sizes = np.bincount(case.codes[case.codes < n_classes], minlength=n_classes)
    shares = np.maximum(sizes, 0.5) / max(1, sizes.sum())
    best = np.ones(n_classes)
    reached = _oriented_score(case, best, scored.metric)
    for power in (0.5, 1.0):  # equal label importance needs weights near 1 / share
        best, reached = _better(case, best, reached, shares**-power, scored.metric)
    for _ in range(_ROUNDS):
        before = reached
        for at in np.argsort(-sizes, kind="stable")[:_MOST_CLASSES]:
            start = best
            for factor in _FACTORS:
                tried = start.copy()
                tried[at] *= factor
                best, reached = _better(case, best, reached, tried, scored.metric)
        if reached <= before:
            break
    return WeighClasses(factors=tuple((best / best.max()).tolist()))


def label_case(scored: ScoredPredictions) -> LabelCase:
    """Return truth and predictions in the metrics' form."""
    case = scored.metric.case(
        scored.truth,
        scored.predictions,
        classes=scored.info.classes,
        positive_class=scored.info.positive_class,
    )
    if not isinstance(case, LabelCase):
        raise DataError("Steps that learn of labels need answers that are labels.")
    return case


def _better(
    case: LabelCase, best: Floats, reached: float, tried: Floats, metric: Metric
) -> tuple[Floats, float]:
    """Return the better of two weightings, and its score."""
    improved = _oriented_score(case, tried, metric)
    return (tried, improved) if improved > reached else (best, reached)


def _oriented_score(case: LabelCase, weights: Floats, metric: Metric) -> float:
    """Return the metric, larger is better."""
    try:
        value = metric.value(replace(case, probabilities=case.probabilities * weights))
    except DataError:  # undefined on these rows
        return -np.inf
    return value if metric.greater_is_better else -value
