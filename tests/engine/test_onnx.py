"""A plain ONNX file answers raw rows as the bundle does, or says in words why there is none."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pandas as pd
import pytest

from litmus_core.engine import (
    FitRequest,
    OnnxFile,
    compile_candidate,
    feed,
    fit_models,
    onnx_file,
    open_candidate,
)
from litmus_core.engine._autogluon.trainer_folder import open_trainer
from litmus_core.engine._compile import classes
from litmus_core.engine._fit import fit, workers
from litmus_core.engine._run_folder.folder import compiled_path
from litmus_core.errors import NotCompilableError
from litmus_core.runtime import Predictor, json_rows
from litmus_core.trust import sign_files
from litmus_core.types import Algorithm, Compute, Folds, Hyperparameter, Resources, Task
from tests.engine import conftest
from tests.engine.conftest import Trained, column
from tests.session import once

COLUMNS = (
    column("label", "number", "DOUBLE"),  # called as an output of the graph is
    column("/1", "number", "BIGINT"),  # and as values within it might be
    column("colour", "category", "VARCHAR"),
    column("when", "date", "TIMESTAMP"),
    column("sold", "boolean", "BOOLEAN"),
    column("shop", "category", "BIGINT"),
    column("price", "number", "DOUBLE"),
)


def table(n_rows: int, *, seed: int) -> pd.DataFrame:
    """All kinds of columns that ONNX can read; ``signal`` hangs on most of them."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "label": np.where(rng.random(n_rows) < 0.1, np.nan, rng.normal(size=n_rows)),
            "/1": rng.integers(1_600_000_000, 1_700_000_000, n_rows),
            "colour": rng.choice(np.array(["red", "green", "blue", None], dtype=object), n_rows),
            "when": pd.Timestamp("1969-06-01 11:30")
            + pd.to_timedelta(rng.integers(0, 9e5, n_rows), unit="h"),
            "sold": rng.choice(np.array([True, False, None], dtype=object), n_rows),
            "shop": rng.integers(1, 9, n_rows),
            "price": np.exp(3 * rng.normal(size=n_rows)),
        }
    )
    frame["signal"] = (
        frame["label"].fillna(0)
        + (frame["colour"] == "red")
        + 0.3 * (frame["shop"] % 3)
        + 0.3 * np.log(frame["price"])
        + 0.1 * frame["when"].dt.month
        + 0.2 * rng.normal(size=n_rows)
    )
    return frame


def short(key: str, name: str, value: int) -> Algorithm:
    """A family that learns for a moment only."""
    return Algorithm(key=key, name="short", hyperparameters=(Hyperparameter(name=name, value=value),))


def train(
    folder: Path,
    answer: Any,
    *,
    kind: Any,
    metric: str,
    families: Sequence[str],
    algorithms: Sequence[Algorithm] = (),
    folds: int = 0,
    **facts: Any,
) -> Path:
    frame = table(300, seed=5)
    frame["answer"] = answer(frame["signal"])
    task = Task(
        dataset_version_id="dv",
        target="answer",
        problem_type=kind,
        metric=metric,
        features=tuple(each.name for each in COLUMNS),
        **facts,
    )
    request = FitRequest(
        folder=folder,
        train=frame if folds else frame[:220],
        validation=None if folds else frame[220:],
        columns=COLUMNS,
        task=task,
        families=tuple(families),
        algorithms=tuple(algorithms),
        deadline=time.time() + 100,
        folds=Folds(folds),
        compute=Compute(train=Resources(cpus=1)),
    )
    fit_models(request, on_model=lambda model: None, on_start=lambda family: None, should_stop=lambda: False)
    for model in models(folder):
        compile_candidate(folder, model, compiled_path(folder, model))
    return folder


def models(folder: Path) -> list[str]:
    return list(open_trainer(folder).get_model_names())


@once()
def binary(folder: Path) -> Path:
    """Truth values; probabilities are kept off 0 and 1."""
    return train(
        folder,
        lambda signal: (signal < 1.5).astype(object),
        kind="binary",
        metric="log_loss",
        families=["xgboost", "linear", "forest"],
        positive_class="False",
    )


@once()
def multiclass(folder: Path) -> Path:
    """Two folds; labels that are numbers."""
    return train(
        folder,
        lambda signal: pd.cut(signal, [-99, 0.8, 2, 99], labels=False),
        kind="multiclass",
        metric="log_loss",
        families=["extra_trees"],
        algorithms=[short("catboost", "iterations", 30)],
        folds=2,
    )


