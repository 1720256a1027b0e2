"""Train's data: time left, the best so far, what is being tried, how it ended."""

from __future__ import annotations

from dataclasses import replace

from app.presenters.training.families import present_families
from app.presenters.training.train import present_course, present_ended_run, present_live
from litmus_core.engine import get_model_family
from litmus_core.types import (
    Bar,
    CandidateMeasured,
    CandidateTrained,
    Event,
    Progress,
    Run,
    RunPlan,
    RunStage,
    RunStarted,
    RunTimes,
    Score,
)
from litmus_core.verdicts import outcome_message
from tests.app.presenters.facts import candidate, task, verdict

RUNNING = Progress(
    run_id="run_0000000001",
    status="running",
    stage="fit",
    message="Training Random forest",
    elapsed_s=30.0,
    remaining_s=90.0,
    n_trained=1,
    training_now="Random forest",
    best=candidate(value=0.88),
)
RUN = Run(
    id="run_0000000001",
    experiment_id="ex_0000000001",
    number=1,
    plan=RunPlan(),
    status="finished",
    times=RunTimes(queued_at="2026-11-24T10:00:00+00:00"),
)
EVENTS = (
    Event(id=1, at="2026-11-24T10:00:00+00:00", fact=RunStarted(run_id=RUN.id, pid=1)),
    Event(
        id=2,
        at="2026-11-24T10:00:10+00:00",
        fact=CandidateTrained(candidate=candidate("lightgbm", 0.88)),
    ),
    Event(id=3, at="2026-11-24T10:00:30+00:00", fact=CandidateTrained(candidate=candidate("forest", 0.86))),
    Event(
        id=4,
        at="2026-11-24T10:00:31+00:00",
        fact=RunStage(run_id=RUN.id, stage="evaluate", message="Scoring"),
    ),
)


MODELS = (candidate("lightgbm", 0.88), candidate("forest", 0.86))


def live(progress=RUNNING, **changes):
    given = {
        "task": task(),
        "candidates": [candidate("lightgbm", 0.88)],
        "events": EVENTS,
        "coming": [get_model_family("lightgbm"), get_model_family("forest"), get_model_family("linear")],
        "ahead": None,
        "stopping": None,
    }
    return present_live(progress, **(given | changes))


def test_the_time_left_comes_first():
    view = live()
    assert view.headline == "About 1 min 30 s left"
    assert view.share_done == 0.25


def test_while_answering_times_are_measured_the_bar_and_the_words_count_the_models_done():
    measured = CandidateMeasured(
        candidate_id="run_0000000001-forest", latency=(), size_bytes=None, in_budget=None
    )
    now = replace(RUNNING, stage="latency", remaining_s=0.0, n_trained=4, training_now=None)
    view = live(now, events=(*EVENTS, Event(id=5, at="2026-11-24T10:00:32+00:00", fact=measured)))
    assert view.headline == "Trained. Now measuring how fast the models answer"
    assert view.doing == "1 of 4 models measured. This does not count towards the 2 min of training."
    assert view.share_done == 0.25


def test_what_an_earlier_process_measured_is_measured_again():
    measured = CandidateMeasured(
        candidate_id="run_0000000001-forest", latency=(), size_bytes=None, in_budget=None
    )
    again = RunStarted(run_id=RUN.id, pid=2)
    told = [
        Event(id=at, at="2026-11-24T10:00:32+00:00", fact=each) for at, each in ((5, measured), (6, again))
    ]
    now = replace(RUNNING, stage="latency", n_trained=4)
    assert live(now, events=(*EVENTS, *told)).share_done == 0.0


def test_the_best_so_far_is_said_against_the_bar():
    assert (live().leader.score, live().leader.against_bar) == ("0.880", "0.020 short of the bar")


def test_the_best_so_far_names_its_metric_and_says_how_sure_it_is():
    view = live()
    assert (view.leader.title, view.leader.score) == ("Best so far, Accuracy", "0.880")
    assert view.leader.note.replace("\u202f", " ") == "On validation rows, 95 % certain: 0.874 to 0.886."


def test_before_the_verdict_a_score_says_when_its_interval_comes():
    raw = Score(metric="accuracy", value=0.88, low=0.88, high=0.88, n_rows=0)
    view = live(replace(RUNNING, best=replace(candidate(), validation=raw)))
    assert view.leader.note == "On validation rows. The verdict says how certain that is."


def test_a_tried_model_stands_with_metric_and_interval():
    assert [each.score for each in live().tried] == ["Accuracy 0.880 (0.874 to 0.886)"]


def test_what_was_tried_and_what_runs_is_not_coming():
    assert live().coming == ("Linear model",)


def test_a_stop_says_what_it_keeps_before_and_after_it_is_asked_for():
    assert live().stop_note == "A stop keeps and judges 1 finished model. The one in training is dropped."
    assert live(candidates=[]).stop_note == "No model is finished yet: a stop now keeps nothing."
    begun_again = replace(RUNNING, status="queued")
    assert live(begun_again, stopping="hard").headline == "1 finished model is kept and judged now"
    assert not live(begun_again, stopping="hard").waiting
    assert live(stopping="hard", candidates=[]).headline == "Stopping; no model was finished"
    assert (live(stopping="hard").running, live(stopping="hard").doing) == (
        "",
        "Judging starts in a moment",
    )
    assert live(stopping="soft").headline.startswith("Stopping after the current model")
    assert not live(stopping="soft").stopping  # it can still be stopped now


