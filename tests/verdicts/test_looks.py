"""Repeated looks at the same test rows: each has to be surer than the one before."""

import numpy as np
import pytest

from litmus_core.types import Bar, Score
from litmus_core.verdicts import certainty, inflated_interval, interval_inflation, rows_to_settle
from tests.verdicts.test_verdict import ACCURACY, RMSE, judged

SCORE = Score(metric="accuracy", value=0.92, low=0.90, high=0.94, n_rows=1_000)


def test_the_first_look_keeps_the_scores_own_interval():
    assert inflated_interval(SCORE, 1) == (0.90, 0.94)


def test_the_error_that_is_allowed_is_shared_among_the_looks():
    assert [certainty(n) for n in (1, 2, 5)] == pytest.approx([0.95, 0.975, 0.99])
    assert interval_inflation(5) == pytest.approx(2.5758 / 1.96, abs=1e-3)


def test_an_interval_stays_inside_what_the_metric_can_be():
    near_one = Score(metric="accuracy", value=0.99, low=0.97, high=0.999, n_rows=1_000)
    assert inflated_interval(near_one, 10)[1] == 1.0


def test_what_meets_the_bar_at_a_first_look_is_undecided_at_a_third():
    first, third = (judged(ACCURACY, 0.921, 0.901, 0.941, n_evaluations=n) for n in (1, 3))
    assert (first.outcome, third.outcome) == ("meets", "undecided")
    assert (third.n_evaluations, round(third.certainty, 4)) == (3, 0.9833)
    assert third.low < 0.9 < first.low


def test_a_later_look_makes_both_passing_and_missing_less_sure():
    above = [judged(ACCURACY, 0.91, 0.89, 0.93, n_evaluations=n).probability_passes for n in (1, 4)]
    below = [judged(ACCURACY, 0.89, 0.87, 0.91, n_evaluations=n).probability_passes for n in (1, 4)]
    assert above[1] < above[0]
    assert below[1] > below[0]


def test_rows_that_settle_it_do_so_four_times_in_five():
    value, half, n_rows = 0.885, 0.02, 1_000
    score = Score(metric="accuracy", value=value, low=value - half, high=value + half, n_rows=n_rows)
    more = rows_to_settle(score, ACCURACY)
    rng = np.random.default_rng(0)
    error = half / 1.96
    truth = rng.normal(value, error, size=20_000)
    fresh = rng.normal(truth, error * np.sqrt(n_rows / more))
    pooled = (n_rows * value + more * fresh) / (n_rows + more)
    settled = np.abs(pooled - 0.9) > 1.96 * error * np.sqrt(n_rows / (n_rows + more))
    assert settled.mean() == pytest.approx(0.8, abs=0.02)


def test_a_score_on_the_bar_is_settled_by_no_practical_number_of_rows():
    assert judged(ACCURACY, 0.9, 0.88, 0.92).more_rows is None


def test_few_rows_may_be_followed_by_many():
    few = Score(metric="accuracy", value=0.986, low=0.926, high=1.0, n_rows=69)
    assert rows_to_settle(few, Bar(metric="accuracy", op=">=", value=0.97)) == 3_200


def test_the_nearer_the_bar_and_the_more_looks_the_more_rows():
    score = Score(metric="rmse", value=11.0, low=9.5, high=12.8, n_rows=500)
    bar = Bar(metric="rmse", op="<=", value=10.0)
    assert rows_to_settle(score, bar) < rows_to_settle(score, bar, n_evaluations=3)
    assert rows_to_settle(score, RMSE) < rows_to_settle(score, Bar(metric="rmse", op="<=", value=10.2))


def test_what_is_settled_asks_for_no_rows():
    found = judged(ACCURACY, 0.95, 0.93, 0.97)
    assert (found.more_rows, found.outcome) == (None, "meets")


def test_a_verdict_keeps_where_the_true_score_may_be():
    found = judged(ACCURACY, 0.9, 0.8, 1.0, replicates=np.r_[np.linspace(0.8, 1.0, 101), np.nan])
    assert (len(found.spread), found.spread[0], found.spread[-1]) == (
        40,
        pytest.approx(0.8025),
        pytest.approx(0.9975),
    )
