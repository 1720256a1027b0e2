"""Scores, thresholds and verdicts of many targets, beside scikit-learn's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, f1_score, hamming_loss, r2_score

from litmus_core.many_targets import (
    JointPredictions,
    JointTarget,
    TargetsReport,
    TargetsSpec,
    choose_thresholds,
    joint_metric,
    judge_targets,
    targets_sentences,
)
from litmus_core.many_targets._judge import best_guess
from litmus_core.types import Bar

_RANDOM = np.random.default_rng(0)
CHANCE = _RANDOM.random((400, 3)) * [1.0, 0.8, 0.4]
TRUTH = _RANDOM.random((400, 3)) < CHANCE
NUMBERS = _RANDOM.normal(size=(400, 2)) * [1, 50]
ANSWERS = NUMBERS + _RANDOM.normal(size=(400, 2)) * [0.5, 40]
LABELS = tuple(JointTarget(name=name, column=name, positive="yes") for name in "abc")
METRICS = ("micro_f1", "macro_f1", "subset_accuracy", "hamming_loss")


def _of_sklearn(metric: str, truth: Any, answers: Any) -> float:
    scores = {
        "micro_f1": lambda: f1_score(truth, answers, average="micro"),
        "macro_f1": lambda: f1_score(truth, answers, average="macro", zero_division=0),
        "subset_accuracy": lambda: accuracy_score(truth, answers),
        "hamming_loss": lambda: hamming_loss(truth, answers),
    }
    return float(scores[metric]())


@pytest.mark.parametrize("metric", METRICS)
def test_metrics_of_labels_are_those_of_scikit_learn(metric: str) -> None:
    answers = CHANCE > 0.3
    assert joint_metric(metric).value(TRUTH, answers) == pytest.approx(_of_sklearn(metric, TRUTH, answers))


def test_metrics_of_numbers_are_means_over_targets() -> None:
    each = r2_score(NUMBERS, ANSWERS, multioutput="raw_values")
    assert joint_metric("mean_r2").value(NUMBERS, ANSWERS) == pytest.approx(each.mean())
    assert joint_metric("mean_nrmse").value(NUMBERS, ANSWERS) == pytest.approx(np.sqrt(1 - each).mean())
    assert joint_metric("mean_r2").of_each(NUMBERS, ANSWERS) == pytest.approx(each)


@pytest.mark.parametrize("metric", METRICS)
def test_thresholds_score_at_least_as_well_as_any_common_one(metric: str) -> None:
    cuts = choose_thresholds(metric, [*TRUTH.T], [*CHANCE.T])
    sign = 1 if joint_metric(metric).greater_is_better else -1
    chosen = sign * joint_metric(metric).value(TRUTH, np.array(cuts) <= CHANCE)
    for cut in np.linspace(0.05, 0.95, 19):
        assert chosen >= sign * joint_metric(metric).value(TRUTH, cut <= CHANCE) - 1e-12


def test_thresholds_of_micro_f1_are_the_best_of_all_pairs() -> None:
    truth, chance = TRUTH[:25, :2], CHANCE[:25, :2]
    cuts = choose_thresholds("micro_f1", [*truth.T], [*chance.T])
    metric = joint_metric("micro_f1")
    tried = [
        metric.value(truth, chance >= np.array([first, second]))
        for first in np.r_[chance[:, 0], 2]
        for second in np.r_[chance[:, 1], 2]
    ]
    assert metric.value(truth, np.array(cuts) <= chance) == pytest.approx(max(tried))


def test_a_label_that_is_never_yes_keeps_one_half() -> None:
    never = np.zeros(400, dtype=bool)
    for metric in METRICS:
        assert choose_thresholds(metric, [TRUTH[:, 0], never], [CHANCE[:, 0], CHANCE[:, 1]])[1] == 0.5


def _judged(bar: Bar | None, **options: Any) -> TargetsReport:
    spec = TargetsSpec(kind="labels", targets=LABELS, metric="macro_f1", bar=bar)
    models = (("Linear model", "run_1"),) * 3
    answers = JointPredictions(truth=TRUTH, predictions=CHANCE, models=models, thresholds=(0.4, 0.35, 0.3))
    return judge_targets(spec, answers, TRUTH, **options)


def test_a_verdict_is_by_the_interval_of_all_targets_together() -> None:
    report = _judged(Bar(metric="macro_f1", op=">=", value=0.4))
    score = report.verdict.score
    assert score.low < score.value == report.scores["macro_f1"] < score.high
    assert report.verdict.outcome == "meets"
    assert _judged(Bar(metric="macro_f1", op=">=", value=score.value)).verdict.outcome == "undecided"
    assert _judged(Bar(metric="macro_f1", op=">=", value=0.9)).verdict.outcome == "misses"
    said = targets_sentences(report)
    assert said[0] == "Meets the bar: more than 99 % chance."
    assert said[2].startswith("Guessing scores 0.5")
    assert said[3].startswith("a: F1 0.")
    assert "yes from 0.40 on" in said[3]


def test_a_later_look_at_the_same_rows_has_to_be_surer() -> None:
    first, third = _judged(None), _judged(Bar(metric="macro_f1", op=">=", value=0.5), n_evaluations=3)
    low, high = third.verdict.low, third.verdict.high
    assert low is not None
    assert high is not None
    assert low < first.verdict.score.low < first.verdict.score.high < high
    assert "This is evaluation 3 of these test rows" in "\n".join(targets_sentences(third))


def test_guessing_knows_how_frequent_each_label_is() -> None:
    shares = TRUTH.mean(axis=0)
    guess = np.broadcast_to(np.ones(3, dtype=bool), TRUTH.shape)  # all yes is the best constant for F1
    assert _judged(None).verdict.baseline == pytest.approx(f1_score(TRUTH, guess, average="macro"))
    assert shares.min() > 0.1
    targets = tuple(JointTarget(name=name, column=name) for name in "ab")
    spec = TargetsSpec(kind="numbers", targets=targets, metric="mean_r2")
    models = (("Linear model", "run_1"),) * 2
    report = judge_targets(spec, JointPredictions(truth=NUMBERS, predictions=ANSWERS, models=models), NUMBERS)
    assert report.verdict.baseline == pytest.approx(0.0)
    assert report.lines[0].threshold is None


def test_guessing_whole_rows_is_the_most_frequent_row() -> None:
    """Each label is in more than half of the rows, and so both would be guessed one by one."""
    learned = np.array([[1, 0]] * 6 + [[1, 1]] * 5 + [[0, 1]] * 7, dtype=bool)
    targets = tuple(JointTarget(name=name, column=name) for name in "ab")
    spec = TargetsSpec(kind="labels", targets=targets, metric="subset_accuracy")
    assert best_guess(spec, learned).tolist() == [False, True]
