"""Readiness: what comes first, and how far each score is on the way from guessing to its bar."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from litmus_core.types import Bar, Score, Verdict
from litmus_core.verdicts import BarProgress, bar_progress, readiness
from tests.app.presenters.facts import TOO_SLOW, summary, verdict

BAR = Bar(metric="roc_auc", op=">=", value=0.9)
SCORE = Score(metric="roc_auc", value=0.8, low=0.75, high=0.85, n_rows=500)
JUDGED = Verdict(outcome="misses", candidate_id="run_1-a", score=SCORE, baseline=0.5, bar=BAR)


def test_guessing_is_nothing_and_the_bar_is_all_of_the_way():
    found = bar_progress(JUDGED)
    assert (found.low, found.point, found.high) == pytest.approx((0.625, 0.75, 0.875))


def test_the_interval_is_the_one_that_decided():
    assert bar_progress(replace(JUDGED, low=0.7, high=0.9)) == BarProgress(
        point=pytest.approx(0.75), low=pytest.approx(0.5), high=pytest.approx(1.0)
    )


@pytest.mark.parametrize(
    "judged",
    [
        replace(JUDGED, bar=None),
        replace(JUDGED, baseline=0.9),  # guessing reaches the bar
        replace(JUDGED, baseline=0.95),
        replace(JUDGED, baseline=math.nan),
        replace(JUDGED, score=replace(SCORE, high=math.inf)),
    ],
)
def test_without_a_way_from_guessing_to_the_bar_there_is_no_part_of_it(judged):
    assert bar_progress(judged) is None


def test_the_most_ready_comes_first_by_grade_budget_chance_and_date():
    ordered = [
        summary(1, judged=verdict("meets", probability_passes=0.99)),
        summary(2, judged=verdict("meets", probability_passes=0.97)),
        summary(3, judged=verdict("meets", excesses=(TOO_SLOW,))),
        summary(4, judged=verdict("undecided", probability_passes=0.5)),
        summary(5, judged=verdict("misses", probability_passes=0.0), status="running"),
        summary(6, status="running", updated_at="2026-11-24T12:00:00+00:00"),
        summary(7, status="running"),
        summary(8, status="failed"),
        summary(9, status=None),
    ]
    mixed = [*ordered[5:], *ordered[:5]]
    assert sorted(mixed, key=readiness) == ordered
