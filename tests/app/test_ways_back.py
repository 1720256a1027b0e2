"""The ways back of a fallen live verdict: a click opens the page where each is started, ready to start."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from litmus_core.experiments import OutcomesService, Studio, WayBack, WaysBackService
from litmus_core.store import Workspace
from litmus_core.types import LiveCauses
from tests.app.improving import action, improve, keep, keys, started
from tests.app.test_endpoints import Place
from tests.app.test_improve_recipe import RECIPE
from tests.app.visit import text
from tests.app.world import EXPERIMENT, RUN, SECOND_RUN, World, validation_rows
from tests.live_verdicts import live_verdict


@pytest.fixture
def world() -> World:
    world = World(Workspace.locate())
    world.run(world.experiment(), outcome="misses", diagnosed=False)
    file = world.workspace.path / "datasets" / "ds_00000000aa" / "v1.parquet"
    file.parent.mkdir(parents=True)
    validation_rows(world.model).to_parquet(file)
    return world


@pytest.fixture(autouse=True)
def _nothing_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave queued runs queued: the app's watch would start them within a second, for real."""
    monkeypatch.setattr("litmus_core.jobs._queue.queue._start_next", lambda *_: None)


def way(kind: Any, title: str, name: str = "") -> WayBack:
    return WayBack(
        kind=kind, title=title, command=f"litmus {kind}", experiment_id=EXPERIMENT, run_id=RUN, name=name
    )


def fallen(monkeypatch: pytest.MonkeyPatch, *ways: WayBack) -> AppTest:
    """Open Export where a verdict fell, and ask why."""
    place = Place(monkeypatch)
    verdict = live_verdict("not any more")
    monkeypatch.setattr(OutcomesService, "verdict", lambda *_: verdict)
    why = LiveCauses(name="leave", sentences=("Where 'age' is '61', answers got worse.",))
    monkeypatch.setattr(OutcomesService, "causes", lambda *_: why)
    monkeypatch.setattr(WaysBackService, "list", lambda *_: ways)
    app = place.open()
    app.button(key="live.judge.leave").click().run()
    return app.button(key="live.why.leave").click().run()


def test_each_way_back_is_a_button_that_opens_its_page(monkeypatch):
    rows = "rows where age is 61"
    ways = (
        way("retrain", "Train again"),
        way("action", f"Collect {rows}", rows),
        way("improve", "See what would help"),
        way("recipe", "Follow the recipe “Our way”", "our-way"),
        way("bar", "Move the bar"),
    )
    app = fallen(monkeypatch, *ways)
    shown = [button for button in app.button if (button.key or "").startswith("live.way.")]
    assert [button.label for button in shown] == [each.title for each in ways[1:]]
    assert shown[0].help == "On the command line: litmus action"
    opened = []
    for at in range(4):
        app = fallen(monkeypatch, *ways)
        app.button(key=f"live.way.leave.{at}").click().run()
        assert not app.exception
        opened.append(
            (app.title[0].value, {name: app.query_params.get(name) for name in ("action", "recipe")})
        )

    assert opened[0] == ("Improve", {"action": rows, "recipe": None})
    assert opened[1] == ("Improve", {"action": None, "recipe": None})
    assert opened[2] == ("Improve", {"action": None, "recipe": "our-way"})
    assert app.button(key="decide.bar.move")


def test_rows_of_a_group_are_asked_for_first_though_nobody_listed_them(world):
    keep(world, action("folds"))

    app = improve(run=RUN, action="rows where member is yes")

    said = text(app)
    assert said.index("**Collect rows where member is yes**") < said.index("Train in 5 folds")
    assert "Not tried out" in said
    (form,) = [each for each in app.expander if each.label == "I have more rows"]
    assert form.proto.expanded
    assert "rows.rows where member is yes.add" in keys(app)


def test_a_listed_action_of_the_address_is_drawn_once_and_started_by_a_click(world, monkeypatch):
    keep(world, action("folds"))
    plans = started(monkeypatch, world)
    app = improve(run=RUN, action="folds")
    assert keys(app).count("do.folds") == 1

    app.button(key="do.folds").click().run()

    assert [plan.action.key for plan in plans] == ["folds"]
    assert app.query_params["run"] == SECOND_RUN


def test_an_action_of_the_address_that_is_none_is_refused_in_words(world):
    keep(world, action("folds"))

    app = improve(run=RUN, action="rows where nothing is 1")

    assert not app.exception
    assert any("nothing" in each.proto.title for each in app.warning)
    assert "do.folds" in keys(app)


def test_the_recipe_of_the_address_is_open_and_chosen(world):
    keep(world, action("folds"))
    with Studio.open() as studio:
        studio.recipe_editor.save(RECIPE, run_tests=False)

    app = improve(run=RUN, recipe="our-way")
    for _ in range(20):
        if "walk.follow" in keys(app):
            break
        app.run()

    assert app.selectbox(key="walk.recipe").value == "our-way"
    app.button(key="walk.follow").click().run()
    assert "Next is step 1 of 3." in text(app)
