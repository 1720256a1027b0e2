"""Steps after the model on Train and Results."""

from __future__ import annotations

from typing import Any

import pytest

from app.presenters.results.postprocess import present_post, present_steps
from app.presenters.steps import part_of
from litmus_core.experiments import CandidatesService, RunsService
from litmus_core.types import PluginRef, PostReport, Run, RunPlan, RunTimes, Score, StepReport
from tests.app.test_results_presenters import TASK
from tests.app.visit import text, visit
from tests.app.world import EXPERIMENT, FEATURES, RUN, World


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[RunPlan]:
    """Plans that were started, instead of starting them."""
    plans: list[RunPlan] = []

    def start_run(self: RunsService, experiment_id: str, plan: RunPlan) -> Run:
        plans.append(plan)
        return Run(
            id=RUN,
            experiment_id=experiment_id,
            number=1,
            plan=plan,
            status="queued",
            times=RunTimes(queued_at="2026-11-24T10:00:00+00:00"),
        )

    monkeypatch.setattr(RunsService, "start", start_run)
    return plans


def step(*parameters: tuple[str, Any], reference: str = "abstain") -> PluginRef:
    return PluginRef(point="postprocess", reference=reference, parameters=parameters)


def test_steps_are_added_filled_in_and_started_in_their_order(world: World, started: list[RunPlan]) -> None:
    world.experiment()
    app = visit("train", experiment=EXPERIMENT)
    for reference in ("rule", "abstain"):
        app.selectbox(key="post-step").set_value(reference).run()
        app.button(key="post-add").click().run()
    app.text_input(key="post-1-when").set_value("income < 3")
    app.text_input(key="post-1-then").set_value("answer = no")
    app.number_input(key="post-2-below").set_value(0.7)
    app.button(key="start").click().run()

    assert started[0].postprocess == (
        step(("when", "income < 3"), ("then", "answer = no"), reference="rule"),
        step(("below", 0.7)),
    )


def test_a_step_can_be_taken_out_again(world: World, started: list[RunPlan]) -> None:
    world.experiment()
    app = visit("train", experiment=EXPERIMENT)
    app.button(key="post-add").click().run()
    app.button(key="post-remove-1").click().run()
    app.button(key="start").click().run()

    assert started == [RunPlan()]


def test_only_steps_that_fit_the_question_are_offered() -> None:
    offered = present_steps(TASK, FEATURES)

    assert [each.reference for each in offered] == [
        "thresholds_by_segment",
        "shift_classes",
        "calibrate",
        "threshold",
        "rule",
        "abstain",
        "own",
    ]
    assert offered[0].fields[0].choices == ("income", FEATURES[1].name, "member")


def test_what_is_empty_or_as_by_default_is_not_said() -> None:
    abstain = present_steps(TASK, FEATURES)[-2]

    asked = {"below": 0.7, "label": "don't know"}
    assert part_of(abstain, asked, point="postprocess") == step(("below", 0.7))
    assert part_of(abstain, {"below": None, "label": ""}, point="postprocess") == step()


def report(**more: Any) -> PostReport:
    facts: dict[str, Any] = {
        "candidate_id": f"{RUN}-gbm-then",
        "plain_id": f"{RUN}-gbm",
        "n_rows": 200,
        "n_changed": 31,
        "n_abstained": 30,
        "score": Score(metric="accuracy", value=0.95, low=0.9, high=0.98, n_rows=170),
        "all_rows": Score(metric="accuracy", value=0.91, low=0.87, high=0.95, n_rows=200),
        "plain": Score(metric="accuracy", value=0.9, low=0.86, high=0.94, n_rows=200),
        "halves": True,
        "steps": (StepReport(step="rule", n_touched=4, n_changed=1, sentence="It fired on 4 of 200 rows."),),
        "steps_ms": 0.02,
    }
    return PostReport(**{**facts, **more})


def test_results_say_what_the_steps_did() -> None:
    view = present_post(report(), name="LightGBM, then rule and abstain", plain="LightGBM")

    assert "31 of 200 answers" in view.headline.replace("\u202f", " ")
    said = " ".join(view.lines)
    assert "It has no answer for" in said
    assert "Had it answered all: accuracy 0.910" in said.replace("Accuracy", "accuracy")
    assert "It fired on 4 of 200 rows." in said
    assert "fitted on one half" in view.note


def test_the_page_shows_it_for_the_opened_model(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = world.experiment()
    first = world.run(asked)[0]
    monkeypatch.setattr(CandidatesService, "postprocess_report", lambda self, id_: report(plain_id=first.id))
    app = visit("results", experiment=EXPERIMENT, run=RUN)

    assert "After the model" in text(app)
    assert "It fired on 4 of 200 rows." in text(app)
