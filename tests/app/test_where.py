"""Where to train, a look at a cluster, and what a run has where, by clicking."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from litmus_core.cluster import Machine, RunningTask, TaskState
from litmus_core.errors import UsageError
from litmus_core.experiments import RunsService, Studio
from litmus_core.text import NARROW
from litmus_core.types import Compute, Progress, RunPlan, to_plain
from tests.app.test_train import started  # noqa: F401 - a fixture
from tests.app.visit import text, visit
from tests.app.world import EXPERIMENT, RUN, World

TWO = (
    Machine(id="a", name="node_1", cpus=4.0, gpus=1.0, memory_gb=15.4, cpus_used=3.0, gpus_used=0.0),
    Machine(id="b", name="node_2", cpus=4.0, gpus=0.0, memory_gb=15.4, cpus_used=0.0, gpus_used=0.0),
)


@pytest.fixture
def asked(world: World, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Where was looked; Ray is there, and two machines."""
    world.experiment()
    places: list[str] = []

    def look_at(on: str) -> tuple[Machine, ...]:
        places.append(on)
        if on != "10.0.0.5:6379":
            raise UsageError(f"Nobody is at {on}.", hint="Look elsewhere.")
        return TWO

    monkeypatch.setattr("app.controllers.train.has_ray", lambda: True)
    monkeypatch.setattr("app.services.inspect_machine", look_at)
    monkeypatch.setattr("app.controllers.user_requests.inspect_machine", look_at)
    return places


def at(where: str, address: str | None = None) -> AppTest:
    app = visit("train", experiment=EXPERIMENT)
    app.radio(key="where").set_value(where).run()
    if address is not None:
        app.text_input(key="where-address").set_value(address).run()
    return app


def warned(app: AppTest) -> list[Any]:
    assert not app.exception
    return [(each.proto.title, each.value) for each in app.warning]


def test_without_ray_the_page_says_how_to_get_it_and_offers_no_choice(
    world: World,
    started: list[RunPlan],  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world.experiment()
    monkeypatch.setattr("app.controllers.train.has_ray", lambda: False)
    app = visit("train", experiment=EXPERIMENT)
    assert "`pip install 'litmus-automl[ray]'`" in text(app)
    assert "where" not in [each.key for each in app.radio]
    app.button(key="start").click().run()
    assert started == [RunPlan(compute=Compute(where="here"))]


@pytest.mark.parametrize(
    ("where", "address", "on"),
    [("here", None, "here"), ("ray", None, "ray"), ("cluster", " 10.0.0.5:6379 ", "10.0.0.5:6379")],
)
def test_the_run_is_started_where_it_was_asked_for(
    asked: list[str],
    started: list[RunPlan],  # noqa: F811
    where: str,
    address: str | None,
    on: str,
) -> None:
    at(where, address).button(key="start").click().run()
    assert started == [RunPlan(compute=Compute(where=on))]
    assert asked == []


def test_a_cluster_without_an_address_cannot_be_started(asked: list[str]) -> None:
    app = at("cluster")
    assert app.button(key="start").disabled
    assert app.button(key="where-look").disabled


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("127.0.0.1:1", "No Ray cluster answers at '127.0.0.1:1'"),
        ("cluster", "'cluster' is not a place to work."),
        ("auto", "Nobody is at auto."),
    ],
)
def test_a_wrong_address_is_said_before_anything_starts(
    asked: list[str], monkeypatch: pytest.MonkeyPatch, address: str, said: str
) -> None:
    monkeypatch.setattr("litmus_core.cluster._connection.has_ray", lambda: True)
    app = at("cluster", address)
    app.button(key="start").click().run()
    ((title, rest),) = warned(app)
    assert said in title
    assert "Your data and what was trained before are unchanged." in rest
    with Studio.open() as studio:
        assert studio.runs.list(EXPERIMENT) == []


def test_a_look_shows_the_machines_of_the_address_that_was_looked_at(asked: list[str]) -> None:
    app = at("cluster", "10.0.0.5:6379")
    app.button(key="where-look").click().run()
    assert asked == ["10.0.0.5:6379"]
    assert "**2 machines, 3 of 8 processors in use, 1 GPU** :gray[just now]" in text(app)
    shown = app.dataframe[0].value
    assert shown["name"].tolist() == ["node_1", "node_2"]
    assert shown["processors"].tolist() == ["3 of 4", "0 of 4"]
    app.text_input(key="where-address").set_value("10.0.0.6:6379").run()
    assert not app.dataframe
    app.text_input(key="where-address").set_value("10.0.0.5:6379").run()
    app.button(key="where-look").click().run()
    assert asked == ["10.0.0.5:6379"] * 2


def test_a_look_that_saw_nothing_says_why(asked: list[str]) -> None:
    app = at("cluster", "auto")
    app.button(key="where-look").click().run()
    assert warned(app) == [("Nobody is at auto.", "Look elsewhere.")]


@pytest.fixture
def running(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    world.run(world.experiment(), end="running", outcome=None)
    now = Progress(
        run_id=RUN,
        status="running",
        stage="fit",
        message="Training LightGBM",
        elapsed_s=30.0,
        remaining_s=90.0,
        n_trained=3,
        training_now="LightGBM",
        best=None,
    )
    monkeypatch.setattr("litmus_core.jobs.reattach", lambda workspace: None)
    monkeypatch.setattr(RunsService, "progress", lambda self, run_id: now)
    return world


def test_a_run_on_ray_shows_what_runs_where(running: World) -> None:
    work = (
        RunningTask(label="LightGBM, fold 3", machine="a", since=time.time() - 65),
        RunningTask(label="LightGBM, fold 4"),
    )
    folder = running.workspace.run_dir(RUN)
    folder.mkdir(parents=True, exist_ok=True)
    seen = TaskState(at=time.time(), machines=TWO, work=work)
    (folder / "cluster.json").write_text(json.dumps(to_plain(seen)))

    said = text(visit("train", experiment=EXPERIMENT))
    assert "Where it runs" in said
    assert "2 machines, 3 of 8 processors in use, 1 GPU" in said
    assert f"LightGBM, fold 3 :gray[1{NARROW}min" in said
    assert "No part of this run now" in said
    assert "Starting, or waiting for room: LightGBM, fold 4." in said


def test_a_run_on_this_machine_shows_no_machines(running: World) -> None:
    assert "Where it runs" not in text(visit("train", experiment=EXPERIMENT))
