"""Metrics in plain words."""

from __future__ import annotations

import pytest

from app.presenters.metrics import bar_meaning, metric_messages
from litmus_core.metrics import metrics_for
from litmus_core.types import Baseline

GUESSING = Baseline(name="majority", sentence="", metric="accuracy", value=0.16)


def test_a_bar_on_accuracy_is_said_in_a_thousand_cases():
    assert bar_meaning("accuracy", 0.95, baselines=(GUESSING,)) == (
        "Of 1,000 real cases, about 950 are answered right and 50 wrong. Guessing reaches 160 of 1,000."
    )


def test_a_bar_in_the_unit_of_the_target_is_said_as_a_miss():
    assert bar_meaning("mae", 12.5) == "Over 1,000 real cases, answers are off by 12.5 on average."


def test_a_bar_without_an_everyday_reading_says_so():
    assert "no everyday reading" in bar_meaning("log_loss", 0.3)


@pytest.mark.parametrize("problem_type", ["binary", "multiclass", "regression"])
def test_every_metric_has_a_technical_word_behind_its_help_mark(problem_type):
    for metric in metrics_for(problem_type):
        words = metric_messages(metric.name)
        assert words.plain == metric.label
        assert words.explain


def test_a_metric_whose_code_is_not_loaded_has_its_name():
    messages = metric_messages("far_off")
    assert (messages.plain, messages.technical, messages.meaning) == ("far off", "far off", "")


def test_a_parameter_is_said_in_the_technical_word_and_in_the_reading():
    assert metric_messages("recall_at_precision(precision=0.85)").technical == "Recall at 85\u202f% precision"
    assert bar_meaning("recall_at_precision(precision=0.85)", 0.6) == (
        "While 85\u202f% of alarms are real, about 600 of 1,000 real ones are found and 400 are missed."
    )
    assert bar_meaning("top_k_accuracy(k=3)", 0.9) == (
        "Of 1,000 real cases, about 900 have the right answer among the 3 likeliest and 100 have not."
    )
    assert bar_meaning("cost", 250) == "1,000 real cases cost about 250, as your table counts."


@pytest.mark.parametrize("problem_type", ["binary", "multiclass", "regression"])
def test_every_bar_has_a_sentence(problem_type):
    for metric in metrics_for(problem_type):
        assert bar_meaning(metric.name, 0.5).endswith(".")
        assert "{" not in bar_meaning(metric.name, 0.5)
        assert "{" not in metric_messages(metric.name).technical + metric_messages(metric.name).help
