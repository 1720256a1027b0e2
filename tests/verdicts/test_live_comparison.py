"""A waiting version beside the live one: called better only if it is, however often one looks."""

from __future__ import annotations

import numpy as np

from litmus_core.metrics import LabelCase, ValueCase, get_metric
from litmus_core.verdicts import compare_live

RMSE, ACCURACY = get_metric("rmse"), get_metric("accuracy")


def values(n_rows: int, error: float, *, seed: int = 0) -> ValueCase:
    truth = np.random.default_rng(1).normal(size=n_rows)
    return ValueCase(truth=truth, predicted=truth + np.random.default_rng(seed).normal(0, error, n_rows))


def labels(n_rows: int, right: float, *, seed: int) -> LabelCase:
    truth = np.random.default_rng(1).integers(0, 2, n_rows)
    answers = np.where(np.random.default_rng(seed).random(n_rows) < right, truth, 1 - truth)
    probabilities = np.eye(2)[answers] * 0.8 + 0.1
    return LabelCase(codes=truth, probabilities=probabilities, positive=1, threshold=None)


def test_a_smaller_error_is_a_gain_and_a_larger_one_a_loss() -> None:
    state, gain, low, high = compare_live(RMSE, values(2_000, 1.0), values(2_000, 0.5, seed=2))
    assert state == "better"
    assert 0.4 < low < gain < high < 0.6
    assert compare_live(RMSE, values(2_000, 0.5), values(2_000, 1.0, seed=2))[0] == "worse"


def test_few_rows_and_equal_models_decide_nothing() -> None:
    assert compare_live(RMSE, values(99, 1.0), values(99, 0.1))[0] == "too few rows"
    assert compare_live(RMSE, values(500, 1.0), values(500, 1.0))[:2] == ("undecided", 0.0)
    assert compare_live(ACCURACY, labels(500, 0.8, seed=3), labels(500, 0.8, seed=4))[0] == "undecided"


def test_looking_often_promotes_no_equal_model() -> None:
    promoted = 0
    for seed in range(20):
        live, other = (labels(2_000, 0.8, seed=2 * seed + place) for place in (0, 1))
        looks = (slice(0, n_rows) for n_rows in range(100, 2_001, 100))
        promoted += any(
            compare_live(ACCURACY, *(_first(case, rows) for case in (live, other)))[0] == "better"
            for rows in looks
        )
    assert promoted <= 1


def _first(case: LabelCase, rows: slice) -> LabelCase:
    return LabelCase(
        codes=case.codes[rows], probabilities=case.probabilities[rows], positive=1, threshold=None
    )
