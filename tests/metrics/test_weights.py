"""Weights: each metric that scikit-learn weighs equals scikit-learn's; intervals allow for them."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest
from sklearn import metrics as sk

from litmus_core.errors import UsageError
from litmus_core.metrics import (
    constant_answer,
    get_metric,
    list_metrics,
    nested_interval,
    paired_difference,
    score_interval,
    tune_threshold,
)

N_ROWS = 400


def rows(n_rows: int = N_ROWS, n_classes: int = 2, seed: int = 0) -> tuple[Any, Any, Any]:
    """Return truth, probabilities and weights, some of them 0."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, n_classes, n_rows)
    scores = rng.normal(size=(n_rows, n_classes)) + 1.2 * np.eye(n_classes)[truth]
    shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    weights = rng.gamma(0.7, 2.0, n_rows) * (rng.random(n_rows) > 0.1)
    return truth, shares.round(2) / shares.round(2).sum(axis=1, keepdims=True), weights


def of_labels(function: Any, **options: Any) -> Any:
    return lambda y, p, w: function(y, p.argmax(axis=1), sample_weight=w, **options)


TWO_CLASSES: dict[str, Any] = {
    "accuracy": of_labels(sk.accuracy_score),
    "balanced_accuracy": of_labels(sk.balanced_accuracy_score),
    "f1": of_labels(sk.f1_score),
    "fbeta": of_labels(partial(sk.fbeta_score, beta=2.0)),
    "f1_macro": of_labels(sk.f1_score, average="macro"),
    "f1_weighted": of_labels(sk.f1_score, average="weighted"),
    "precision": of_labels(sk.precision_score),
    "recall": of_labels(sk.recall_score),
    "mcc": of_labels(sk.matthews_corrcoef),
    "kappa": of_labels(sk.cohen_kappa_score),
    "cost": lambda y, p, w: 1000 * sk.zero_one_loss(y, p.argmax(axis=1), sample_weight=w),
    "roc_auc": lambda y, p, w: sk.roc_auc_score(y, p[:, 1], sample_weight=w),
    "average_precision": lambda y, p, w: sk.average_precision_score(y, p[:, 1], sample_weight=w),
    "log_loss": lambda y, p, w: sk.log_loss(y, p, sample_weight=w),
    "brier": lambda y, p, w: sk.brier_score_loss(y, p[:, 1], sample_weight=w),
}
VALUES: dict[str, Any] = {
    "rmse": sk.root_mean_squared_error,
    "mae": sk.mean_absolute_error,
    "r2": sk.r2_score,
    "mape": sk.mean_absolute_percentage_error,
    "rmsle": sk.root_mean_squared_log_error,
    "quantile_loss": partial(sk.mean_pinball_loss, alpha=0.9),
    "medape": lambda y, p, sample_weight: sk.median_absolute_error(
        y / np.abs(y), p / np.abs(y), sample_weight=sample_weight
    ),
}


@pytest.mark.parametrize("name", TWO_CLASSES)
def test_a_weighted_metric_of_classes_equals_scikit_learns(name):
    truth, shares, weights = rows()
    metric = get_metric(name).weighted(weights)
    # 0.5 belongs to the second class here, as argmax would give it to the first
    clear = shares[:, 0] != 0.5
    metric = metric.weighted(weights[clear])
    ours = metric.score(truth[clear], shares[clear], classes=[0, 1])
    assert ours == pytest.approx(TWO_CLASSES[name](truth[clear], shares[clear], weights[clear]), abs=1e-12)
    assert ours != pytest.approx(get_metric(name).score(truth, shares, classes=[0, 1]), abs=1e-6)


