"""What a gate makes of a verdict."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.types import Assertion, AssertionResult, BarMove, Caution
from litmus_core.verdicts import Requirement, gate_of, read_requirement
from tests.app.presenters.facts import BAR, TOO_SLOW, score, verdict


def outcome(judged: Any, requirement: Requirement = "meets") -> str:
    return gate_of(judged, requirement, bar=BAR).outcome


@pytest.mark.parametrize(
    ("chance", "strict", "likely"),
    [(0.7, "undecided", "held"), (0.5, "undecided", "undecided"), (0.1, "undecided", "undecided")],
)
def test_probably_meets_is_enough_only_where_that_is_required(chance, strict, likely):
    judged = verdict("undecided", probability_passes=chance)
    assert (outcome(judged), outcome(judged, "probably meets")) == (strict, likely)


@pytest.mark.parametrize("requirement", ["meets", "probably meets"])
@pytest.mark.parametrize(("fell", "expected"), [("meets", "held"), ("misses narrowly", "not met")])
def test_what_is_decided_is_decided_for_every_requirement(requirement, fell, expected):
    assert outcome(verdict(fell), requirement) == expected


def test_a_budget_that_is_exceeded_is_not_met_even_where_the_bar_is_undecided():
    gate = gate_of(verdict("undecided", excesses=(TOO_SLOW,)), bar=BAR)
    assert [(each.name, each.outcome) for each in gate.checks] == [
        ("bar", "undecided"),
        ("latency", "not met"),
    ]
    assert gate.outcome == "not met"
    assert "It is too slow" in gate.sentence


def test_a_part_of_the_run_that_did_not_run_is_not_met():
    gate = gate_of(verdict("meets"), bar=BAR, missing=("Your model Net stopped.",))
    assert (gate.outcome, "Your model Net stopped." in gate.sentence) == ("not met", True)


@pytest.mark.parametrize(
    ("state", "expected"), [("held", "held"), ("broken", "not met"), ("open", "undecided")]
)
def test_assertions_are_part_of_the_gate(state, expected):
    result = AssertionResult(assertion=Assertion(kind="rises", column="area"), state=state, n_rows=9)
    gate = gate_of(verdict("meets", assertions=(result,)), bar=BAR)
    assert gate.outcome == expected
    assert gate.checks[-1].name == "assertion: rises with area"


COPIES = Caution(kind="duplicate_rows", n_rows=300, n_test=1_200, score=score(0.95))


@pytest.mark.parametrize(
    ("caution", "expected"),
    [
        (COPIES, "held"),  # the score on new rows is no worse
        (replace(COPIES, score=score(0.92)), "undecided"),
        (replace(COPIES, score=None), "undecided"),
        (Caution(kind="not_checked", error="MemoryError"), "undecided"),
    ],
)
def test_data_that_flatter_the_score_leave_a_gate_undecided(caution, expected):
    assert outcome(verdict("meets", value=0.93, cautions=(caution,))) == expected


def test_a_bar_that_was_moved_after_looking_is_said():
    moved = BarMove(before=replace(BAR, value=0.95), by="Ada", at="2026-11-24T10:00:00+00:00")
    gate = gate_of(verdict("meets", moved=moved), bar=BAR)
    assert gate.is_held
    assert "The bar was moved from 0.95 after this score was known." in gate.sentence


def test_without_a_bar_nothing_can_be_judged():
    with pytest.raises(UsageError, match="No bar is set"):
        gate_of(verdict("no bar", bar=None), bar=None)


def test_a_requirement_may_be_spelled_with_a_hyphen():
    assert read_requirement("probably-meets") == "probably meets"
    with pytest.raises(UnknownNameError, match="Did you mean 'meets'"):
        read_requirement("meet")
