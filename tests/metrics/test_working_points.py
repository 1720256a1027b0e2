"""Metrics at a point that is held, short lists and calibration: against scikit-learn or by hand."""

from __future__ import annotations

import numpy as np
import pytest
import sklearn.metrics as reference

from litmus_core.errors import DataError
from litmus_core.metrics import get_metric, score_interval, tune_threshold


@pytest.fixture
def binary():
    rng = np.random.default_rng(1)
    y = rng.integers(0, 2, 300)
    positive = np.round(np.clip(0.35 * y + rng.random(300) * 0.65, 0, 1), 2)  # rounded: ties
    return y, np.column_stack([1 - positive, positive])


@pytest.mark.parametrize("recall", [0.3, 0.8, 1.0])
def test_precision_at_recall_is_the_best_point_of_scikit_learns_curve(binary, recall):
    y, p = binary
    precisions, recalls, _ = reference.precision_recall_curve(y, p[:, 1])
    expected = precisions[recalls >= recall].max()
    value = get_metric(f"precision_at_recall(recall={recall})").score(y, p, classes=[0, 1])
    assert value == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("precision", [0.6, 0.8, 0.95])
def test_recall_at_precision_is_the_best_point_of_scikit_learns_curve(binary, precision):
    y, p = binary
    precisions, recalls, _ = reference.precision_recall_curve(y, p[:, 1])
    expected = recalls[precisions >= precision].max()
    value = get_metric(f"recall_at_precision(precision={precision})").score(y, p, classes=[0, 1])
    assert value == pytest.approx(expected, abs=1e-12)


def test_a_precision_that_no_threshold_reaches_finds_nothing():
    p = np.array([[0.1, 0.9], [0.9, 0.1]])
    assert get_metric("recall_at_precision(precision=0.9)").score([0, 1], p, classes=[0, 1]) == 0.0


def test_coverage_counts_the_surest_answers_as_long_as_enough_are_right():
    sure = np.array([0.9, 0.8, 0.7, 0.6, 0.55])
    p = np.column_stack([1 - sure, sure])
    truth = [1, 1, 0, 1, 0]  # right, right, wrong, right, wrong
    coverage = [
        get_metric(f"coverage_at_precision(precision={each})").score(truth, p, classes=[0, 1])
        for each in (1.0, 0.75, 0.6, 0.7)
    ]
    assert coverage == [0.4, 0.8, 1.0, 0.8]


def test_equally_sure_answers_are_covered_together_or_not_at_all():
    p = np.array([[0.2, 0.8]] * 4)
    metric = get_metric("coverage_at_precision(precision=0.9)")
    assert metric.score([1, 1, 1, 0], p, classes=[0, 1]) == 0.0
    assert metric.score([1, 1, 1, 1], p, classes=[0, 1]) == 1.0


def test_the_served_threshold_is_that_of_the_point_that_is_held():
    positive = np.array([0.1, 0.2, 0.3, 0.4, 0.6, 0.7])
    p = np.column_stack([1 - positive, positive])
    y = [0, 0, 1, 0, 1, 1]
    held = tune_threshold(get_metric("recall_at_precision(precision=0.75)"), y, p, classes=[0, 1])
    found = tune_threshold(get_metric("precision_at_recall(recall=1.0)"), y, p, classes=[0, 1])
    assert held == pytest.approx(0.25)
    assert found == pytest.approx(0.25)


@pytest.mark.parametrize("k", [1, 2, 3])
def test_top_k_equals_scikit_learns(k):
    rng = np.random.default_rng(0)
    y, table = rng.integers(0, 4, 200), rng.random((200, 4))
    value = get_metric(f"top_k_accuracy(k={k})").score(y, table, classes=[0, 1, 2, 3])
    assert value == pytest.approx(reference.top_k_accuracy_score(y, table, k=k), abs=1e-12)


def test_a_short_list_of_equally_likely_classes_holds_the_first_ones():
    p = np.full((4, 4), 0.25)
    assert get_metric("top_k_accuracy(k=2)").score([0, 1, 2, 3], p, classes=[0, 1, 2, 3]) == 0.5