def test_a_queued_run_says_why_it_waits():
    view = live(replace(RUNNING, status="queued", best=None, remaining_s=None, elapsed_s=0.0), ahead=RUN)
    assert view.headline == "Waiting for its turn"
    assert view.doing.startswith("Another run is training.")


def test_the_course_follows_the_best_over_time():
    course = present_course(EVENTS, MODELS, task=task())
    assert course.seconds == (10.0, 30.0)
    assert course.scores == (0.88, 0.86)
    assert course.best == (0.88, 0.88)
    assert (
        course.reading
        == "After 2 models the best is Accuracy 0.880 on validation rows, 0.020 short of the bar."
    )


def test_a_model_that_is_told_of_again_after_a_stop_counts_once():
    repeated = replace(EVENTS[1], id=9, at="2026-11-24T10:01:00+00:00")
    again = present_course((*EVENTS, repeated), MODELS, task=task())
    assert again.seconds == (10.0, 30.0)
    assert again.scores == (0.88, 0.86)


def test_the_course_and_the_list_have_the_scores_of_the_evaluation():
    plain, steps = candidate("forest", None), candidate("forest-then", None)
    events = [replace(EVENTS[1], fact=CandidateTrained(candidate=each)) for each in (MODELS[0], plain, steps)]
    judged = [candidate("lightgbm", 0.87), candidate("forest", 0.89), candidate("forest-then", 0.91)]
    view = live(candidates=judged, events=(EVENTS[0], *events))
    assert view.course.scores == (0.87, 0.89, 0.91)
    assert view.course.reading.startswith("After 3 models the best is Accuracy 0.910")
    assert view.tried[0].score.startswith("Accuracy 0.910")


def test_money_has_its_sign_while_it_is_earned():
    asked = task(problem_type="regression", metric="mae", bar=Bar(metric="mae", op="<=", value=350.0))
    costly = [candidate(name, value) for name, value in (("lightgbm", 380.0), ("forest", 402.5))]
    view = live(task=asked, candidates=costly, unit="EUR")
    assert (view.leader.score, view.leader.against_bar) == ("€0.880", "€349.1 better than the bar")
    assert view.course.bar_label == "bar €350"
    assert (
        view.course.reading
        == "After 2 models the best is MAE €380.0 on validation rows, €30.00 short of the bar."
    )
    assert view.tried[0].score.startswith("Accuracy €380.0 (€380.0 to")
    assert view.log[1].text.endswith("Accuracy €0.860 (€0.854 to €0.866) on validation rows")


def test_where_less_is_better_the_best_is_the_lowest():
    course = present_course(EVENTS, MODELS, task=task(problem_type="regression", metric="rmse", bar=None))
    assert course.best == (0.88, 0.86)


def test_the_log_is_in_plain_words_with_the_newest_first():
    assert [line.text for line in live().log] == [
        "Scoring",
        "forest is ready after 3 seconds: Accuracy 0.860 (0.854 to 0.866) on validation rows",
        "lightgbm is ready after 3 seconds: Accuracy 0.880 (0.874 to 0.886) on validation rows",
        "Started",
    ]


def test_a_failed_run_says_what_is_safe():
    failed = replace(RUN, status="failed", message="No class was left.", hint="Choose another split.")
    view = present_ended_run(failed, task=task(), candidates=[], events=(), n_evaluations=0)
    assert (view.message, view.hint, view.safe) == (
        "No class was left.",
        "Choose another split.",
        "Your data is unchanged.",
    )
    assert not view.can_finish


def test_what_is_safe_is_said_once():
    run = replace(RUN, status="failed", hint="Allow more time. Your data is unchanged.")
    assert present_ended_run(run, task=task(), candidates=[], events=[], n_evaluations=0).safe == ""


def test_an_interrupted_run_can_be_finished_from_what_it_has():
    cut = replace(RUN, status="interrupted")
    view = present_ended_run(cut, task=task(), candidates=[candidate()], events=(), n_evaluations=0)
    assert view.can_finish
    assert view.safe == "Your data is unchanged. 1 finished model is kept."
    assert view.message


def test_an_interrupted_run_without_a_model_promises_nothing_and_is_trained_again():
    cut = replace(
        RUN,
        status="interrupted",
        times=replace(RUN.times, started_at="2026-11-24T10:00:01+00:00"),
        message="The run's process ended.",
        hint="What was trained until then is kept: finish the run to use it, or start it again.",
    )
    view = present_ended_run(cut, task=task(), candidates=[], events=(), n_evaluations=0)
    assert view.message == "The run's process ended. No model was finished before that."
    assert view.hint.startswith("There is nothing to finish from: train again.")
    assert not view.can_finish
    assert view.is_stuck


def test_a_finished_run_shows_its_verdict():
    judged = replace(RUN, verdict=verdict("meets"))
    view = present_ended_run(judged, task=task(), candidates=[], events=(), n_evaluations=1)
    assert view.verdict.word == outcome_message("meets")


def test_cards_that_litmus_would_choose_come_first_and_unusable_ones_last():
    families = [get_model_family("network"), get_model_family("forest"), get_model_family("linear")]
    views = present_families(families, ["linear"], missing={"network": "Needs torch."}, parameters={})
    assert [view.key for view in views] == ["linear", "forest", "network"]
    assert views[-1].missing == "Needs torch."
