"""A quick model, out of fold: a few trees on numbers and categories, a linear model on words."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from litmus_core.data import UnivariateScorer, as_numbers

if TYPE_CHECKING:
    import lightgbm
    import pandas as pd

    from litmus_core.types import Column

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Trees = Literal["boosted", "random"]
_TREES = 50
_MOST_TREES, _FEWEST_TREES = 240, 12  # over all classes, and for each of them
_TREE_ROWS = 8_000  # for fitting trees
_LEAVES = 15
_RANDOM_TREES, _RANDOM_ROWS = 40, 3_000
_COLUMNS_A_SPLIT = 12  # at least: the square root of many columns might miss the one that matters
_MOST_LEVELS = 200
_MOST_COLUMNS = 300  # the last: time comes after the features
_COLUMNS_A_TREE = 50  # other ones for each tree, so that wide tables take little longer
_WORDS = 20_000
_LETTERS = 1_000


@dataclass(frozen=True)
class QuickPredictions:
    """The quick model's out-of-fold predictions.

    ``prediction`` is (n, k) probabilities, or (n,) ranks in regression, for the scorer's rows; rows in no
    test fold (with custom folds) are NaN.
    """

    scorer: UnivariateScorer
    prediction: Floats

    def mean_with(self, other: QuickPredictions) -> QuickPredictions:
        """Return the predictions of both models' ensemble."""
        return QuickPredictions(self.scorer, (self.prediction + other.prediction) / 2)

    @cached_property
    def tested(self) -> NDArray[np.bool_]:
        """Rows (n,) that have a prediction."""
        first = self.prediction[:, 0] if self.prediction.ndim == 2 else self.prediction
        return ~np.isnan(first)

    @cached_property
    def score(self) -> float:
        """Score over all rows with a prediction."""
        return self.scorer.score(self.prediction, inside=self.tested)

    @cached_property
    def skill(self) -> float:
        """The score, from 0 (guessing) to 1 (always right)."""
        return self.scorer.skill(self.score)

    @cached_property
    def losses(self) -> Floats:
        """Each row's squared error (n,): of the rank, or summed over the classes' probabilities."""
        if self.prediction.ndim == 1:
            return np.asarray(np.square(self.prediction - self.scorer.target))
        truth = np.eye(self.scorer.n_classes)[self.scorer.target]
        return np.asarray(np.square(self.prediction - truth).sum(axis=1))


def quick_model(
    frame: pd.DataFrame,
    columns: Sequence[Column],
    scorer: UnivariateScorer,
    *,
    folds: Sequence[tuple[Ints, Ints]] | None = None,
    seed: int = 0,
    trees: Trees = "boosted",
) -> QuickPredictions:
    """Fit on each fold's training rows and predict its test rows.

    ``frame`` is the scorer's table; ``folds`` (None: the scorer's own four) are pairs of positions among its
    rows. Ids are left out. With texts and other columns, the best of words, trees and the mean of both.
    ``trees`` are boosted, or fully grown randomised ones as a second opinion.
    """
    if folds is None:
        every = [np.flatnonzero(scorer.folds == index) for index in range(int(scorer.folds.max()) + 1)]
        everything = np.arange(len(scorer.rows))
        folds = [(np.setdiff1d(everything, test, assume_unique=True), test) for test in every if len(test)]
    fits = [_trees(frame, columns, scorer, seed, trees)]
    if trees == "boosted" or fits[0] is None:
        fits.append(_words(frame, columns, scorer, seed))
    results = [_predict_folds(fit, scorer, folds) for fit in fits if fit is not None]
    if not results:
        results = [_predict_folds(_predict_constant, scorer, folds)]
    if len(results) == 2:
        results.append((results[0] + results[1]) / 2)
    candidates = [QuickPredictions(scorer, result) for result in results]
    return max(candidates, key=lambda result: result.score)


Fit = Callable[[Ints, NDArray[Any], Ints], Floats]


