"""Verdicts: what a test score says about the bar, and the words for it."""

from litmus_core.verdicts._cases import bar_origin_sentence, cases_sentence
from litmus_core.verdicts._certainty import certainty_sentences, coverage_sentence
from litmus_core.verdicts._gates import (
    FailOn,
    Gate,
    GateCheck,
    GateOutcome,
    Requirement,
    gate_of,
    gate_of_findings,
    gate_of_unjudged,
    read_requirement,
)
from litmus_core.verdicts._grades import (
    Grade,
    GradeTone,
    all_grades,
    grade_of,
    verdict_headline,
    verdict_report,
)
from litmus_core.verdicts._live import FEWEST_NEWEST, FEWEST_REFERENCE, expected_score, judge_live
from litmus_core.verdicts._live_messages import expected_sentence, live_headline, live_sentence
from litmus_core.verdicts._messages import (
    another_evaluation_message,
    background_sentences,
    bar_text,
    caution_sentence,
    certainty_notes,
    evaluations_message,
    evidence_sentence,
    excess_messages,
    final_model_message,
    judgement_sentence,
    measured_sentence,
    moved_sentence,
    outcome_message,
    promise_sentence,
    verdict_sentence,
)
from litmus_core.verdicts._models import simpler_message, time_cut_message
from litmus_core.verdicts._moved_bar import bar_at, promised_value, rejudged
from litmus_core.verdicts._readiness import WayToBar, readiness, status_rank, way_to_bar
from litmus_core.verdicts._sample_size import chance_to_settle, most_rows, rows_to_settle
from litmus_core.verdicts._sequential_testing import certainty, inflated_interval, interval_inflation
from litmus_core.verdicts._verdict import ModelChoice, verdict

__all__ = [
    "FEWEST_NEWEST",
    "FEWEST_REFERENCE",
    "FailOn",
    "Gate",
    "GateCheck",
    "GateOutcome",
    "Grade",
    "GradeTone",
    "ModelChoice",
    "Requirement",
    "WayToBar",
    "all_grades",
    "another_evaluation_message",
    "background_sentences",
    "bar_at",
    "bar_origin_sentence",
    "bar_text",
    "cases_sentence",
    "caution_sentence",
    "certainty",
    "certainty_notes",
    "certainty_sentences",
    "chance_to_settle",
    "coverage_sentence",
    "evaluations_message",
    "evidence_sentence",
    "excess_messages",
    "expected_score",
    "expected_sentence",
    "final_model_message",
    "gate_of",
    "gate_of_findings",
    "gate_of_unjudged",
    "grade_of",
    "inflated_interval",
    "interval_inflation",
    "judge_live",
    "judgement_sentence",
    "live_headline",
    "live_sentence",
    "measured_sentence",
    "most_rows",
    "moved_sentence",
    "outcome_message",
    "promise_sentence",
    "promised_value",
    "read_requirement",
    "readiness",
    "rejudged",
    "rows_to_settle",
    "simpler_message",
    "status_rank",
    "time_cut_message",
    "verdict",
    "verdict_headline",
    "verdict_report",
    "verdict_sentence",
    "way_to_bar",
]
