"""``folds=`` takes what scikit-learn calls cv: it is computed for the rows that are folded, and stored."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import GroupKFold, KFold, LeaveOneOut, PredefinedSplit, TimeSeriesSplit

from litmus_core import Compute, Data, Training, train
from litmus_core.cli._folds import requested_folds
from litmus_core.engine import read_folds
from litmus_core.errors import LitmusError, UsageError
from litmus_core.types import Folds, RunPlan
from tests.trained import table

TABLE = table(240).assign(shop=np.arange(240) % 12, fold=np.arange(240) % 3)


@pytest.fixture
def queued(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Queue a run, start none of it, and return the handle."""
    monkeypatch.setattr("litmus_core.jobs._queue.queue.dispatch", lambda *_, **__: None)
    studios = []

    def start(folds: Any, table: pd.DataFrame = TABLE, **asked: Any) -> Any:
        table.to_csv(tmp_path / "shop.csv", index=False)
        handle = train(
            Data(tmp_path / "shop.csv", **({"split": "random"} | asked)),
            "sold",
            folds=folds,
            training=Training(models=["linear"]),
            workspace=tmp_path / "workspace",
        )
        studios.append(handle.studio)
        return handle

    yield start
    for studio in studios:
        studio.close()


def _stored(handle: Any) -> tuple[Folds, list[Any]]:
    folds = handle.run.plan.folds
    return folds, read_folds(handle.studio.workspace.path, folds.stored)


def test_a_splitter_parts_the_rows_outside_the_test_part(queued: Any) -> None:
    folds, pairs = _stored(queued(KFold(4)))
    assert (folds.n_folds, folds.kind, folds.title[:18]) == (4, "custom", "KFold(n_splits=4, ")
    tested = np.concatenate([tested for _, tested in pairs])
    assert len(np.unique(tested)) == len(tested) == 192  # of 240
    assert all(len(np.intersect1d(learned, tested)) == 0 for learned, tested in pairs)


def test_groups_are_those_of_the_split(queued: Any) -> None:
    with pytest.raises(UsageError, match="Name the groups"):
        queued(GroupKFold(3))
    with pytest.raises(UsageError, match="ask for fewer folds"):
        queued(GroupKFold(50), split="group:shop")
    _, pairs = _stored(queued(GroupKFold(3), split="group:shop"))
    for learned, tested in pairs:
        assert not set(TABLE["shop"].iloc[learned]) & set(TABLE["shop"].iloc[tested])


def test_folds_that_tear_groups_apart_are_refused(queued: Any) -> None:
    with pytest.raises(UsageError, match="have rows of 10 groups of 'shop' on both sides") as refused:
        queued(KFold(2), split="group:shop")
    assert "StratifiedGroupKFold(5)" in str(refused.value.hint)


def test_after_a_split_by_time_a_splitter_gets_the_rows_in_order_of_time(queued: Any) -> None:
    day = pd.date_range("2024-01-01", periods=240)[np.random.default_rng(0).permutation(240)]
    _, pairs = _stored(queued(TimeSeriesSplit(3, gap=5), split="time:day", table=TABLE.assign(day=day)))
    assert [len(tested) for _, tested in pairs] == [48, 48, 48]
    for learned, tested in pairs:
        assert (day[tested].min() - day[learned].max()).days == 6


def test_a_column_numbers_folds_and_is_no_feature(queued: Any) -> None:
    handle = queued("column:fold")
    _, pairs = _stored(handle)
    assert [set(TABLE["fold"].iloc[tested]) for _, tested in pairs] == [{0}, {1}, {2}]
    assert "fold" not in handle.experiment.task.features
    assert "stored='folds_" in handle.code


def test_a_function_gets_the_rows_and_pairs_name_rows_of_the_table(queued: Any) -> None:
    def early_and_late(rows: pd.DataFrame) -> Any:
        is_late = rows["day"] > rows["day"].median()
        return [(rows.index[~is_late], rows.index[is_late]), (rows.index[is_late], rows.index[~is_late])]

    folds, pairs = _stored(queued(early_and_late))
    assert folds.title == "early_and_late"
    assert TABLE["day"].iloc[pairs[0][0]].max() < TABLE["day"].iloc[pairs[0][1]].min()

    rows = np.arange(240)
    _, pairs = _stored(queued([(rows[:120], rows[120:]), (rows[120:], rows[:120])]))
    assert pairs[0][1].min() >= 120
    assert sum(len(tested) for _, tested in pairs) == 192


def test_a_predefined_split_of_all_rows_numbers_rows_of_the_table(queued: Any) -> None:
    folds, pairs = _stored(queued(PredefinedSplit(TABLE["fold"])))
    assert folds.title == "PredefinedSplit"
    assert [set(TABLE["fold"].iloc[tested]) for _, tested in pairs] == [{0}, {1}, {2}]
    assert sum(len(tested) for _, tested in pairs) == 192

    _, of_folded = _stored(queued(PredefinedSplit(np.arange(192) % 2)))
    assert [len(tested) for _, tested in of_folded] == [96, 96]


@pytest.mark.parametrize(
    ("folds", "said"),
    [
        ("column:flod", "Did you mean 'fold'?"),
        ("five", "folds='column:NAME'"),
        (lambda rows: 5, "gave no folds"),
        (KFold, "Write folds=KFold(…)."),
        (LeaveOneOut(), "More than 50 folds of your own cannot be used."),
        (PredefinedSplit([0, 1] * 60), "the folds of 120 rows: the table has 240, of which 192 are folded."),
        (Folds(3, kind="custom"), "Custom folds can only be set in Python."),
        (Folds(3, kind="custom", stored="folds_of_yesterday"), "folds_of_yesterday"),
        ([([0, 1], [240]), ([2], [0])], "Fold 1 names row 240, and there are 240 rows."),
    ],
)
def test_what_are_no_folds_is_refused_in_a_sentence(queued: Any, folds: Any, said: str) -> None:
    with pytest.raises(LitmusError) as refused:
        queued(folds)
    assert said in str(refused.value)


def test_the_shell_takes_the_column() -> None:
    assert requested_folds(None, kind="column:fold", repeats=1) == "column:fold"
    with pytest.raises(UsageError, match="Give --folds-kind column:fold alone"):
        requested_folds(3, kind="column:fold", repeats=1)


def test_a_run_in_own_folds_is_scored_on_what_they_test_and_repeats(tmp_path: Any) -> None:
    handle = train(
        Data(TABLE.drop(columns=["day"]), split="random"),
        "sold",
        folds="column:fold",
        training=Training(models=["linear"], keep_judged=True),
        compute=Compute(time_limit_s=20),
        workspace=tmp_path / "workspace",
    )
    with handle.studio as studio:
        best = next(each for each in handle.wait(timeout_s=200).candidates() if each.chosen)
        assert best.validation is not None
        assert best.validation.n_rows == 192
        plan: RunPlan = studio.runs.get(handle.run.id).plan
        assert plan.folds is not None
        assert plan.folds.title == "column:fold"
