"""Quotes before training: what earlier runs of a workspace teach them."""

from __future__ import annotations

from typing import Any

import pytest

from litmus_core.advice import quote_of
from litmus_core.types import Quote, QuoteBasis, QuoteOutcome

BASIS = QuoteBasis(constant=0.5, quick=0.8, noise=0.01, seconds=60.0, memory_mb=800.0)


def _quote(basis: QuoteBasis = BASIS, outcomes: tuple[QuoteOutcome, ...] = (), **more: Any) -> Quote:
    return quote_of("roc_auc", basis, outcomes, **({"limit_s": 300.0, "extra_s": 0.0} | more))


def _came(score: float | None = None, minutes: float | None = None, memory_mb: float | None = None):
    return QuoteOutcome(run_id="run_1", quote=_quote(), score=score, minutes=minutes, memory_mb=memory_mb)


def test_a_run_is_expected_a_little_beyond_the_quick_model_and_never_beyond_perfect():
    found = _quote()
    assert 0.8 < found.score < 0.85
    assert found.low < found.score < found.high <= 1.0
    assert (found.minutes, found.memory_mb, found.n_runs) == (1.0, 800.0, 0)


def test_where_lower_is_better_the_range_lies_below_the_quick_model_and_above_zero():
    basis = QuoteBasis(constant=1.0, quick=0.4, noise=0.01, seconds=60.0, memory_mb=800.0)
    found = quote_of("rmse", basis, (), limit_s=300.0, extra_s=0.0)
    assert 0.0 <= found.low < found.score < 0.4


def test_a_quick_model_worse_than_guessing_says_nothing():
    found = _quote(QuoteBasis(constant=0.5, quick=0.31, noise=0.01, seconds=60.0, memory_mb=800.0))
    assert (
        found.score
        == _quote(QuoteBasis(constant=0.5, quick=0.5, noise=0.01, seconds=60.0, memory_mb=800.0)).score
    )


def test_runs_that_all_gained_half_of_the_rest_move_the_range_there_and_narrow_it():
    found = _quote(outcomes=(_came(score=0.9),) * 30)
    assert found.score == pytest.approx(0.9, abs=0.01)
    assert found.high - found.low < 0.7 * (_quote().high - _quote().low)
    assert found.n_runs == 30


def test_runs_that_scattered_widen_it():
    scattered = tuple(_came(score=each) for each in (0.6, 0.98, 0.65, 0.99, 0.7, 0.97) * 3)
    found = _quote(outcomes=scattered)
    assert found.high - found.low > 1.5 * (_quote().high - _quote().low)


def test_time_and_memory_follow_what_runs_took_and_time_ends_with_the_limit():
    outcomes = (_came(minutes=3.0, memory_mb=1_600.0),) * 20
    found = _quote(outcomes=outcomes)
    assert found.memory_mb == pytest.approx(1_500, abs=50)
    assert found.minutes == pytest.approx(2.7, abs=0.1)
    assert _quote(outcomes=outcomes, limit_s=90.0, extra_s=6.0).minutes == pytest.approx(1.6)


def test_one_strange_run_moves_little():
    assert _quote(outcomes=(_came(memory_mb=80_000.0),)).memory_mb == pytest.approx(1_600)


@pytest.mark.parametrize("constant", [0.5, 1.0])
def test_a_target_that_guessing_answers_perfectly_is_quoted_too(constant):
    basis = QuoteBasis(constant=constant, quick=constant, noise=0.0, seconds=1.0, memory_mb=1.0)
    found = _quote(basis)
    assert found.low <= found.score <= found.high <= 1.0


def test_whether_a_quote_held_is_known_where_there_is_a_score():
    quoted = _quote()
    assert [_came(score=each).held for each in (quoted.low - 0.01, quoted.score, None)] == [False, True, None]


def test_a_quote_is_said_in_one_line():
    assert _quote(limit_s=30.0).sentence == (
        "Training and measuring take about 30 seconds and 0.8 GB of memory. Likely score: 0.79 to 0.85."
    )


def test_the_likely_score_of_money_has_its_sign():
    assert _quote(unit="EUR").sentence.endswith("Likely score: €0.79 to €0.85.")
