"""Means of errors: their intervals allow for the few large errors that a small test part may lack."""

import numpy as np
import pytest

from litmus_core.metrics import get_metric, metrics_for, score_interval

TRULY = {"rmse": np.e, "mae": np.exp(0.5)}  # of errors whose logarithm is normal


def _errors(n, seed):
    return np.exp(np.random.default_rng(seed).normal(size=n))


@pytest.mark.parametrize("name", ["rmse", "mae"])
def test_skewed_errors_have_an_interval_that_reaches_further_at_the_bad_end(name):
    score, _ = score_interval(get_metric(name), np.zeros(200), _errors(200, 0), seed=0)
    assert score.high - score.value > 1.2 * (score.value - score.low)  # the plain bootstrap: 1.0


def test_of_many_small_test_parts_most_intervals_hold_the_true_error():
    held = 0
    for seed in range(60):
        score, _ = score_interval(get_metric("rmse"), np.zeros(100), _errors(100, seed), seed=0, n=400)
        held += score.low <= TRULY["rmse"] <= score.high
    assert held >= 50  # the plain bootstrap: 41


def test_even_errors_have_about_the_interval_of_the_normal_distribution():
    errors = np.random.default_rng(0).uniform(size=2_000)
    score, replicates = score_interval(get_metric("mae"), np.zeros(2_000), errors, seed=0, n=2_000)
    half = 1.96 * errors.std() / np.sqrt(2_000)
    assert (score.low, score.high) == pytest.approx((score.value - half, score.value + half), abs=half / 8)
    assert np.mean(replicates) == pytest.approx(score.value, abs=half / 8)


def test_blocks_are_the_units_of_a_studentised_interval():
    error = np.repeat(_errors(40, 0), 25)
    alone, _ = score_interval(get_metric("rmse"), np.zeros(1_000), error, seed=0)
    together, _ = score_interval(
        get_metric("rmse"), np.zeros(1_000), error, blocks=np.repeat(np.arange(40), 25), seed=0
    )
    assert together.high - together.low > 3 * (alone.high - alone.low)


def test_what_is_explained_has_an_interval_below_one():
    rng = np.random.default_rng(0)
    truth = rng.normal(size=300)
    score, replicates = score_interval(get_metric("r2"), truth, truth + rng.normal(size=300) / 3, seed=0)
    assert 0.8 < score.low < score.value < score.high < 1.0
    assert (replicates < 1.0).all()


@pytest.mark.parametrize("n_rows", [12, 60, 120])
def test_one_huge_error_makes_no_interval_that_is_worse_than_that_error_in_each_row(n_rows):
    error = np.random.default_rng(0).normal(scale=0.1, size=n_rows)
    error[0] = 1e18
    truth = np.linspace(0.0, 1e18, n_rows)
    rmse, _ = score_interval(get_metric("rmse"), np.zeros(n_rows), error, seed=0)
    r2, _ = score_interval(get_metric("r2"), truth, truth + error, seed=0)

    assert rmse.value < rmse.high <= 1.001e18
    assert 1 - 1.001 * n_rows * 1e36 / ((truth - truth.mean()) ** 2).sum() <= r2.low < r2.value


def test_errors_of_one_row_alone_leave_the_plain_bootstrap():
    error = np.r_[1.0, np.zeros(19)]
    score, _ = score_interval(get_metric("mae"), np.zeros(20), error, seed=0)
    assert (score.value, score.low) == (0.05, 0.0)
    assert score.high < 0.3


@pytest.mark.parametrize(
    "metric", [each for each in metrics_for("regression") if each.smooth], ids=lambda m: m.name
)
def test_what_sums_say_is_what_the_metric_says(metric):
    rng = np.random.default_rng(0)
    truth = rng.uniform(1.0, 3.0, size=50)
    predicted = truth + rng.normal(size=50) / 5
    sums = metric.smooth.columns(metric.case(truth, predicted)).sum(axis=0, keepdims=True)
    logs, slopes = metric.smooth.log(sums)
    assert metric.smooth.value(np.exp(logs))[0] == pytest.approx(metric.score(truth, predicted))
    for at in range(sums.shape[1]):
        step = np.zeros_like(sums)
        step[0, at] = 1e-6
        moved = (metric.smooth.log(sums + step)[0] - metric.smooth.log(sums - step)[0]) / 2e-6
        assert slopes[0, at] == pytest.approx(moved[0], abs=1e-5)
