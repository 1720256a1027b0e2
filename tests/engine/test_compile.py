"""A compiled candidate answers as the native one does, whatever it is made of."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from litmus_core.compiled import load_compiled, read_plan
from litmus_core.compiled._native import unavailable_reason
from litmus_core.engine import compilable, compile_candidate, list_models
from litmus_core.engine._autogluon.native_executor import executor_of
from litmus_core.engine._autogluon.trainer_folder import open_trainer
from litmus_core.engine._fit import fit, workers
from litmus_core.errors import NotCompilableError, NotFoundError
from litmus_core.frame import FeaturePipeline
from litmus_core.trust import sign_files
from tests.blocks import blocks_of
from tests.engine.conftest import Trained, table, task, train
from tests.session import once

DENSE = ("linear", "network", "text_linear")


@once()
def two_classes(folder: Path) -> Trained:
    """Log loss, for which AutoGluon keeps probabilities off 0 and 1."""
    frame = table(240, seed=3)
    frame["answer"] = np.where(frame["signal"] > 1, "yes", "no")
    return train(
        folder, frame[:160], task("binary", "log_loss"), families=DENSE,
        validation=frame[160:],
    )  # fmt: skip


@once()
def three_classes(folder: Path) -> Trained:
    """Two folds of each model."""
    frame = table(240, seed=4)
    frame["answer"] = pd.cut(frame["signal"], [-9, 0.4, 1.6, 9], labels=["a", "b", "c"]).astype(object)
    return train(folder, frame, task("multiclass", "log_loss"), families=DENSE, folds=2)


def hard_rows() -> pd.DataFrame:
    """Rows with values that training did not have: unseen, missing, far away, odd."""
    frame = table(300, seed=9)
    frame.loc[::7, "target"] = "violet"
    frame.loc[::5, "label text"] = None
    frame.loc[1::5, "label text"] = "a small lid, a LID and a small box; " * 9
    frame.loc[::11, 'width "in" [mm]'] = np.nan
    frame.loc[::13, 'width "in" [mm]'] = 1e9
    frame["count"] = frame["count"].astype(float)
    frame.loc[::17, "count"] = np.nan
    frame.loc[::19, "when"] = pd.NaT
    return frame


def answers(trained: Trained, model: str, to: Path) -> tuple[np.ndarray[Any, Any], ...]:
    """Return what the native and the compiled model say of hard rows, the compiled one also row by row."""
    state = json.loads((trained.folder / "pipeline.json").read_text())
    pipeline = FeaturePipeline.from_state(state)
    frame = pipeline.transform(hard_rows())
    features = blocks_of(pipeline, frame)
    compile_candidate(trained.folder, model, to)
    compiled = load_compiled(to)
    for _, runner in compiled._steps:
        assert (
            getattr(runner, "_native", runner) is not None or unavailable_reason()
        )  # machine code, where there is some
    alone = [compiled.predict_features(features.rows(at, at + 1)) for at in range(features.n_rows)]
    native = executor_of(trained.folder, model).predict_proba(frame)
    return native, compiled.predict_features(features), np.concatenate(alone)


def check(trained: Trained, model: str, to: Path) -> None:
    native, together, alone = answers(trained, model, to)
    assert together.dtype == np.float64
    np.testing.assert_allclose(together, native, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(alone, together, rtol=2e-7, atol=1e-9)


@pytest.mark.parametrize("model", ["linear", "network", "text_linear", "WeightedEnsemble_L2"])
def test_two_classes_get_the_native_models_probabilities(
    two_classes: Trained, model: str, tmp_path: Path
) -> None:
    check(two_classes, model, tmp_path)


@pytest.mark.parametrize(
    "model", ["linear_BAG_L1", "network_BAG_L1", "text_linear_BAG_L1", "WeightedEnsemble_L2"]
)
def test_many_classes_get_the_native_bags_probabilities(
    three_classes: Trained, model: str, tmp_path: Path
) -> None:
    check(three_classes, model, tmp_path)


def test_a_linear_regression_gets_the_native_models_values(regression: Trained, tmp_path: Path) -> None:
    check(regression, "linear", tmp_path)


def _settings_of(monkeypatch: pytest.MonkeyPatch, told: dict[Any, list[dict[str, Any]]]) -> None:
    """Have the next training told these hyperparameters; models are called stock_medium-<key><number>."""
    for key, settings in told.items():
        for number, setting in enumerate(settings):
            setting["ag_args"] = {"name": f"stock_medium-{key}{number}"}
    monkeypatch.setattr(workers, "hyperparameters_of", lambda *_, **__: told)


@pytest.fixture
def values(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Trained]:
    """Return what trains a regression with AutoGluon's own hyperparameters."""

    def trained(told: dict[Any, list[dict[str, Any]]]) -> Trained:
        _settings_of(monkeypatch, told)
        frame = table(200, seed=5)
        frame["count"] = frame["count"] % 2  # a number of two values is a category to a network
        frame["answer"] = 10 + frame["signal"]
        return train(
            tmp_path / "run", frame[:150], task("regression", "rmse"), families=["linear"],
            validation=frame[150:],
        )  # fmt: skip

    return trained