def test_a_class_that_the_model_does_not_know_is_on_no_short_list():
    p = np.array([[0.4, 0.3, 0.3]])
    assert get_metric("top_k_accuracy(k=3)").score(["new"], p, classes=["a", "b", "c"]) == 0.0


def test_calibration_error_is_the_mean_distance_of_sureness_and_being_right():
    p = np.array([[0.1, 0.9]] * 10 + [[0.35, 0.65]] * 10)
    y = [1] * 8 + [0] * 2 + [1] * 7 + [0] * 3  # 0.9 sure and 0.8 right, 0.65 sure and 0.7 right
    value = get_metric("expected_calibration_error(bins=10)").score(y, p, classes=[0, 1])
    assert value == pytest.approx((0.1 + 0.05) / 2)


def test_kappa_and_fbeta_equal_scikit_learns(binary):
    y, p = binary
    decided = (p[:, 1] >= 0.5).astype(int)
    assert get_metric("kappa").score(y, p, classes=[0, 1]) == pytest.approx(
        reference.cohen_kappa_score(y, decided)
    )
    for beta in (0.5, 2.0):
        assert get_metric(f"fbeta(beta={beta})").score(y, p, classes=[0, 1]) == pytest.approx(
            reference.fbeta_score(y, decided, beta=beta)
        )


def test_kappa_and_average_precision_of_several_classes_equal_scikit_learns():
    rng = np.random.default_rng(0)
    y, table = rng.integers(0, 4, 200), rng.random((200, 4))
    classes = [0, 1, 2, 3]
    assert get_metric("kappa").score(y, table, classes=classes) == pytest.approx(
        reference.cohen_kappa_score(y, table.argmax(axis=1))
    )
    assert get_metric("pr_auc").score(y, table, classes=classes) == pytest.approx(
        reference.average_precision_score(y, table, average="macro")
    )


@pytest.mark.parametrize("quantile", [0.1, 0.5, 0.9])
def test_quantile_loss_equals_scikit_learns(quantile):
    rng = np.random.default_rng(0)
    truth, predicted = rng.random(100), rng.random(100)
    value = get_metric(f"quantile_loss(quantile={quantile})").score(truth, predicted)
    assert value == pytest.approx(reference.mean_pinball_loss(truth, predicted, alpha=quantile))


def test_intervals_of_working_points_hold_what_many_rows_show():
    rng = np.random.default_rng(3)

    def draw(n):
        y = rng.integers(0, 2, n)
        positive = np.clip(0.35 * y + rng.random(n) * 0.65, 0, 1)
        return y, np.column_stack([1 - positive, positive])

    metric = get_metric("recall_at_precision(precision=0.8)")
    settled = metric.score(*draw(100_000), classes=[0, 1])
    held = [
        score.low <= settled <= score.high
        for score, _ in (score_interval(metric, *draw(400), classes=[0, 1], seed=0, n=200) for _ in range(40))
    ]
    assert sum(held) >= 33


def test_intervals_are_as_wide_as_their_level_needs():
    random = np.random.default_rng(0)
    predicted = random.uniform(10, 110, 4_000)
    truth = predicted + random.normal(0, 0.1 * predicted)  # twice 1.645 times a tenth of 60 on average

    def width(level, rows=slice(None)):
        return get_metric(f"interval_width(level={level})").score(truth[rows], predicted[rows])

    assert width(0.9) == pytest.approx(2 * 1.645 * 6, rel=0.05)
    assert width(0.5) < width(0.9) < width(0.99)
    assert width(0.9, slice(9)) > 0
    with pytest.raises(DataError, match="so few rows cannot guarantee such a level"):
        width(0.9, slice(8))


def test_the_bar_on_intervals_has_a_bootstrap_interval_like_any_other():
    random = np.random.default_rng(0)
    truth = random.normal(0, 1, 2_000)
    score, _ = score_interval(get_metric("interval_width"), truth, np.zeros(2_000), seed=0, n=200)

    assert score.low < 2 * 1.645 < score.high
    assert score.high - score.low < 0.3
