"""Trees of every family answer as their own library does: numbers, categories, missing and unseen values."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from litmus_core.compiled import load_compiled, read_plan
from litmus_core.engine import compile_candidate
from litmus_core.engine._autogluon.native_executor import executor_of
from litmus_core.engine._compile import _tree_tables
from litmus_core.engine._fit import workers
from litmus_core.errors import NotCompilableError
from litmus_core.frame import FeaturePipeline
from litmus_core.types import Folds, TrainingOptions
from tests.blocks import blocks_of
from tests.cases import thinned
from tests.engine.conftest import Trained, table, task, train
from tests.engine.test_compile import answers, check, hard_rows
from tests.session import once

TREES = ("lightgbm", "lightgbm_random", "xgboost", "catboost", "forest", "extra_trees")


def _table(n_rows: int, seed: int) -> pd.DataFrame:
    """Add what trees are sensitive to: a constant, zeros that are not missing values, very large integers."""
    frame = table(n_rows, seed=seed)
    rng = np.random.default_rng(seed)
    frame["count"] = np.where(rng.random(n_rows) < 0.3, 0, 2**53 + 2 * rng.integers(0, 40, n_rows))
    frame["target"] = rng.choice(np.array([*"abcdefghij", None], dtype=object), n_rows)
    frame["signal"] += (frame["count"] > 2**53 + 40) + frame["target"].isin(list("aceg"))
    return frame


@once()
def two_classes(folder: Path) -> Trained:
    frame = _table(500, seed=11)
    frame["answer"] = np.where(frame["signal"] > 2, "yes", "no")
    return train(
        folder, frame[:400], task("binary", "log_loss"), families=TREES,
        validation=frame[400:],
    )  # fmt: skip


@once()
def three_classes(folder: Path) -> Trained:
    frame = _table(300, seed=12)
    frame["answer"] = pd.cut(frame["signal"], [-99, 1.4, 2.6, 99], labels=["a", "b", "c"]).astype(object)
    return train(
        folder, frame[:240], task("multiclass", "accuracy"), families=TREES,
        validation=frame[240:],
    )  # fmt: skip


@once(
    params=thinned(
        ["multiclass", "binary", "regression"],
        keep=1,
        reason="columns of classes hold what one column does; test_stack compiles a binary stack",
    )
)
def stacked(kind: str, folder: Path) -> Trained:
    """Two folds of forests, and of forests on these."""
    frame = _table(300, seed=14)
    metric = {"multiclass": "log_loss", "binary": "accuracy", "regression": "rmse"}[kind]
    cuts = {"multiclass": [-99, 1.4, 2.6, 99], "binary": [-99, 2, 99]}.get(kind)
    frame["answer"] = frame["signal"] if cuts is None else pd.cut(frame["signal"], cuts).astype(str)
    families = ["forest", "extra_trees"]
    return train(
        folder,
        frame,
        task(kind, metric),
        families=families,
        folds=Folds(2),
        training=TrainingOptions(stack=True),
    )


@once()
def values(folder: Path) -> Trained:
    frame = _table(400, seed=13)
    frame["answer"] = 1000 + 100 * frame["signal"]
    return train(
        folder, frame[:320], task("regression", "rmse"), families=TREES,
        validation=frame[320:],
    )  # fmt: skip


@pytest.mark.parametrize("model", [*TREES, "WeightedEnsemble_L2"])
def test_two_classes_get_the_librarys_probabilities(two_classes: Trained, model: str, tmp_path: Path) -> None:
    check(two_classes, model, tmp_path)


@pytest.mark.parametrize("model", TREES)
def test_three_classes_get_the_librarys_probabilities(
    three_classes: Trained, model: str, tmp_path: Path
) -> None:
    check(three_classes, model, tmp_path)


@pytest.mark.parametrize("model", TREES)
def test_values_get_the_librarys_values(values: Trained, model: str, tmp_path: Path) -> None:
    check(values, model, tmp_path)


def test_values_of_xgboost_are_the_librarys_to_the_last_bit(values: Trained, tmp_path: Path) -> None:
    """It adds up float32, whose rounding depends on the order of the trees."""
    native, together, alone = answers(values, "xgboost", tmp_path)
    np.testing.assert_array_equal(together, native)
    np.testing.assert_array_equal(alone, native)


def test_the_trees_of_an_ensemble_share_one_step(two_classes: Trained, tmp_path: Path) -> None:
    compile_candidate(two_classes.folder, "WeightedEnsemble_L2", tmp_path)
    kinds = [step.kind for step in read_plan(tmp_path).steps]
    assert (kinds.count("trees"), kinds.count("trees_part") > 1) == (1, True)


def test_folds_of_trees_get_the_librarys_probabilities(multiclass: Trained, tmp_path: Path) -> None:
    check(multiclass, "extra_trees_BAG_L1", tmp_path)


def _stock(folder: Path, monkeypatch: pytest.MonkeyPatch, key: str, **settings: Any) -> tuple[Trained, str]:
    """Train one model of AutoGluon's with certain settings; return its name too."""
    told = {key: [{**settings, "ag_args": {"name": "stock_medium-it"}}]}
    monkeypatch.setattr(workers, "hyperparameters_of", lambda *_, **__: told)
    frame = _table(200, seed=14)
    frame["answer"] = np.where(frame["signal"] > 2, "yes", "no")
    return train(
        folder, frame[:160], task("binary", "accuracy"), families=["stock_medium"], validation=frame[160:]
    ), "stock_medium-it"


