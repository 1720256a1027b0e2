"""``LitmusClassifier`` and ``LitmusRegressor`` among scikit-learn's tools."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.base import clone
from sklearn.inspection import partial_dependence, permutation_importance
from sklearn.metrics import log_loss
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import estimator_checks_generator

from litmus_core import LitmusClassifier, LitmusRegressor
from litmus_core.errors import RowError, UnknownNameError, UsageError
from scripts.try_estimators import checked, failures
from tests.trained import table

QUICK = (
    "check_classifiers_classes",
    "check_estimators_dtypes",
    "check_estimators_unfitted",
    "check_fit1d",
    "check_n_features_in",
    "check_requires_y_none",
    "check_sample_weights_shape",
)
LINEAR: dict[str, Any] = {"models": ["linear"], "folds": 2}
FRAME = table(300)
X, Y = FRAME.drop(columns="sold"), FRAME["sold"]
NUMBERS = np.random.default_rng(0).normal(size=(120, 3))
VALUES = NUMBERS[:, 0] * 2 + 5


@pytest.mark.exhaustive(reason="make test makes a few of the checks, with one model")
@pytest.mark.timeout(900)
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("estimator", [LitmusClassifier(), LitmusRegressor()])
def test_scikit_learn_s_checks_pass(estimator: Any) -> None:
    results = checked(estimator)
    assert len(results) > 40
    assert failures(results) == {}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("estimator", [LitmusClassifier(**LINEAR), LitmusRegressor(**LINEAR)])
def test_some_of_scikit_learn_s_checks_pass(estimator: Any) -> None:
    made = set()
    for each, check in estimator_checks_generator(estimator):
        if check.func.__name__ in QUICK:
            check(each)
            made.add(check.func.__name__)
    of_labels = {"check_classifiers_classes"} if isinstance(estimator, LitmusRegressor) else set()
    assert made == set(QUICK) - of_labels


def test_a_frame_of_all_kinds_of_columns_is_learned_from() -> None:
    model = LitmusClassifier(folds=3).fit(X, Y)
    assert model.score(X, Y) > 0.75
    assert model.validation_score_.low <= model.validation_score_.value <= model.validation_score_.high
    assert list(model.feature_names_in_) == list(X.columns)
    board = model.leaderboard().set_index("model")
    assert set(board.index) == {"linear", "lightgbm", "extra_trees", "mixture"}
    assert board["share"].drop("mixture").sum() == pytest.approx(1)
    again = pickle.loads(pickle.dumps(model))
    assert np.array_equal(again.predict_proba(X), model.predict_proba(X))
    assert np.array_equal(model.predict_proba(pl.from_pandas(X)), model.predict_proba(X))
    strange = X.assign(colour="violet", size=np.nan)
    assert np.isfinite(model.predict_proba(strange)).all()
    with pytest.raises(RowError, match="'size' should be a number"):
        model.predict(X.assign(size="large"))


@pytest.mark.parametrize(
    ("labels", "refused"),
    [
        (Y.where(X.index > 2, None), "3 of .* labels are missing"),
        (Y.astype(object).where(X.index > 2, 1), "of several types: int, str. Make them texts"),
    ],
)
def test_labels_without_an_order_are_refused_in_words(labels: Any, refused: str) -> None:
    with pytest.raises(UsageError, match=refused):
        LitmusClassifier().fit(X, labels)


def test_two_columns_of_one_name_are_refused_by_name() -> None:
    with pytest.raises(UsageError, match="Two columns are called 'size'"):
        LitmusRegressor().fit(pd.concat([X, X[["size"]]], axis=1), VALUES)


def test_the_mixture_is_no_worse_out_of_fold_than_its_best_model() -> None:
    model = LitmusClassifier(folds=3, metric="log_loss").fit(X, Y)
    board = model.leaderboard().set_index("model")["score"]
    assert board["mixture"] <= board.drop("mixture").min()


def test_it_stands_in_pipelines_searches_and_cross_validation() -> None:
    pipeline = make_pipeline(StandardScaler(), LitmusRegressor(**LINEAR))
    assert cross_val_score(pipeline, NUMBERS, VALUES, cv=3).min() > 0.99
    search = GridSearchCV(LitmusRegressor(**LINEAR), {"models": [["linear"], ["extra_trees"]]}, cv=2)
    assert search.fit(NUMBERS, VALUES).best_params_ == {"models": ["linear"]}
    assert clone(search.best_estimator_).get_params()["folds"] == 2


def test_its_columns_can_be_inspected() -> None:
    model = LitmusClassifier(**LINEAR).fit(X, Y)
    importances = permutation_importance(model, X, Y, n_repeats=2, random_state=0).importances_mean
    assert X.columns[importances.argmax()] == "size"
    average = partial_dependence(model, X.dropna(), ["size"], grid_resolution=5)["average"][0]
    assert average[-1] > average[0] + 0.3


def test_a_weight_counts_a_row_so_often() -> None:
    rows, labels = np.array([[0.0]] * 20 + [[1.0]] * 20), np.array([0, 1] * 20)
    weights = np.where(labels == 1, 9.0, 1.0)
    model = LitmusClassifier(**LINEAR).fit(rows, labels, weights)
    assert model.predict_proba(rows)[:, 1] == pytest.approx(0.9, abs=0.02)
    judged = LitmusClassifier(**LINEAR, metric="accuracy").fit(rows, labels, weights).validation_score_
    assert judged.value == pytest.approx(0.9)  # half of the rows have nine tenths of the weight
    losses = [log_loss(labels, each.predict_proba(rows), sample_weight=weights) for each in
              (model, LitmusClassifier(**LINEAR).fit(rows, labels))]  # fmt: skip
    assert losses[0] < losses[1]


def test_with_weights_models_are_mixed_by_the_named_metric() -> None:
    weights = np.arange(len(VALUES)) % 5.0
    models = [
        LitmusRegressor(folds=2, metric=metric).fit(NUMBERS, VALUES, weights) for metric in ("mae", "r2")
    ]
    assert [model.validation_score_.metric for model in models] == ["mae", "r2"]
    for model in models:
        best = model.leaderboard().set_index("model")["score"]
        mixture, others = best["mixture"], best.drop("mixture")
        assert mixture <= others.min() if model.metric == "mae" else mixture >= others.max()


def test_without_time_the_first_model_alone_is_fitted() -> None:
    model = LitmusRegressor(time_limit_s=0, folds=2).fit(NUMBERS, VALUES)
    assert list(model.portfolio_.shares) == ["linear"]
    assert model.portfolio_.left_out == ("lightgbm", "extra_trees")


def test_a_class_of_one_row_and_rows_of_one_class_are_learned_from() -> None:
    rare = LitmusClassifier(**LINEAR).fit(NUMBERS[:30], ["a"] * 29 + ["b"])
    assert rare.predict_proba(NUMBERS).shape == (120, 2)
    one = LitmusClassifier().fit(NUMBERS, ["a"] * 120)
    assert set(one.predict(NUMBERS)) == {"a"}


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        ({"models": ["lightgmb"]}, UnknownNameError),
        ({"metric": "rocauc"}, UsageError),
        ({"metric": "rmse"}, UsageError),
        ({"models": []}, UsageError),
        ({"folds": 1}, UsageError),
    ],
)
def test_a_parameter_that_is_not_possible_is_named(parameters: dict[str, Any], error: type) -> None:
    with pytest.raises(error):
        LitmusClassifier(**parameters).fit(NUMBERS, VALUES > 5)


@pytest.mark.filterwarnings("ignore:X does not have valid feature names")
def test_an_array_has_the_columns_of_the_frame_that_was_fitted_on() -> None:
    model = LitmusClassifier(**LINEAR).fit(X, Y)
    assert np.array_equal(model.predict_proba(X.to_numpy(dtype=object)), model.predict_proba(X))
    with pytest.raises(ValueError, match="X has 2 features, but LitmusClassifier is expecting 3"):
        model.predict(X.to_numpy(dtype=object)[:, :2])


def test_a_negative_weight_is_refused() -> None:
    with pytest.raises(ValueError, match="Negative values"):
        LitmusRegressor(**LINEAR).fit(NUMBERS, VALUES, np.r_[-1.0, np.ones(119)])


def test_a_category_stays_the_same_whatever_its_type() -> None:
    codes = pd.DataFrame({"code": pd.Categorical([1, 2] * 30)})
    model = LitmusClassifier(**LINEAR).fit(codes, [0, 1] * 30)
    for same in (codes.astype(float), codes.astype(int), codes.astype(str)):
        assert model.predict(same.iloc[:2]).tolist() == [0, 1]