def test_a_network_of_any_kind_gets_the_native_models_values(
    values: Callable[..., Trained], tmp_path: Path
) -> None:
    inf = float("inf")
    short = {"num_epochs": 3, "hidden_size": 16}
    trained = values(
        {
            "NN_TORCH": [
                {**short, "use_batchnorm": True, "activation": "elu"},
                {**short, "activation": "tanh", "y_range": (1.0, inf), "proc.embed_min_categories": 1000},
                {**short, "y_range": (-inf, 0.0), "proc.skew_threshold": 0.0, "use_batchnorm": True},
                {**short, "y_range": (-inf, inf), "num_layers": 2, "proc.max_category_levels": 2},
            ]
        }
    )
    links = []
    for number in range(4):
        model = f"stock_medium-NN_TORCH{number}"
        check(trained, model, tmp_path / model)
        links.append(read_plan(tmp_path / model).steps[0].settings["link"]["kind"])
    assert links == ["between", "above", "below", "identity"]


def test_a_linear_model_of_any_kind_gets_the_native_models_values(
    values: Callable[..., Trained], tmp_path: Path
) -> None:
    trained = values(
        {"LR": [{"penalty": "L1", "C": 10}, {"proc.skew_threshold": 0.0}, {"proc.impute_strategy": "mean"}]}
    )
    for number in range(3):
        check(trained, f"stock_medium-LR{number}", tmp_path / str(number))


@pytest.mark.exhaustive(
    reason="test_compile_trees compiles a stack of three classes, test_onnx writes a linear one"
)
def test_a_stack_gets_its_base_models_answers_as_columns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = fit._settings
    monkeypatch.setattr(fit, "_settings", lambda request: {**settings(request), "num_stack_levels": 1})
    frame = table(200, seed=6)
    frame["answer"] = pd.cut(frame["signal"], [-9, 0.4, 1.6, 9], labels=["a", "b", "c"]).astype(object)
    trained = train(
        tmp_path / "run", frame, task("multiclass", "accuracy"), families=["linear", "text_linear"], folds=2
    )

    check(trained, "linear_BAG_L2", tmp_path / "compiled")
    assert compilable(trained.folder, "linear_BAG_L2") == ""


@pytest.mark.parametrize("model", ["network_BAG_L1", "WeightedEnsemble_L2"])
def test_a_calibrated_model_keeps_its_temperature(three_classes: Trained, model: str, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    shutil.copytree(three_classes.folder, folder)
    loaded = open_trainer(folder).load_model(model)
    loaded.temperature_scalar = 1.75
    loaded.save()
    sign_files(folder)
    calibrated = Trained(folder, three_classes.frame, three_classes.task, [], [])

    check(calibrated, model, tmp_path / "compiled")
    plain, _, _ = answers(three_classes, model, tmp_path / "plain")
    assert np.abs(answers(calibrated, model, tmp_path / "again")[0] - plain).max() > 1e-3


def test_a_model_that_cannot_be_compiled_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _settings_of(monkeypatch, {"KNN": [{}], "LR": [{}]})
    frame = table(120, seed=7)
    frame["answer"] = np.where(frame["signal"] > 1, "yes", "no")
    trained = train(
        tmp_path / "run", frame[:80], task("binary", "roc_auc"), families=["linear"], validation=frame[80:]
    )
    assert {model.model for model in list_models(trained.folder)} >= {"stock_medium-KNN0", "stock_medium-LR0"}

    reason = "K-nearest neighbours keeps all training rows, and compares each new row with all of them"
    assert compilable(trained.folder, "stock_medium-KNN0") == reason
    assert compilable(trained.folder, "stock_medium-LR0") == ""
    with pytest.raises(NotCompilableError, match="K-nearest neighbours keeps all training rows") as error:
        compile_candidate(trained.folder, "stock_medium-KNN0", tmp_path / "compiled")
    assert error.value.reason == reason
    assert not (tmp_path / "compiled").exists()


def test_many_threads_get_the_answers_that_one_gets(two_classes: Trained, tmp_path: Path) -> None:
    state = json.loads((two_classes.folder / "pipeline.json").read_text())
    pipeline = FeaturePipeline.from_state(state)
    features = blocks_of(pipeline, pipeline.transform(hard_rows()))
    compile_candidate(two_classes.folder, "WeightedEnsemble_L2", tmp_path)
    compiled = load_compiled(tmp_path)
    rows = [features.rows(at, at + 1) for at in range(features.n_rows)]
    one_by_one = [compiled.predict_features(row).tolist() for row in rows]

    with ThreadPoolExecutor(max_workers=8) as threads:
        assert [each.tolist() for each in threads.map(compiled.predict_features, rows)] == one_by_one


def test_a_model_that_is_not_there_is_said_to_be_missing(two_classes: Trained) -> None:
    with pytest.raises(NotFoundError, match="no model 'linaer'"):
        compilable(two_classes.folder, "linaer")