@pytest.mark.parametrize(
    ("key", "settings"),
    [
        ("CAT", {"iterations": 20, "grow_policy": "Depthwise", "max_ctr_complexity": 1}),
        ("CAT", {"iterations": 20, "depth": 9, "max_ctr_complexity": 1}),
        ("GBM", {"num_boost_round": 20, "boosting": "rf", "bagging_fraction": 0.5, "bagging_freq": 1}),
    ],
)
def test_other_ways_to_grow_trees_are_compiled_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str, settings: dict[str, Any]
) -> None:
    trained, model = _stock(tmp_path / "run", monkeypatch, key, **settings)
    check(trained, model, tmp_path / "compiled")


def test_linear_leaves_are_refused_with_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trained, model = _stock(tmp_path / "run", monkeypatch, "GBM", num_boost_round=5, linear_tree=True)
    with pytest.raises(NotCompilableError, match="leaves hold linear models"):
        compile_candidate(trained.folder, model, tmp_path / "compiled")


@pytest.mark.parametrize("most_bytes", [2**22, 0])  # of tables: without, all trees are walked
def test_a_stack_reads_of_forests_what_it_was_trained_on_to_the_last_bit(
    stacked: Trained, most_bytes: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may cut between two answers that are next to each other."""
    monkeypatch.setattr(_tree_tables, "MOST_BYTES", most_bytes)
    pipeline = FeaturePipeline.from_state(json.loads((stacked.folder / "pipeline.json").read_text()))
    frame = pipeline.transform(hard_rows())
    compile_candidate(stacked.folder, "forest_BAG_L2", tmp_path)

    model, made = load_compiled(tmp_path), dict[str, Any]()
    for name, runner in model._steps:
        made[name] = runner.run(blocks_of(pipeline, frame), made)

    for step in read_plan(tmp_path).steps:  # what linear models and networks read is rounded, too
        assert made[step.id].dtype == np.float32 or step.settings.get("in_doubles")
    for base in ("forest_BAG_L1", "extra_trees_BAG_L1"):
        native = executor_of(stacked.folder, base).predict_proba(frame).astype(np.float32)
        own = native[:, 1] if native.shape[-1] == 2 else native
        assert any(np.array_equal(each, own) for each in made.values())
    check(stacked, "forest_BAG_L2", tmp_path / "again")


@pytest.mark.parametrize("n_decisions", [1, 64, 65, 200])
def test_columns_with_equal_bits_are_one(n_decisions):
    rng = np.random.default_rng(n_decisions)
    lefts = rng.random((n_decisions, 6)) < 0.5
    lefts = lefts[:, rng.integers(0, 6, 300)]
    distinct, row = _tree_tables._distinct_columns(lefts)
    assert np.array_equal(lefts[:, distinct][:, row], lefts)
    assert len(distinct) == len({column.tobytes() for column in lefts.T})


def test_columns_that_differ_but_have_the_same_number_stay_apart(monkeypatch):
    halves = np.random.default_rng(0).random((2, 64)) < 0.5
    swapped = np.stack([np.concatenate(halves), np.concatenate(halves[::-1])], axis=1)
    even = type("Even", (), {"integers": lambda *_, **__: np.zeros(2, dtype=np.uint64)})
    monkeypatch.setattr(_tree_tables.np.random, "default_rng", lambda _: even())  # each word counts alike
    distinct, row = _tree_tables._distinct_columns(swapped)
    assert len(distinct) == 2
    assert np.array_equal(swapped[:, distinct][:, row], swapped)
