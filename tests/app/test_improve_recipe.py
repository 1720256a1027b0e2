"""Improve where a recipe is followed: its steps, what comes first, and what a person does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from litmus_core.experiments import (
    FollowedRecipe,
    RecipesService,
    StepDone,
    Studio,
    WalksService,
)
from litmus_core.store import Workspace
from litmus_core.types import (
    Statement,
    StepApplied,
)
from tests.app.improving import GAIN, action, improve, keep, keys, started
from tests.app.visit import text
from tests.app.world import EXPERIMENT, SECOND_RUN, World, validation_rows

RECIPE = """\
format: 1
name: our-way
version: 1
title: Our way
description: For tests.
knobs:
  minutes: {words: How many minutes, default: 1, low: 1, high: 9}
steps:
  - try: linear
    words: A linear model
    minutes: ${minutes}
  - gather: 100 more rows.
  - hand off: What now?
"""


@pytest.fixture
def world() -> World:
    world = World(Workspace.locate())
    world.run(world.experiment(), outcome="misses", diagnosed=False)
    return world


@pytest.fixture(autouse=True)
def _nothing_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave queued runs queued: the app's watch would start them within a second, for real."""
    monkeypatch.setattr("litmus_core.jobs._queue.queue._start_next", lambda *_: None)


@pytest.fixture
def followed(world: World) -> World:
    file = world.workspace.path / "datasets" / "ds_00000000aa" / "v1.parquet"
    file.parent.mkdir(parents=True)
    validation_rows(world.model).to_parquet(file)
    with Studio.open() as studio:
        studio.recipe_editor.save(RECIPE, run_tests=False)
        studio.recipes.take(EXPERIMENT, "our-way")
    return world


def test_a_step_of_the_recipe_is_taken_by_a_click(followed, monkeypatch):
    plans = started(monkeypatch, followed)
    app = improve()
    assert "Next is step 1 of 3." in text(app)

    app.button(key="walk.take").click().run()

    assert plans[0].step.number == 1
    assert app.query_params["run"] == SECOND_RUN


_LATEST = Statement.plain("Test on the latest rows")


def test_what_makes_the_score_untrue_comes_before_the_recipe_and_every_model(followed):
    unknown = replace(GAIN, value=0.0, low=0.0, high=0.0, is_known=False)
    split = action(
        "structure:day", kind="split", title=Statement.plain("Test on the latest rows"), gain=unknown
    )
    keep(followed, split, action("folds"))

    app = improve()

    assert "What has to come first" in text(app)
    assert "Known when it is done" in text(app)
    shown = [each.key for each in app.button if each.key in ("do.structure:day", "do.folds", "walk.take")]
    assert shown == ["do.structure:day", "do.folds", "walk.take"]
    primary = [each.key for each in app.button if each.proto.type == "primary"]
    assert primary == ["do.structure:day"]


def test_it_goes_on_by_itself_and_can_be_stopped(followed, monkeypatch):
    going: list[float] = []
    monkeypatch.setattr(WalksService, "start", lambda self, experiment_id, minutes: going.append(minutes))
    monkeypatch.setattr(WalksService, "stop", lambda self, experiment_id: going.clear())
    monkeypatch.setattr(
        WalksService,
        "status",
        lambda self, experiment_id: FollowedRecipe(message="Step 1." if going else None),
    )
    app = improve()
    app.number_input(key="walk.minutes").set_value(30.0)

    app.button(key="walk.on").click().run()
    assert going == [30.0]
    assert "The recipe continues on its own" in text(app)
    assert "walk.take" not in keys(app)

    app.button(key="going.stop").click().run()
    assert going == []
    assert "walk.take" in keys(app)


def test_a_persons_step_takes_a_file_or_is_passed_over(followed, monkeypatch):
    with Studio.open() as studio:
        studio.recipes.skip_step(EXPERIMENT)
    app = improve()
    assert "100 more rows." in text(app)
    assert app.button(key="walk.rows.add").disabled

    app.button(key="walk.skip").click().run()

    assert "Step 3 is for a data scientist." in text(app)
    assert "walk.on" not in keys(app)

    def ask(self: RecipesService, experiment_id: str) -> StepDone:
        step = self.walk(experiment_id).places[2].step
        self.context.record(
            StepApplied(experiment_id=experiment_id, number=step.number, note="asked", message="What?")
        )
        return StepDone(experiment_id=experiment_id, step=step, message="It waits.")

    monkeypatch.setattr(RecipesService, "apply_step", ask)
    app.button(key="walk.take").click().run()

    assert "Improve" in [each.value for each in app.title]
    assert "walk.take" not in keys(app)
    assert "walk.skip" in keys(app)
