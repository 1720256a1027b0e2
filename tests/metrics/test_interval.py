"""Intervals: what they hold, how blocks widen them, and what happens at the edges."""

from __future__ import annotations

import numpy as np
import pytest

from litmus_core.metrics import get_metric, score_interval
from litmus_core.metrics._case import LabelCase
from litmus_core.metrics._probabilities import roc_auc
from litmus_core.metrics._uncertainty.draws import BlockDraws, RandomBlockDraws, bootstrap


def _certain(right: int, wrong: int):
    y = np.array(["a"] * (right + wrong))
    p = np.array([[0.9, 0.1]] * right + [[0.1, 0.9]] * wrong)
    return y, p


def test_an_accuracy_of_90_percent_of_1000_rows_is_sure_to_about_two_points():
    y, p = _certain(900, 100)
    score, replicates = score_interval(get_metric("accuracy"), y, p, classes=["a", "b"], seed=0)
    assert (score.value, score.n_rows, len(replicates)) == (0.9, 1000, 1000)
    assert score.low == pytest.approx(0.881, abs=0.003)
    assert score.high == pytest.approx(0.918, abs=0.003)


def test_the_same_seed_gives_the_same_interval_and_another_seed_another_one():
    rng = np.random.default_rng(0)
    y, predicted = rng.random(200), rng.random(200)
    first, _ = score_interval(get_metric("rmse"), y, predicted, seed=1)
    again, _ = score_interval(get_metric("rmse"), y, predicted, seed=1)
    other, _ = score_interval(get_metric("rmse"), y, predicted, seed=2)
    assert first == again
    assert first != other


def test_rows_that_hang_together_in_blocks_make_the_interval_wider():
    rng = np.random.default_rng(0)
    blocks = np.repeat(np.arange(20), 50)
    error = np.repeat(rng.normal(size=20), 50)
    alone, _ = score_interval(get_metric("rmse"), np.zeros(1000), error, seed=0)
    together, _ = score_interval(get_metric("rmse"), np.zeros(1000), error, blocks=blocks, seed=0)
    assert together.high - together.low > 4 * (alone.high - alone.low)
    assert (together.n_blocks, alone.n_blocks) == (20, None)


def test_blocks_of_one_row_give_about_the_interval_over_rows():
    y, p = _certain(900, 100)
    by_block, _ = score_interval(
        get_metric("accuracy"), y, p, classes=["a", "b"], blocks=np.arange(1000), seed=0
    )
    assert by_block.low == pytest.approx(0.881, abs=0.003)


@pytest.mark.parametrize("name", ["roc_auc", "average_precision", "f1", "log_loss"])
def test_replicates_spread_around_the_value(name):
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 500)
    positive = np.clip(0.3 * y + 0.7 * rng.random(500), 0.001, 0.999)
    p = np.column_stack([1 - positive, positive])
    score, replicates = score_interval(get_metric(name), y, p, classes=[0, 1], seed=0)
    assert score.low < score.value < score.high
    assert np.mean(replicates) == pytest.approx(score.value, abs=0.01)


def test_many_rows_are_dealt_into_blocks_without_changing_the_spread():
    rng = np.random.default_rng(0)
    error = rng.normal(size=40_000)
    score, replicates = score_interval(get_metric("mae"), np.zeros(40_000), error, seed=0)
    expected_spread = np.abs(error).std() / np.sqrt(40_000)
    assert replicates.std() == pytest.approx(expected_spread, rel=0.1)
    assert score.low < score.value < score.high


def test_fifty_rows_without_a_mistake_are_not_a_promise_of_100_percent():
    y, p = _certain(50, 0)
    score, replicates = score_interval(get_metric("accuracy"), y, p, classes=["a", "b"], seed=0)
    assert (score.value, score.high) == (1.0, 1.0)
    assert score.low == pytest.approx(0.93, abs=0.01)
    assert (replicates < 0.99).mean() == pytest.approx(0.61, abs=0.05)


