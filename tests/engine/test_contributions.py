"""What columns add to a model's margin: sums are the margin, and values are those of the definition."""

from __future__ import annotations

import json
from itertools import combinations
from math import factorial
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from catboost import CatBoostRegressor
from sklearn.ensemble import ExtraTreesClassifier, RandomForestRegressor

from litmus_core.engine import MarginContributions, NoMargin, margin_contributions, open_candidate
from litmus_core.engine._autogluon.trainer_folder import trainer_of
from litmus_core.engine._explain.parts import catboost_parts, forest_parts, lightgbm_parts, xgboost_parts
from litmus_core.engine._explain.tree_shapley import tree_shapley
from litmus_core.frame import open_pipeline
from tests.engine.conftest import COLUMNS, Trained

NAMES = [column.name for column in COLUMNS]
EXACT = {
    "binary": {"lightgbm", "linear", "forest"},
    "regression": {"xgboost", "linear", "WeightedEnsemble_L2"},
    "multiclass": {"extra_trees_BAG_L1"},
}


def explained(trained: Trained, model: str) -> MarginContributions | NoMargin:
    rows = trained.frame[NAMES]
    return margin_contributions(trained.folder, model, rows[:60], rows[60:160])


def linked(margin: np.ndarray[Any, Any], scale: str) -> np.ndarray[Any, Any]:
    return 1 / (1 + np.exp(-margin)) if scale == "log odds" else margin


@pytest.mark.parametrize("kind", EXACT)
def test_columns_add_up_to_what_the_model_answers(kind: str, request: pytest.FixtureRequest) -> None:
    trained: Trained = request.getfixturevalue(kind)
    exact = set()
    for model in (one.model for one in trained.reported):
        found = explained(trained, model)
        if isinstance(found, NoMargin):
            assert found.why == "it averages the answers of several models"
            continue
        exact.add(model)
        assert found.columns == tuple(NAMES)
        assert found.error < 1e-6
        answer = np.asarray(open_candidate(trained.folder, model).predict_raw(trained.frame[NAMES][:60]))
        expected = answer.reshape(linked(found.margin, found.scale).shape)
        np.testing.assert_allclose(linked(found.margin, found.scale), expected, rtol=1e-4, atol=1e-5)
    assert exact == EXACT[kind]


def test_the_first_of_two_labels_mirrors_the_second(binary: Trained) -> None:
    for model in ("lightgbm", "forest"):
        found = explained(binary, model)
        assert isinstance(found, MarginContributions)
        np.testing.assert_array_equal(found.added[:, :, 0], -found.added[:, :, 1])
        assert found.margin.sum(axis=1) == pytest.approx(1.0 if found.scale == "probability" else 0.0)


def test_a_column_that_a_model_does_not_read_adds_nothing(regression: Trained) -> None:
    found = explained(regression, "linear")
    assert isinstance(found, MarginContributions)
    size = dict(zip(found.columns, np.abs(found.added).mean(axis=(0, 2)), strict=True))
    assert size["target"] > size["count"]  # the answer hangs on it


