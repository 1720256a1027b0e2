"""Runs that are stopped or killed keep what was finished, and it can be used."""

import json
import os
import signal
import time

import pytest
from typer.testing import CliRunner

from litmus_core import Studio, load_bundle
from litmus_core.cli import app
from litmus_core.errors import UsageError
from litmus_core.experiments import TaskWishes, make_task
from litmus_core.types import Folds, Progress, Run, RunEnded, RunPlan, RunStarted
from tests.cases import thinned
from tests.trained import copied, opened, table

# Quick ones first, then one that takes long enough to be met at work.
CARDS = ("linear", "lightgbm", "catboost")


@pytest.fixture
def run(studio, tmp_path) -> Run:
    """A run that goes on and has finished at least one model."""
    table(n_rows=2_000).to_csv(tmp_path / "shop.csv", index=False)
    version = studio.datasets.import_file(tmp_path / "shop.csv")
    task = make_task(studio.workspace, version, "sold", TaskWishes(time_limit_s=60))
    run = studio.runs.start(studio.experiments.create(task).id, RunPlan(families=CARDS, folds=Folds(0)))
    _until(studio, run, lambda progress: progress.n_trained >= 1)
    return run


def _until(studio: Studio, run: Run, seen) -> Progress:
    for _ in range(1200):
        progress = studio.runs.progress(run.id)
        assert progress.status in ("queued", "running"), f"{progress.status}: {progress.message}"
        if seen(progress):
            return progress
        time.sleep(0.1)
    raise AssertionError(f"waited in vain at: {progress.message}")


def _kill(studio: Studio, run: Run) -> None:
    started = [event.fact for event in studio.runs.events(run.id) if isinstance(event.fact, RunStarted)]
    os.kill(started[-1].pid, signal.SIGKILL)


def test_a_killed_run_that_nobody_looks_at_is_noticed_exportable_and_can_be_finished(studio, run, tmp_path):
    studio.watch(every_s=0.1)
    _kill(studio, run)
    for _ in range(300):
        ends = [event.fact for event in studio.runs.events(run.id) if isinstance(event.fact, RunEnded)]
        if ends:
            break
        time.sleep(0.1)
    assert [end.status for end in ends] == ["interrupted"]
    trained = studio.candidates.list(run.id)
    assert len(trained) >= 1
    bundle = load_bundle(studio.bundles.export(trained[0].id, to=tmp_path / "early.zip").path)
    assert set(bundle.predict(table(n_rows=5, seed=3))) <= {"yes", "no"}

    studio.runs.finish(run.id)
    finished = studio.runs.wait(run.id, timeout_s=200)
    assert finished.status == "stopped"
    assert finished.verdict is not None
    assert finished.message.startswith("Cut short; the best of what was finished was kept.")
    assert "1,280 rows train, 320 validate, 400 test." in finished.message
    ids = [candidate.id for candidate in studio.candidates.list(run.id)]
    assert len(ids) == len(set(ids))
    assert {candidate.id for candidate in trained} <= set(ids)


@pytest.mark.parametrize(
    "hard", thinned([False, True], keep=1, reason="tests/jobs/test_queue.py ends stages the hard way")
)
def test_a_stopped_run_keeps_the_best_so_far_and_is_judged(studio, run, hard):
    studio.runs.stop(run.id, hard=hard)
    stopped = studio.runs.wait(run.id, timeout_s=200)
    assert stopped.status == "stopped"
    assert stopped.verdict is not None
    assert studio.candidates.get(stopped.chosen_id).test is not None
    with pytest.raises(UsageError, match="stopped and judged"):
        studio.runs.finish(run.id)


def test_the_shell_sees_that_a_run_died_with_its_machine(trained, tmp_path, monkeypatch):
    own = copied(trained, tmp_path)
    with opened(own) as studio:
        monkeypatch.setattr("litmus_core.jobs._queue.queue.dispatch", lambda *_, **__: None)
        run = studio.runs.start(own.experiment.id)
        studio.journal.claim_next()
        studio.context.record(RunStarted(run_id=run.id, pid=1))
        assert studio.runs.get(run.id).status == "running"

    board = CliRunner().invoke(app, ["leaderboard", run.id, "--workspace", str(own.workspace), "--json"])

    assert json.loads(board.stdout)[0]["status"] == "interrupted"
