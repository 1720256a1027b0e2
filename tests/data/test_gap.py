"""A gap in time: rows next to those that judge are not learned from, as scikit-learn leaves them out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import TimeSeriesSplit

from litmus_core.data import TimeGap, gap_text, time_gap
from litmus_core.engine._folds.splitters import fold_rows
from litmus_core.errors import UsageError
from litmus_core.types import Folds, SplitPlan, Task

DAY = 86_400e6  # microseconds


def _task() -> Task:
    return Task(
        dataset_version_id="v", target="y", problem_type="regression", metric="rmse", features=("x",),
        split=SplitPlan(kind="time", column="when"),
    )  # fmt: skip


def _close(gap: TimeGap, times: list[float], learned: slice, tested: slice) -> list[int]:
    masks = np.zeros((2, len(times)), dtype=bool)
    masks[0, learned] = masks[1, tested] = True
    return np.flatnonzero(gap.too_close(np.array(times), masks[0], masks[1])).tolist()


@pytest.mark.parametrize("gap", [0, 1, 7])
@pytest.mark.parametrize("n_folds", [2, 4])
def test_folds_with_a_gap_are_those_of_scikit_learn(gap: int, n_folds: int) -> None:
    order = np.random.default_rng(3).permutation(60)
    folding = fold_rows(
        Folds(n_folds), _task(), np.zeros(60), groups=None, times=order.astype(float), gap=TimeGap(n_rows=gap)
    )
    rows = np.argsort(order)
    expected = [
        (sorted(rows[learned]), sorted(rows[tested]))
        for learned, tested in TimeSeriesSplit(n_folds, gap=gap).split(rows)
    ]
    assert [(learned.tolist(), tested.tolist()) for learned, tested in folding.folds] == expected


def test_an_embargo_leaves_out_what_is_at_most_so_far_away_on_either_side() -> None:
    times = [float(day) * DAY for day in range(10)]
    gap = time_gap(Folds(0, embargo="2 days"), pd.Series(pd.to_datetime(["2024-01-01"]), name="when"))
    assert gap == TimeGap(span=2 * DAY)
    assert _close(gap, times, slice(0, 6), slice(6, 10)) == [4, 5]
    assert _close(gap, times, slice(0, 10, 5), slice(2, 4)) == [0, 5]  # later rows, which were appended


@pytest.mark.parametrize("span", [timedelta(days=2), pd.Timedelta("2D"), pd.Timedelta("48h")])
def test_an_embargo_may_be_a_timedelta(span: timedelta) -> None:
    folds = Folds(0, embargo=span)
    assert folds == Folds(0, embargo="48 hours")  # a task is stored as text
    assert time_gap(folds, pd.Series(pd.to_datetime(["2024-01-01"]))) == TimeGap(span=2 * DAY)


def test_rows_of_one_moment_are_left_out_together_and_rows_without_a_time_stay() -> None:
    times = [np.nan, 1.0, 2.0, 2.0, 2.0, 3.0, 3.0]
    assert _close(TimeGap(n_rows=1), times, slice(0, 5), slice(5, 7)) == [2, 3, 4]
    assert _close(TimeGap(n_rows=4), times, slice(0, 5), slice(5, 7)) == [1, 2, 3, 4]
    assert _close(TimeGap(n_rows=4), times, slice(0, 5), slice(0, 0)) == []


def test_a_number_column_has_an_embargo_of_its_own_unit() -> None:
    numbers = pd.Series([1.0, 2.0], name="step")
    assert time_gap(Folds(0, gap=3, embargo="2.5"), numbers) == TimeGap(n_rows=3, span=2.5)
    assert time_gap(Folds(0, embargo=4), numbers) == TimeGap(span=4.0)
    assert time_gap(None, numbers) == time_gap(Folds(3), None) == TimeGap()
    assert gap_text(Folds(0, embargo="2 hours")) == "2 hours"


@pytest.mark.parametrize(
    ("embargo", "times", "words"),
    [
        ("7", pd.Series(pd.to_datetime(["2024-01-01"]), name="when"), "'when' holds dates"),
        ("-1 day", pd.Series(pd.to_datetime(["2024-01-01"]), name="when"), "'when' holds dates"),
        ("soon", pd.Series(pd.to_datetime(["2024-01-01"]), name="when"), "'when' holds dates"),
        ("7 days", pd.Series([1.0], name="step"), "'step' holds numbers"),
        (0, pd.Series([1.0], name="step"), "'step' holds numbers"),
        ("nan", pd.Series([1.0], name="step"), "'step' holds numbers"),
        ("7 days", pd.Series(["Q1"], name="quarter"), "needs one column of dates or numbers"),
        ("7 days", None, "needs one column of dates or numbers"),
    ],
)
def test_an_embargo_that_is_no_time_of_the_column_is_refused(embargo: Any, times: Any, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        time_gap(Folds(0, embargo=embargo), times)
