"""Every metric on the answers that break metrics: perfect, constant, of one class; with intervals."""

from __future__ import annotations

import math

import numpy as np
import pytest

from litmus_core.metrics import all_metrics, constant_score, metrics_for, score_interval, tune_threshold

CLASSES = {"binary": ["no", "yes"], "multiclass": ["a", "b", "c", "d"], "regression": []}
EVERY = [(kind, metric) for kind in CLASSES for metric in metrics_for(kind)]
NAMES = [f"{kind}-{metric.name}" for kind, metric in EVERY]


def _truth(kind, n=60):
    rng = np.random.default_rng(0)
    if kind == "regression":
        return rng.random(n) + 1
    return np.array(CLASSES[kind])[np.r_[np.arange(len(CLASSES[kind])), rng.integers(0, 2, n)]]


def _answers(kind, truth):
    """Yield the kinds of answer by name."""
    if kind == "regression":
        yield "perfect", truth
        yield "constant", np.full(len(truth), truth.mean())
        yield "zero", np.zeros(len(truth))
        yield "noisy", truth + np.random.default_rng(1).normal(size=len(truth)) / 10
        return
    k = len(CLASSES[kind])
    codes = np.searchsorted(CLASSES[kind], truth)
    yield "perfect", np.eye(k)[codes]
    yield "constant", np.tile(np.bincount(codes, minlength=k) / len(codes), (len(codes), 1))
    yield "always the first", np.eye(k)[np.zeros(len(codes), dtype=int)]
    yield "always the last", np.eye(k)[np.full(len(codes), k - 1)]
    table = np.random.default_rng(1).random((len(codes), k)) + 0.5 * np.eye(k)[codes]
    yield "noisy", table / table.sum(axis=1, keepdims=True)


def test_every_metric_has_a_direction_a_range_and_plain_words():
    for metric in all_metrics():
        assert metric.lowest < metric.highest
        assert "{value}" in metric.phrase
        assert metric.label[0].isupper()


@pytest.mark.parametrize(("kind", "metric"), EVERY, ids=NAMES)
def test_every_answer_has_a_finite_score_inside_the_range_and_its_interval(kind, metric):
    truth = _truth(kind)
    asked = {"classes": CLASSES[kind]} if CLASSES[kind] else {}
    for name, answer in _answers(kind, truth):
        score, replicates = score_interval(metric, truth, answer, seed=0, n=60, **asked)
        assert math.isfinite(score.value), name
        assert metric.lowest <= score.low <= score.value <= score.high <= metric.highest, name
        assert len(replicates) == 60


@pytest.mark.parametrize(("kind", "metric"), EVERY, ids=NAMES)
def test_nothing_is_better_than_the_perfect_answer(kind, metric):
    truth = _truth(kind)
    asked = {"classes": CLASSES[kind]} if CLASSES[kind] else {}
    scores = {name: metric.score(truth, answer, **asked) for name, answer in _answers(kind, truth)}
    best = max if metric.greater_is_better else min
    assert scores["perfect"] == pytest.approx(best(scores.values()), abs=1e-12)
    assert scores["perfect"] == pytest.approx(metric.highest if metric.greater_is_better else metric.lowest)


@pytest.mark.parametrize(("kind", "metric"), EVERY, ids=NAMES)
def test_a_constant_answer_learned_from_other_rows_has_a_score(kind, metric):
    truth = _truth(kind)
    assert math.isfinite(constant_score(metric, truth[::2], truth[::-1], classes=CLASSES[kind]))


@pytest.mark.parametrize(("kind", "metric"), EVERY, ids=NAMES)
@pytest.mark.parametrize("is_weighted", [False, True], ids=["equal rows", "weighted rows"])
def test_no_constant_is_better_than_guessing_on_the_training_rows(kind, metric, is_weighted):
    if is_weighted and metric.counts_rows:
        return
    truth = _truth(kind)
    weights = np.linspace(0.1, 1, len(truth)) if is_weighted else None
    asked = {"classes": CLASSES[kind]} if CLASSES[kind] else {}
    k, metric = len(CLASSES[kind]), metric.weighted(weights)
    guess = constant_score(metric, truth, truth, weights=weights, **asked)
    answers = [np.tile(row, (len(truth), 1)) for row in np.eye(k)]
    answers = answers or [np.full(len(truth), value) for value in [truth.mean(), *truth]]
    sign = 1 if metric.greater_is_better else -1
    assert sign * guess >= max(sign * metric.score(truth, answer, **asked) for answer in answers) - 1e-9


@pytest.mark.parametrize(("kind", "metric"), EVERY, ids=NAMES)
def test_whole_blocks_and_many_rows_are_drawn_as_well(kind, metric):
    truth = _truth(kind)
    answer = dict(_answers(kind, truth))["noisy"]
    asked = {"classes": CLASSES[kind]} if CLASSES[kind] else {}
    blocks = np.arange(len(truth)) // 8
    score, _ = score_interval(metric, truth, answer, seed=0, n=50, blocks=blocks, **asked)
    assert score.low <= score.value <= score.high


@pytest.mark.parametrize("metric", metrics_for("binary"), ids=lambda metric: metric.name)
def test_a_tuned_threshold_costs_nothing_on_the_rows_it_was_tuned_on(metric):
    truth = _truth("binary", 300)
    answer = dict(_answers("binary", truth))["noisy"]
    threshold = tune_threshold(metric, truth, answer, classes=["no", "yes"])
    sign = 1 if metric.greater_is_better else -1
    tuned, usual = (
        sign * metric.score(truth, answer, classes=["no", "yes"], threshold=each) for each in (threshold, 0.5)
    )
    assert tuned >= usual
