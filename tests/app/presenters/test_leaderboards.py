"""Leaderboards' data: readiness, filters, fair comparison."""

from __future__ import annotations

from dataclasses import replace

from app.presenters.results.leaderboards import (
    CHIPS,
    present_board,
    present_decisions,
    present_side_by_side,
)
from app.views.results.leaderboards import board_csv, board_frame
from litmus_core.types import Bar, BarMove, Decision, FinalModel
from tests.app.presenters.facts import AT, TOO_SLOW, candidate, score, summary, task, verdict

READY = summary(1, judged=verdict("meets"), name="ready")
NEAR = summary(2, judged=verdict("undecided", value=0.89, probability_passes=0.07), name="near")
FAR = summary(3, judged=verdict("misses", value=0.5, probability_passes=0.0), name="far")
SLOW = summary(4, judged=verdict("meets", excesses=(TOO_SLOW,)), name="slow")
FAILED = summary(5, status="failed", name="failed")
ALL = [FAILED, FAR, SLOW, NEAR, READY]


def compare(left, right):
    return present_side_by_side(left, right, n_evaluations=(1, 1))


def names(view):
    return [row.name for row in view.rows]


def test_the_most_ready_comes_first():
    assert names(present_board(ALL)) == ["ready", "slow", "near", "far", "failed"]


def test_the_reading_counts_every_state():
    assert present_board(ALL).reading == (
        "5 experiments · Meets the bar 2 · Probably misses the bar 1 · Misses the bar 1 · Could not finish 1"
    )


def test_a_verdict_is_a_chip_with_mark_and_word_and_flags_beside_it():
    rows = {row.name: row for row in present_board(ALL).rows}
    assert rows["ready"].chips == ("✓ Meets the bar",)
    assert rows["slow"].chips == ("✓ Meets the bar", "too slow")
    assert all(chip in CHIPS for row in rows.values() for chip in row.chips)


def test_a_verdict_stands_while_another_run_trains():
    rows = present_board([replace(READY, status="running")]).rows
    assert rows[0].chips == ("✓ Meets the bar", "… Training now")


def test_the_way_to_the_bar_is_said_in_its_own_unit_and_in_one_that_compares():
    rows = {row.name: row for row in present_board(ALL).rows}
    assert rows["ready"].to_bar == "3.00 points better than the bar"
    assert rows["near"].to_bar == "1.00 points short of the bar · 99\u202f% of the way"
    assert rows["failed"].to_bar == ""


def test_a_score_never_stands_without_its_interval():
    assert present_board([READY]).rows[0].score == "Accuracy 0.930 (0.924 to 0.936)"
    assert READY.verdict is not None
    later = replace(READY, verdict=replace(READY.verdict, low=0.92, high=0.94))
    assert present_board([later]).rows[0].score == "Accuracy 0.930 (0.920 to 0.940)", "as Results says it"


def test_filters_narrow_what_is_shown_and_not_what_can_be_chosen():
    view = present_board(ALL, states=["Probably misses the bar"])
    assert names(view) == ["near"]
    assert len(view.states) == 4


def test_text_finds_names_tables_and_owners():
    assert names(present_board(ALL, text="FAIL")) == ["failed"]
    assert len(present_board(ALL, text="ada").rows) == 5
    assert present_board(ALL, table="another").rows == ()


def test_overlapping_intervals_are_not_called_a_difference():
    close = replace(READY.verdict, score=score(0.929))
    view = compare(READY, replace(NEAR, verdict=close))
    assert "this may be chance" in view.sentence


def test_a_clear_difference_names_the_one_ahead():
    assert compare(FAR, READY).sentence == "**ready** is ahead by 0.430 on Accuracy."


def test_different_measures_are_not_compared():
    other = replace(FAR.verdict, score=score(0.5, metric="f1_macro"))
    assert "different measures" in compare(READY, replace(FAR, verdict=other)).sentence


def test_different_questions_are_not_compared():
    other = summary(6, judged=verdict("misses", value=0.5), of=task(target="price"))
    assert "different questions" in compare(READY, other).sentence


def test_two_versions_of_a_table_are_one_question_with_other_test_rows():
    judged = verdict("misses", value=0.5)
    grown = summary(6, judged=judged, of=task(dataset_version_id="dv_9"))
    assert "different versions of one" in compare(READY, grown).sentence
    own = (summary(each, judged=judged, of=task(dataset_version_id=f"dv_{each}", test_version_id="dv_7"))
           for each in (7, 8))  # fmt: skip
    assert "level" in compare(*own).sentence


def test_an_experiment_without_a_verdict_cannot_be_ahead():
    assert "no verdict yet" in compare(READY, FAILED).sentence


def test_who_decided_what_is_said_with_name_day_and_reason():
    decision = Decision(
        run_id="run_1", candidate_id="run_1-a", reason="Sales *need* it.", by="Ada", at=AT, verdict="Toss-up"
    )
    used = replace(FAR, experiment=replace(FAR.experiment, decision=decision))
    move = BarMove(before=Bar(metric="accuracy", op=">=", value=0.95), by="Ben", at=AT, because="*Enough*.")
    moved = replace(READY, verdict=verdict("meets", moved=move))
    assert [row.decided for row in present_board([used, moved, NEAR]).rows] == [
        "bar moved",
        "",
        "used anyway",
    ]
    assert present_decisions([used, NEAR, moved]) == (
        "**ready**: Ben moved the bar from 0.95 to 0.90, 24 Nov 2026, knowing the score. “\\*Enough\\*.”",
        "**far**: Ada uses it anyway, 24 Nov 2026: “Sales \\*need\\* it.”",
    )
    assert dict(compare(used, READY).left.facts)["Decided"].startswith("**far**: Ada uses it anyway")
    assert "Decided" not in dict(compare(READY, FAR).left.facts)


def test_speed_and_size_are_those_of_the_model_that_is_used():
    judged = candidate()
    figures = tuple(replace(figure, p95_ms=77.0) for figure in judged.latency)
    final = FinalModel(model="m", n_rows=9, n_judging=3, seconds=1.0, latency=figures, size_bytes=123_000_000)
    used = replace(READY, best=replace(judged, final=final))
    assert [row.size_mb for row in present_board([used]).rows] == [123.0]
    assert dict(compare(used, READY).left.facts)["Answers one row in"].startswith("77")
    kept = replace(READY, best=replace(judged, final=replace(final, in_use=False)))
    assert compare(kept, READY).left.facts == compare(READY, READY).left.facts


def test_a_csv_has_what_the_page_has_and_nothing_that_a_spreadsheet_runs():
    frame = board_frame(
        present_board([READY, replace(SLOW, experiment=replace(SLOW.experiment, name="=1"))]).rows
    )
    lines = board_csv(frame, ["experiment", "verdict", "chance", "gap"]).decode("utf-8-sig").splitlines()
    assert lines[0] == 'Experiment,Verdict,"Chance, %",To the bar'
    assert lines[1] == "ready,✓ Meets the bar,97.0,3.00 points better than the bar"
    assert lines[2].startswith("'=1,✓ Meets the bar · too slow,97.0,")