@once()
def regression(folder: Path) -> Path:
    return train(
        folder,
        lambda signal: 1000 + 100 * signal,
        kind="regression",
        metric="rmse",
        families=["lightgbm"],
        algorithms=[short("network", "num_epochs", 3)],
    )


@once()
def texts(folder: Path) -> Trained:
    """Its columns have a text, which the models read."""
    frame = conftest.table(150)
    frame["answer"] = frame["signal"]
    return conftest.train(
        folder, frame[:100], conftest.task("regression", "rmse"),
        families=["xgboost"], validation=frame[100:],
    )  # fmt: skip


def hard_rows() -> list[dict[str, Any]]:
    """Rows with values that training did not have: unseen, missing, far away, infinite."""
    frame = table(200, seed=6)
    frame.loc[::7, "colour"] = "violet"
    frame.loc[::5, "shop"] = 77
    frame.loc[::11, "price"] = -1e30
    frame.loc[::13, "price"] = np.inf
    frame.loc[::17, "/1"] = 0
    frame["shop"] = frame["shop"].astype(object)
    frame.loc[::19, "shop"] = None
    frame.loc[::23, "when"] = pd.NaT
    rows = json_rows(frame[[each.name for each in COLUMNS]])
    rows[1]["when"] = "1600-02-29 23:59:59"
    return rows


def session_of(file: OnnxFile) -> Any:
    return onnxruntime.InferenceSession(file.content, providers=["CPUExecutionProvider"])


def compared(folder: Path, model: str, *, threshold: float | None = None) -> tuple[Predictor, Any, Any]:
    """Return the bundle's predictor, the rows, and what the file answers."""
    predictor = open_candidate(folder, model, threshold=threshold)
    file = onnx_file(folder, model, threshold=threshold, facts={})
    onnx.checker.check_model(file.content, full_check=True)
    rows = hard_rows()
    given = feed(rows, predictor.columns, file.inputs)
    session = session_of(file)
    found = session.run(None, given)
    alone = session.run(None, {name: values[5:6] for name, values in given.items()})
    assert np.abs(alone[-1][0] - found[-1][5]).max() <= 1e-6 * np.abs(found[-1][5]).max()
    return predictor, rows, found


def test_two_classes_are_answered_as_the_bundle_answers_with_its_threshold(binary: Path) -> None:
    names = models(binary)
    assert [*names] == ["linear", "xgboost", "forest", "WeightedEnsemble_L2"]
    for name in names:
        predictor, rows, (labels, shares) = compared(binary, name, threshold=0.31)
        wanted = predictor.predict_proba(rows)
        np.testing.assert_allclose(shares, wanted, rtol=0, atol=1e-6, err_msg=name)
        sure = np.abs(wanted[:, 0] - 0.31) > 2e-6
        assert sure.sum() > 190
        assert labels.dtype == np.bool_
        assert labels[sure].tolist() == predictor.labels(wanted)[sure].tolist(), name


def test_several_classes_over_folds_are_answered_as_the_bundle_answers(multiclass: Path) -> None:
    names = models(multiclass)
    assert len(names) == 3
    for name in names:
        predictor, rows, (labels, shares) = compared(multiclass, name)
        np.testing.assert_allclose(shares, predictor.predict_proba(rows), rtol=0, atol=1e-6, err_msg=name)
        assert labels.tolist() == predictor.predict(rows).tolist(), name


