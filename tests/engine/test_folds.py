"""Folds: every row once, groups together, classes never lost from training."""

from __future__ import annotations

import numpy as np

from litmus_core.engine import _resources, choose_folds
from litmus_core.engine._folds.splitters import plan_folds
from litmus_core.types import Column, Resources, SplitPlan, Task


def test_every_row_is_tested_exactly_once_and_never_trained_on_in_its_fold():
    folds = plan_folds(np.arange(20) % 2, n_folds=4, groups=None, seed=0, stratify=True)
    assert sorted(np.concatenate([tested for _, tested in folds])) == list(range(20))
    for learned, tested in folds:
        assert set(learned) | set(tested) == set(range(20))
        assert not set(learned) & set(tested)


def test_classes_are_spread_evenly():
    folds = plan_folds(np.repeat([0, 1], [80, 20]), n_folds=4, groups=None, seed=0, stratify=True)
    assert [int((tested >= 80).sum()) for _, tested in folds] == [5, 5, 5, 5]


def test_rows_of_one_group_are_tested_together():
    groups = np.repeat(np.arange(10), 6)
    folds = plan_folds(np.arange(60) % 2, n_folds=5, groups=groups, seed=0, stratify=True)
    for learned, tested in folds:
        assert not set(groups[learned]) & set(groups[tested])


def test_there_are_no_more_folds_than_groups():
    groups = np.repeat([0, 1], 30)
    assert len(plan_folds(np.arange(60.0), n_folds=5, groups=groups, seed=0, stratify=False)) == 2


def test_the_only_row_of_a_class_is_never_tested():
    target = np.array([0] * 10 + [1] * 10 + [2])
    folds = plan_folds(target, n_folds=3, groups=None, seed=0, stratify=True)
    assert sorted(np.concatenate([tested for _, tested in folds])) == list(range(20))
    assert all(20 in learned for learned, _ in folds)


def test_a_class_that_lives_in_one_group_stays_in_training():
    target, groups = np.array([0, 1] * 12 + [2, 2]), np.array([0, 1, 2, 3] * 6 + [3, 3])
    for learned, tested in plan_folds(target, n_folds=2, groups=groups, seed=0, stratify=True):
        assert set(target[learned]) == {0, 1, 2}
        assert 2 not in target[tested]


def test_classes_all_smaller_than_the_folds_are_still_folded():
    folds = plan_folds(np.arange(12) // 2, n_folds=5, groups=None, seed=0, stratify=True)
    assert len(folds) == 5


def test_the_seed_decides_the_folds():
    def tested(seed):
        folds = plan_folds(np.arange(50.0), n_folds=5, groups=None, seed=seed, stratify=False)
        return [list(fold[1]) for fold in folds]

    assert tested(1) == tested(1)
    assert tested(1) != tested(2)


def _chosen(*, n_rows=800, n_columns=20, seconds=60.0, split="random", n_classes=2, **more):
    task = Task(
        dataset_version_id="dv", target="y", problem_type="binary", metric="f1", features=("x",),
        time_limit_s=seconds, split=SplitPlan(kind=split, column=None if split == "random" else "x"),
    )  # fmt: skip
    column = Column(name="x", original_name="x", kind="number", storage="DOUBLE")
    return choose_folds(task=task, columns=[column] * n_columns, n_rows=n_rows, n_classes=n_classes, **more)


def test_few_rows_are_folded_where_the_time_allows_it():
    assert _chosen() == 5
    assert _chosen(seconds=10.0) == 0


def test_more_rows_are_folded_where_all_families_get_done_in_folds():
    assert _chosen(n_rows=30_000) == 0
    assert _chosen(n_rows=30_000, seconds=300.0) == 3
    assert _chosen(n_rows=30_000, seconds=400.0) == 5
    assert _chosen(n_rows=2_000, n_columns=2, seconds=50.0) == 0


def test_three_folds_are_chosen_where_there_is_time_for_them_and_not_for_five():
    found = [_chosen(n_rows=14_000, seconds=seconds) for seconds in (60.0, 79.0, 81.0, 159.0, 161.0)]
    assert found == [0, 0, 3, 3, 5]  # five folds take 400 s


def test_folds_that_are_fitted_side_by_side_take_less_time(monkeypatch):
    monkeypatch.setattr(_resources, "_n_cpus", lambda: 2)
    assert [_chosen(n_rows=14_000, seconds=120.0, resources=each) for each in (None, Resources())] == [3, 5]
    for alone in (Resources(cpus=1), Resources(gpus=1), Resources(memory_gb=4)):
        assert _chosen(n_rows=14_000, seconds=120.0, resources=alone) == 3


def test_each_class_takes_trees_of_its_own():
    assert _chosen(n_rows=5_000) == 5
    assert _chosen(n_rows=5_000, n_classes=10) == 0
    assert _chosen(n_rows=5_000, n_classes=10, seconds=300.0) == 5
    assert _chosen(n_classes=30) == 5


def test_a_split_by_time_takes_no_folds():
    assert _chosen(split="time") == 0


def test_with_little_time_no_model_is_fitted_five_times():
    assert _chosen(seconds=10.0) == 0


def test_a_very_wide_table_takes_folds_only_with_time_for_them():
    assert _chosen(n_columns=2_000) == 0
    assert _chosen(n_columns=2_000, seconds=300.0) == 5
