"""Home's data: what is in hand, and the one thing to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.presenters.home import next_step, present_home
from litmus_core.types import Caution, Decision, FlaggedCases, Handoff
from tests.app.presenters.facts import TOO_SLOW, candidate, summary, verdict

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def show(*summaries, held=None, answered=(), name="", **facts):
    return present_home(summaries, [], [], answered=answered, name=name, message=held, now=NOW, **facts)


def test_an_empty_workspace_has_nothing_in_hand():
    view = show()
    assert view.current is None
    assert view.recent == ()


def test_the_latest_experiment_is_in_hand_when_the_visitor_held_none():
    view = show(summary(1, updated_at="2026-11-20T10:00:00+00:00"), summary(2))
    assert view.current.name == "Experiment 2"
    assert [each.name for each in view.recent] == ["Experiment 1"]


def test_what_the_visitor_held_stays_in_hand():
    view = show(summary(1, updated_at="2026-11-20T10:00:00+00:00"), summary(2), held="ex_0000000001")
    assert view.current.name == "Experiment 1"


def test_an_answer_is_told_to_whoever_asked_and_to_nobody_else():
    told = Handoff(
        id="ho_1", experiment_id="ex_0000000001", question="What\nnow?", asked_by="Ann", asked_at="",
        state="answered", answered_by="Bob", answered_at="2026-11-24T10:00:00+00:00",
    )  # fmt: skip
    gone = replace(told, id="ho_2", experiment_id="ex_0000000009")

    (answered,) = show(summary(1), answered=[told, gone], name="Ann").answered

    assert answered.message == "Bob answered your question about Experiment 1, 2 hours ago."
    assert (answered.experiment_id, answered.question) == ("ex_0000000001", "What now?")
    assert show(summary(1), answered=[told], name="Cid").answered == ()


def test_a_line_says_score_table_owner_and_date():
    view = show(summary(1, judged=verdict("meets", value=0.93)))
    assert view.current.detail == "Accuracy 0.930 (0.924 to 0.936) · titles · ada · 2 hours ago"


@pytest.mark.parametrize(
    ("status", "outcome", "page"),
    [
        (None, None, "train"),
        ("queued", None, "train"),
        ("running", "misses", "train"),
        ("failed", None, "train"),
        ("interrupted", None, "train"),
        ("finished", "meets", "export"),
        ("finished", "undecided", "improve"),
        ("finished", "misses narrowly", "improve"),
        ("finished", "misses", "improve"),
        ("stopped", "no bar", "results"),
    ],
)
def test_every_state_has_one_next_step(status, outcome, page):
    judged = None if outcome is None else verdict(outcome, probability_passes=0.5)
    assert next_step(summary(status=status, judged=judged)).page == page


def test_a_model_that_somebody_uses_anyway_leads_to_export_until_another_one_is_judged():
    judged = verdict("misses")
    decision = Decision(
        run_id="run_1", candidate_id=judged.candidate_id, reason="Good enough.", by="Ann", at="", verdict=""
    )
    asked = summary(status="finished", judged=judged)
    used = replace(asked, experiment=replace(asked.experiment, decision=decision))
    assert next_step(used).page == "export"
    assert show(used).current.sentence.endswith("Ann decided to use it anyway.")
    newer = replace(used, verdict=replace(judged, candidate_id="run_2-model-0"))
    assert next_step(newer).page == "improve"


def test_the_chance_and_the_cases_are_said_and_the_score_once():
    cases = FlaggedCases(label="yes", n_rows=1_000, n_positive=141, n_flagged=78, n_hits=78)
    current = show(summary(1, judged=verdict("meets", value=0.93, cases=cases))).current
    assert current.sentence.replace("\u202f", " ") == (
        "97 % chance of reaching 0.90. "
        "Of 1,000 cases it flags 78 as “yes”, 78 of them rightly, and misses 63."
    )
    assert "0.930" in current.detail


def test_what_makes_a_score_untrue_comes_before_export():
    caution = Caution(kind="duplicate_rows", n_rows=77, n_test=100)
    step = next_step(summary(status="finished", judged=verdict("meets", cautions=(caution,))))
    assert (step.page, step.why) == ("improve", "Do not trust the score yet.")
    maybe = replace(caution, kind="leak", severity="warning")
    assert next_step(summary(status="finished", judged=verdict("meets", cautions=(maybe,)))).why == (
        "Check the data first."
    )


def test_a_run_that_ended_early_says_so_in_a_sentence():
    cut = replace(summary(1, status="interrupted"), best=candidate())
    assert show(cut).current.sentence.endswith("trained until then is kept.")


def test_a_run_that_failed_says_why_where_the_visitor_comes_back():
    failed = replace(summary(1, status="failed"), latest_run_id="run_1")
    assert (
        show(failed, why_ended=lambda run_id: f"{run_id}: too short.").current.sentence == "run_1: too short."
    )
    assert show(failed).current.sentence.startswith("The training could not go on")


def test_a_run_that_ended_before_its_first_model_promises_nothing():
    assert show(summary(1, status="interrupted")).current.sentence == (
        "The training ended before any model was finished; it can be started again."
    )


def test_a_model_that_is_good_but_too_slow_leads_to_the_results():
    assert next_step(summary(judged=verdict("meets", excesses=(TOO_SLOW,)))).page == "results"


def test_a_run_that_has_its_verdict_and_is_still_finishing_is_no_other_one():
    assert (
        show(summary(status="running", judged=verdict("misses"))).current.under_way
        == "This run has its verdict and is still finishing."
    )


def test_a_verdict_stands_while_another_run_trains_and_that_is_said_beside_it():
    training = replace(summary(status="running", judged=verdict("misses")), latest_run_id="run_0000000002")
    view = show(training)
    assert view.current.word == "Misses the bar"
    assert "It misses the bar" in view.current.sentence
    assert view.current.under_way == (
        "The latest run: training now. This verdict stands until that run has its own."
    )
    assert (view.current.step.label, view.current.step.page) == ("Watch the training", "train")
    assert "training now" not in view.current.detail
    (other,) = show(summary(1), summary(2, status="running", judged=verdict("misses"))).recent
    assert other.word == "Misses the bar"
    assert other.detail.endswith("latest run: training now")
    assert show(summary(status="running")).current.word == "Training now"
    assert show(summary(status="running")).current.under_way == ""