def by_definition(tree: Any, row: np.ndarray[Any, Any], values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return Shapley values by going through all sets of columns that may be known."""

    def answer(node: int, known: tuple[int, ...]) -> Any:
        left, right = tree.children_left[node], tree.children_right[node]
        if left < 0:
            return values[node]
        if tree.feature[node] in known:
            goes_left = row[tree.feature[node]] <= tree.threshold[node]
            return answer(left if goes_left else right, known)
        cover = tree.weighted_n_node_samples
        return sum(cover[side] / cover[node] * answer(side, known) for side in (left, right))

    n = len(row)
    added = np.zeros((n, values.shape[1]))
    for column in range(n):
        others = [one for one in range(n) if one != column]
        for size in range(n):
            share = factorial(size) * factorial(n - 1 - size) / factorial(n)
            for known in combinations(others, size):
                added[column] += share * (answer(0, (*known, column)) - answer(0, known))
    return added


@pytest.mark.parametrize("weighted", [False, True])
def test_shapley_values_of_trees_are_those_of_the_definition(weighted: bool) -> None:
    random = np.random.default_rng(5)
    X = random.normal(size=(200, 4)).astype(np.float32)
    y = X[:, 0] * X[:, 1] + X[:, 2] ** 2
    weights = random.uniform(0.1, 3, 200) if weighted else None
    forests = (
        RandomForestRegressor(2, max_leaf_nodes=40, random_state=0).fit(X, y, sample_weight=weights),
        ExtraTreesClassifier(2, max_depth=6, random_state=0).fit(X, np.digitize(y, [0, 1]), weights),
    )
    for estimator in (one for forest in forests for one in forest.estimators_):
        values = estimator.tree_.value[:, 0, :]
        added, base = tree_shapley(estimator.tree_, X[:5], values)
        for place in range(5):
            np.testing.assert_allclose(
                added[place], by_definition(estimator.tree_, X[place], values), atol=1e-12
            )
        reached = values[estimator.tree_.apply(X[:5])]
        np.testing.assert_allclose(base + added.sum(axis=1), reached, atol=1e-12)


def test_a_tree_of_one_leaf_adds_nothing() -> None:
    stump = RandomForestRegressor(1, random_state=0).fit(np.zeros((9, 2)), np.ones(9)).estimators_[0]
    added, base = tree_shapley(stump.tree_, np.zeros((3, 2), dtype=np.float32), stump.tree_.value[:, 0, :])
    assert (added.tolist(), base.tolist()) == ([[[0.0], [0.0]]] * 3, [1.0])


def test_catboost_adds_up_with_categories_by_their_own_names() -> None:
    random = np.random.default_rng(0)
    X = pd.DataFrame({"a": random.normal(size=80), "b": pd.Categorical(random.integers(0, 3, 80))})
    fitted = CatBoostRegressor(iterations=20, depth=3, verbose=False, allow_writing_files=False)
    fitted.fit(X, X["a"] + (X["b"] == 1), cat_features=["b"])
    model = SimpleNamespace(model=fitted, problem_type="regression", preprocess=lambda rows: rows)
    parts = catboost_parts(model, X, X, ("a", "B"))
    assert (parts.columns, parts.scale) == (("a", "B"), "value")
    np.testing.assert_allclose(parts.base + parts.added.sum(axis=1), parts.margin, atol=1e-9)


@pytest.mark.exhaustive
@pytest.mark.filterwarnings("ignore:LightGBM binary classifier with TreeExplainer")  # of its newer versions
def test_values_are_those_of_shap(binary: Trained, regression: Trained) -> None:
    """shap brings a compiler of its own, so that it is not a part of the tests' environment."""
    shap = pytest.importorskip("shap", reason="shap is not installed: pip install shap")
    parts_of = {"lightgbm": lightgbm_parts, "forest": forest_parts, "xgboost": xgboost_parts}
    for trained, name in ((binary, "lightgbm"), (binary, "forest"), (regression, "xgboost")):
        model = trainer_of(trained.folder, name).load_model(name)
        pipeline = open_pipeline(json.loads((trained.folder / "pipeline.json").read_text()), [])
        features = pipeline.transform(trained.frame[NAMES][:60])
        explainer = shap.TreeExplainer(model.model, feature_perturbation="tree_path_dependent")
        expected = np.asarray(explainer.shap_values(model.preprocess(features), check_additivity=False))
        expected = expected[:, :, -1] if expected.ndim == 3 else expected
        found = parts_of[name](model, features, features, ())
        size = max(1.0, float(np.abs(found.margin).max()))  # of single precision's own rounding
        assert np.count_nonzero(np.abs(expected).max(axis=0)) > 3, name
        np.testing.assert_allclose(found.added[:, :, -1] / size, expected / size, atol=1e-5, err_msg=name)


def test_what_xgboost_loses_in_single_precision_is_spread_over_the_columns(regression: Trained) -> None:
    found = explained(regression, "xgboost")
    assert isinstance(found, MarginContributions)
    assert np.abs(found.margin).max() > 1_000  # single precision alone would be off by more than 1e-5
    assert found.error < 1e-9
