"""The linear model on an encoder's embeddings: classes by logistic regression, values by a ridge."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from litmus_core.engine._text_models.linear_fit import Objective, held_out
from litmus_core.engine._text_models.linear_losses import Classes

Array = np.ndarray[Any, Any]
_PENALTIES = (0.003, 0.03, 0.3, 3.0)
_PILOT_ROWS, _PARTS = 5_000, 5
_NEVER = -50.0  # the margin of a class that training did not contain
_PASSES = 300


@dataclass(frozen=True, slots=True)
class Head:
    """Margins for (n, h) embeddings: ``values @ weights + offsets``, weights (h, k), in doubles."""

    weights: Array
    offsets: Array

    def margins(self, values: Array) -> Array:
        """Return (n, k)."""
        margins_of: Array = values.astype(np.float64) @ self.weights + self.offsets
        return margins_of


def fit_head(values: Array, y: Array, weight: Array | None, goal: Objective, *, seed: int) -> Head:
    """Fit on (n, h) float32 embeddings; the penalty is chosen on a held-out fifth of some rows."""
    mean = values.mean(axis=0)
    scale = np.where(values.std(axis=0) > 0, values.std(axis=0), 1.0).astype(np.float32)
    scaled = (values - mean) / scale
    head = _fit(scaled, y, weight, goal, penalty=_penalty(scaled, y, weight, goal, seed=seed))
    weights = head.weights / scale[:, np.newaxis].astype(np.float64)
    return Head(weights, head.offsets - mean.astype(np.float64) @ weights)


def _penalty(scaled: Array, y: Array, weight: Array | None, goal: Objective, *, seed: int) -> float:
    rng = np.random.default_rng(seed)
    places = np.sort(rng.permutation(len(y))[:_PILOT_ROWS])
    if len(places) < 2 * _PARTS:
        return _PENALTIES[1]
    train, test = (places[part] for part in next(held_out(goal.strata(y[places]), n_parts=_PARTS, rng=rng)))
    weights_here = None if weight is None else weight[train]
    losses = []
    for penalty in _PENALTIES:
        head = _fit(scaled[train], y[train], weights_here, goal, penalty=penalty)
        losses.append(_loss(goal, head.margins(scaled[test]), y[test]))
    return _PENALTIES[int(np.argmin(losses))]


def _loss(goal: Objective, margins: Array, y: Array) -> float:
    answer = goal.answer(margins, PLAIN)
    if isinstance(goal, Classes):
        return -float(np.log(np.maximum(answer[np.arange(len(y)), y], 1e-15)).mean())
    return float(((answer - y) ** 2).mean())


PLAIN = {"slope": 1.0, "offset": 0.0}  # margins are used unchanged


def _fit(scaled: Array, y: Array, weight: Array | None, goal: Objective, *, penalty: float) -> Head:
    if isinstance(goal, Classes):
        return _fit_classes(scaled, y, weight, goal.n_classes, penalty=penalty)
    weights, offsets = goal.fit(scaled, y, weight, penalty=penalty / 10)
    return Head(weights.astype(np.float64), offsets.astype(np.float64))


def _fit_classes(scaled: Array, y: Array, weight: Array | None, n_classes: int, *, penalty: float) -> Head:
    from sklearn.linear_model import LogisticRegression

    n_columns = 1 if n_classes == 2 else n_classes
    weights, offsets = np.zeros((scaled.shape[1], n_columns)), np.full(n_columns, _NEVER)
    present = np.unique(y)
    if present.size == 1:
        if n_columns > 1 or present[0] == 1:
            offsets[present[0] if n_columns > 1 else 0] = -_NEVER
        return Head(weights, offsets)
    model = LogisticRegression(C=penalty, max_iter=_PASSES, tol=1e-3)
    with warnings.catch_warnings():
        # The last iterate is as good as full convergence: the penalty was chosen by its result.
        warnings.simplefilter("ignore")
        model.fit(scaled, y, sample_weight=weight)
    if present.size == 2 and n_columns > 1:  # one margin, of the second
        weights[:, present[1]], offsets[present] = model.coef_[0], [0.0, model.intercept_[0]]
    elif n_columns == 1:
        weights[:, 0], offsets[0] = model.coef_[0], model.intercept_[0]
    else:
        weights[:, present], offsets[present] = model.coef_.T, model.intercept_
    return Head(weights, offsets)
