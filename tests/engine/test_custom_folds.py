"""Folds that someone brings: what is refused, and what they become among the rows of a run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.model_selection import RepeatedKFold, ShuffleSplit, TimeSeriesSplit

from litmus_core.engine import check_pairs, read_folds, write_folds
from litmus_core.engine._folds.custom import custom_folding
from litmus_core.errors import NotFoundError, UsageError

ROWS = np.arange(12)
HALVES = [(ROWS[:6], ROWS[6:]), (ROWS[6:], ROWS[:6])]


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        ([(ROWS[:7], ROWS[6:]), HALVES[1]], "Fold 1 learns from 1 row that it is tested on."),
        ([HALVES[0], (ROWS[6:], [])], "Fold 2 has a side without rows."),
        ([HALVES[0], (ROWS[6:], [12])], "Fold 2 names row 12, and there are 12 rows."),
        ([HALVES[0], (ROWS[6:], [-1])], "Fold 2 names row -1"),
        ([HALVES[0], (ROWS[6:], [0.5])], "Fold 2 does not say its rows by their positions."),
        ([HALVES[0]], "1 fold of your own cannot be used."),
        ([1, 2], "Fold 1 is not a pair of training and test rows."),
        (["ab", "cd"], "Fold 1 is not a pair of training and test rows."),
        (list(ShuffleSplit(3, random_state=0).split(ROWS)), "test some rows more often than others."),
    ],
)
def test_what_cannot_be_folds_is_refused_with_its_number(pairs: Any, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        check_pairs(pairs, n_rows=12)
    assert said in str(refused.value)


def test_masks_and_repeats_are_folds() -> None:
    masks = [(ROWS < 6, ROWS >= 6), (ROWS >= 6, ROWS < 6)]
    assert [tested.tolist() for _, tested in check_pairs(masks, n_rows=12)] == [
        tested.tolist() for _, tested in HALVES
    ]
    repeated = list(RepeatedKFold(n_splits=3, n_repeats=2, random_state=0).split(ROWS))
    folding = custom_folding(check_pairs(repeated, n_rows=12), ROWS, None)
    assert [len(repeat) for repeat in folding.repeats] == [3, 3]
    assert folding.tested_in().shape == (12, 2)
    assert folding.scored.all()


def test_rows_that_no_fold_tests_are_not_scored_and_those_that_are_gone_are_left_out() -> None:
    pairs = check_pairs(list(TimeSeriesSplit(3).split(ROWS)), n_rows=12)
    places = np.array([0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11])  # row 3 is in the test part
    folding = custom_folding(pairs, places, None)
    assert folding.scored.tolist() == [False] * 3 + [True] * 8
    assert [places[tested].tolist() for _, tested in folding.folds] == [[4, 5], [6, 7, 8], [9, 10, 11]]
    for learned, tested in folding.folds:
        assert places[learned].max() < places[tested].min()


def test_a_fold_that_meets_no_row_of_a_class_learns_one_and_is_not_tested_on_it() -> None:
    mixed = np.array([0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 2, 2])
    ((learned, tested), (_, other)) = custom_folding(HALVES, ROWS, mixed).folds
    assert learned.tolist() == [0, 1, 2, 3, 4, 5, 10]
    assert tested.tolist() == [6, 7, 8, 9]
    assert other.tolist() == [0, 1, 2, 3, 4, 5]


def test_they_are_stored_by_their_content(tmp_path: Path) -> None:
    name = write_folds(tmp_path, check_pairs(HALVES, n_rows=12))
    assert name == write_folds(tmp_path, check_pairs(HALVES, n_rows=12))
    assert name != write_folds(tmp_path, check_pairs(HALVES[::-1], n_rows=12))
    assert [[side.tolist() for side in fold] for fold in read_folds(tmp_path, name)] == [
        [side.tolist() for side in fold] for fold in HALVES
    ]
    with pytest.raises(NotFoundError):
        read_folds(tmp_path, "../folds")