def test_costs_decide_between_several_classes_in_the_file_as_in_the_bundle(
    multiclass: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    shutil.copytree(multiclass, folder)
    info = json.loads((folder / "model.json").read_text())
    info["costs"] = [[0, 1, 1], [1, 0, 1], [30, 30, 0]]
    (folder / "model.json").write_text(json.dumps(info))
    sign_files(folder)
    predictor, rows, (labels, shares) = compared(folder, models(folder)[0])
    np.testing.assert_allclose(shares, predictor.predict_proba(rows), rtol=0, atol=1e-6)
    assert labels.tolist() == predictor.predict(rows).tolist()
    assert labels.tolist() != shares.argmax(axis=1).tolist()


def test_values_are_answered_as_the_bundle_answers(regression: Path) -> None:
    names = models(regression)
    assert len(names) == 3
    for name in names:
        predictor, rows, (values,) = compared(regression, name)
        np.testing.assert_allclose(values, predictor.predict_values(rows), rtol=1e-6, err_msg=name)


def test_a_stack_gets_its_base_models_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trees and linear models over the answers of others; three classes, so that an answer has columns."""
    settings = fit._settings
    monkeypatch.setattr(fit, "_settings", lambda request: {**settings(request), "num_stack_levels": 1})
    folder = train(
        tmp_path / "run",
        lambda signal: pd.cut(signal, [-99, 0.8, 2, 99], labels=["a", "b", "c"]).astype(object),
        kind="multiclass",
        metric="accuracy",
        families=["linear", "xgboost"],
        folds=2,
    )
    for name in ("linear_BAG_L2", "xgboost_BAG_L2", "WeightedEnsemble_L3"):
        predictor, rows, (labels, shares) = compared(folder, name)
        np.testing.assert_allclose(shares, predictor.predict_proba(rows), rtol=0, atol=2e-6, err_msg=name)
        assert set(labels) <= {"a", "b", "c"}


def test_networks_and_linear_models_of_any_kind_are_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every activation and link, skewed columns, values that count as categories."""
    short, inf = {"num_epochs": 2, "hidden_size": 8}, float("inf")
    told: dict[Any, list[dict[str, Any]]] = {
        "NN_TORCH": [
            {**short, "use_batchnorm": True, "activation": "elu"},
            {**short, "activation": "tanh", "y_range": (1.0, inf), "proc.embed_min_categories": 1000},
            {**short, "y_range": (-inf, 0.0), "proc.skew_threshold": 0.0},
            {**short, "y_range": (-inf, inf), "proc.max_category_levels": 2},
        ],
        "LR": [{"proc.skew_threshold": 0.0}],
    }
    for key, every in told.items():
        for number, setting in enumerate(every):
            setting["ag_args"] = {"name": f"stock_medium-{key}{number}"}
    monkeypatch.setattr(workers, "hyperparameters_of", lambda *_, **__: told)
    folder = train(
        tmp_path / "run", lambda signal: 10 + signal, kind="regression", metric="rmse", families=["linear"]
    )

    names = [name for name in models(folder) if name.startswith("stock_medium")]
    assert len(names) == 5
    for name in names:
        predictor, rows, (values,) = compared(folder, name)
        np.testing.assert_allclose(values, predictor.predict_values(rows), rtol=1e-6, atol=1e-6, err_msg=name)


def test_the_file_says_what_it_is_and_what_it_takes(binary: Path) -> None:
    file = onnx_file(binary, "linear", threshold=0.31, facts={"run_id": "run_7"})
    session = session_of(file)

    said = session.get_modelmeta().custom_metadata_map
    assert {name: said[name] for name in ("run_id", "task", "target", "positive_class", "threshold")} == {
        "run_id": "run_7",
        "task": "binary",
        "target": "answer",
        "positive_class": "false",
        "threshold": "0.31",
    }
    assert json.loads(said["classes"]) == [True, False]
    assert {each.name: (each.type, each.shape[1]) for each in session.get_inputs()} == {
        "label": ("tensor(double)", 1),
        "/1": ("tensor(double)", 1),
        "colour": ("tensor(string)", 1),
        "when": ("tensor(int64)", 1),
        "sold": ("tensor(double)", 1),
        "shop": ("tensor(double)", 1),
        "price": ("tensor(double)", 1),
    }
    assert [each["name"] for each in json.loads(said["inputs"])] == [each.name for each in COLUMNS]
    assert [each.name for each in session.get_outputs()] == ["label'", "probabilities"]
    assert file.outputs == ("label'", "probabilities")


def test_all_operators_are_standard_ones(binary: Path) -> None:
    model = onnx.load_from_string(onnx_file(binary, "WeightedEnsemble_L2", threshold=None, facts={}).content)

    assert {each.domain: each.version for each in model.opset_import} == {"": 17, "ai.onnx.ml": 3}
    assert {node.domain for node in model.graph.node} == {"", "ai.onnx.ml"}


def test_a_model_that_reads_a_text_is_refused_in_words(texts: Trained) -> None:
    with pytest.raises(NotCompilableError) as refused:
        onnx_file(texts.folder, "xgboost", threshold=None, facts={})

    assert refused.value.reason == (
        "it reads the words and letters of 'label text', and standard ONNX has no operators that cut text"
    )


def test_a_model_that_only_its_own_library_can_run_is_refused_with_the_reason(
    regression: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(classes, "forms_by_class", dict)
    with pytest.raises(NotCompilableError, match="no compiler for models of the kind 'NeuralNetTorch'"):
        onnx_file(regression, "network-short", threshold=None, facts={})
