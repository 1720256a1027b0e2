"""Results in words: pure functions from what was measured to what a page says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.presenters.results.candidates import present_candidate, present_leaderboard, present_scatter
from app.presenters.results.decision import present_decision, present_simpler
from app.presenters.results.results import present_results
from litmus_core.types import (
    Bar,
    Budget,
    Candidate,
    Caution,
    Decision,
    Experiment,
    FinalModel,
    LatencyFigure,
    Run,
    RunPlan,
    RunTimes,
    Score,
    SimplerModel,
    Task,
    TimeCut,
    Verdict,
)
from tests.app.presenters.facts import TOO_BIG, TOO_SLOW

TASK = Task(
    dataset_version_id="dv_0",
    target="late",
    problem_type="binary",
    metric="accuracy",
    features=("carrier", "distance"),
    bar=Bar(metric="accuracy", op=">=", value=0.85),
    budget=Budget(max_latency_ms=20.0),
)
RUN = Run(
    id="run_0",
    experiment_id="ex_0",
    number=1,
    plan=RunPlan(),
    status="finished",
    times=RunTimes(queued_at=""),
)


def candidate(name: str, score: float, milliseconds: float | None, **more: Any) -> Candidate:
    figures = (
        ()
        if milliseconds is None
        else (LatencyFigure(batch_rows=1, p50_ms=1, p95_ms=milliseconds, p99_ms=9, n_calls=200),)
    )
    known: dict[str, Any] = {
        "id": f"run_0-{name}",
        "run_id": "run_0",
        "experiment_id": "ex_0",
        "name": name,
        "model": name,
        "family": "lightgbm",
        "family_kind": "boosting",
        "is_ensemble": False,
        "fit_s": 2.0,
        "validation": Score(metric="accuracy", value=score, low=score - 0.02, high=score + 0.02, n_rows=500),
        "latency": figures,
        "in_budget": None if milliseconds is None else milliseconds <= 20,
    }
    return Candidate(**(known | more))


FAST = candidate("Fast", 0.86, 4.0, chosen=True)
SLOW = candidate("Slow", 0.91, 80.0)
TEAM = candidate("Team", 0.92, 90.0, is_ensemble=True, parents=("run_0-Fast", "run_0-Slow"))
UNMEASURED = candidate("Unmeasured", 0.80, None)
EVERYONE = [FAST, SLOW, TEAM, UNMEASURED]


def verdict(outcome: Any, value: float = 0.84, half: float = 0.02, **more: Any) -> Verdict:
    score = Score(metric="accuracy", value=value, low=value - half, high=value + half, n_rows=400)
    known: dict[str, Any] = {
        "outcome": outcome,
        "candidate_id": FAST.id,
        "score": score,
        "baseline": 0.5,
        "bar": TASK.bar,
    }
    return Verdict(**(known | more))


def test_the_leaderboard_says_why_a_model_is_outside_the_budget():
    rows = present_leaderboard(EVERYONE, TASK).rows
    assert [row.in_budget for row in rows] == ["yes", "no, too slow", "no, too slow", "not measured"]


def test_a_model_within_the_time_but_outside_the_budget_is_too_big():
    big = replace(FAST, in_budget=False)
    assert present_leaderboard([big], TASK).rows[0].in_budget == "no, too big"


def test_sealed_test_scores_stay_sealed():
    tested = replace(SLOW, test=SLOW.validation)
    assert [row.test for row in present_leaderboard([FAST, tested], TASK).rows] == [
        "hidden until chosen",
        "0.910 (0.890 to 0.930)",
    ]


def test_the_leaderboard_counts_both_ways_of_being_good():
    assert present_leaderboard(EVERYONE, TASK).reading == (
        "4 models, 3 better than the bar by validation scores, which flatter the best, 1 within the budget; "
        "★ is the chosen one."
    )


def test_a_score_that_was_never_bootstrapped_shows_no_interval():
    raw = replace(FAST, validation=Score(metric="accuracy", value=0.86, low=0.86, high=0.86, n_rows=0))
    assert present_leaderboard([raw], TASK).rows[0].interval == ""


def test_a_score_never_stands_without_its_interval_when_it_has_one():
    raw = replace(FAST, validation=Score(metric="accuracy", value=0.86, low=0.86, high=0.86, n_rows=0))
    known, unknown = (present_candidate(each, [each], TASK, verdict=None).validation for each in (FAST, raw))
    assert known == "Accuracy 0.860 (0.840 to 0.880) on 500 validation rows"
    assert unknown == "Accuracy 0.860, its interval is not known yet"
    folded = replace(verdict("misses"), outer_folds=5)
    tested = replace(FAST, test=FAST.validation)
    view = present_candidate(tested, [tested], TASK, verdict=folded)
    assert {view.validation, view.test} == {"Accuracy 0.860 (0.840 to 0.880) on 500 rows"}  # the same ones


def test_the_scatter_leaves_out_what_was_not_measured_and_says_so():
    view = present_scatter(EVERYONE, TASK, opened=None)
    assert [point.name for point in view.points] == ["Fast", "Slow", "Team"]
    assert view.y_title == "Validation Accuracy"
    assert view.reading == (
        "By validation scores 1 of 3 models meets both the bar and the speed limit. Fastest: Fast, "
        "4.0\u202fms at Accuracy 0.860 (0.840 to 0.880). Hollow marks exceed the budget. 1 model not "
        "measured, so not drawn."
    )


def test_money_has_its_sign_in_the_table_of_models_and_the_chart():
    task = replace(
        TASK, problem_type="regression", metric="rmse", bar=Bar(metric="rmse", op="<=", value=9_000)
    )
    score = Score(metric="rmse", value=8_612.0, low=7_204.0, high=9_981.0, n_rows=500)
    priced = replace(FAST, validation=score, test=score)
    board = present_leaderboard([priced], task, unit="$")
    assert (board.rows[0].interval, board.rows[0].test, board.unit) == (
        "$7,204 to $9,981",
        "$8,612 ($7,204 to $9,981)",
        "$",
    )
    view = present_scatter([priced], task, opened=None, unit="$")
    assert view.bar_label == "bar $9,000"
    assert "RMSE $8,612 ($7,204 to $9,981)" in view.points[0].hover
    assert view.reading.endswith("at RMSE $8,612 ($7,204 to $9,981).")


def test_only_the_team_that_is_looked_at_is_tied_to_its_members():
    assert present_scatter(EVERYONE, TASK, opened=None).links == ()
    assert present_scatter(EVERYONE, TASK, opened=TEAM.id).links == (
        ("run_0-Fast", "run_0-Team"),
        ("run_0-Slow", "run_0-Team"),
    )


def test_an_opened_team_names_its_members():
    view = present_candidate(TEAM, EVERYONE, TASK, verdict=None)
    assert (view.kind, view.parents) == ("Ensemble of 2 models", ("Fast", "Slow"))


def card(judged: Verdict, candidates: Any = None, *, task: Task = TASK, promised: Bar | None = None) -> Any:
    models = EVERYONE if candidates is None else candidates
    return present_decision(judged, task=task, candidates=models, n_evaluations=1, promised=promised)


def test_where_all_rows_judge_the_score_on_top_counts_not_the_one_that_chose():
    (said,) = [line for line in card(verdict("meets", outer_folds=5)).why if "chosen by its score" in line]
    assert "on the same rows. The test score counts" in said
    assert not any("validation data" in line for line in card(verdict("meets", outer_folds=5)).why)


@pytest.mark.parametrize(
    ("severity", "said"),
    [
        ("harmful", "Fix the data first: the score looks"),
        ("warning", "Check the data first: the score may look"),
    ],
)
def test_a_score_that_is_untrue_is_made_true_before_it_is_used(severity, said):
    caution = Caution(kind="leakage", columns=("title",), severity=severity)
    view = card(verdict("meets", cautions=(caution,)))
    assert (view.first, view.is_enough) == ("improve", False)
    assert view.advice == f"{said} better than it is."


def test_a_model_that_is_worse_than_its_score_is_trained_again():
    own = Score(metric="accuracy", value=0.6, low=0.5, high=0.7, n_rows=100)
    view = card(verdict("meets", cautions=(Caution(kind="weaker_model", score=own),)))
    assert (view.first, view.is_enough) == ("improve", False)
    assert view.advice.startswith("Train it again with more time")


def test_too_slow_names_the_fastest_model_and_how_far_it_is():
    view = card(verdict("meets", excesses=(TOO_SLOW,)), [SLOW, TEAM])
    assert (view.first, view.flags, view.state.tone) == ("improve", ("Too slow for the budget",), "near")
    assert view.advice.replace("\u202f", " ") == (
        "It is too slow for your budget. Slow, the quickest here, takes 80 ms a call, the budget is 20 ms: 4 "
        "times too slow. See what would make it lighter."
    )


def test_too_big_names_the_smallest_model_not_the_fastest():
    task = replace(TASK, budget=Budget(max_size_mb=1.0))
    slow, team = replace(SLOW, size_bytes=9_000_000), replace(TEAM, size_bytes=1_500_000)
    view = card(verdict("meets", excesses=(TOO_BIG,)), [slow, team], task=task)
    assert "Team, the smallest here, takes 1.5" in view.advice


@pytest.mark.parametrize(
    ("outcome", "chance", "first"),
    [
        ("meets", 0.99, "use"),
        ("undecided", 0.92, "use"),
        ("undecided", 0.8, "improve"),
        ("misses", 0.0, "improve"),
    ],
)
def test_the_card_recommends_one_of_its_buttons(outcome, chance, first):
    assert card(verdict(outcome, probability_passes=chance)).first == first


def test_the_headline_says_how_likely_the_bar_is_reached():
    view = card(verdict("undecided", probability_passes=0.05))
    assert view.state.word == "Probably misses the bar"
    assert view.chance == "5\u202f% chance of reaching 0.85"


def test_a_promise_is_offered_where_the_bar_is_not_met():
    view = card(verdict("undecided"), promised=replace(TASK.bar, value=0.82))
    assert view.advice.endswith("Or move the bar to 0.82, which this model very likely meets.")
    assert view.bar.start == 0.82


def test_a_bar_that_asks_for_little_more_than_guessing_is_called_so():
    low = replace(TASK.bar, value=0.55)
    assert "0.55, asks for little more than guessing." in card(verdict("misses"), promised=low).advice
    met = card(replace(verdict("meets"), bar=low))
    assert (met.first, met.advice) == (
        "bar",
        "The bar asks for little more than guessing. Move it to what you need.",
    )
    less = card(replace(verdict("meets"), bar=replace(TASK.bar, value=0.45)))
    assert less.advice == "The bar asks for no more than guessing. Move it to what you need."


def test_a_model_that_is_no_better_than_guessing_is_called_so():
    assert card(replace(verdict("misses"), baseline=0.95)).advice.startswith("Guessing is better. See")
    assert card(replace(verdict("misses"), baseline=0.85)).advice.startswith("Guessing is as good. See")
    worse = replace(verdict("misses", value=58.13, half=10.0), baseline=50.0)
    assert not card(worse).advice.startswith("Guessing")  # of this metric more is better


def test_an_error_and_a_score_speak_alike_of_the_bar():
    assert "better than the bar by 0.010" in card(verdict("meets", value=0.86, gap=-0.01)).measured
    assert "misses the bar by 0.010" in card(verdict("misses", value=0.84, gap=0.01)).measured
    errors = verdict("misses", value=58.13, half=10.0, gap=8.131)
    assert "misses the bar by 8.13." in card(errors).measured


@pytest.mark.parametrize(
    ("validation", "said"), [(0.861, "it scored 0.861."), (0.95, "differ. Trust the test score.")]
)
def test_a_large_gap_to_the_validation_score_is_explained(validation, said):
    judged = verdict("misses")
    scored = replace(judged.score, value=validation, low=validation - 0.01, high=validation + 0.01)
    chosen = replace(FAST, id=judged.candidate_id, validation=scored)
    assert card(judged, [chosen]).why[-1].endswith(said)


FINAL = FinalModel(
    model="all",
    n_rows=7_043,
    n_judging=1_409,
    seconds=3.0,
    latency=(LatencyFigure(batch_rows=1, p50_ms=5.0, p95_ms=6.0, p99_ms=7.0, n_calls=300),),
    size_bytes=2_000_000,
)


def test_the_model_that_is_used_is_shown_with_its_own_speed_and_size():
    used = replace(FAST, final=FINAL)
    row = present_leaderboard([used], TASK).rows[0]
    assert (row.latency_ms, row.size) == (6.0, 2.0)
    assert present_scatter([used], TASK, opened=None).points[0].x == 6.0
    told = card(verdict("meets"), [used]).used
    assert told.startswith("Judged on 1,409 rows; the model you use has learned from all 7,043.")
    assert "answers one row in 6.0\u202fms (19 of 20 calls, on this computer) and takes 2.0\u202fMB" in told


def test_the_judged_model_is_shown_where_it_is_the_one_that_is_used():
    kept = replace(FAST, final=replace(FINAL, in_use=False))
    assert present_leaderboard([kept], TASK).rows[0].latency_ms == 4.0
    assert "that model is the one you use" in card(verdict("meets"), [kept]).used


def test_nothing_on_the_card_stands_behind_why_again():
    why = " ".join(card(verdict("undecided", probability_passes=0.05, gap=0.01)).why)
    assert not [said for said in ("0.840", "0.850", "0.500", "5\u202f%") if said in why]


def test_sizes_share_a_unit_that_shows_the_smallest():
    def board(*sizes: int) -> Any:
        return present_leaderboard([replace(FAST, size_bytes=size) for size in sizes], TASK)

    assert (board(72_000, 3_000).size_unit, board(2_300_000, 4_000).size_unit) == ("kB", "kB")
    assert board(2_300_000, 600_000).size_unit == "MB"
    assert [row.size for row in board(2_300_000, 4_000).rows] == [2_300.0, 4.0]


def test_the_test_score_leads_where_it_is_known():
    tested = replace(FAST, test=replace(FAST.validation, value=0.7, low=0.68, high=0.72))
    view = present_candidate(tested, [tested], TASK, verdict=None)
    assert view.strip.labels[0] == "0.700"
    assert present_candidate(FAST, [FAST], TASK, verdict=None).strip.labels[0] == "0.860"


def test_after_a_second_look_a_score_has_one_interval_wherever_it_stands():
    later = verdict("misses", certainty=0.975, low=0.81, high=0.87)
    judged = replace(FAST, test=later.score)
    experiment = Experiment(id="ex_0", name="Late", task=TASK, created_at="2026-01-01", owner="ada")
    run = replace(RUN, verdict=later)
    view = present_results(experiment, run, [judged], runs=[run], opened_id=None, n_evaluations=2, n_folds=0)
    assert view.opened is not None
    assert "(0.810 to 0.870)" in view.opened.test
    assert "97.5" in view.opened.strip.reading
    assert view.leaderboard.rows[0].test.endswith("(0.810 to 0.870)")


def test_a_model_cut_short_by_the_time_limit_is_marked_where_it_stands() -> None:
    cut = replace(FAST, time_cut=TimeCut(unit="round", steps=34, best_at=33, most=500))
    everyone = [cut, SLOW, TEAM]
    board = present_leaderboard(everyone, TASK)
    said = [present_candidate(each, everyone, TASK, verdict=None).cut_short for each in everyone]

    assert [row.name for row in board.rows] == ["★ Fast, cut short", "Slow", "Team"]
    assert "the time limit cut 1 short" in board.reading
    assert said == [
        "Stopped early by the time limit: 34 of up to 500 rounds.",
        "",
        "1 of its 2 models was stopped early by the time limit.",
    ]


def test_a_model_past_its_best_when_its_time_was_up_would_hardly_gain() -> None:
    cut = replace(FAST, time_cut=TimeCut(unit="tree", steps=60, best_at=20, n_fits=5, n_cut=2))
    said = present_candidate(cut, [cut], TASK, verdict=None).cut_short

    assert said == (
        "Stopped early by the time limit in 2 of 5 folds: 60 trees were done. "
        "It was best after 20, so more time would hardly help."
    )


def test_an_ensemble_that_hardly_pays_is_remarked_on_with_the_model_to_use_instead() -> None:
    simpler = SimplerModel(
        candidate_id="run_0-Fast",
        name="Fast",
        times_faster=22.5,
        difference=0.004,
        low=-0.01,
        high=0.02,
        n_rows=500,
    )
    view = present_simpler(replace(verdict("meets", value=0.9), simpler=simpler))

    assert view is not None
    assert view.candidate_id == "run_0-Fast"
    assert view.button == "Use Fast instead"
    assert view.sentence == (
        "Fast alone answers 22 times faster, and the difference in score (0.004 on 500 rows) is noise."
    )
    assert present_simpler(verdict("meets", value=0.9)) is None


def test_a_decision_to_use_it_anyway_leads_to_putting_it_to_work():
    at = "2026-11-24T10:00:00+00:00"
    decision = Decision(run_id="run_1", candidate_id="c", reason="Good enough.", by="Ann", at=at, verdict="")
    view = present_decision(
        verdict("misses"), task=TASK, candidates=EVERYONE, n_evaluations=1, promised=None, decision=decision
    )
    assert (view.first, view.is_enough) == ("use", False)
    assert view.advice == "That decision stands: put the model to work."
