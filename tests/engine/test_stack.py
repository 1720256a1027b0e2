"""Two levels of models: trees that read others' answers, and an ensemble of both levels."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from litmus_core.engine import (
    check_continuable,
    check_refinable,
    check_stack,
    finish_models,
    validation_predictions,
)
from litmus_core.engine._run_folder.models import is_candidate
from litmus_core.errors import UsageError
from litmus_core.types import Compute, CustomModel, Folds, RunPlan, SplitPlan, TrainingOptions
from tests.engine.conftest import Trained, table, task, train
from tests.engine.test_compile import check
from tests.session import once

BINARY = task("binary", "roc_auc")


@once()
def stacked(folder: Path) -> Trained:
    frame = table(300, seed=21)
    frame["answer"] = np.where(frame["signal"] > 2, "yes", "no")
    folds = Folds(3, refit=True)
    return train(
        folder,
        frame,
        BINARY,
        families=["lightgbm", "linear"],
        folds=folds,
        training=TrainingOptions(stack=True),
    )


def test_trees_alone_learn_once_more_and_an_ensemble_chooses_among_both_levels(stacked: Trained) -> None:
    names = {each.model: each.name for each in stacked.reported}
    assert names["lightgbm_BAG_L2"] == "Fast boosted trees (LightGBM), on others' predictions"
    assert names["linear_BAG_L1"] == "Linear model"
    assert not any(name.startswith("linear_BAG_L2") for name in names)
    assert {"lightgbm_BAG_L1", "lightgbm_BAG_L2_FULL"} <= set(names)
    assert len(set(names.values())) == len(names)  # on a leaderboard no two are called the same
    scored = {each.model: each.validation_score for each in stacked.reported}
    assert all(value is not None and 0.5 < value <= 1.0 for value in scored.values())


@pytest.mark.parametrize("model", ["lightgbm_BAG_L2", "lightgbm_BAG_L2_FULL"])
def test_a_model_of_the_second_level_compiles_with_all_that_it_reads(
    stacked: Trained, model: str, tmp_path: Path
) -> None:
    check(stacked, model, tmp_path)


def test_its_answers_in_validation_are_out_of_fold(stacked: Trained) -> None:
    index, said = validation_predictions(stacked.folder, "lightgbm_BAG_L2")
    assert sorted(index) == sorted(stacked.frame.index)
    assert said.shape == (300, 2)


def test_a_fit_that_was_stopped_after_the_first_level_keeps_that(tmp_path: Path) -> None:
    frame = table(200, seed=22)
    frame["answer"] = np.where(frame["signal"] > 2, "yes", "no")
    asked = count()
    found = train(
        tmp_path,
        frame,
        BINARY,
        families=["lightgbm", "forest"],
        should_stop=lambda: next(asked) > 2,
        folds=Folds(2),
        training=TrainingOptions(stack=True),
    )
    single = [each.model for each in found.reported if not each.is_ensemble]
    assert single == ["lightgbm_BAG_L1", "forest_BAG_L1"]
    assert [each.model for each in finish_models(tmp_path) if not each.is_ensemble] == single


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (RunPlan(folds=Folds(0), training=TrainingOptions(stack=True)), "there are no folds"),
        (
            RunPlan(folds=Folds(3, kind="time", column="when"), training=TrainingOptions(stack=True)),
            "in order of time",
        ),
        (RunPlan(folds=Folds(3, repeats=2), training=TrainingOptions(stack=True)), "repeated folds"),
        (RunPlan(families=("linear",), training=TrainingOptions(stack=True)), "none of these models is"),
        (
            RunPlan(training=TrainingOptions(stack=True), compute=Compute(where="ray")),
            "on this machine alone",
        ),
        (
            RunPlan(folds=Folds(3, refit=True), training=TrainingOptions(stack=True, without_rows=(3,))),
            "cannot leave some of them out",
        ),
        (
            RunPlan(models=(CustomModel(reference="a.py:Mine"),), training=TrainingOptions(stack=True)),
            "none of these models is",
        ),
    ],
)
def test_what_cannot_be_stacked_is_said(plan: RunPlan, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        check_stack(plan, BINARY)


def test_rows_in_order_of_time_are_not_stacked_and_what_litmus_chooses_is() -> None:
    timed = replace(BINARY, split=SplitPlan(kind="time", column="when"))
    with pytest.raises(UsageError, match="in order of time"):
        check_stack(RunPlan(training=TrainingOptions(stack=True)), timed)
    check_stack(RunPlan(training=TrainingOptions(stack=True)), BINARY)
    check_stack(
        RunPlan(families=("linear", "lightgbm"), folds=Folds(5), training=TrainingOptions(stack=True)), BINARY
    )
    check_stack(
        RunPlan(families=("stock_medium",), training=TrainingOptions(stack=True)), BINARY
    )  # a mix with trees
    check_stack(RunPlan(folds=Folds(3), training=TrainingOptions(stack=True, without_rows=(3,))), BINARY)


def test_what_turns_out_to_have_no_trees_is_refused_before_it_is_fitted(tmp_path: Path) -> None:
    frame = table(60, seed=23)
    frame["answer"] = np.where(frame["signal"] > 2, "yes", "no")
    with pytest.raises(UsageError, match="there are none"):
        train(
            tmp_path, frame, BINARY, families=["linear"], folds=Folds(2), training=TrainingOptions(stack=True)
        )


def test_an_ensemble_of_both_levels_without_the_second_is_not_shown_twice() -> None:
    sets = {
        "WeightedEnsemble_L3": ["WeightedEnsemble_L3", "lightgbm_BAG_L1", "linear_BAG_L1"],
        "WeightedEnsemble_L2": ["WeightedEnsemble_L2", "lightgbm_BAG_L1", "linear_BAG_L1"],
        "WeightedEnsemble_L3_FULL": [
            "WeightedEnsemble_L3_FULL",
            "lightgbm_BAG_L2_FULL",
            "linear_BAG_L1_FULL",
        ],
    }
    trainer = SimpleNamespace(get_minimum_model_set=sets.__getitem__)
    assert [is_candidate(trainer, model) for model in sets] == [False, True, True]


def test_what_reads_others_answers_is_neither_refined_nor_gone_on_with(stacked: Trained) -> None:
    with pytest.raises(UsageError, match="needs the predictions of all its models, so none can be left out"):
        check_refinable(stacked.folder, "lightgbm_BAG_L2")
    with pytest.raises(UsageError, match="which would change under it"):
        check_continuable(stacked.folder, "lightgbm_BAG_L2")
    check_refinable(stacked.folder, "lightgbm_BAG_L1")
