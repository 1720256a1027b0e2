"""The encoder's family: frozen and fine-tuned, for classes and values, alone and in a predictor."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from autogluon.core.utils.exceptions import TimeLimitExceeded

from litmus_core.compiled import load_compiled, read_plan
from litmus_core.engine import check_families, compile_candidate, onnx_file
from litmus_core.engine._autogluon.native_executor import executor_of
from litmus_core.engine._catalog import selection
from litmus_core.engine._remote.model_files import files_of, unpacked
from litmus_core.engine._text_encoder import _embedding, _source
from litmus_core.engine._text_encoder._pretrained import read_pretrained
from litmus_core.engine._text_encoder.model import EncoderModel
from litmus_core.errors import MissingExtraError, NotCompilableError
from litmus_core.frame import FeaturePipeline
from litmus_core.types import Algorithm, Column, Folds, Hyperparameter
from tests.blocks import blocks_of
from tests.encoders import write_encoder
from tests.engine.conftest import COLUMNS, Trained, table, task, train

TITLE = Column(name="title", original_name="title", kind="text", storage="VARCHAR")
NOUNS = ("fridge", "phone", "screen")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_encoder(tmp_path_factory.mktemp("weights") / "tiny")


def titles(n_rows: int, *, seed: int = 0) -> pd.DataFrame:
    """Titles whose noun says the kind; its place is anywhere, and a number stands in them."""
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, 3, n_rows)
    makes = rng.choice(["acme", "best", "zeta"], n_rows)
    words = [[makes[at], NOUNS[kind[at]], str(rng.integers(10, 99))] for at in range(n_rows)]
    found = [" ".join(rng.permutation(each)) for each in words]
    return pd.DataFrame({"title": found, "kind": kind})


def features(frame: pd.DataFrame) -> pd.DataFrame:
    return FeaturePipeline([TITLE]).fit(frame).transform(frame)


def fitted(
    problem_type: str,
    frame: pd.DataFrame,
    y: Any,
    *,
    folder: Path,
    path: Path,
    held: Any = None,
    **params: Any,
) -> EncoderModel:
    own = {"folder": str(folder), "random_state": 0, **params}
    model = EncoderModel(path=str(path), name="encoder", problem_type=problem_type, hyperparameters=own)
    n_classes = len(set(y)) if problem_type != "regression" else None
    extra = {} if held is None else {"X_val": features(held[0]), "y_val": pd.Series(held[1])}
    model.fit(X=features(frame), y=pd.Series(y), num_classes=n_classes, num_cpus=1, num_gpus=0, **extra)
    return model


FULL = {"mode": "full", "epochs": 8, "learning_rate": 3e-3, "batch_rows": 16}


@pytest.mark.parametrize("params", [{}, FULL], ids=["frozen", "full"])
def test_many_classes_are_told_apart(params: dict[str, Any], folder: Path, tmp_path: Path) -> None:
    train, test = titles(400), titles(200, seed=1)
    model = fitted("multiclass", train, train["kind"], folder=folder, path=tmp_path, **params)
    shares = model.predict_proba(features(test))
    assert shares.sum(axis=1) == pytest.approx(np.ones(200), abs=1e-5)
    assert (shares.argmax(axis=1) == test["kind"]).mean() > (0.8 if not params else 0.95)


@pytest.mark.parametrize("params", [{}, FULL], ids=["frozen", "full"])
def test_two_classes_give_the_second_one_s_probability(
    params: dict[str, Any], folder: Path, tmp_path: Path
) -> None:
    frame, other = titles(300), titles(100, seed=1)
    y, truth = (frame["kind"] == 1).astype(int), (other["kind"] == 1).astype(int)
    held = (other, truth)
    model = fitted("binary", frame, y, folder=folder, path=tmp_path, held=held, **params)
    probability = model.predict_proba(features(other))
    assert probability.shape == (100,)
    assert ((probability > 0.5) == truth).mean() > 0.85


@pytest.mark.parametrize("params", [{}, FULL], ids=["frozen", "full"])
def test_values_stay_within_what_training_saw(params: dict[str, Any], folder: Path, tmp_path: Path) -> None:
    frame = titles(300)
    y = np.array([9.0, 5.0, 1.0])[frame["kind"]]
    model = fitted("regression", frame, y, folder=folder, path=tmp_path, **params)
    found = model.predict(features(frame))
    assert np.sqrt(((found - y) ** 2).mean()) < (0.4 if params else 0.8) * y.std()
    assert found.min() >= 1.0
    assert found.max() <= 9.0


def test_frozen_weights_stay_and_full_ones_move(folder: Path, tmp_path: Path) -> None:
    frame = titles(100)
    frozen = fitted("multiclass", frame, frame["kind"], folder=folder, path=tmp_path)
    full = fitted("multiclass", frame, frame["kind"], folder=folder, path=tmp_path, **{**FULL, "epochs": 1})
    start = read_pretrained(folder, most_tokens=128)
    assert frozen.model.encoder.digest == start.digest
    assert full.model.encoder.digest != start.digest
    moved = (
        full.model.encoder.weights["layers.0.query_key_value.weight"]
        - start.weights["layers.0.query_key_value.weight"]
    )
    assert np.abs(moved).max() > 1e-3


def test_the_same_rows_and_seed_give_the_same_model(folder: Path, tmp_path: Path) -> None:
    frame = titles(100)
    digests = {
        seed: [
            fitted(
                "multiclass", frame, frame["kind"], folder=folder, path=tmp_path,
                **{**FULL, "epochs": 2, "random_state": seed},
            ).model.encoder.digest
            for _ in range(2)
        ]
        for seed in (0, 1)
    }  # fmt: skip
    assert digests[0][0] == digests[0][1]
    assert digests[1][0] == digests[1][1]
    assert digests[0][0] != digests[1][0]


def test_training_stops_early_where_nothing_gets_better(folder: Path, tmp_path: Path) -> None:
    frame, other = titles(64), titles(64, seed=1)
    chance = np.random.default_rng(0).integers(0, 3, 64)
    held = (other, chance)
    params = {**FULL, "epochs": 30, "learning_rate": 1e-2}
    model = fitted("multiclass", frame, frame["kind"], folder=folder, path=tmp_path, held=held, **params)
    assert model.params_trained["epochs"] < 15


def test_no_time_is_told_as_autogluon_wants_it(folder: Path, tmp_path: Path) -> None:
    frame = titles(100)
    for params in ({}, FULL):
        own = {"folder": str(folder), **params}
        model = EncoderModel(path=str(tmp_path), name="e", problem_type="multiclass", hyperparameters=own)
        with pytest.raises(TimeLimitExceeded):
            model.fit(X=features(frame), y=frame["kind"], num_classes=3, time_limit=1e-4)


def test_each_text_is_read_once_in_a_process(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_embedding, "_cache", {})
    frame = titles(60)
    fitted("multiclass", frame, frame["kind"], folder=folder, path=tmp_path)
    read: list[int] = []
    real = _embedding.embed_with
    monkeypatch.setattr(_embedding, "embed_with", lambda net, rows: read.append(len(rows)) or real(net, rows))
    fitted("multiclass", frame, frame["kind"], folder=folder, path=tmp_path)
    assert read == []


@pytest.mark.parametrize("codes", [[0] * 10 + [1] * 10 + [2], [0] * 20 + [2], [1] * 21])
def test_classes_with_one_row_or_none_do_no_harm(codes: list[int], folder: Path, tmp_path: Path) -> None:
    frame = titles(len(codes))
    own = {"folder": str(folder)}
    model = EncoderModel(path=str(tmp_path), name="e", problem_type="multiclass", hyperparameters=own)
    model.fit(X=features(frame), y=pd.Series(codes), num_classes=3)
    shares = model.predict_proba(features(frame))
    assert shares.shape == (len(codes), 3)
    assert np.isfinite(shares).all()
    assert shares[:, codes[0]].mean() > 0.4


def algorithm(folder: Path, **values: Any) -> Algorithm:
    told = {"folder": str(folder), **values}
    return Algorithm(
        key="encoder",
        hyperparameters=tuple(Hyperparameter(name=name, value=value) for name, value in told.items()),
    )


@pytest.fixture(scope="module")
def bags(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """Two folds of two frozen encoders and a fine-tuned one."""
    other = write_encoder(tmp_path_factory.mktemp("more") / "other", seed=1)
    frame = table(160, seed=4)
    frame["label text"] = titles(160, seed=4)["title"]
    frame["answer"] = np.array(["a", "b", "c"])[titles(160, seed=4)["kind"]]
    full = {**FULL, "epochs": 1}
    return train(
        tmp_path_factory.mktemp("bags"),
        frame,
        task("multiclass", "log_loss"),
        families=[],
        algorithms=(algorithm(folder), algorithm(other), algorithm(folder, **full)),
        folds=Folds(2),
        seconds=600.0,  # AutoGluon leaves out a model whose first fold takes half of the time
    )


def models_of(trained: Trained) -> list[str]:
    return [each.model for each in trained.reported]


def test_both_modes_are_bagged_like_any_card(bags: Trained) -> None:
    assert [each.family for each in bags.reported[:3]] == ["encoder"] * 3
    assert all(each.family_kind == "encoder" for each in bags.reported[:3])
    assert bags.reported[0].name == "Text encoder, pretrained: folder=tiny"


def test_compiled_bags_answer_as_the_trained_ones_and_row_by_row(bags: Trained, tmp_path: Path) -> None:
    rows = table(60, seed=9)
    rows["label text"] = titles(60, seed=9)["title"]
    rows.loc[::5, "label text"] = None
    rows.loc[1::5, "label text"] = "a small lid, a LID and a small box; " * 9
    pipeline = FeaturePipeline.from_state(json.loads((bags.folder / "pipeline.json").read_text()))
    frame = pipeline.transform(rows)
    blocks = blocks_of(pipeline, frame)
    for number, model in enumerate(models_of(bags)):
        compile_candidate(bags.folder, model, tmp_path / str(number))
        compiled = load_compiled(tmp_path / str(number))
        together = compiled.predict_features(blocks)
        native = executor_of(bags.folder, model).predict_proba(frame)
        np.testing.assert_allclose(together, native, atol=1e-5)
        alone = [compiled.predict_features(blocks.rows(at, at + 1)) for at in range(blocks.n_rows)]
        np.testing.assert_allclose(np.concatenate(alone), together, rtol=2e-7, atol=1e-9)


def test_folds_of_a_frozen_encoder_share_its_weights(bags: Trained, tmp_path: Path) -> None:
    shared = {}
    for model in models_of(bags):
        compile_candidate(bags.folder, model, tmp_path / model)
        kinds = [step.kind for step in read_plan(tmp_path / model).steps]
        shared[model] = kinds.count("encoder")
    assert list(shared.values())[:3] == [1, 1, 2]


def test_plain_onnx_says_why_not(bags: Trained) -> None:
    with pytest.raises(NotCompilableError, match="word pieces"):
        onnx_file(bags.folder, models_of(bags)[0], threshold=None, facts={})


def test_what_a_card_needs_is_said_before_training(monkeypatch: pytest.MonkeyPatch) -> None:
    text = [each for each in COLUMNS if each.kind == "text"]
    check_families(["encoder"], "binary", text)
    monkeypatch.setattr(selection, "has_extra", lambda extra: not extra)
    with pytest.raises(MissingExtraError, match=r"litmus-automl\[torch\]"):
        check_families(["encoder"], "binary", text)


def test_the_card_is_offered_where_an_encoder_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    text = [each for each in COLUMNS if each.kind == "text"]
    monkeypatch.setattr(_source, "_PACKAGES", ("no_package_of_this_name",))
    assert "encoder" not in {family.key for family in selection.available_families("binary", text)}
    monkeypatch.setattr(selection, "has_encoder", lambda: True)
    assert "encoder" in {family.key for family in selection.available_families("binary", text)}


def test_an_encoders_folder_goes_along_to_where_it_is_not(folder: Path, tmp_path: Path) -> None:
    frame = titles(90)
    away = tmp_path / "home" / "tiny"
    away.parent.mkdir()
    folder_there = write_encoder(away)
    model = EncoderModel(path=str(tmp_path / "m"), name="m", hyperparameters={"folder": str(folder_there)})
    files = files_of(model, on_all_rows=False)
    away.rename(away.with_name("gone"))

    with unpacked(files):
        made = fitted("multiclass", frame, frame["kind"], folder=away, path=tmp_path / "made")

    assert made.predict_proba(features(frame)).shape == (90, 3)
    assert files_of(EncoderModel(path=str(tmp_path / "n"), name="n"), on_all_rows=False) == {}
