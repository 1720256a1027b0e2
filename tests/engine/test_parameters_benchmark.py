"""A sample of ``benchmarks.parameters``: the table itself finds what is lost."""

from __future__ import annotations

import pytest

from benchmarks import _parameters_fits
from benchmarks._parameters_fits import fit_card, fit_own, names_of


@pytest.mark.parametrize(
    ("family", "problem_type", "name"),
    [
        ("lightgbm", "binary", "reg_alpha"),
        ("lightgbm_random", "regression", "max_bin"),
        ("catboost", "binary", "l2_leaf_reg"),
        ("xgboost", "multiclass", "subsample"),
        ("forest", "regression", "min_samples_leaf"),
        ("extra_trees", "binary", "max_features"),
        ("linear", "regression", "C"),
        ("text_linear", "binary", "max_features"),
        ("text_nearest", "regression", "sharpness"),
    ],
)
def test_a_value_reaches_the_fitted_model_by_every_door(family, problem_type, name):
    assert name in names_of(family, problem_type)
    assert fit_card(family, problem_type, name) == "carried"


def test_a_model_of_ones_own_has_what_its_process_was_given():
    assert fit_own("sklearn.linear_model:LogisticRegression", "C") == "carried"


def test_a_value_that_a_model_does_not_have_is_found(monkeypatch):
    monkeypatch.setattr(_parameters_fits, "reported_values", lambda model: {"max_depth": 99})

    assert fit_card("forest", "binary", "max_depth") == "lost: max_depth=3, the model has 99"
