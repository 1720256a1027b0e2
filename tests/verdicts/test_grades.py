"""The five grades of a verdict."""

from __future__ import annotations

from dataclasses import replace

import pytest

from litmus_core.types import Caution
from litmus_core.verdicts import (
    all_grades,
    flag_messages,
    gate_of,
    grade_of,
    verdict_headline,
    verdict_readiness,
    verdict_report,
)
from tests.app.presenters.facts import TOO_SLOW, score, verdict


@pytest.mark.parametrize(
    ("chance", "key"),
    [
        (0.76, "probably meets"),
        (2 / 3, "probably meets"),
        (0.66, "toss-up"),
        (0.34, "toss-up"),
        (1 / 3, "probably misses"),
        (0.05, "probably misses"),
    ],
)
def test_an_undecided_verdict_is_graded_by_its_chance(chance, key):
    assert grade_of(verdict("undecided", probability_passes=chance)).key == key


@pytest.mark.parametrize(
    ("outcome", "key"),
    [("meets", "meets"), ("misses narrowly", "misses"), ("misses", "misses"), ("no bar", "no bar")],
)
def test_a_decided_verdict_keeps_its_grade_whatever_the_chance(outcome, key):
    assert grade_of(verdict(outcome, probability_passes=0.5)).key == key


def test_of_a_handful_of_rows_no_chance_is_told():
    few = verdict("undecided", probability_passes=0.95, score=replace(score(), n_rows=8))
    assert grade_of(few).key == "toss-up"
    assert verdict_headline(few) == "Toss-up"


def test_the_headline_holds_grade_flags_and_chance():
    told = verdict("undecided", probability_passes=0.05, excesses=(TOO_SLOW,))
    assert verdict_headline(told) == "Probably misses the bar · too slow: 5 % chance"


def test_every_grade_has_a_word_a_shape_and_a_colour_of_its_own():
    for part in ("word", "mark", "tone", "rank"):
        assert len({getattr(each, part) for each in all_grades()}) == 6


def test_json_has_the_outcome_of_three_and_the_grade_beside_it():
    report = verdict_report(verdict("undecided", probability_passes=0.7))
    assert (report["outcome"], report["grade"]) == ("undecided", "probably meets")


@pytest.mark.parametrize(
    ("caution", "flag", "gate"),
    [
        (Caution(kind="leak", severity="harmful"), "not to be trusted yet", "undecided"),
        (Caution(kind="leak", severity="warning"), "data to be checked", "held"),
        (Caution(kind="not_checked"), None, "undecided"),
    ],
)
def test_only_what_leaves_a_gate_undecided_makes_a_score_untrusted(
    caution: Caution, flag: str | None, gate: str
) -> None:
    judged = verdict("meets", value=0.93, cautions=(caution,))

    assert flag_messages(judged) == (() if flag is None else (flag,))
    assert gate_of(judged, bar=judged.bar).outcome == gate
    assert verdict_readiness(judged, at="2026-12-01T00:00:00+00:00")[1] == (flag == "not to be trusted yet")
