"""When to act, on the decision card: what the visitor reads, moves and starts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from app import model_cache
from app.presenters.results.threshold import (
    cost_sentence,
    present_answered,
    present_curve,
    present_deciding,
    present_point,
    present_shift,
)
from litmus_core.advice import StoredPredictions, answered_curve, keep_precision, point_at, threshold_curve
from litmus_core.engine import ScoredPredictions
from litmus_core.experiments import CandidatesService
from litmus_core.metrics import get_metric
from litmus_core.plugins import read_part
from litmus_core.runtime import ModelInfo
from litmus_core.store import Workspace
from litmus_core.types import Bar, ColumnRules, Run
from tests.advice.test_choice import model
from tests.app.visit import text, visit
from tests.app.world import EXPERIMENT, RUN, World


def said(metric: str = "accuracy", classes: tuple[str, ...] = ("no", "yes")) -> StoredPredictions:
    """Rows of which a share s is so where s is said."""
    random = np.random.default_rng(0)
    share = random.random(2_000)
    answers = np.column_stack([1 - share, share])
    truth = np.where(random.random(2_000) < share, classes[1], classes[0]).astype(object)
    if len(classes) == 3:
        answers = np.column_stack([answers * 0.9, np.full(2_000, 0.1)])
    scored = ScoredPredictions(
        predictions=answers,
        rows=pd.DataFrame(index=range(2_000)),
        truth=truth,
        info=ModelInfo(
            problem_type="binary" if len(classes) == 2 else "multiclass",
            target="target",
            columns=(),
            classes=classes,
        ),
        metric=get_metric(metric),
    )
    return StoredPredictions(scored)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """The steps that runs were asked for with; two labels are known, and what was said of their rows."""
    asked: list[tuple[str, Any]] = []

    def with_steps(self: CandidatesService, candidate_id: str, steps: Any) -> Run:
        asked.append((candidate_id, steps))
        return self.context.run(RUN)

    monkeypatch.setattr(model_cache, "classes", lambda run_id: ("no", "yes"))
    monkeypatch.setattr(CandidatesService, "predictions", lambda self, candidate_id: said())
    monkeypatch.setattr(CandidatesService, "postprocess", with_steps)
    return asked


OTHERS = f"decide.others.{RUN}-model-0"


def offered(page: AppTest) -> list[str]:
    """The controls and folds that set a threshold or leave cases to people."""
    folds = [each.label for each in page.expander if "to people" in each.label]
    return folds + [each.key for each in page.slider if "threshold" in str(each.key)]


def opened(world: World) -> AppTest:
    world.run(world.experiment())
    page = visit("results", experiment=EXPERIMENT, run=RUN)
    assert "Choose by" not in [each.label for each in page.get("button_group")]
    page.session_state[OTHERS] = True
    page.run()
    assert not page.exception
    return page


def test_a_threshold_is_moved_read_and_put_in(started: list[tuple[str, Any]]) -> None:
    world = World(Workspace.locate())
    world.run(world.experiment())
    page = visit("results", experiment=EXPERIMENT, run=RUN)
    assert "decide.threshold.apply" not in [each.key for each in page.button]
    page.slider(key=f"decide.threshold.{RUN}-model-0").set_value(0.8).run()
    assert "From 0.80 on, of 1,000 cases it flags 2" in text(page)  # about 200
    page.button(key="decide.threshold.apply").click().run()
    assert started == [(f"{RUN}-model-0", "threshold(at=0.8)")]


def test_a_precision_is_kept_and_told_from_rows_it_was_not_sought_on(started: list[tuple[str, Any]]) -> None:
    page = opened(World(Workspace.locate()))
    way = page.segmented_control(key=f"deciding.way.{RUN}-model-0")
    way.set_value("Precision").run()
    assert not page.exception
    assert "It was found on one half of the validation rows" in text(page)
    assert "with 95\u202f% certainty" in text(page)
    page.button(key="deciding.apply").click().run()
    ((_, step),) = started
    at = dict(read_part("postprocess", step).parameters)["at"]
    assert at == pytest.approx(0.8, abs=0.05)  # above s the share that is so is (1 + s) / 2


def test_a_number_has_nothing_to_decide(started: list[tuple[str, Any]]) -> None:
    world = World(Workspace.locate(), problem_type="regression")
    world.run(world.experiment())
    page = visit("results", experiment=EXPERIMENT, run=RUN)
    assert not offered(page)


@pytest.mark.parametrize(
    "otherwise",
    [
        {"abstained": 0.2},
        {"postprocess": (read_part("postprocess", "thresholds_by_segment(column='country')"),)},
    ],
)
def test_one_threshold_is_not_offered_where_a_model_decides_otherwise(
    started: list[tuple[str, Any]], monkeypatch: pytest.MonkeyPatch, otherwise: dict[str, Any]
) -> None:
    world = World(Workspace.locate())
    world.run(world.experiment())
    known = CandidatesService.get
    monkeypatch.setattr(
        CandidatesService, "get", lambda self, candidate_id: replace(known(self, candidate_id), **otherwise)
    )
    page = visit("results", experiment=EXPERIMENT, run=RUN)
    assert not page.exception
    assert not offered(page)


def test_a_threshold_near_the_one_in_use_is_not_taken_for_it(
    started: list[tuple[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(World(Workspace.locate()))
    page.segmented_control(key=f"deciding.way.{RUN}-model-0").set_value("Costs").run()
    page.number_input(key=f"deciding.alarm.{RUN}-model-0").set_value(1.0).run()
    page.number_input(key=f"deciding.miss.{RUN}-model-0").set_value(1.01).run()
    assert not page.exception
    assert "The mistakes in 1,000 cases cost" in text(page)
    assert not page.button(key="deciding.apply").disabled


def test_files_that_are_gone_are_said(
    started: list[tuple[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CandidatesService, "predictions", lambda self, candidate_id: None)
    assert "The files of this model were removed" in text(opened(World(Workspace.locate())))


def task(metric: str = "accuracy", **facts: Any) -> Any:
    world = World(Workspace.locate())
    return replace(world.experiment().task, metric=metric, **facts)


def test_costs_of_the_task_are_where_the_visitor_starts() -> None:
    asked = 'cost(table={"no":{"yes":5},"yes":{"no":120}})'
    view = present_deciding(task(asked), model("m", 0.9), classes=("no", "yes"), trains_again=False)
    assert view.costs == (5.0, 120.0)
    assert "looked at once more" in view.duration


def test_cases_count_alike_and_costs_by_weight_and_both_are_said() -> None:
    weighted, plain = (
        present_deciding(
            task(rules=ColumnRules(weight=name)), model("m", 0.9), classes=("no", "yes"), trains_again=False
        )
        for name in ("exposure", None)
    )
    point, now = point_at(said(), 0.3), point_at(said(), 0.5)

    assert present_shift(point, now, weighted).sentence.endswith(
        "counted on validation data without 'exposure'."
    )
    assert cost_sentence(now, (1.0, 5.0), weighted).startswith(
        "With weights, the mistakes in 1,000 cases cost "
    )
    curve = present_curve(threshold_curve(said()), weighted, chosen=0.5, metric="accuracy", costs=(1.0, 5.0))
    assert curve.cost is not None
    assert curve.cost.name == "cost of 1,000 cases, with weights"
    assert present_shift(point, now, plain).sentence.endswith("counted on validation data.")


def test_what_was_asked_for_and_cannot_be_expected_is_said() -> None:
    known = said()
    few = StoredPredictions(known.scored.at(np.arange(60)))
    found = keep_precision(few, 0.95)
    assert found is not None
    view = present_deciding(task(), model("m", 0.9), classes=("no", "yes"), trains_again=True)
    told = present_point(
        found[0],
        point_at(few, 0.5),
        view,
        score=None,
        across=replace(found[1], alarms=10, hits=8),
        requested=0.95,
    )
    assert "Expect 80 of 100 rather than 95" in told.caution
    assert "trained again" in view.duration
    assert told.step.startswith("threshold(at=")
    in_use = replace(view, now=float(told.step.removeprefix("threshold(at=").rstrip(")")))  # as it is written
    again = present_point(found[0], found[0], in_use, score=None, across=found[1], requested=0.95)
    assert again.step == ""


def test_rows_left_to_people_are_counted_in_1000_cases() -> None:
    curve = answered_curve(said())
    bar = Bar(metric="accuracy", op=">=", value=0.8)
    drawn, told = present_answered(curve, 2, task=task(bar=bar))
    assert drawn.bar == 0.8
    assert "Of 1,000 real cases, 100 go to people" in told.sentence
    assert told.step.startswith("abstain(below=")
    assert present_answered(curve, 0, task=task())[1].step == ""


def test_three_labels_have_no_threshold_but_people() -> None:
    view = present_deciding(task(), model("m", 0.9), classes=("a", "b", "c"), trains_again=False)
    assert (view.others, view.positive, view.costs) == ("Leave doubtful cases to people", "", None)
    known = said(classes=("a", "b", "c"))
    assert len(answered_curve(known)) > 3
