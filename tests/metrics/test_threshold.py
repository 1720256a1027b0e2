"""Thresholds that suit a metric."""

from __future__ import annotations

import numpy as np

from litmus_core.metrics import get_metric, tune_threshold


def _two_columns(positive):
    positive = np.asarray(positive)
    return np.column_stack([1 - positive, positive])


def test_f1_moves_the_threshold_between_the_scores_that_part_the_classes():
    p = _two_columns([0.05, 0.1, 0.2, 0.4])
    assert tune_threshold(get_metric("f1"), [0, 0, 1, 1], p, classes=[0, 1]) == 0.15000000000000002


def test_the_positive_class_may_be_the_first_one():
    p = _two_columns([0.95, 0.9, 0.8, 0.6])
    threshold = tune_threshold(
        get_metric("f1"), ["no", "no", "yes", "yes"], p, classes=["yes", "no"], positive_class="yes"
    )
    assert np.isclose(threshold, 0.15)


def test_nothing_is_moved_where_one_half_is_already_best():
    p = _two_columns([0.1, 0.2, 0.8, 0.9])
    assert tune_threshold(get_metric("f1"), [0, 0, 1, 1], p, classes=[0, 1]) is None


def test_metrics_that_no_threshold_changes_or_that_it_would_make_trivial_keep_one_half():
    p = _two_columns([0.05, 0.1, 0.2, 0.4])
    for name in ("roc_auc", "recall", "precision", "accuracy"):
        assert tune_threshold(get_metric(name), [0, 0, 1, 1], p, classes=[0, 1]) is None


def test_the_tuned_score_is_what_the_metric_gives_at_that_threshold():
    rng = np.random.default_rng(0)
    y = (rng.random(2000) < 0.1).astype(int)
    p = _two_columns(np.clip(0.3 * y + 0.4 * rng.random(2000), 0, 1))
    metric = get_metric("mcc")
    threshold = tune_threshold(metric, y, p, classes=[0, 1])
    tuned = metric.score(y, p, classes=[0, 1], threshold=threshold)
    assert tuned > metric.score(y, p, classes=[0, 1])
    assert tuned > 0.99 * max(
        metric.score(y, p, classes=[0, 1], threshold=each) for each in np.linspace(0.05, 0.65, 100)
    )
