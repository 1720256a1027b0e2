"""Folds that a scientist asks for: in order of time, by group, repeated; and those that cannot be made."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from litmus_core.engine import (
    FoldKeys,
    check_fold_rows,
    check_folds,
    open_for_validation,
    validation_predictions,
)
from litmus_core.engine._folds.splitters import fold_rows, kind_of
from litmus_core.errors import UsageError
from litmus_core.types import Folds, SplitPlan
from tests.engine.conftest import table, task, train
from tests.session import once

BINARY = task("binary", "roc_auc")
TIMED = replace(BINARY, split=SplitPlan(kind="time", column="when"))


def folds_of(asked, target, *, task=BINARY, groups=None, times=None):
    return fold_rows(asked, task, np.asarray(target), groups=groups, times=times)


def test_folds_in_order_of_time_learn_from_earlier_rows_only():
    times = np.random.default_rng(0).permutation(60).astype(float)
    folding = folds_of(Folds(4, kind="time", column="when"), np.arange(60) % 2, times=times)

    assert len(folding.folds) == 4
    for learned, tested in folding.folds:
        assert times[learned].max() < times[tested].min()
    assert [len(tested) for _, tested in folding.folds] == [12, 12, 12, 12]


def test_the_earliest_rows_and_those_without_a_time_are_only_learned_from():
    times = np.array([np.nan, *range(1, 30)])
    folding = folds_of(Folds(2, kind="time", column="when"), np.arange(30) % 2, times=times)

    assert folding.scored.tolist() == [False] * 11 + [True] * 19
    assert all(0 in learned for learned, _ in folding.folds)
    assert (folding.tested_in()[folding.scored] >= 0).all()


def test_rows_of_one_moment_stay_on_one_side():
    times = np.repeat(np.arange(10.0), 7)
    for learned, tested in folds_of(
        Folds(3, kind="time", column="when"), np.arange(70) % 2, times=times
    ).folds:
        assert not set(times[learned]) & set(times[tested])


def test_a_moment_with_most_rows_leaves_each_fold_one_of_its_own():
    times = np.array([0.0] * 50 + [1.0, 2.0, 3.0])
    folding = folds_of(Folds(3, kind="time", column="when"), np.arange(53) % 2, times=times)

    assert [sorted(times[tested]) for _, tested in folding.folds] == [[1.0], [2.0], [3.0]]


def test_of_a_class_not_met_before_one_row_is_learned_and_none_asked():
    target = np.array([0, 1] * 10 + [2, 0] * 5)
    folding = folds_of(Folds(2, kind="time", column="when"), target, task=task("multiclass", "accuracy"),
                       times=np.arange(30.0))  # fmt: skip

    for learned, tested in folding.folds:
        assert set(target[learned]) == {0, 1, 2}
        assert not set(learned) & set(tested)
    learned, tested = folding.folds[1]
    assert (target[learned] == 2).sum() == 1
    assert target[tested].tolist() == [0] * 5
    assert folding.scored[20:].all()


def test_repeated_folds_test_each_row_once_a_repeat_and_differ():
    folding = folds_of(Folds(3, repeats=2), np.arange(30) % 2)
    numbers = folding.tested_in()

    assert numbers.shape == (30, 2)
    assert sorted(set(numbers[:, 0])) == [0, 1, 2]
    assert sorted(set(numbers[:, 1])) == [3, 4, 5]
    assert not np.array_equal(numbers[:, 0], numbers[:, 1] - 3)


def test_random_folds_never_leave_a_class_unlearned():
    target = np.array([0] * 28 + [1, 1])
    for learned, _ in folds_of(Folds(5, kind="random"), target).folds:
        assert set(target[learned]) == {0, 1}


@pytest.mark.parametrize(
    ("asked", "of", "kind"),
    [
        (Folds(3), BINARY, "stratified"),
        (Folds(3), task("regression", "rmse"), "random"),
        (Folds(3), TIMED, "time"),
        (Folds(3, kind="group", column="count"), BINARY, "group"),
    ],
)
def test_the_kind_follows_the_task_unless_it_is_said(asked, of, kind):
    assert kind_of(asked, of) == kind


@pytest.mark.parametrize(
    ("asked", "of", "said"),
    [
        (Folds(1), BINARY, "Use at least 2"),
        (Folds(10, repeats=10), BINARY, "repeated 10 times"),
        (Folds(3, kind="time", column="when", repeats=2), BINARY, "cannot be repeated"),
        (Folds(3, kind="stratified"), task("regression", "rmse"), "Use kind='random'"),
        (Folds(3, kind="group"), BINARY, "need a column"),
        (Folds(3, kind="group", column="answer"), BINARY, "it is the target"),
        (Folds(3), replace(BINARY, validation_version_id="dv_2"), "validation table would be unused"),
    ],
)
def test_folds_that_cannot_be_meant_are_refused(asked, of, said):
    with pytest.raises(UsageError, match=said):
        check_folds(asked, of)


@pytest.mark.parametrize(
    ("asked", "rows", "said"),
    [
        (
            Folds(5, kind="stratified"),
            {"labels": ["a"] * 20 + ["b"] * 3},
            "'b' of 'answer' has 3 rows .* Use 3 folds",
        ),
        (Folds(5, kind="stratified"), {"labels": ["a"] * 20 + ["b"]}, "has 1 row .* kind='random'"),
        (
            Folds(4, kind="group", column="shop"),
            {"labels": ["a", "b"] * 6, "groups": np.repeat([0, 1, 2], 4)},
            "'shop' has only 3 groups. Use 3 folds",
        ),
        (
            Folds(4, kind="time", column="day"),
            {"labels": ["a", "b"] * 6, "times": np.repeat([1.0, 2.0, np.nan, 3.0], 3)},
            "'day' has only 3 moments. Use 2 folds",
        ),
        (Folds(5, kind="random"), {"labels": ["a", "b"]}, "of 2 rows. Use 2 folds"),
    ],
)
def test_rows_that_do_not_allow_the_folds_are_said_with_the_nearest_number(asked, rows, said):
    with pytest.raises(UsageError, match=said):
        check_fold_rows(asked, BINARY, **rows)


@once()
def timed(folder: Path):
    frame = table(160, seed=3)
    frame["answer"] = np.where(frame["signal"] > 1, "high", "low")
    times = np.arange(160.0)
    return train(
        folder,
        frame,
        BINARY,
        families=["linear", "lightgbm"],
        folds=Folds(3, kind="time", column="when"),
        fold_keys=FoldKeys(times=times),
    )


def test_a_fit_in_order_of_time_is_scored_on_the_rows_that_were_predicted(timed):
    index, prediction = validation_predictions(timed.folder, "linear_BAG_L1")

    assert index.tolist() == list(range(40, 160))
    assert np.isfinite(prediction).all()
    assert all(model.validation_score is not None for model in timed.reported)


def test_each_row_is_asked_of_the_folds_that_tested_it(timed, tmp_path):
    frame = table(90, seed=4)
    frame["answer"] = np.where(frame["signal"] > 1, "high", "low")
    repeated = train(tmp_path, frame, BINARY, families=["linear"], folds=Folds(3, repeats=2))

    for trained in (timed, repeated):
        index, prediction = validation_predictions(trained.folder, "linear_BAG_L1")
        predictor = open_for_validation(trained.folder, "linear_BAG_L1")
        answers = predictor.predict_proba(trained.frame.loc[index].drop(columns=["answer", "signal"]))
        assert np.abs(answers - prediction).max() < 1e-6
    assert (tmp_path / "predictor" / "models" / "linear_BAG_L1" / "S1F6").exists()


def test_hyperparameters_reach_the_model(tmp_path):
    from litmus_core.engine._autogluon.trainer_folder import open_trainer
    from tests.engine.test_hyperparameters import asked

    frame = pd.DataFrame(table(120, seed=5))
    frame["answer"] = np.where(frame["signal"] > 1, "high", "low")
    trained = train(
        tmp_path, frame[:90], BINARY, families=[], validation=frame[90:],
        algorithms=(asked("lightgbm", n_estimators=7, num_leaves=4), asked("forest", n_estimators=11)),
    )  # fmt: skip
    trainer = open_trainer(tmp_path)

    assert {model.family for model in trained.reported} >= {"lightgbm", "forest"}
    booster = trainer.load_model("lightgbm-n_estimators=7, num_leaves=4").model
    assert (booster.num_trees(), booster.params["num_leaves"]) == (7, 4)
    assert len(trainer.load_model("forest-n_estimators=11").model.estimators_) == 11
