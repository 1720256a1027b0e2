"""What an estimator says of its parameters."""

from __future__ import annotations

import pytest

from litmus_core.engine._custom._fitted import parameters_of


def test_the_parameters_of_a_model_within_are_not_its_own():
    linear = pytest.importorskip("sklearn.linear_model")
    ensemble = pytest.importorskip("sklearn.ensemble")
    bagging = ensemble.BaggingRegressor(linear.Ridge(alpha=7.0), n_estimators=3)

    told = parameters_of(bagging)

    assert told["n_estimators"] == 3
    assert [name for name in told if "__" in name] == []


def test_an_object_without_get_params_says_its_attributes():
    class Plain:
        def __init__(self) -> None:
            self.depth = 3

    assert parameters_of(Plain()) == {"depth": 3}
