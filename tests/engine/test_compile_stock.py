"""Models of AutoGluon's own mixes that read categories together, or by themselves, are compiled exactly."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from litmus_core.compiled import load_compiled, read_plan
from litmus_core.engine import FitRequest, compile_candidate, fit_models, onnx_file
from litmus_core.engine._autogluon.native_executor import executor_of
from litmus_core.engine._autogluon.xgboost_categories import XGBoostCategoriesModel
from litmus_core.engine._fit import workers
from litmus_core.errors import NotCompilableError
from litmus_core.frame import FeaturePipeline
from litmus_core.types import Compute, Folds, Resources, Task
from tests.blocks import blocks_of
from tests.engine.conftest import column
from tests.session import once

NAMES = ("shop", "colour", "size", "kind")
COLUMNS = (*(column(name, "category", "VARCHAR") for name in NAMES), column("weight", "number", "DOUBLE"))
MODELS: dict[Any, list[dict[str, Any]]] = {
    "CAT": [
        {
            "iterations": 80,
            "max_ctr_complexity": 4,
            "one_hot_max_size": 3,
            "ag_args": {"name": "stock_best-together"},
        },
        {"iterations": 40, "grow_policy": "Depthwise", "ag_args": {"name": "stock_best-depthwise"}},
    ],
    XGBoostCategoriesModel: [
        {"n_estimators": 40, "enable_categorical": True, "ag_args": {"name": "stock_best-own"}}
    ],
}
FOLDS = ("together", "depthwise", "own")


def _table(n_rows: int, *, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    sizes = {"shop": 12, "colour": 9, "size": 5, "kind": 3}
    codes = {name: rng.integers(0, size, n_rows) for name, size in sizes.items()}
    weight = rng.normal(size=n_rows)
    total = (
        7 * codes["shop"] + 3 * codes["colour"] + codes["size"] * codes["kind"] + (weight > 0) * codes["shop"]
    )
    frame = pd.DataFrame(
        {name: [f"{name} {code}" for code in own] for name, own in codes.items()}, dtype=object
    )
    frame["weight"] = np.where(rng.random(n_rows) < 0.1, np.nan, weight)
    frame["answer"] = np.array(["low", "middle", "high"])[total % 5 // 2]
    return frame


def _trained(folder: Path, problem: Any, *, folds: int) -> Path:
    frame = _table(900, seed=1)
    if problem == "binary":
        frame["answer"] = np.where(frame["answer"] == "low", "yes", "no")
    if problem == "regression":
        frame["answer"] = frame["answer"].map({"low": 10.0, "middle": 20.0, "high": 35.0})
    task = Task(
        dataset_version_id="dv",
        target="answer",
        problem_type=problem,
        metric={"binary": "log_loss", "multiclass": "log_loss", "regression": "rmse"}[problem],
        features=tuple(each.name for each in COLUMNS),
    )
    request = FitRequest(
        folder=folder,
        train=frame if folds else frame[:700],
        validation=None if folds else frame[700:],
        columns=COLUMNS,
        task=task,
        families=("stock_best",),
        deadline=time.time() + 60,
        folds=Folds(folds),
        compute=Compute(train=Resources(cpus=1)),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workers, "hyperparameters_of", lambda *_, **__: MODELS)
        fit_models(request, on_model=lambda _: None, on_start=lambda _: None, should_stop=lambda: False)
    return folder


@once(params=["binary", "multiclass", "regression"])
def folder(kind: str, folder: Path) -> Path:
    folds = 2 if kind == "binary" else 0
    return _trained(folder, kind, folds=folds)


def _name(folder: Path, name: str) -> str:
    name = name if name.startswith("Weighted") else f"stock_best-{name}"
    bagged = f"{name}_BAG_L1"
    return bagged if (folder / "predictor" / "models" / bagged).exists() else name


def _hard_rows() -> pd.DataFrame:
    """Rows with combinations, categories and missing values that training did not have."""
    frame = _table(300, seed=2)
    for step, name in zip((5, 7, 11, 13), NAMES, strict=True):
        frame.loc[::step, name] = None
        frame.loc[1::step, name] = "never seen"
    frame.loc[::17, "weight"] = 1e30
    return frame


@pytest.mark.parametrize("name", [*FOLDS, "WeightedEnsemble_L2"])
def test_hard_rows_get_the_librarys_answers(folder: Path, name: str, tmp_path: Path) -> None:
    model = _name(folder, name)
    pipeline = FeaturePipeline.from_state(json.loads((folder / "pipeline.json").read_text()))
    frame = pipeline.transform(_hard_rows())
    features = blocks_of(pipeline, frame)
    compile_candidate(folder, model, tmp_path)
    compiled = load_compiled(tmp_path)
    together = compiled.predict_features(features)
    alone = [compiled.predict_features(features.rows(at, at + 1)) for at in range(features.n_rows)]
    native = executor_of(folder, model).predict_proba(frame)
    np.testing.assert_allclose(together, native, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(np.concatenate(alone), together, rtol=2e-7, atol=1e-9)


def test_categories_together_are_a_step_of_their_own(folder: Path, tmp_path: Path) -> None:
    compile_candidate(folder, _name(folder, "together"), tmp_path)
    kinds = [step.kind for step in read_plan(tmp_path).steps]
    assert kinds.index("combinations") < kinds.index("trees")


def test_categories_together_are_not_written_as_onnx_and_that_is_said(folder: Path) -> None:
    with pytest.raises(NotCompilableError, match="categories together"):
        onnx_file(folder, _name(folder, "together"), threshold=None, facts={})


def test_a_model_that_reads_categories_itself_leaves_its_rows_as_they_are(folder: Path) -> None:
    pipeline = FeaturePipeline.from_state(json.loads((folder / "pipeline.json").read_text()))
    frame = pipeline.transform(_table(20, seed=3))
    asked = frame.copy()
    executor_of(folder, _name(folder, "own")).predict_proba(asked)
    pd.testing.assert_frame_equal(asked, frame)