def test_weighted_metrics_of_three_classes_equal_scikit_learns():
    truth, shares, weights = rows(n_classes=3)

    def ours(name: str) -> float:
        return get_metric(name).weighted(weights).score(truth, shares, classes=[0, 1, 2])

    area = sk.roc_auc_score(truth, shares, multi_class="ovr", average="macro", sample_weight=weights)
    assert ours("roc_auc") == pytest.approx(area, abs=1e-12)
    for name in ("accuracy", "balanced_accuracy", "f1_macro", "f1_weighted", "mcc", "kappa"):
        assert ours(name) == pytest.approx(TWO_CLASSES[name](truth, shares, weights), abs=1e-12), name
    assert ours("log_loss") == pytest.approx(sk.log_loss(truth, shares, sample_weight=weights), abs=1e-12)
    distinct = shares + np.random.default_rng(1).random(shares.shape) * 1e-9
    top = sk.top_k_accuracy_score(truth, distinct, k=2, sample_weight=weights)
    listed = get_metric("top_k_accuracy(k=2)").weighted(weights)
    assert listed.score(truth, distinct, classes=[0, 1, 2]) == pytest.approx(top, abs=1e-12)


@pytest.mark.parametrize("name", VALUES)
def test_a_weighted_metric_of_values_equals_scikit_learns(name):
    rng = np.random.default_rng(0)
    truth = rng.gamma(2.0, 3.0, N_ROWS) + 0.1
    predicted, weights = truth * rng.lognormal(0, 0.3, N_ROWS), rng.gamma(0.7, 2.0, N_ROWS)
    ours = get_metric(name).weighted(weights).score(truth, predicted)
    assert ours == pytest.approx(VALUES[name](truth, predicted, sample_weight=weights), abs=1e-12)


def test_every_metric_that_can_be_weighted_counts_a_row_as_often_as_it_weighs():
    truth, shares, _ = rows(120)
    times = np.random.default_rng(3).integers(0, 4, len(truth))
    values, predicted = truth + np.linspace(0.1, 2.0, len(truth)), shares[:, 1] * 3
    for metric in list_metrics():
        if metric.counts_rows:
            continue
        is_values = metric.needs == "values"
        y, p = (values, predicted) if is_values else (truth, shares)
        classes = () if is_values else [0, 1]
        weighted = metric.weighted(times).score(y, p, classes=classes)
        repeated = metric.score(np.repeat(y, times), np.repeat(p, times, axis=0), classes=classes)
        assert weighted == pytest.approx(repeated, abs=1e-12), metric.name


@pytest.mark.parametrize("name", ["accuracy", "roc_auc", "log_loss", "precision_at_recall", "cost"])
def test_weights_of_one_size_change_no_score_and_hardly_an_interval(name):
    truth, shares, _ = rows()
    metric = get_metric(name)
    plain, _ = score_interval(metric, truth, shares, classes=[0, 1], seed=0)
    same, _ = score_interval(metric.weighted(np.full(N_ROWS, 7.0)), truth, shares, classes=[0, 1], seed=0)
    assert same.value == pytest.approx(plain.value, abs=1e-12)
    assert (same.low, same.high) == pytest.approx((plain.low, plain.high), abs=0.03 * max(1, plain.value))
    assert same.n_effective == N_ROWS
    assert plain.n_effective is None


@pytest.mark.parametrize("name", ["accuracy", "roc_auc", "log_loss", "mae", "r2"])
def test_unequal_weights_make_an_interval_wider(name):
    truth, shares, _ = rows(800)
    weights = np.where(np.arange(800) % 8 == 0, 20.0, 0.2)  # as telling as 114 rows
    is_values = get_metric(name).needs == "values"
    y, p = (truth + shares[:, 0], shares[:, 1]) if is_values else (truth, shares)
    classes = () if is_values else [0, 1]
    plain, _ = score_interval(get_metric(name), y, p, classes=classes, seed=0)
    found, _ = score_interval(get_metric(name).weighted(weights), y, p, classes=classes, seed=0)
    assert 2.0 < (found.high - found.low) / (plain.high - plain.low) < 4.5
    assert found.n_effective == pytest.approx(114.4, abs=0.1)


