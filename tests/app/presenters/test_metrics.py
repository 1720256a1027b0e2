"""Metrics in plain words."""

from __future__ import annotations

import pytest

from app.presenters.metrics import bar_meaning, metric_words
from litmus_core.errors import UnknownNameError
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
        words = metric_words(metric.name)
        assert words.plain == metric.label
        assert words.explain


def test_an_unknown_metric_is_an_error_with_the_nearest_name():
    with pytest.raises(UnknownNameError, match="accuracy"):
        metric_words("acuracy")
