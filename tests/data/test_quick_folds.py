"""The quick model before training: scored without the test rows, and surer on few rows by folds."""

from __future__ import annotations

import numpy as np
import pytest

from litmus_core.data import quick_reference, quick_score_in_folds
from litmus_core.errors import DataError
from litmus_core.store import Workspace
from litmus_core.types import SplitPlan
from tests.data.test_baselines import Importer, shop, task_on


def test_few_rows_are_all_scored_once_but_for_the_test_rows(workspace: Workspace, imported: Importer) -> None:
    version = imported(shop())
    found = quick_reference(
        workspace, version, task_on(version, "category", problem_type="binary", metric="accuracy")
    )
    assert found.quick.n_rows == found.n_known
    assert (found.n_known + found.n_test, found.n_classes) == (240, 2)
    assert found.quick.value > 0.95 > 0.6 > found.constant
    assert found.quick.low <= found.quick.value <= found.quick.high


def test_numbers_are_scored_the_same_way(workspace: Workspace, imported: Importer) -> None:
    version = imported(shop())
    found = quick_reference(
        workspace, version, task_on(version, "price", problem_type="regression", metric="rmse")
    )
    assert found.quick.n_rows == found.n_known
    assert found.quick.value < 0.5 * found.constant


def test_a_split_in_time_order_keeps_its_validation_part(workspace: Workspace, imported: Importer) -> None:
    version = imported(shop())
    task = task_on(
        version, "price", problem_type="regression", metric="rmse", split=SplitPlan(kind="time", column="day")
    )
    found = quick_reference(workspace, version, task)
    assert found.quick.n_rows < found.n_known / 2


def test_a_class_that_a_fold_never_saw_is_not_impossible(workspace: Workspace, imported: Importer) -> None:
    version = imported(shop())
    found = quick_reference(
        workspace, version, task_on(version, "category", problem_type="binary", metric="log_loss")
    )
    assert found.quick.value == pytest.approx(0.02, abs=0.1)


def test_folds_that_judge_score_every_row_by_models_of_the_others(
    workspace: Workspace, imported: Importer
) -> None:
    version = imported(shop())
    task = task_on(version, "price", problem_type="regression", metric="rmse")
    folds = np.arange(version.n_rows) % 3
    judged = quick_score_in_folds(workspace, version, task, folds)
    assert judged < 0.5 * quick_reference(workspace, version, task).constant
    in_no_fold = np.where(folds == 0, -1, folds)
    assert quick_score_in_folds(workspace, version, task, in_no_fold) != judged
    with pytest.raises(DataError, match="Too few rows"):
        quick_score_in_folds(workspace, version, task, np.zeros(version.n_rows, dtype=np.int64))
    with pytest.raises(DataError, match="other rows"):
        quick_score_in_folds(workspace, version, task, folds[:-1])
