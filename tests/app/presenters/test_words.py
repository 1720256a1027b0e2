"""How numbers, times and states are written."""

from __future__ import annotations

import doctest

from app.presenters import humanize, metrics
from app.presenters.results import scores, verdict
from app.presenters.training import run_end
from litmus_core.verdicts import outcome_message


def test_the_examples_in_the_words_are_true():
    assert doctest.testmod(humanize).failed == 0


def test_the_examples_in_the_metrics_are_true():
    assert doctest.testmod(metrics).failed == 0


def test_the_examples_in_the_verdict_are_true():
    assert doctest.testmod(verdict).failed == 0


def test_the_examples_of_what_a_run_left_are_true():
    assert doctest.testmod(run_end).failed == 0


def test_the_examples_in_the_scores_are_true():
    assert doctest.testmod(scores).failed == 0


def test_every_state_has_a_shape_and_a_word_of_its_own():
    states = humanize.all_states()
    assert len({state.word for state in states}) == len(states)
    assert len({state.icon for state in states}) == len(states)


def test_the_most_ready_state_comes_first():
    assert humanize.all_states()[0].word == outcome_message("meets")


def test_an_experiment_without_a_run_says_so():
    assert humanize.status_message(None).word == "Not trained yet"


def test_a_day_ago_is_yesterday_also_when_it_was_less_than_24_hours():
    from datetime import UTC, datetime

    morning = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    assert humanize.ago("2026-11-23T22:00:00+00:00", now=morning) == "yesterday"
