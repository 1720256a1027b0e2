"""How many folds a run had is read from its folder."""

from __future__ import annotations

import numpy as np

from litmus_core.engine import n_folds


def test_the_folds_that_tested_rows_are_counted(tmp_path):
    np.savez(tmp_path / "rows.npz", fold=np.array([0, 1, 2, 1, -1]), folds=np.array(5))
    assert n_folds(tmp_path) == 3


def test_a_run_with_one_validation_part_has_none(tmp_path):
    np.savez(tmp_path / "rows.npz", fold=np.array([-1, -1]), folds=np.array(0))
    assert n_folds(tmp_path) == 0


def test_a_run_that_trained_nothing_has_none(tmp_path):
    assert n_folds(tmp_path) == 0


def test_a_folder_from_before_rows_knew_their_fold_says_what_was_asked(tmp_path):
    np.savez(tmp_path / "rows.npz", folds=np.array(5))
    assert n_folds(tmp_path) == 5
