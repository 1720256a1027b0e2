"""Gains that are expected: outcomes of earlier actions move them, and promises are held to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from litmus_core.advice import calibrate_plugin_gain
from litmus_core.advice._gain_calibration import clip_to_perfect, interpolate_gain, share_measured
from litmus_core.types import ActionOutcome, Gain, Score


def _outcomes(came, n):
    gain = Gain(value=0.07, low=0.0, high=0.14, measured=0.1)
    return [
        ActionOutcome(
            run_id=f"r{at}",
            follows_run_id="r",
            key="folds",
            kind="folds",
            predicted=gain,
            validation=came,
            test=None,
        )
        for at in range(n)
    ]


def test_outcomes_move_the_share_that_is_expected_and_make_it_surer():
    none, unsure = share_measured("folds", [])
    low, surer = share_measured("folds", _outcomes(0.01, 8))
    high, _ = share_measured("folds", _outcomes(0.15, 8))
    assert low < none < high
    assert low == pytest.approx(0.1, abs=0.05)
    assert surer < unsure
    assert share_measured("tune", _outcomes(0.01, 8)) == share_measured("tune", [])


def test_a_gain_between_two_that_were_measured_lies_where_such_gains_came_to_lie():
    assert interpolate_gain("faster", -0.02, 0.0, []).value == pytest.approx(-0.01)
    near_the_best = [replace(each, kind="faster") for each in _outcomes(0.13, 8)]  # of 0.0 to 0.14
    found = interpolate_gain("faster", -0.02, 0.0, near_the_best)
    assert -0.004 < found.value < 0.0
    assert (found.low, found.high) == (-0.02, 0.0)
    assert interpolate_gain("faster", -0.02, 0.0, _outcomes(0.13, 8)).value == pytest.approx(
        -0.01
    )  # of folds


@pytest.mark.parametrize(
    ("metric", "now", "most"),
    [
        ("accuracy", 0.9, 0.1),
        ("rmse", 0.05, 0.05),
        ("r2", 0.99, 0.01),
        ("log_loss", 0.3, 0.2),
        ('cost(table={"no":{"yes":5},"yes":{"yes":-100}})', -80.0, 0.2),  # right answers earn something
    ],
)
def test_no_gain_passes_a_perfect_score(metric, now, most):
    gain = Gain(value=0.15, low=-0.1, high=0.2, measured=0.3)
    found = clip_to_perfect(gain, Score(metric=metric, value=now, low=0.0, high=1.0, n_rows=100))
    assert (found.value, found.high) == (pytest.approx(min(0.15, most)), pytest.approx(most))
    assert (found.low, found.measured) == (-0.1, 0.3)


def _own_outcome(came, *, key="Mine:a", promised=0.02):
    gain = Gain(value=promised, low=0.0, high=2 * promised, measured=promised)
    return ActionOutcome(
        run_id="r2", follows_run_id="r1", key=key, kind="own", predicted=gain, validation=None, test=came
    )


def test_a_promise_is_taken_as_said_until_something_came_of_it():
    said = Gain(value=0.02, low=0.01, high=0.03, measured=0.02)
    assert calibrate_plugin_gain("Mine:a", said, []) == said
    assert (
        calibrate_plugin_gain("Mine:a", said, [_own_outcome(None), _own_outcome(0.0, key="Mine:b")]) == said
    )


def test_promises_that_came_to_nothing_are_believed_less_and_less():
    said = Gain(value=0.02, low=0.01, high=0.03, measured=0.02)
    once = calibrate_plugin_gain("Mine:a", said, [_own_outcome(0.0)])
    often = calibrate_plugin_gain("Mine:a", said, [_own_outcome(0.0)] * 8)
    assert said.value > once.value > often.value
    assert often.value < 0.002
    assert once.high - once.low > said.high - said.low
    assert once.measured == 0.02  # what was promised is what outcomes are held against
