"""The constant answer: the training rows' shares or mean, given to every row."""

from __future__ import annotations

import numpy as np
import pytest

from litmus_core.metrics import constant_answer, constant_score, get_metric


def test_shares_are_those_of_the_training_rows_in_the_order_of_the_classes():
    assert constant_answer(["b", "a", "b", "b"], classes=["a", "b", "c"]).tolist() == [0.25, 0.75, 0.0]


def test_whole_numbers_that_became_floats_are_the_same_classes():
    assert constant_answer(np.array([1.0, 0.0, 1.0, 1.0]), classes=[0, 1]).tolist() == [0.25, 0.75]


def test_a_lopsided_target_is_right_as_often_as_its_commonest_class():
    score = constant_score(
        get_metric("accuracy"), ["no", "no", "yes"], ["no", "yes", "no", "no"], classes=["no", "yes"]
    )
    assert score == 0.75


def test_a_class_that_never_trained_is_a_mistake():
    assert constant_score(get_metric("accuracy"), ["a", "a"], ["a", "new"], classes=["a"]) == 0.5


def test_the_positive_class_may_be_the_first():
    score = constant_score(
        get_metric("brier"),
        ["no", "no", "no", "yes"],
        ["no", "yes"],
        classes=["no", "yes"],
        positive_class="no",
    )
    assert score == pytest.approx((0.25**2 + 0.75**2) / 2)


def test_numbers_are_answered_by_their_mean():
    assert constant_score(get_metric("rmse"), [1, 2, 3], [2, 4]) == pytest.approx(2**0.5)
