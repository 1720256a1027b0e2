"""How sure a model says it is, against how often it is right."""

from __future__ import annotations

import numpy as np
import pytest

from litmus_core.diagnostics import reliability


def _said(chance: np.ndarray) -> np.ndarray:
    return np.column_stack([1 - chance, chance])


def test_honest_probabilities_come_as_often_as_they_say() -> None:
    rng = np.random.default_rng(0)
    chance = rng.random(20_000)
    truth = np.where(rng.random(20_000) < chance, "yes", "no")
    bins = reliability(truth, _said(chance), classes=["no", "yes"], positive_class="yes")
    assert len(bins) == 10
    assert sum(each.low <= each.predicted <= each.high for each in bins) >= 8


def test_a_boastful_model_is_caught() -> None:
    truth = ["yes"] * 60 + ["no"] * 40
    (found,) = reliability(truth, _said(np.full(100, 0.95)), classes=["no", "yes"])
    assert (found.predicted, found.observed, found.n_rows) == (pytest.approx(0.95), 0.6, 100)
    assert found.high < 0.95


def test_of_several_classes_it_is_about_the_likeliest_one() -> None:
    answers = np.tile([0.7, 0.2, 0.1], (30, 1))
    (found,) = reliability([1] * 15 + [2] * 15, answers, classes=[1, 2, 3])
    assert (found.predicted, found.observed) == (pytest.approx(0.7), 0.5)


def test_the_positive_class_may_be_the_first() -> None:
    (found,) = reliability(
        ["yes"] * 20, _said(np.full(20, 0.25)), classes=["yes", "no"], positive_class="yes"
    )
    assert (found.predicted, found.observed) == (pytest.approx(0.75), 1.0)


def test_a_few_rows_say_nothing() -> None:
    assert reliability(["a"] * 9, _said(np.full(9, 0.5)), classes=["a", "b"]) == ()