@pytest.mark.parametrize(
    ("n_rows", "n_wrong", "low", "high"),  # Clopper and Pearson
    [(69, 0, 0.948, 1.0), (69, 1, 0.922, 1.0), (160, 1, 0.966, 1.0), (160, 4, 0.937, 0.993)],
)
def test_a_share_near_its_bound_has_about_the_exact_interval(n_rows, n_wrong, low, high):
    truth = np.arange(n_rows) % 2
    said = np.where(np.arange(n_rows) < n_wrong, 1 - truth, truth)
    score, _ = score_interval(get_metric("accuracy"), truth, np.eye(2)[said], classes=[0, 1], seed=0, n=2000)
    assert (score.low, score.high) == pytest.approx((low, high), abs=0.005)


def test_a_perfect_ranking_is_not_a_promise_and_one_swapped_pair_makes_it_no_surer():
    truth = np.r_[np.ones(28), np.zeros(132)].astype(int)
    chance = np.r_[np.linspace(0.6, 1.0, 28), np.linspace(0.0, 0.4, 132)]
    swapped = chance.copy()
    swapped[[0, -1]] = chance[[-1, 0]]
    lows = [
        score_interval(get_metric("roc_auc"), truth, np.c_[1 - each, each], classes=[0, 1], seed=0)[0].low
        for each in (chance, swapped)
    ]
    assert 0.95 < lows[1] <= lows[0] < 0.99


def test_replicates_without_a_positive_row_count_as_worst_and_as_best():
    y = np.array([1, 1] + [0] * 40)
    p = np.column_stack([1 - np.linspace(0.9, 0.1, 42), np.linspace(0.9, 0.1, 42)])
    p[0] = [0.5, 0.5]
    score, replicates = score_interval(get_metric("roc_auc"), y, p, classes=[0, 1], seed=0)
    assert np.isnan(replicates).mean() == pytest.approx(0.13, abs=0.04)
    assert (score.low, score.high) == (0.0, 1.0)


def test_a_class_missing_from_a_multiclass_replicate_is_left_out_of_its_mean():
    y = np.array(["a"] * 30 + ["b"] * 30 + ["c"])
    p = np.full((61, 3), 1 / 3)
    score, replicates = score_interval(get_metric("roc_auc"), y, p, classes=["a", "b", "c"], seed=0)
    assert score.value == 0.5
    assert not np.isnan(replicates).any()


def test_a_single_block_falls_back_to_rows_rather_than_to_certainty():
    y, p = _certain(90, 10)
    score, _ = score_interval(get_metric("accuracy"), y, p, classes=["a", "b"], blocks=np.zeros(100), seed=0)
    assert score.low < 0.9 < score.high


@pytest.mark.parametrize("share", [0.3, 0.002])
def test_areas_of_many_rows_are_those_of_the_drawn_rows(share: float):
    rng = np.random.default_rng(3)
    codes = (rng.random(20_500) < share).astype(np.int64)
    chance = np.round(rng.normal(size=len(codes)) + codes, 1)  # with ties
    case = LabelCase(codes=codes, probabilities=np.column_stack([-chance, chance]), positive=1, threshold=0.5)
    draws = bootstrap(len(codes), None, n=60, seed=0)
    assert isinstance(draws, RandomBlockDraws)

    ranked = roc_auc(case, BlockDraws(draws.blocks, n=60, seed=0))
    summed = roc_auc(case, draws)

    assert np.abs(summed - ranked).max() < 0.05 * ranked.std()
    assert abs(summed.mean() - ranked.mean()) < 0.02 * ranked.std()


def test_blocks_count_codes_row_by_row():
    rng = np.random.default_rng(3)
    codes, draws = rng.integers(0, 3, 400), BlockDraws(rng.integers(0, 9, 400), n=7, seed=0)
    weights = np.concatenate(list(draws.weights()))
    expected = np.stack([np.bincount(codes, weights=row, minlength=4) for row in weights])
    assert (draws.counts(codes, 4) == expected).all()
