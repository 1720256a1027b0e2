"""What outlives a page: a recipe followed, and what would help found out, each by a process of its own."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from litmus_core import Studio
from litmus_core.errors import BusyError, DataError, UsageError
from litmus_core.experiments import RunsService
from litmus_core.jobs import recipe_job
from litmus_core.store import FileLock, Workspace
from litmus_core.types import Experiment, Retrained, Run, RunPlan, RunTimes
from tests.app.world import RUN, World
from tests.trained import table
from tests.walks import RECIPE

ASKS = """\
format: 1
name: our-way
version: 1
description: For tests.
steps:
  - try: linear
    when: rows > 100000
  - gather: 100 more rows.
"""
PATIENCE_S = 120.0


@pytest.fixture
def followed(studio: Studio, experiment: Experiment) -> Experiment:
    studio.recipe_editor.save(ASKS, run_tests=False)
    studio.recipes.take(experiment.id, "our-way")
    return experiment


def wait_while(goes_on: Callable[[], object]) -> None:
    ends = time.monotonic() + PATIENCE_S
    while goes_on():
        assert time.monotonic() < ends
        time.sleep(0.05)


def test_a_recipe_is_followed_by_a_process_that_says_what_it_came_to(studio, followed):
    studio.walks.start(followed.id, minutes=5)
    assert studio.walks.status(followed.id).message is not None
    with pytest.raises(BusyError, match="followed already"):
        studio.walks.start(followed.id, minutes=5)

    wait_while(lambda: studio.walks.status(followed.id).message is not None)

    ended = studio.walks.status(followed.id)
    assert (ended.ended, ended.problem) == ("It is waiting for you: 100 more rows.", "")
    assert ended.ended_at > followed.created_at
    assert [place.state for place in studio.recipes.walk(followed.id).places] == ["not due", "asked"]


def test_stopping_ends_it_between_two_steps(studio, followed, monkeypatch):
    job = recipe_job(studio.workspace, followed.id)
    ended: list[str] = []
    monkeypatch.setattr(type(job), "stop", lambda self: (ended.append(self.mark), lock.release()))
    with FileLock(job.lock) as lock:
        assert lock.acquire()
        job.say("Step 1. It goes on for 4 min at most.")
        assert studio.walks.status(followed.id).message == "Step 1. It goes on for 4 min at most."

        studio.walks.stop(followed.id)

    assert ended == [f"walk-{followed.id}"]
    assert studio.walks.status(followed.id).ended == "It was stopped."


def test_an_experiment_that_came_from_another_is_led_by_what_follows_that_one(studio, followed, tmp_path):
    table(n_rows=40, seed=5).to_csv(tmp_path / "more.csv", index=False)
    after = studio.recipes.apply_step(followed.id, rows=tmp_path / "more.csv").experiment_id
    job = recipe_job(studio.workspace, followed.id)

    with FileLock(job.lock) as lock:
        assert lock.acquire()
        job.say("Step 1.")

        assert studio.walks.status(after).message == "Step 1."


def test_what_cannot_be_followed_is_said_before_anything_starts(studio, experiment):
    with pytest.raises(UsageError, match="follows no recipe"):
        studio.walks.start(experiment.id, minutes=5)
    with pytest.raises(UsageError, match="too short to go on"):
        studio.walks.start(experiment.id, minutes=0)
    assert not studio.recipes.is_followed(experiment.id)
    assert studio.walks.status(experiment.id).message is None


def test_recipes_that_fit_are_told_from_those_that_do_not(studio, followed):
    fits = {each.recipe.name: each.problem for each in studio.recipes.fits(followed.id)}

    assert fits["our-way"] == fits["small-table"] == ""
    assert fits["text"] == "It needs a column that holds text, and there is none."
    assert ("our-way", (1,)) in studio.recipes.cache_key()


@pytest.mark.parametrize(
    ("suits", "first", "said"),
    [
        ("rows > 100", True, "rows is 120"),
        ("true", True, "true"),
        (None, True, ""),  # who wrote it knows the tables here
        ("rows < ${fewest}", False, ""),
        ("bar met", False, ""),  # nothing leads yet
    ],
)
def test_recipes_that_say_what_they_are_made_for_come_first_where_that_holds(
    studio, experiment, suits, first, said
):
    knob = "{words: Few, default: 20, low: 10, high: 30}"
    line = "bar: roc_auc >= 0.${fewest}\n" + ("" if suits is None else f"suits: {suits}\n")
    text = RECIPE.replace("knobs:\n", f"{line}knobs:\n  fewest: {knob}\n")
    studio.recipe_editor.save(text, run_tests=False)

    found = studio.recipes.fits(experiment.id)
    names = [each.recipe.name for each in found]
    fits = {each.recipe.name: each.suits for each in found}

    assert "fewest" in found[names.index("our-way")].idle  # nothing that is followed goes by it
    assert (names.index("our-way") < names.index("small-table")) is first
    assert names.index("small-table") < names.index("large-table")
    assert fits["our-way"] == said
    assert names[-1] == "text"  # it does not fit


def test_more_rows_begin_an_experiment_of_their_own_with_the_same_plan(
    studio, experiment, monkeypatch, tmp_path
):
    started: list[tuple[str, RunPlan]] = []
    plan = RunPlan(families=("linear",), origin=Retrained(candidate_id="run_1"))
    run = Run(
        id="run_0000000001",
        experiment_id=experiment.id,
        number=1,
        plan=plan,
        status="finished",
        times=RunTimes(queued_at="2026"),
    )
    monkeypatch.setattr(studio.store, "run", lambda run_id: run)
    monkeypatch.setattr(RunsService, "start", lambda self, *given: started.append(given))
    table(n_rows=40, seed=5).to_csv(tmp_path / "more.csv", index=False)

    studio.actions.train_on_more_rows(run.id, tmp_path / "more.csv")

    ((after, planned),) = started
    task = studio.experiments.get(after).task
    assert after != experiment.id
    assert planned == RunPlan(families=("linear",))
    assert studio.datasets.get(task.dataset_version_id).n_rows == 160
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(DataError):
        studio.actions.train_on_more_rows(run.id, tmp_path / "other.csv")
    assert len(studio.experiments.summaries()) == 2


def test_why_what_would_help_was_not_found_out_is_said(tmp_path):
    world = World(Workspace(tmp_path / "workspace"))  # its table is told of, and not there
    world.run(world.experiment(), outcome="misses", diagnosed=False)
    with Studio.open(world.workspace.path) as studio:
        world.workspace.run_dir(RUN).mkdir(parents=True)
        studio.actions.start(RUN)
        wait_while(lambda: studio.actions.progress(RUN) is not None)

        assert studio.actions.problem(RUN)
        assert studio.actions.stored(RUN) is None


def test_nothing_is_found_out_before_there_is_a_model(tmp_path):
    world = World(Workspace(tmp_path / "workspace"))
    world.run(world.experiment(), outcome=None, end="failed")
    with (
        Studio.open(world.workspace.path) as studio,
        pytest.raises(UsageError, match="no chosen model"),
    ):
        studio.actions.start(RUN)
