"""Saving a candidate and running it from elsewhere: the same numbers, nothing else in the folder."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest

from litmus_core.engine import candidate_bytes, list_models, open_candidate, save_candidate
from litmus_core.engine._autogluon.native_executor import load
from litmus_core.errors import BundleError, NotFoundError
from litmus_core.types import Algorithm, Hyperparameter
from tests.engine.conftest import table, task, train


def _features(trained):
    return open_candidate(trained.folder, _last(trained)).pipeline.transform(trained.frame[:30])


def _last(trained):
    return list_models(trained.folder)[-1].model


@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
def test_a_saved_candidate_gives_the_same_numbers_from_another_folder(request, tmp_path, kind):
    trained = request.getfixturevalue(kind)
    save_candidate(trained.folder, _last(trained), tmp_path / "model")
    moved = shutil.move(tmp_path / "model", tmp_path / "elsewhere")
    expected = open_candidate(trained.folder, _last(trained)).executor.predict_proba(_features(trained))
    assert np.array_equal(load(moved).predict_proba(_features(trained)), expected)


def test_saving_leaves_out_other_models_and_training_rows_and_changes_nothing(binary, tmp_path):
    before = list_models(binary.folder)
    save_candidate(binary.folder, "linear", tmp_path)
    kept = {path.name for path in (tmp_path / "predictor" / "models").iterdir() if path.is_dir()}
    assert kept == {"linear"}
    assert not list(tmp_path.rglob("X*.pkl"))
    assert not list(tmp_path.rglob("kept*"))
    assert list_models(binary.folder) == before


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"python": "3.9.1"}, "trained with Python 3.9"),
        ({"autogluon.tabular": "1.5.0"}, "trained with autogluon.tabular 1.5.0"),
        ({"scikit-learn": "1.4.0"}, "trained with scikit-learn 1.4.0"),
    ],
)
def test_another_version_is_refused_with_the_remedy(binary, tmp_path, changed, message):
    save_candidate(binary.folder, "linear", tmp_path)
    about = json.loads((tmp_path / "native.json").read_text())
    about["versions"].update(changed)
    (tmp_path / "native.json").write_text(json.dumps(about))
    with pytest.raises(BundleError, match=message):
        load(tmp_path)


def test_a_folder_without_its_description_is_refused(tmp_path):
    with pytest.raises(BundleError, match="not complete"):
        load(tmp_path)


def test_a_model_that_is_not_there_cannot_be_saved(binary, tmp_path):
    with pytest.raises(NotFoundError, match="There is no model 'nope'"):
        save_candidate(binary.folder, "nope", tmp_path)


def test_an_ensemble_is_as_large_as_what_it_is_made_of(binary):
    sizes = {model.model: candidate_bytes(binary.folder, model.model) for model in list_models(binary.folder)}
    assert 1_000 < sizes["linear"] < sizes["lightgbm"] < sizes["forest"]
    for model in list_models(binary.folder):
        if model.is_ensemble:
            assert sizes[model.model] > sum(sizes[parent] for parent in model.parents)


def test_catboost_with_a_huge_loss_is_loaded_again(tmp_path):
    frame = table(120)
    frame["answer"] = frame["signal"]
    frame.loc[::9, "answer"] = 1e18
    trained = train(
        tmp_path,
        frame[:80],
        task("regression", "rmse"),
        families=(),
        algorithms=(
            Algorithm(key="catboost", hyperparameters=(Hyperparameter(name="iterations", value=5),)),
        ),
        validation=frame[80:],
    )
    assert np.isfinite(open_candidate(tmp_path, trained.reported[0].model).predict(trained.frame)).all()
