"""A whole procedure in miniature: three model families, one chosen by inner folds, a threshold tuned on them.

It does what a run does (compare, choose, tune, train again) within a tenth of a second, so that ways to
compute an interval can be compared on thousands of outer folds.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks._flexible_tables import METRICS, Problem, numbers
from benchmarks._small_tables import Cut
from litmus_core.metrics import get_metric, tune_threshold

OUTER = (5, 10)
_INNER_FOLDS = 3
_CHOOSES: dict[Problem, str] = {"binary": "log_loss", "multiclass": "log_loss", "regression": "rmse"}
Array = NDArray[Any]


@dataclass(frozen=True, kw_only=True)
class Question:
    """A cut as numbers: features (n, m), targets (n,) as class codes or values, of known and hidden rows."""

    problem: Problem
    n_classes: int
    features: Array
    truth: Array
    hidden_features: Array
    hidden_truth: Array

    @property
    def classes(self) -> range:
        return range(self.n_classes)


@dataclass(frozen=True, kw_only=True)
class Trained:
    """What one execution of the procedure leaves: the model, a threshold a metric, and inner predictions."""

    model: Any
    n_classes: int
    thresholds: dict[str, float | None]
    inner: Array  # (n, k) or (n,), of its training rows, each by a model that never saw it

    def predict(self, features: Array) -> Array:
        """Return (n, k) probabilities, or (n,) values."""
        return _predict(self.model, features, self.n_classes)


def question(cut: Cut) -> Question:
    """Turn a cut into numbers."""
    import pandas as pd

    table = cut.table
    frame = pd.concat([cut.known, cut.hidden], ignore_index=True)
    features, target = numbers(frame.drop(columns=table.target)), frame[table.target].to_numpy()
    n_classes = 0
    if table.problem == "regression":
        truth = target.astype(np.float64)
    else:
        classes = sorted(set(target.tolist()), key=str)
        truth = np.array([classes.index(each) for each in target.tolist()], dtype=np.int64)
        n_classes = len(classes)
    n = len(cut.known)
    features = _standardised(features, features[:n])
    return Question(
        problem=table.problem,
        n_classes=n_classes,
        features=features[:n],
        truth=truth[:n],
        hidden_features=features[n:],
        hidden_truth=truth[n:],
    )


def _standardised(features: Array, known: Array) -> Array:
    """Return features with the mean 0 and the spread 1 of the known rows, the mean where one is missing."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a column without a value
        middle, spread = np.nan_to_num(np.nanmean(known, axis=0)), np.nanstd(known, axis=0)
    scaled = (features - middle) / np.where(spread > 0, spread, 1.0)
    return np.clip(np.nan_to_num(scaled), -10.0, 10.0)


def train(asked: Question, rows: Array, *, seed: int) -> Trained:
    """Choose a family by inner folds of ``rows``, tune thresholds, and train it on all of them."""
    features, truth = asked.features[rows], asked.truth[rows]
    metric = get_metric(_CHOOSES[asked.problem])
    best: tuple[float, str, Array] | None = None
    inner = folds_of(asked, truth, _INNER_FOLDS, seed=seed)
    for name in _families(asked.problem, seed=seed):
        predicted = _out_of_fold(asked, features, truth, inner, name, seed=seed)
        score = metric.score(truth, predicted, classes=asked.classes)
        score = score if metric.greater_is_better else -score
        if best is None or score > best[0]:
            best = (score, name, predicted)
    assert best is not None
    thresholds = {
        name: tune_threshold(get_metric(name), truth, best[2], classes=asked.classes)
        if asked.problem == "binary"
        else None
        for name in METRICS[asked.problem]
    }
    model = _families(asked.problem, seed=seed)[best[1]].fit(features, truth)
    return Trained(model=model, n_classes=asked.n_classes, thresholds=thresholds, inner=best[2])