def test_sums_over_many_rows_agree_with_ranked_draws_of_weighted_rows():
    truth, shares, weights = rows(20_400)
    metric = get_metric("roc_auc")
    many, drawn = score_interval(metric.weighted(weights), truth, shares, classes=[0, 1], seed=0, n=300)
    _, ranked = score_interval(
        metric.weighted(weights[:20_000]), truth[:20_000], shares[:20_000], classes=[0, 1], seed=0, n=300
    )
    expected = sk.roc_auc_score(truth, shares[:, 1], sample_weight=weights)
    assert many.value == pytest.approx(expected, abs=1e-12)
    assert np.mean(drawn) == pytest.approx(expected, abs=1e-3)
    assert np.std(drawn) == pytest.approx(np.std(ranked), rel=0.15)


def test_a_threshold_is_tuned_for_the_weighted_score():
    truth = np.array([0, 0, 1, 1])
    shares = np.array([[0.9, 0.1], [0.6, 0.4], [0.7, 0.3], [0.3, 0.7]])

    def tuned(weights: list[float]) -> float | None:
        return tune_threshold(get_metric("f1").weighted(weights), truth, shares, classes=[0, 1])

    assert tuned([1, 0.01, 9, 1]) == pytest.approx(0.2)
    assert tuned([1, 9, 0.01, 1]) is None  # 0.5 is the best already


def test_costs_and_comparisons_and_nested_intervals_are_weighted():
    truth, shares, weights = rows()
    cost = get_metric("cost").weighted(weights)
    threshold = tune_threshold(cost, truth, shares, classes=[0, 1])
    assert threshold is not None
    best = cost.score(truth, shares, classes=[0, 1], threshold=threshold)
    for other in (0.2, 0.5, 0.8):
        assert best <= cost.score(truth, shares, classes=[0, 1], threshold=other) + 1e-9
    area = get_metric("roc_auc").weighted(weights)
    found = paired_difference(area, truth, shares, shares[:, ::-1], classes=[0, 1], seed=0)
    score = area.score(truth, shares, classes=[0, 1])
    assert found.value == pytest.approx(2 * score - 1)
    nested, _ = nested_interval(area, truth, shares, folds=np.arange(N_ROWS) % 4, classes=[0, 1], seed=0)
    folds = [np.arange(N_ROWS) % 4 == at for at in range(4)]
    areas = [sk.roc_auc_score(truth[rows], shares[rows, 1], sample_weight=weights[rows]) for rows in folds]
    pairs = [weights[rows][truth[rows] == 0].sum() * weights[rows][truth[rows] == 1].sum() for rows in folds]
    assert nested.value == pytest.approx(np.average(areas, weights=pairs), abs=1e-12)


def test_a_constant_answer_is_of_weighted_rows():
    assert constant_answer([1.0, 3.0], weights=np.array([3.0, 1.0])).tolist() == [1.5]
    assert constant_answer(["a", "b"], classes=["a", "b"], weights=np.array([3.0, 1.0])).tolist() == [
        0.75,
        0.25,
    ]
    quantile = get_metric("quantile_loss(quantile=0.9)")
    values, weights = np.arange(10.0), np.r_[np.ones(9), 100.0]
    assert constant_answer(values, metric=quantile, weights=weights).tolist() == [9.0]


@pytest.mark.parametrize("weights", [[1, -1, 2], [1, np.nan, 1], [0, 0, 0], [1, 1], [np.inf, 1, 1]])
def test_bad_weights_are_refused_in_words(weights):
    with pytest.raises(UsageError):
        get_metric("mae").weighted(weights).score([1.0, 2.0, 3.0], [1.0, 2.0, 3.0])


def test_a_metric_that_counts_rows_is_refused():
    with pytest.raises(UsageError, match=r"interval_width\(level=0.9\) cannot be weighted"):
        get_metric("interval_width").weighted([1.0, 2.0])
