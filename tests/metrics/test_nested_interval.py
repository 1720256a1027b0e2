"""Intervals of a model trained on all rows and judged by outer folds: wider, and wide enough."""

from __future__ import annotations

import numpy as np
import pytest

from litmus_core.errors import UsageError
from litmus_core.metrics import get_metric, nested_interval, score_interval


def _folds(n_rows: int, k: int = 5):
    return np.arange(n_rows) % k


def _answered(right: int, wrong: int):
    truth = np.array(["a"] * (right + wrong))
    return truth, np.array([[0.9, 0.1]] * right + [[0.1, 0.9]] * wrong)


def test_the_score_is_of_all_rows_at_once_and_its_interval_wider_than_the_rows_own():
    truth, p = _answered(900, 100)
    plain, _ = score_interval(get_metric("accuracy"), truth, p, classes=["a", "b"], seed=0)
    score, _ = nested_interval(
        get_metric("accuracy"), truth, p, folds=_folds(1000), classes=["a", "b"], seed=0
    )
    assert (score.value, score.n_rows, score.metric) == (0.9, 1000, "accuracy")
    assert score.low < plain.low - 0.001
    assert score.high > plain.high + 0.001
    assert score.high - score.low < 1.4 * (plain.high - plain.low)


def test_the_ends_are_quantiles_of_the_replicates():
    rng = np.random.default_rng(0)
    error = rng.normal(size=300)
    score, replicates = nested_interval(
        get_metric("rmse"), np.zeros(300), error, folds=_folds(300), seed=0, n=2000
    )
    assert np.quantile(replicates, [0.025, 0.975]) == pytest.approx((score.low, score.high), abs=0.001)


def test_an_interval_stays_within_the_metrics_bounds():
    truth, p = _answered(30, 0)
    score, replicates = nested_interval(
        get_metric("accuracy"), truth, p, folds=_folds(30), classes=["a", "b"], seed=0
    )
    assert (score.value, score.high) == (1.0, 1.0)
    assert 0.8 < score.low < 0.9
    assert replicates.max() <= 1.0


def test_each_row_is_decided_by_its_own_folds_threshold():
    truth = np.array(["no", "no", "yes", "yes"] * 10)
    p = np.tile([0.1, 0.4, 0.4, 0.9], 10)
    folds = np.tile([0, 1, 0, 1], 10)
    own = np.where(folds == 0, 0.3, np.nan)  # the second fold keeps 0.5
    score, _ = nested_interval(
        get_metric("accuracy"),
        truth,
        np.column_stack([1 - p, p]),
        folds=folds,
        classes=["no", "yes"],
        threshold=own,
        seed=0,
    )
    assert score.value == 1.0  # by 0.3 for all it would be 0.75, by 0.5 as well


def test_a_ranking_compares_rows_that_one_model_ranked():
    truth = np.tile([0, 1], 20)
    folds = np.repeat([0, 1], 20)
    p = np.where(folds == 0, 0.1, 0.6) + 0.2 * truth  # perfect in each fold, on scales of their own
    score, replicates = nested_interval(
        get_metric("roc_auc"), truth, np.column_stack([1 - p, p]), folds=folds, classes=[0, 1], seed=0
    )
    assert score.value == 1.0  # pooled, a quarter of the pairs would be the wrong way round
    assert score.low < 1.0 == score.high
    assert replicates.max() <= 1.0


def test_a_ranking_whose_folds_have_one_class_each_is_pooled():
    truth, folds = np.array([0, 0, 1, 1] * 5), np.array([0, 0, 1, 1] * 5)
    p = np.linspace(0.1, 0.9, 20)
    pooled = get_metric("roc_auc").score(truth, np.column_stack([1 - p, p]), classes=[0, 1])
    score, _ = nested_interval(
        get_metric("roc_auc"), truth, np.column_stack([1 - p, p]), folds=folds, classes=[0, 1], seed=0
    )
    assert score.value == pooled


def test_rows_of_one_group_make_it_as_much_wider_as_elsewhere():
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(20), 50)
    error = np.repeat(rng.normal(size=20), 50)
    named = {"folds": groups % 5, "seed": 0}
    alone, _ = nested_interval(get_metric("mae"), np.zeros(1000), error, **named)
    together, _ = nested_interval(get_metric("mae"), np.zeros(1000), error, blocks=groups, **named)
    assert together.high - together.low > 4 * (alone.high - alone.low)


@pytest.mark.parametrize(
    ("folds", "threshold", "sentence"),
    [
        (np.zeros(3), None, "There are 4 rows and outer folds of shape (3,)."),
        (np.zeros(4), None, "All rows are of one outer fold: no model was trained without them."),
        (np.arange(4), np.zeros(3), "There are 4 rows and thresholds of shape (3,)."),
    ],
)
def test_folds_and_thresholds_that_do_not_fit_the_rows_are_refused(folds, threshold, sentence):
    with pytest.raises(UsageError) as refused:
        nested_interval(
            get_metric("accuracy"),
            ["a", "b", "a", "b"],
            np.full((4, 2), 0.5),
            folds=folds,
            threshold=threshold,
            classes=["a", "b"],
            seed=0,
        )
    assert refused.value.message == sentence


def test_it_holds_the_deployed_models_score_where_the_bootstrap_over_rows_does_not():
    """Least squares with 5 columns on 60 rows, 5 folds: the setting of Bates, Hastie and Tibshirani."""
    rng = np.random.default_rng(1)
    held = {"rows": 0, "nested": 0}
    for at in range(400):
        x = rng.normal(size=(60, 5))
        y = x[:, 0] + rng.normal(size=60)
        folds = rng.permutation(_folds(60))
        predicted = np.empty(60)
        for fold in range(5):
            out = folds == fold
            predicted[out] = x[out] @ np.linalg.lstsq(x[~out], y[~out], rcond=None)[0]
        weights = np.linalg.lstsq(x, y, rcond=None)[0]
        weights[0] -= 1.0
        true_rmse = np.sqrt(1.0 + weights @ weights)
        rows, _ = score_interval(get_metric("rmse"), y, predicted, seed=at, n=300)
        nested, _ = nested_interval(get_metric("rmse"), y, predicted, folds=folds, seed=at, n=300)
        held["rows"] += rows.low <= true_rmse <= rows.high
        held["nested"] += nested.low <= true_rmse <= nested.high
    assert held["rows"] / 400 < 0.92
    assert held["nested"] / 400 >= 0.94
