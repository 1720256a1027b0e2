"""A candidate as a plain ONNX file: whole and held against real rows, or refused in words."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest

from litmus_core.deploy import export_onnx
from litmus_core.deploy._exporters import onnx_file as _onnx
from litmus_core.engine import onnx_file, open_candidate
from litmus_core.errors import BundleError, NotFoundError, UsageError
from litmus_core.types import Candidate
from tests.trained import Trained, opened, table

ROWS = table(30, seed=1).drop(columns="sold")


@pytest.fixture(scope="module")
def linear(trained: Trained) -> Candidate:
    with opened(trained) as studio:
        return next(each for each in studio.candidates.list(trained.run.id) if each.family == "linear")


def folder_of(trained: Trained) -> Path:
    return trained.workspace / "runs" / trained.run.id


def test_a_plain_onnx_file_answers_arrays_made_as_the_guide_says(
    trained: Trained, linear: Candidate, tmp_path: Path
) -> None:
    with opened(trained) as studio:
        to = studio.bundles.export_onnx(linear.id, tmp_path / "there" / "model.onnx")

    session = onnxruntime.InferenceSession(to, providers=["CPUExecutionProvider"])
    dates = ROWS["day"].to_numpy("datetime64[us]").astype("int64")
    given = {
        "size": ROWS["size"].to_numpy("float64").reshape(-1, 1),
        "colour": ROWS["colour"].fillna("").to_numpy(object).reshape(-1, 1),
        "day": dates.reshape(-1, 1),
    }
    labels, shares = session.run(None, given)
    predictor = open_candidate(folder_of(trained), linear.model, threshold=linear.threshold)
    np.testing.assert_allclose(shares, predictor.predict_proba(ROWS), rtol=0, atol=1e-6)
    assert labels.tolist() == predictor.predict(ROWS).tolist()
    said = session.get_modelmeta().custom_metadata_map
    assert (said["candidate_id"], json.loads(said["classes"])) == (linear.id, ["no", "yes"])
    assert [path.name for path in to.parent.iterdir()] == ["model.onnx"]


@pytest.mark.parametrize("model", ["lightgbm", "WeightedEnsemble_L2"])
def test_every_model_of_a_run_is_exported(trained: Trained, tmp_path: Path, model: str) -> None:
    with opened(trained) as studio:
        candidate = next(each for each in studio.candidates.list(trained.run.id) if each.model == model)
        assert studio.bundles.export_onnx(candidate.id, tmp_path / "model.onnx").exists()


def refused(trained: Trained, candidate: Candidate, to: Path) -> str:
    with pytest.raises(BundleError) as error:
        export_onnx(folder_of(trained), candidate, trained.experiment, rows=ROWS, to=to)
    assert not to.exists()
    return str(error.value)


def test_a_native_candidate_is_refused_with_its_reason(
    trained: Trained, linear: Candidate, tmp_path: Path
) -> None:
    native = replace(linear, native_reason="it keeps all training rows.")

    assert refused(trained, native, tmp_path / "model.onnx") == (
        "The model cannot be written as plain ONNX: it keeps all training rows. "
        f"Nothing was written. A bundle can hold it: litmus export {linear.id}"
    )


def test_a_file_that_answers_otherwise_is_not_written(
    trained: Trained, linear: Candidate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def another(folder: Path, model: str, **facts: Any) -> Any:
        return onnx_file(folder, "lightgbm", **facts)

    monkeypatch.setattr("litmus_core.engine.onnx_file", another)
    assert "of 30 real rows otherwise" in refused(trained, linear, tmp_path / "model.onnx")


def test_numbers_are_held_against_their_size_and_what_is_no_number_is_other() -> None:
    class Values:
        def predict_raw(self, rows: Any) -> Any:
            return np.array([1e6, -1e6, 0.0, 5.0])

    model: Any = Values()
    assert _onnx._n_other(model, [], np.array([1e6 + 5, -1e6 - 5, 1.0, 5.0])) == 0
    assert _onnx._n_other(model, [], np.array([1e6 + 50, -1e6, 50.0, np.nan])) == 3


def test_a_name_that_is_taken_or_says_something_else_is_refused(
    trained: Trained, linear: Candidate, tmp_path: Path
) -> None:
    def export(to: Path) -> None:
        export_onnx(folder_of(trained), linear, trained.experiment, rows=ROWS, to=to)

    with pytest.raises(UsageError, match=r"'model' is not a name for an ONNX file. End it with .onnx"):
        export(tmp_path / "model")
    (tmp_path / "model.onnx").write_text("mine")
    with pytest.raises(UsageError, match="already exists"):
        export(tmp_path / "model.onnx")
    assert (tmp_path / "model.onnx").read_text() == "mine"


def test_a_run_whose_files_are_gone_is_said_in_words(
    trained: Trained, linear: Candidate, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    shutil.copytree(folder_of(trained), folder)
    shutil.rmtree(folder / "predictor")
    with pytest.raises(NotFoundError, match="no trained model in 'run'"):
        export_onnx(folder, linear, trained.experiment, rows=ROWS, to=tmp_path / "model.onnx")
