"""What people of other libraries type: it is trained, or refused in a sentence that says what to type."""

from __future__ import annotations

from typing import Any

import pytest

from litmus_core.engine import check_algorithms, family_hint, model_families
from litmus_core.engine._catalog.hyperparameter_messages import _OPTIONS, _SAME, _WEIGHTS
from litmus_core.errors import LitmusError
from litmus_core.types import Algorithm, Hyperparameter
from tests.cases import thinned

SINGLE = [family.key for family in model_families() if not family.stock and family.key != "encoder"]


def said(key: str, name: str, value: Any, problem_type: Any = "binary") -> str:
    """Return what is said of a value; "" where it is taken."""
    asked = Algorithm(key=key, hyperparameters=(Hyperparameter(name=name, value=value),))
    try:
        check_algorithms([asked], problem_type)
    except LitmusError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("key", "name", "value", "problem_type", "sentence"),
    [
        ("lightgbm", "class_weight", "balanced", "binary", "Ask for balanced=True, or --balanced"),
        ("network", "class_weight", "balanced", "regression", "has no classes to weigh"),
        ("forest", "class_weight", "balanced", "binary", ""),
        ("lightgbm", "objective", "quantile", "regression", "each row gets one value, and no quantiles"),
        ("lightgbm", "application", "quantile", "regression", "each row gets one value, and no quantiles"),
        ("xgboost", "objective", "reg:quantileerror", "regression", "no quantiles"),
        ("catboost", "loss_function", "Quantile:alpha=0.9", "regression", "no quantiles"),
        ("catboost", "loss_function", "Huber:delta=2", "regression", ""),
        ("lightgbm", "objective", "huber", "regression", ""),
        ("lightgbm", "objective", "lambdarank", "binary", "is one of binary"),
        ("xgboost", "eta", 0.1, "binary", "Here it is called 'learning_rate'."),
        ("xgboost", "num_boost_round", 9, "binary", "Here it is called 'n_estimators'."),
        ("network", "lr", 0.1, "binary", "Here it is called 'learning_rate'."),
        ("linear", "alpha", 0.1, "binary", "Here it is its inverse, 'C'."),
        ("linear", "alpha", 0.1, "regression", "Here it is its inverse, 'C'."),
        ("linear", "penalty", "L1", "binary", "for L1 give l1_ratio=1.0 and solver='saga'"),
        ("linear", "penalty", "L1", "regression", ""),
        ("forest", "warm_start", False, "binary", "Litmus sets what is AutoGluon's own"),
        ("linear", "C", -1.0, "binary", "C of linear is above 0, not -1.0."),
        ("lightgbm", "learning_rate", float("nan"), "binary", "is a finite number"),
        ("lightgbm", "num_leaves", 1, "binary", "is from 2 to 131072, not 1"),
        ("lightgbm", "subsample", 2.0, "binary", "is above 0 and at most 1"),
        ("catboost", "depth", 40, "binary", "is from 1 to 16"),
        ("network", "activation", "swish", "binary", "is one of relu, elu, tanh"),
        ("lightgbm", "ag_args_fit", "x", "binary", "Litmus sets what is AutoGluon's own"),
        ("forest", "num_bag_folds", 5, "binary", "folds=5, or --folds 5"),
        ("catboost", "thread_count", 3, "binary", "resources={'train': {'cpus': 2}}, or --cpus 2"),
        ("xgboost", "n_jobs", 2, "binary", "resources={'train': {'cpus': 2}}, or --cpus 2"),
        ("catboost", "use_best_model", False, "binary", "There is no hyperparameter of catboost"),
    ],
)
def test_what_is_meant_is_said(key, name, value, problem_type, sentence):
    found = said(key, name, value, problem_type)

    assert sentence in found
    assert bool(sentence) == bool(found)


@pytest.mark.parametrize(
    "problem_type",
    thinned(["binary", "regression", "multiclass"], keep=2, reason="several classes are asked as two are"),
)
@pytest.mark.parametrize("key", SINGLE)
def test_no_name_or_value_ends_in_anything_but_a_sentence(key, problem_type):
    names = {*_WEIGHTS, *_OPTIONS, *(name for same in _SAME for name in same), "objective", "loss_function"}
    values = (True, 0, -1, 1, 10**12, 0.5, -0.5, float("inf"), float("nan"), "", "quantile", "balanced", None)
    for name in sorted(names):
        for value in values:
            found = said(key, name, value, problem_type)
            assert found == "" or found.endswith((".", "?")), (name, value)
            assert "Did you mean 'weight'" not in found


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("GBM", "'lightgbm'"),
        ("XGBClassifier", "'xgboost'"),
        ("NN_TORCH", "'network'"),
        ("CAT", "'catboost'"),
        ("RandomForestRegressor", "'forest'"),
        ("LogisticRegression", "'linear'"),
        ("KNN", "sklearn.neighbors"),
    ],
)
def test_models_of_other_libraries_name_the_card(name, hint):
    assert hint in family_hint(name)
    assert hint in said(name, "x", 1)
