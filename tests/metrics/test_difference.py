"""By how much one model's answers score better than another's, on the same rows."""

from __future__ import annotations

import numpy as np
import pytest

from litmus_core.metrics import get_metric, paired_difference, score_interval


def _said(chance):
    return np.column_stack([1 - chance, chance])


def _yes_and_no(n_rows=1_000):
    rng = np.random.default_rng(0)
    truth = rng.choice(["no", "yes"], n_rows)
    right = np.where(truth == "yes", 0.9, 0.1)
    wrong = rng.random(n_rows) < 0.2
    return truth, np.where(wrong, 1 - right, right), wrong


def test_what_both_get_wrong_drops_out() -> None:
    truth, second, wrong = _yes_and_no()
    first = second.copy()
    first[np.flatnonzero(wrong)[:20]] = 1 - first[np.flatnonzero(wrong)[:20]]  # 20 of 1,000 fixed
    metric, classes = get_metric("accuracy"), ["no", "yes"]

    found = paired_difference(metric, truth, _said(first), _said(second), classes=classes, seed=0)

    assert found.value == pytest.approx(0.02)
    assert found.low > 0
    assert found.chance == 1.0
    a, _ = score_interval(metric, truth, _said(first), classes=classes, seed=0)
    b, _ = score_interval(metric, truth, _said(second), classes=classes, seed=0)
    assert a.low < b.high  # as two scores they could not be told apart


def test_lower_is_better_where_the_metric_says_so() -> None:
    truth = np.arange(50.0)
    found = paired_difference(get_metric("rmse"), truth, truth + 1, truth + 3, seed=0)
    assert found.value == pytest.approx(2.0)
    back = paired_difference(get_metric("rmse"), truth, truth + 3, truth + 1, seed=0)
    assert (back.value, back.chance) == (pytest.approx(-2.0), 0.0)


def test_the_same_answers_are_level() -> None:
    truth, answers, _ = _yes_and_no(100)
    found = paired_difference(
        get_metric("roc_auc"), truth, _said(answers), _said(answers), classes=["no", "yes"], seed=0
    )
    assert (found.value, found.low, found.high, found.chance) == (0.0, 0.0, 0.0, 0.5)


def test_each_has_its_own_threshold() -> None:
    chances = np.array([0.2, 0.4, 0.6, 0.8] * 20)
    truth = np.where(chances > 0.3, "yes", "no")
    found = paired_difference(
        get_metric("accuracy"), truth, _said(chances), _said(chances), thresholds=(0.3, 0.5),
        classes=["no", "yes"], positive_class="yes", seed=0,
    )  # fmt: skip
    assert found.value == pytest.approx(0.25)
