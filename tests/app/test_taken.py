"""Actions that go on in another experiment: done where they were offered, and the way there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from litmus_core.experiments import ActionsService, Studio
from litmus_core.store import Workspace
from litmus_core.types import (
    ActionTaken,
    CandidateTested,
    CandidateTrained,
    DatasetImported,
    Experiment,
    ExperimentCreated,
    Run,
    RunEnded,
    RunJudged,
    RunPlan,
    RunQueued,
    RunStarted,
    Statement,
)
from tests.app.test_improve import GAIN, action, improve, keep, keys
from tests.app.visit import text, visit
from tests.app.world import RUN, SECOND_RUN, VERSION, World, verdict

LEAK = action(
    "leak",
    kind="leak",
    title=Statement.of("leak", "title", columns=("income",)),
    plan=RunPlan(families=("linear",)),
    leave_out=("income",),
)
OTHER = "ex_00000000bb"


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr("litmus_core.jobs._queue.queue._start_next", lambda *_: None)
    world = World(Workspace.locate())
    world.run(world.experiment(), outcome="misses", diagnosed=False)
    keep(world, LEAK, action("folds"), action("columns", kind="columns", leave_out=("income",)))
    return world


def begin(world: World, asked: Experiment, *, kind: str = "leak", key: str = "leak", **came: int) -> None:
    """Tell of a run of another experiment that an action became."""
    follows = ActionTaken(run_id=RUN, key=key, kind=kind, gain=GAIN, **came)
    queued = RunQueued(run_id=SECOND_RUN, number=1, experiment=asked, plan=RunPlan(action=follows))
    world.journal.append(ExperimentCreated(experiment=asked), queued)


def end(world: World, asked: Experiment, *, value: float) -> None:
    with Studio.open() as studio:
        first = studio.candidates.chosen(RUN)
    score = replace(first.test, value=value)
    model = replace(
        first,
        id=f"{SECOND_RUN}-model-0",
        run_id=SECOND_RUN,
        experiment_id=asked.id,
        validation=replace(first.validation, value=value),
        test=score,
    )
    world.journal.append(
        RunStarted(run_id=SECOND_RUN, pid=1),
        CandidateTrained(candidate=replace(model, chosen=False)),
        CandidateTested(candidate_id=model.id, test=score, reason="chosen"),
        RunJudged(run_id=SECOND_RUN, candidate_id=model.id, verdict=verdict("misses", model, asked.task)),
        RunEnded(run_id=SECOND_RUN, status="finished"),
    )


def without_income(world: World) -> Experiment:
    left = replace(world.asked.task, features=world.asked.task.features[1:])
    return replace(world.asked, id=OTHER, name="Who will leave?, without income", task=left)


def test_what_goes_on_without_a_column_is_done_and_leads_there(world):
    asked = without_income(world)
    begin(world, asked)
    app = improve()
    assert "Done: Run 1 of “Who will leave?, without income”, under way" in text(app)
    assert "do.leak" not in keys(app)
    app.button(key="from.leak").click().run()
    assert "Train" in [each.value for each in app.title]
    assert (app.query_params["experiment"], app.query_params["run"]) == (OTHER, SECOND_RUN)

    end(world, asked, value=0.7)
    app = improve()
    assert "Leave 'income' out was done in a separate experiment: Run 1 of “Who will leave" in text(app)
    assert "Leave 'income' out (Run 1 of “Who will leave?, without income”)" in text(app)
    assert ", \u221220.0 points in test" in text(app)
    app.button(key=f"go.{SECOND_RUN}").click().run()
    assert "Improve" in [each.value for each in app.title]
    assert (app.query_params["experiment"], app.query_params["run"]) == (OTHER, SECOND_RUN)
    assert "Leave 'income' out (Run 1)" in text(app)  # there it has its title, too


def test_rows_that_came_are_done_and_say_which_table_goes_on(world):
    with Studio.open() as studio:
        version = replace(studio.datasets.get(VERSION), id="dv_00000000bb", version=2, n_rows=440)
    world.journal.append(DatasetImported(version=version))
    task = replace(world.asked.task, dataset_version_id=version.id)
    begin(world, replace(world.asked, id=OTHER, task=task), kind="rows", n_requested=120, n_collected=140)

    assert "Done: Run 1 on 440 rows, under way" in text(improve())


@pytest.mark.parametrize(("kind", "leads"), [("columns", False), ("leak", True)])
def test_a_run_that_was_worse_without_useless_columns_is_no_way_to_go(world, kind, leads):
    asked = without_income(world)
    begin(world, asked, kind=kind, key=kind)
    end(world, asked, value=0.7)
    app = improve()

    assert ("made it worse" in text(app)) is not leads
    shown = {each.key: each.proto.type for each in app.button}
    assert (shown[f"go.{SECOND_RUN}"], shown.get("do.leak")) == (
        ("primary", None) if leads else ("secondary", "primary")
    )


def test_a_click_that_goes_on_elsewhere_shows_the_training_there(world, monkeypatch):
    asked = without_income(world)

    def start(self: ActionsService, run_id: str, key: str) -> Run:
        begin(world, asked)
        self.context.store.refresh(until=self.context.journal.last_id())
        return self.context.run(SECOND_RUN)

    monkeypatch.setattr(ActionsService, "apply", start)
    app = improve()

    app.button(key="do.leak").click().run()

    assert (app.query_params["experiment"], app.query_params["run"]) == (OTHER, SECOND_RUN)
    assert "Train" in [each.value for each in visit("train", experiment=OTHER, run=SECOND_RUN).title]