def _predict_folds(fit: Fit, scorer: UnivariateScorer, folds: Sequence[tuple[Ints, Ints]]) -> Floats:
    shape: Any = (len(scorer.rows), scorer.n_classes) if scorer.n_classes else len(scorer.rows)
    prediction = np.full(shape, np.nan)
    for train, test in folds:
        target = scorer.target[train]
        if len(np.unique(target)) < 2:
            prediction[test] = _predict_constant(train, target, test) if not scorer.n_classes else 0.0
            if scorer.n_classes:
                prediction[test, int(target[0])] = 1.0
            continue
        fitted = fit(train, target, test)
        if not scorer.n_classes:
            prediction[test] = fitted
            continue
        classes, shares = fitted[0].astype(np.int64), fitted[1:]
        block = np.zeros((len(test), scorer.n_classes))
        block[:, classes] = shares
        prediction[test] = block
    return prediction


def _predict_constant(train: Ints, target: NDArray[Any], test: Ints) -> Floats:
    if target.dtype.kind == "f":
        return np.full(len(test), target.mean())
    classes, counts = np.unique(target, return_counts=True)
    return np.vstack([classes, np.tile(counts / counts.sum(), (len(test), 1))])


def _trees(
    frame: pd.DataFrame, columns: Sequence[Column], scorer: UnivariateScorer, seed: int, trees: Trees
) -> Fit | None:
    used = [column for column in columns if not column.traits.is_prose and not column.traits.is_identifier]
    if not used:
        return None
    matrix, levels = encode_columns(frame, used[-_MOST_COLUMNS:], scorer.rows)
    is_number = not scorer.n_classes
    n_trees = max(_FEWEST_TREES, min(_TREES, _MOST_TREES // max(1, scorer.n_classes)))
    binned = _bin_columns(matrix, levels) if trees == "boosted" else None
    most = _TREE_ROWS if trees == "boosted" else _RANDOM_ROWS

    def fit(train: Ints, target: NDArray[Any], test: Ints) -> Floats:
        if len(train) > most:
            drawn = np.random.default_rng([seed, 5]).choice(len(train), most, replace=False)
            train, target = train[drawn], target[drawn]
        if binned is None:
            return _fit_random_trees(matrix[train], target, matrix[test], is_number=is_number, seed=seed)
        order = np.argsort(train)  # LightGBM takes rows in their order
        rows = binned.subset(train[order])
        return _fit_boosted_trees(
            rows, target[order], matrix[test], n_trees=n_trees, is_number=is_number, seed=seed
        )

    return fit


def _bin_columns(matrix: Floats, levels: Sequence[int]) -> lightgbm.Dataset:
    """Return the rows (n, m) with values in bins, once for all folds: it takes a third of a fit."""
    import lightgbm

    plan = {"max_bin": 63, "feature_pre_filter": False, "num_threads": 1, "verbosity": -1}
    return lightgbm.Dataset(matrix, categorical_feature=list(levels), params=plan, free_raw_data=False)


def _fit_boosted_trees(
    train: lightgbm.Dataset,
    target: NDArray[Any],
    test: Floats,
    *,
    n_trees: int,
    is_number: bool,
    seed: int,
) -> Floats:
    """Return the values of ``test`` (n, m) as (n,), or (1 + n, k): the classes, then the probabilities."""
    import lightgbm

    plan: dict[str, Any] = {
        "num_leaves": _LEAVES,
        "learning_rate": 0.15 if n_trees > 30 else 0.25,
        "min_data_in_leaf": max(2, min(20, len(target) // 40)),
        "min_data_per_group": 5,
        "cat_smooth": 5.0,
        "feature_fraction": min(1.0, _COLUMNS_A_TREE / test.shape[1]),
        "verbosity": -1,
        "seed": seed,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": 1,  # threads of such small models wait for each other, most of all on a busy machine
    }
    if is_number:
        plan["objective"] = "regression"
        classes, label = np.empty(0), target
    else:
        classes, label = np.unique(target, return_inverse=True)
        is_binary = len(classes) == 2
        plan["objective"] = "binary" if is_binary else "multiclass"
        if not is_binary:
            plan["num_class"] = len(classes)
    rows = train.construct().set_label(label)
    # LightGBM would write the model as a text and read it again, which takes a fifth of a small fit.
    model = lightgbm.train(plan, rows, num_boost_round=n_trees, keep_training_booster=True)
    fitted = np.asarray(model.predict(test), dtype=np.float64)
    if is_number:
        return fitted
    if fitted.ndim == 1:
        fitted = np.column_stack([1 - fitted, fitted])
    return np.vstack([classes, fitted])


def _fit_random_trees(
    train: Floats, target: NDArray[Any], test: Floats, *, is_number: bool, seed: int
) -> Floats:
    """Return what :func:`_fit_boosted_trees` returns, from randomised trees."""
    from litmus_core.checks._context.random_trees import RandomTreesClassifier, RandomTreesRegressor

    plan: dict[str, Any] = {"n_estimators": _RANDOM_TREES, "min_samples_leaf": 2, "random_state": seed}
    if is_number:
        return np.asarray(RandomTreesRegressor(**plan).fit(train, target).predict(test))
    n_columns = train.shape[1]
    n_columns_tried = max(round(np.sqrt(n_columns)), min(_COLUMNS_A_SPLIT, n_columns))
    model = RandomTreesClassifier(**plan, max_features=n_columns_tried).fit(train, target)
    return np.vstack([model.classes_, model.predict_proba(test)])


def encode_columns(frame: pd.DataFrame, columns: Sequence[Column], rows: Ints) -> tuple[Floats, list[int]]:
    """Return the columns as numbers (n, m) at ``rows``, and which of them are category codes."""
    import pandas as pd

    blocks, levels = [], []
    for place, column in enumerate(columns):
        values = frame[column.name].to_numpy()[rows]
        if column.traits.is_vocabulary or (column.traits.is_truth and values.dtype.kind == "O"):
            codes, categories = pd.factorize(values)
            counts = np.bincount(codes[codes >= 0], minlength=len(categories))
            order = np.argsort(-counts, kind="stable")
            rank = np.empty(len(categories) + 1)
            rank[order], rank[-1] = np.minimum(np.arange(len(categories)), _MOST_LEVELS), np.nan
            blocks.append(rank[codes])
            levels.append(place)
        else:
            blocks.append(as_numbers(values))
    return np.column_stack(blocks), levels


def _words(frame: pd.DataFrame, columns: Sequence[Column], scorer: UnivariateScorer, seed: int) -> Fit | None:
    used = [column.name for column in columns if column.traits.is_prose]
    if not used:
        return None
    texts = join_texts(frame, used, scorer.rows)

    def fit(train: Ints, target: NDArray[Any], test: Ints) -> Floats:
        return fit_text_baseline(texts[train], target, texts[test], is_number=not scorer.n_classes, seed=seed)

    return fit


def join_texts(frame: pd.DataFrame, names: Sequence[str], rows: Ints) -> NDArray[np.object_]:
    """Return the first letters of the rows' texts, concatenated over several columns."""
    parts = [frame[name].iloc[rows].fillna("").astype(str).str.slice(0, _LETTERS) for name in names]
    joined = parts[0]
    for part in parts[1:]:
        joined = joined + " \n " + part
    return np.asarray(joined, dtype=object)


def fit_text_baseline(
    train: NDArray[np.object_],
    target: NDArray[Any],
    test: NDArray[np.object_],
    *,
    is_number: bool,
    seed: int,
) -> Floats:
    """Return ``test``'s values (n,), or (1 + n, k): the classes, then each row's probabilities."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression, Ridge
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    words = TfidfVectorizer(
        sublinear_tf=True,
        min_df=2,
        max_features=_WORDS,
        token_pattern=r"(?u)\b\w+\b",  # noqa: S106 - single letters count, too
    )
    try:
        matrix = words.fit_transform(train)
    except ValueError:  # no word occurs in two rows
        return _predict_constant(np.arange(0), target, np.arange(len(test)))
    other = words.transform(test)
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*(failed to converge|max_iter was reached)")
        if is_number:
            return np.asarray(Ridge(solver="lsqr", max_iter=50).fit(matrix, target).predict(other))
        model = LogisticRegression(C=10.0, solver="saga", max_iter=10, tol=1e-2, random_state=seed)
        model.fit(matrix, target)
    return np.vstack([model.classes_, model.predict_proba(other)])
