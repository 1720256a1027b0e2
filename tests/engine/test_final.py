"""The final model: a judged model's settings, fitted again on all rows."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from litmus_core.engine import (
    FitRequest,
    final_fit_of,
    fit_final_model,
    no_final_reason,
    open_candidate,
    store_compiled,
)
from litmus_core.engine._autogluon.trainer_folder import open_trainer
from litmus_core.engine._final import fit as _fit
from litmus_core.engine._final.member import _is_cut_short
from litmus_core.errors import DataError, TrainingError
from litmus_core.types import Compute, Folds, Resources
from tests.engine.conftest import COLUMNS, table, task, train
from tests.session import once

TASK = task("binary", "roc_auc", positive_class="False")
FAMILIES = ("lightgbm", "xgboost", "linear")


def _rows() -> pd.DataFrame:
    frame = table(300, seed=3)
    frame["answer"] = (frame["signal"] < 1.4).astype(object)
    return frame


@dataclass(frozen=True)
class Judged:
    """The folder of a judged run, of one validation part or of three folds, and all of its rows."""

    folder: Path
    frame: pd.DataFrame


@once()
def whole(folder: Path) -> Judged:
    frame = _rows()
    train(folder / "run", frame[:160], TASK, families=FAMILIES, validation=frame[160:220])
    return Judged(folder / "run", frame)


@once()
def bags(folder: Path) -> Judged:
    frame = _rows()
    train(folder / "run", frame[:220], TASK, families=("lightgbm", "linear"), folds=Folds(3, refit=True))
    return Judged(folder / "run", frame)


def final(
    judged: Judged,
    model: str,
    to: Path,
    *,
    frame: pd.DataFrame | None = None,
    seconds: float = 60.0,
    **more: Any,
) -> str:
    rows = judged.frame if frame is None else frame
    n_folds = final_fit_of(judged.folder, model).n_folds
    request = FitRequest(
        folder=to,
        train=rows,
        validation=None if n_folds else rows.sample(20, random_state=0),
        columns=COLUMNS,
        task=TASK,
        deadline=time.time() + seconds,
        folds=Folds(n_folds),
        compute=Compute(train=Resources(cpus=1)),
    )
    asked: Any = {"on_start": lambda _: None, "should_stop": lambda: False} | more
    return fit_final_model(request, judged.folder, model, **asked)


def n_trees(folder: Path, model: str) -> list[int]:
    loaded = open_trainer(folder).load_model(model)
    each = [loaded.load_child(name) for name in loaded.models] if hasattr(loaded, "models") else [loaded]
    return [one.model.num_trees() for one in each]


def test_a_booster_grows_as_many_trees_as_the_judged_one_found(whole, tmp_path):
    model = final(whole, "lightgbm", tmp_path / "final")

    assert n_trees(tmp_path / "final", model) == n_trees(whole.folder, "lightgbm")
    learned = open_trainer(tmp_path / "final").load_model(model).model
    counted = [each["tree_structure"]["internal_count"] for each in learned.dump_model()["tree_info"]]
    assert counted[0] == len(whole.frame)  # every row, those that stopped the judged one included


def test_a_bag_becomes_a_bag_of_all_rows(bags, tmp_path):
    model = final(bags, "lightgbm_BAG_L1", tmp_path / "final")
    trainer = open_trainer(tmp_path / "final")

    assert len(trainer.load_model(model).models) == 3
    assert len(trainer.load_y()) == len(bags.frame)


def test_a_bag_of_many_rows_becomes_one_model_with_the_mean_number_of_trees(bags, tmp_path, monkeypatch):
    monkeypatch.setattr(_fit, "_MANY_ROWS", 200)
    fit = final_fit_of(bags.folder, "WeightedEnsemble_L2")
    assert (fit.n_folds, fit.judged_folds) == (0, 3)
    model = final(bags, "lightgbm_BAG_L1", tmp_path / "final")

    (trees,) = n_trees(tmp_path / "final", model)
    assert trees == pytest.approx(np.mean(n_trees(bags.folder, "lightgbm_BAG_L1")), abs=1)
    assert len(open_trainer(tmp_path / "final").load_y()) == len(bags.frame)


def test_a_bag_with_a_model_that_needs_rows_to_stop_by_becomes_a_bag(bags, monkeypatch):
    monkeypatch.setattr(_fit, "_MANY_ROWS", 200)
    monkeypatch.setattr(_fit, "_can_fit_on_all_rows", lambda _: False)
    assert final_fit_of(bags.folder, "lightgbm_BAG_L1").n_folds == 3


def test_a_model_on_all_rows_beside_its_folds_becomes_one_model(bags, tmp_path):
    assert final_fit_of(bags.folder, "lightgbm_BAG_L1_FULL").n_folds == 0
    model = final(bags, "lightgbm_BAG_L1_FULL", tmp_path / "final")

    assert n_trees(tmp_path / "final", model) == n_trees(bags.folder, "lightgbm_BAG_L1_FULL")


@pytest.mark.parametrize("name", ["WeightedEnsemble_L2", "WeightedEnsemble_L2_FULL"])
def test_an_ensemble_keeps_its_weights_and_compiles(bags, tmp_path, name, gpus_counted_by_torch):
    model = final(bags, name, tmp_path / "final")
    before, now = (
        open_trainer(folder).load_model(each)._get_model_weights()
        for folder, each in ((bags.folder, name), (tmp_path / "final", model))
    )

    plain = {_fit._plain_name(each): weight for each, weight in before.items()}
    assert {_fit._plain_name(each): weight for each, weight in now.items()} == pytest.approx(plain)
    rows = bags.frame[[each.name for each in COLUMNS]]
    assert store_compiled(tmp_path / "final", model, rows[:40]) == ""
    assert gpus_counted_by_torch == []


def test_the_judged_model_stays_as_it_was_and_the_features_learn_from_all_rows(whole, tmp_path):
    frame = whole.frame.copy()
    frame.loc[frame.index[220:], "label text"] = "crate"  # a word that only the rows that judged hold
    rows = frame[[each.name for each in COLUMNS]]
    before = open_candidate(whole.folder, "linear").predict_raw(rows)
    model = final(whole, "linear", tmp_path / "final", frame=frame)

    assert np.array_equal(open_candidate(whole.folder, "linear").predict_raw(rows), before)
    assert "crate" in (tmp_path / "final" / "pipeline.json").read_text()
    assert not np.array_equal(open_candidate(tmp_path / "final", model).predict_raw(rows), before)


def test_the_same_rows_give_the_same_model_bit_for_bit(whole, tmp_path):
    found = []
    for name in ("one", "two"):
        model = final(whole, "WeightedEnsemble_L2", tmp_path / name)
        found.append(open_candidate(tmp_path / name, model).predict_raw(whole.frame))

    assert np.array_equal(*found)


def test_another_class_among_all_rows_is_refused(whole, tmp_path):
    info = json.loads((whole.folder / "model.json").read_text())
    (tmp_path / "model.json").write_text(json.dumps(info | {"classes": [*info["classes"], "maybe"]}))

    _fit._check_classes(whole.folder, whole.folder)
    with pytest.raises(DataError, match="maybe"):
        _fit._check_classes(whole.folder, tmp_path)


def test_a_stop_leaves_no_final_model(whole, tmp_path):
    with pytest.raises(TrainingError):
        final(whole, "WeightedEnsemble_L2", tmp_path / "final", should_stop=lambda: True)


def test_a_fit_cut_short_has_fewer_trees_than_asked():
    def model(trained: dict[str, Any]) -> Any:
        return SimpleNamespace(
            params_trained=trained, get_hyperparameters_init=lambda: {"iterations": 90, "num_epochs": 9}
        )

    assert _is_cut_short(model({"iterations": 89}))
    assert not _is_cut_short(model({"iterations": 90}))
    assert not _is_cut_short(
        model({"num_epochs": 0})
    )  # AutoGluon does not count them without validation rows


def test_a_linear_model_that_converged_was_not_cut_short():
    def model(n_iter: list[int]) -> Any:
        return SimpleNamespace(
            model=SimpleNamespace(n_iter_=np.array(n_iter), max_iter=400),
            params_trained={"max_iter": 500},  # AutoGluon lowers the bound to what the time allows
            get_hyperparameters_init=lambda: {"max_iter": 10_000},
        )

    assert not _is_cut_short(model([12, 399]))
    assert _is_cut_short(model([12, 400]))


def test_what_needs_rows_to_stop_by_is_said(whole, monkeypatch):
    assert no_final_reason(whole.folder, "linear") == ""
    monkeypatch.setattr(_fit, "_can_fit_on_all_rows", lambda _: False)

    assert no_final_reason(whole.folder, "linear") == "Linear model needs rows to stop by"
