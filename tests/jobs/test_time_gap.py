"""A gap in time sets rows of a run apart: no model is judged by what it learned from next door."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from litmus_core.engine import check_folds
from litmus_core.errors import UsageError
from litmus_core.jobs._final.plan import learned_rows
from litmus_core.jobs._outer.child import without
from litmus_core.jobs._run_data import RunData
from litmus_core.jobs._time_gap import gap_note, with_gap
from litmus_core.types import Folds, RunPlan, SplitPlan, Task, from_plain, to_plain

DAYS = pd.DataFrame({"when": pd.date_range("2024-01-01", periods=60), "y": np.arange(60.0)})
CODES = np.repeat(np.array([0, 1, 2], dtype=np.int8), 20)
TASK = Task(
    dataset_version_id="v", target="y", problem_type="regression", metric="rmse", features=("when",),
    split=SplitPlan(kind="time", column="when"),
)  # fmt: skip


def _apart(folds: Folds | None, codes: Any = CODES) -> list[int]:
    return np.flatnonzero(with_gap(codes, DAYS, TASK, folds) >= 4).tolist()


def test_rows_before_validation_and_before_the_test_part_are_set_apart() -> None:
    assert _apart(Folds(0, gap=2)) == [18, 19, 38, 39]
    assert _apart(Folds(0, embargo="3 days")) == [17, 18, 19, 37, 38, 39]
    assert _apart(Folds(0)) == _apart(None) == []


def test_folded_rows_keep_the_gap_to_the_test_part_alone() -> None:
    """Their folds keep it among themselves."""
    assert _apart(Folds(3, gap=2)) == [38, 39]
    assert _apart(Folds(3, gap=25)) == list(range(15, 40))


def test_rows_set_apart_before_come_back_first() -> None:
    codes = with_gap(CODES, DAYS, TASK, Folds(0, gap=5))
    assert _apart(Folds(0, gap=1), codes) == [19, 39]
    assert with_gap(codes, DAYS, TASK, None).tolist() == CODES.tolist()


def test_the_model_of_all_rows_learns_from_them_and_the_run_says_how_many_there_are() -> None:
    codes = with_gap(CODES, DAYS, TASK, Folds(0, gap=2))
    data = RunData(frame=DAYS, part=codes, block=None, columns=(), target="y")
    assert learned_rows(data).tolist() == list(range(60))
    assert len(data.index("train")) == len(data.index("validation")) == 18
    assert gap_note(codes, Folds(0, gap=2)) == "4 rows within 2 rows of rows that judge are not learned from."
    assert gap_note(CODES, Folds(0, gap=2)) == ""


def test_an_outer_fold_keeps_the_gap_to_the_rows_that_it_judges() -> None:
    part = with_gap(np.repeat(np.array([0, 1], dtype=np.int8), 30), DAYS, TASK, Folds(0, gap=2))
    data = RunData(frame=DAYS, part=part, block=None, columns=(), target="y", outer=np.arange(60) // 20 - 1)
    context: Any = SimpleNamespace(
        experiment=SimpleNamespace(task=TASK), plan=RunPlan(folds=Folds(3, gap=2, outer=2))
    )
    rows = without(data, 1, context)
    assert rows.index("test").tolist() == list(range(40, 60))
    assert rows.in_gap.tolist() == [38, 39]


@pytest.mark.parametrize(
    ("folds", "changes", "words"),
    [
        (Folds(0, gap=-1), {}, "A gap of -1 rows is not possible"),
        (Folds(0, gap=1.5), {}, "A gap of 1.5 rows is not possible"),  # type: ignore[arg-type]
        (Folds(0, gap=True), {}, "A gap of True rows is not possible"),
        (Folds(0, gap=3), {"split": SplitPlan()}, "rows in order of time"),
        (Folds(3, kind="random", gap=3), {}, "rows in order of time"),
        (Folds(3, kind="time", column="when", embargo="1 day"), {"split": SplitPlan()}, "in order of time"),
        (Folds(0, gap=3), {"test_version_id": "w"}, "between separate tables"),
    ],
)
def test_a_gap_that_nothing_could_keep_is_refused(folds: Folds, changes: Any, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        check_folds(folds, replace(TASK, **changes))


def test_a_gap_that_leaves_no_rows_is_said() -> None:
    codes = np.repeat(np.array([0, 1, 2], dtype=np.int8), 20)
    with pytest.raises(UsageError, match="leaves no training rows"):
        with_gap(codes, DAYS, TASK, Folds(0, gap=25))


def test_a_plan_remembers_its_gap() -> None:
    for folds in (Folds(3, gap=2, embargo="3 days"), Folds(0, embargo=2.5)):
        plan = RunPlan(folds=folds)
        assert from_plain(RunPlan, to_plain(plan)) == plan