def folds_of(asked: Question, truth: Array, k: int, *, seed: int) -> Array:
    """Return each row's fold (n,), stratified by class."""
    from sklearn.model_selection import KFold, StratifiedKFold

    kind = KFold if asked.problem == "regression" else StratifiedKFold
    folds = np.zeros(len(truth), dtype=np.int64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a class of fewer rows than folds
        for at, (_, left_out) in enumerate(kind(k, shuffle=True, random_state=seed).split(truth, truth)):
            folds[left_out] = at
    return folds


def _out_of_fold(
    asked: Question, features: Array, truth: Array, folds: Array, name: str, *, seed: int
) -> Array:
    shape: Sequence[int] = (len(truth), asked.n_classes) if asked.n_classes else (len(truth),)
    predicted = np.zeros(shape)
    for fold in np.unique(folds):
        out = folds == fold
        model = _families(asked.problem, seed=seed)[name].fit(features[~out], truth[~out])
        predicted[out] = _predict(model, features[out], asked.n_classes)
    return predicted


def _predict(model: Any, features: Array, n_classes: int) -> Array:
    if not n_classes:
        return np.asarray(model.predict(features), dtype=np.float64)
    found = model.predict_proba(features)
    predicted = np.full((len(features), n_classes), 1e-4)  # a class that training rows lack
    predicted[:, np.asarray(model.classes_, dtype=np.int64)] = np.clip(found, 1e-4, 1.0)
    return predicted / predicted.sum(axis=1, keepdims=True)


def _families(problem: Problem, *, seed: int) -> dict[str, Any]:
    """Return three unlike families. The forest is LightGBM's, which fits small tables ten times as fast."""
    from lightgbm import LGBMClassifier, LGBMRegressor
    from sklearn.linear_model import LogisticRegression, Ridge

    regression = problem == "regression"
    trees = partial(
        LGBMRegressor if regression else LGBMClassifier,
        random_state=seed,
        n_jobs=1,
        deterministic=True,
        force_row_wise=True,
        verbosity=-1,
    )
    return {
        "linear": Ridge(alpha=10.0) if regression else LogisticRegression(C=0.3, max_iter=60, tol=1e-3),
        "forest": trees(
            boosting_type="rf",
            n_estimators=30,
            num_leaves=31,
            min_child_samples=4,
            subsample=0.63,
            subsample_freq=1,
            colsample_bytree=0.6,
        ),
        "boosting": trees(n_estimators=40, num_leaves=7, learning_rate=0.08, min_child_samples=8),
    }


@dataclass(frozen=True, kw_only=True)
class Outer:
    """What ``k`` executions, each without one outer fold, say: of each row, by the model that never saw it.

    ``inner`` (k, n) or (k, n, classes) are each execution's own inner predictions, NaN for the rows left out.
    """

    k: int
    folds: Array
    predicted: Array
    inner: Array
    thresholds: dict[str, Array]  # (k,), NaN: none


@dataclass(frozen=True, kw_only=True)
class Answers:
    """A cut answered in both ways: by all rows judged by outer folds, and by four fifths and a test part."""

    question: Question
    hidden: Array
    thresholds: dict[str, float | None]
    test_rows: Array
    test: Array
    hidden_of_part: Array
    thresholds_of_part: dict[str, float | None]
    outer: tuple[Outer, ...]


def answers(cut: Cut) -> Answers:
    """Carry out the procedure on all rows, on four fifths of them, and on the rows outside of each fold."""
    asked = question(cut)
    everything = np.arange(len(asked.truth))
    whole = train(asked, everything, seed=cut.number)
    is_test = folds_of(asked, asked.truth, 5, seed=1_000 + cut.number) == 0
    part = train(asked, everything[~is_test], seed=cut.number)
    return Answers(
        question=asked,
        hidden=whole.predict(asked.hidden_features),
        thresholds=whole.thresholds,
        test_rows=everything[is_test],
        test=part.predict(asked.features[is_test]),
        hidden_of_part=part.predict(asked.hidden_features),
        thresholds_of_part=part.thresholds,
        outer=tuple(_outer(asked, k, seed=cut.number) for k in OUTER),
    )


def _outer(asked: Question, k: int, *, seed: int) -> Outer:
    folds = folds_of(asked, asked.truth, k, seed=seed)
    shape = (len(folds), asked.n_classes) if asked.n_classes else (len(folds),)
    predicted, inner = np.zeros(shape), np.full((k, *shape), np.nan)
    thresholds: dict[str, Array] = {name: np.full(k, np.nan) for name in METRICS[asked.problem]}
    for fold in range(k):
        rows = np.flatnonzero(folds != fold)
        trained = train(asked, rows, seed=seed)
        predicted[folds == fold] = trained.predict(asked.features[folds == fold])
        inner[fold, rows] = trained.inner
        for name, value in trained.thresholds.items():
            thresholds[name][fold] = np.nan if value is None else value
    return Outer(k=k, folds=folds, predicted=predicted, inner=inner, thresholds=thresholds)
