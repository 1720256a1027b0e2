"""Luck: how much the best of several looks better than it is, for having been chosen."""

import numpy as np
import pytest

from litmus_core.metrics import choice_luck, get_metric


def _answers(n_models, n_rows=300, seed=0):
    rng = np.random.default_rng(seed)
    truth = rng.normal(size=n_rows)
    return truth, [truth + rng.normal(size=n_rows) for _ in range(n_models)]


def test_a_single_model_was_not_chosen():
    truth, answers = _answers(1)
    assert choice_luck(get_metric("rmse"), truth, answers, seed=0) == 0.0


def test_the_best_of_many_equal_models_was_luckier_than_the_best_of_two():
    truth, answers = _answers(12)
    two = choice_luck(get_metric("rmse"), truth, answers[:2], seed=0)
    twelve = choice_luck(get_metric("rmse"), truth, answers, seed=0)
    assert 0 < two < twelve


def test_it_is_about_what_chosen_models_lose_on_fresh_rows():
    lost, said = [], []
    for seed in range(20):
        truth, answers = _answers(8, seed=seed)
        lost.append(1.0 - min(np.sqrt(np.mean((each - truth) ** 2)) for each in answers))  # all truly score 1
        said.append(choice_luck(get_metric("rmse"), truth, answers, seed=0, n=100))
    assert np.mean(said) == pytest.approx(np.mean(lost), rel=0.5)


def test_a_model_that_is_clearly_best_owes_nothing_to_luck():
    truth, answers = _answers(3)
    best = truth + (answers[0] - truth) / 10
    assert choice_luck(get_metric("rmse"), truth, [best, *answers], seed=0) < 0.002


def test_models_of_classes_are_compared_on_the_same_drawn_rows():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, size=200)
    said = np.where(rng.random(200) < 0.8, truth, 1 - truth)
    same = [np.eye(2)[said], np.eye(2)[said]]
    luck = choice_luck(get_metric("accuracy"), truth, same, classes=[0, 1], seed=0)
    assert luck == pytest.approx(0.0, abs=0.005)  # drawn apart: 0.016
