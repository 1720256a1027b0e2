"""Predictions of other families: a forest, a linear model, a text-only or a columns-only model."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from litmus_core.advice._surrogate import Clock, Floats, Ints, Surrogate, parts_of

FAMILIES = ("linear", "forest")  # families with quick versions besides boosting, the cheaper first
_MOST_ROWS = 8_000  # for their training
_TREES, _LEAVES = 60, 1_000
_LEVELS = 20  # frequent levels of a category that get weights in a linear model


def family_predictions(
    surrogate: Surrogate, learn: Ints, rows: Ints, clock: Clock, *, seed: int
) -> dict[str, list[Floats]]:
    """Return each other family's predictions for the held-out rows.

    If there are both texts and columns, a model of the inputs that the surrogate ignores is
    one of the families.
    """
    values: dict[str, list[Floats]] = {}
    if len(learn) > _MOST_ROWS:
        learn = np.random.default_rng([seed, 47]).choice(learn, _MOST_ROWS, replace=False)
    for family in () if surrogate.words else FAMILIES:
        if not clock.has_time_for(4):
            break
        values[family] = [clock.timed(lambda f=family: _answer(f, surrogate, learn, rows, seed))]  # type: ignore[misc]
    if len(surrogate.may_read) > 1 and clock.has_time_for(4):
        stop, *rest = parts_of(learn, seed=seed)
        other = surrogate.reading(words=not surrogate.words)
        values[other.family] = [clock.timed(lambda: other.fit(np.concatenate(rest), stop, rows))]
    return values


def _answer(family: str, surrogate: Surrogate, learn: Ints, rows: Ints, seed: int) -> Floats:
    """Return (m, k) probabilities or (m,) values."""
    n_classes = len(surrogate.data.classes)
    learned = np.unique(surrogate.target[learn])
    if n_classes and len(learned) == 1:  # a rare class may have no row here, and solvers need two classes
        return np.tile(np.eye(n_classes)[int(learned[0])], (len(rows), 1))
    matrix = _fill_missing(surrogate.matrix, learn) if family == "forest" else _spread(surrogate, learn)
    model = _model(family, is_number=not n_classes, seed=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(matrix[learn], surrogate.target[learn])
        if not n_classes:
            return np.asarray(model.predict(matrix[rows]), dtype=np.float64)
        shares = np.zeros((len(rows), n_classes))
        shares[:, model.classes_.astype(np.int64)] = model.predict_proba(matrix[rows])
    return shares


def _model(family: str, *, is_number: bool, seed: int) -> Any:
    from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor
    from sklearn.linear_model import LogisticRegression, Ridge

    if family == "linear":
        return Ridge(alpha=1.0) if is_number else LogisticRegression(max_iter=200)
    trees = ExtraTreesRegressor if is_number else ExtraTreesClassifier
    return trees(_TREES, max_leaf_nodes=_LEAVES, min_samples_leaf=2, random_state=seed, n_jobs=1)


def _fill_missing(matrix: Floats, learn: Ints) -> Floats:
    """Return the matrix with missing values replaced by the medians of the training rows."""
    filled = matrix[learn]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a column without any value
        middle = np.nan_to_num(np.nanmedian(filled, axis=0))
    return np.where(np.isfinite(matrix), matrix, middle)


def _spread(surrogate: Surrogate, learn: Ints) -> Floats:
    """Return scaled numbers, and a column for each frequent level of a category."""
    matrix, levels = surrogate.matrix, set(surrogate.levels)
    numbers = [at for at in range(matrix.shape[1]) if at not in levels]
    filled = _fill_missing(matrix[:, numbers], learn)
    spread = filled[learn].std(axis=0)
    scaled = np.clip((filled - filled[learn].mean(axis=0)) / np.where(spread > 0, spread, 1.0), -8, 8)
    coded = [
        (matrix[:, [at]] == np.arange(_LEVELS)).astype(np.float64) for at in sorted(levels)
    ]  # levels are ranked by frequency
    return np.hstack([scaled, *coded])
