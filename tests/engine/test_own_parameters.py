"""What an estimator says of its parameters."""

from __future__ import annotations

import pickle
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pandas as pd
import pytest
import threadpoolctl

from litmus_core.engine._custom import worker_ops
from litmus_core.engine._custom._fitted_model import fit_model, parameters_of
from litmus_core.engine._custom.worker_ops import _plain_values
from litmus_core.engine._run_folder.fitted_values import unmet_values


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


def test_a_list_reaches_the_fitted_object_a_tuple_where_its_default_is_one():
    class Layered:
        def __init__(self, layers=None, pair=(1, 1)):
            self.layers, self.pair = layers, pair

        def fit(self, X, y):
            return self

        def predict(self, X):
            return X[:, 0]

    rows = {"X": pd.DataFrame({"x": [1.0, 2.0]}), "y": pd.Series([1.0, 2.0])}
    asked = {"layers": [64, 32], "pair": [1, 2]}
    fitted = fit_model(
        Layered, rows, problem_type="regression", n_classes=0, seed=0, folder="", options={}, parameters=asked
    )
    assert (fitted.estimator.layers, fitted.estimator.pair) == ([64, 32], (1, 2))
    assert _plain_values(fitted.reported()) == {"layers": [64, 32], "pair": [1, 2]}


class CountsThreads:
    """Says how many threads the libraries use that are loaded while it fits."""

    def fit(self, X: Any, y: Any) -> CountsThreads:
        self.most_threads = max(each["num_threads"] for each in threadpoolctl.threadpool_info())
        return self

    def predict(self, X: Any) -> Any:
        return X[:, 0]


@pytest.mark.parametrize("n_processors", [1, 2])
def test_libraries_of_a_model_use_as_many_threads_as_it_has_processors(
    n_processors: int, tmp_path: Path
) -> None:
    rows = {"X": pd.DataFrame({"x": [1.0, 2.0]}), "y": pd.Series([1.0, 2.0])}
    (tmp_path / "rows").write_bytes(pickle.dumps(rows))
    with threadpoolctl.threadpool_limits(2):
        worker_ops.fit(
            cast(Any, None),
            module=__name__,
            name="CountsThreads",
            rows=str(tmp_path / "rows"),
            to=str(tmp_path / "fitted"),
            problem_type="regression",
            n_classes=0,
            seed=0,
            folder="",
            options={"time_limit": 9.0, "num_cpus": n_processors},
            parameters={},
        )
    fitted = pickle.loads((tmp_path / "fitted").read_bytes())
    assert fitted.estimator.most_threads == n_processors


def test_a_list_that_a_model_was_not_fitted_with_fails_by_name():
    names = ["custom-Net, layers=64 32"]
    trainer = SimpleNamespace(
        problem_type="regression",
        get_model_names=lambda: names,
        load_model=lambda name: SimpleNamespace(reported={"layers": [64, 33]}),
    )
    (said,) = unmet_values(trainer, {names[0]: {"layers": (64, 32)}})
    assert said == "Net, layers=64 33 was fitted with layers=64 33, though [64, 32] was asked for."
    assert list(unmet_values(trainer, {names[0]: {"layers": (64, 33)}})) == []
