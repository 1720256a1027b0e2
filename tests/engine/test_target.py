"""The target: odd labels become codes and come back as they were."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from litmus_core.engine._target import Target
from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.types import Task


def _task(problem_type="multiclass", positive_class=None):
    return Task(
        dataset_version_id="dv", target="y", problem_type=problem_type, metric="accuracy", features=("x",),
        positive_class=positive_class,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("labels", "classes"),
    [
        (["b", "a b", "a b"], ("a b", "b")),
        ([True, False, True], (False, True)),
        (np.array([3, 1, 2]), (1, 2, 3)),
        (np.array([2.0, 1.0]), (1, 2)),
        (np.array([2.5, 1.0]), (1.0, 2.5)),
        (["10", "9", 9], (9, "10", "9")),
    ],
)
def test_classes_keep_their_values_and_python_types_in_order(labels, classes):
    found = Target.fit(pd.Series(labels, dtype=getattr(labels, "dtype", object)), _task()).classes
    assert found == classes
    assert [type(each) for each in found] == [type(each) for each in classes]


def test_the_positive_class_comes_second_whatever_its_order():
    target = Target.fit(pd.Series(["no", "yes"]), _task("binary", positive_class="no"))
    assert (target.classes, target.positive_class) == (("yes", "no"), "no")
    assert target.encode(pd.Series(["no", "yes", "no"])).tolist() == [1, 0, 1]


def test_without_one_named_the_positive_class_is_the_last_in_order():
    assert Target.fit(pd.Series([0, 1]), _task("binary")).positive_class == 1


def test_a_positive_class_that_does_not_occur_is_refused():
    with pytest.raises(UnknownNameError, match="There is no class 'maybe'"):
        Target.fit(pd.Series(["no", "yes"]), _task("binary", positive_class="maybe"))


def test_labels_that_training_did_not_hold_are_unknown():
    assert Target.fit(pd.Series(["a", "b"]), _task()).encode(pd.Series(["b", "c"])).tolist() == [1, -1]


def test_three_answers_to_a_yes_or_no_question_are_refused():
    with pytest.raises(UsageError, match="'y' has 3 different labels in the training rows, not two"):
        Target.fit(pd.Series(["a", "b", "c"]), _task("binary"))


def test_numbers_stay_numbers():
    target = Target.fit(pd.Series([1, 2]), _task("regression"))
    assert target.encode(pd.Series([1, 2])).tolist() == [1.0, 2.0]
