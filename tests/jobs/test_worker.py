"""The worker's work, done in this process."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest

from litmus_core.errors import NotFoundError
from litmus_core.jobs import is_alive, worker
from litmus_core.store import FileLock
from litmus_core.trust import begin_writing
from litmus_core.types import CandidateTrained, RunEnded, RunJudged, RunQueued, RunStage, RunStarted
from tests.jobs.conftest import STAGES

MARK = 81  # bytes of a signature: one of the row in the queue, one of the folder while it is written


def ended(bench: Any, run_id: str) -> list[RunEnded]:
    return [event.fact for event in bench.journal.events(run_id=run_id, types=[RunEnded])]


def test_a_run_is_told_from_its_start_to_its_end(bench):
    run_id = bench.queue(1, start=False)

    worker.work(bench.workspace, run_id, stages=STAGES)

    told = [type(event.fact).__name__ for event in bench.journal.events(run_id=run_id)]
    assert told == [
        "RunQueued", "RunStarted", "RunStage", "RunStage", "CandidateTrained", "CandidateScored",
        "CandidateTested", "RunJudged", "RunEnded",
    ]  # fmt: skip
    run = bench.run(run_id)
    assert (run.status, run.chosen_id, run.n_bytes) == ("finished", f"{run_id}-model-0", 1 + 2 * MARK)


def test_a_deliberate_error_is_how_the_run_failed_in_its_own_words(bench):
    run_id = bench.queue(101, start=False)

    worker.work(bench.workspace, run_id, stages=STAGES)

    run = bench.run(run_id)
    assert (run.status, run.message, run.hint) == (
        "failed",
        "The target has one value only.",
        "Choose another target.",
    )


def test_a_run_that_a_signal_ended_records_no_end_of_its_own(bench):
    run_id = bench.queue(106, start=False)

    with pytest.raises(SystemExit):
        worker.work(bench.workspace, run_id, stages=STAGES)

    assert ended(bench, run_id) == []  # whoever looks after it says that it was interrupted


def test_a_bug_is_recorded_with_its_last_line_and_stays_a_bug(bench):
    run_id = bench.queue(102, start=False)

    with pytest.raises(ZeroDivisionError):
        worker.work(bench.workspace, run_id, stages=STAGES)

    run = bench.run(run_id)
    assert run.status == "failed"
    assert "ZeroDivisionError: division by zero" in run.message
    assert "worker.log" in run.hint


def test_a_stages_module_that_is_not_there_is_recorded(bench):
    run_id = bench.queue(1, start=False)

    with pytest.raises(ModuleNotFoundError):
        worker.work(bench.workspace, run_id, stages="no_such_stages")

    assert bench.run(run_id).status == "failed"


def test_a_run_that_was_asked_to_stop_is_stopped_and_keeps_its_best(bench):
    run_id = bench.queue(50, start=False)
    bench.journal.request_stop(run_id)
    begin_writing(bench.workspace.run_dir(run_id))
    (bench.workspace.run_dir(run_id) / "model-0").write_text("")
    bench.journal.append(CandidateTrained(candidate=_candidate(bench, run_id)))

    worker.work(bench.workspace, run_id, stages=STAGES)

    assert bench.run(run_id).status == "stopped"
    assert bench.store.best(run_id).chosen


def _candidate(bench: Any, run_id: str) -> Any:
    from tests.store import facts

    return facts.candidate("model-0", run_id=run_id, experiment_id=bench.run(run_id).experiment_id)


def test_a_run_that_was_stopped_before_it_had_a_model_is_stopped_not_failed(bench):
    run_id = bench.queue(50, start=False)
    bench.journal.request_stop(run_id)

    worker.work(bench.workspace, run_id, stages=STAGES)

    run = bench.run(run_id)
    assert (run.status, run.message) == ("stopped", "No model was finished.")


def test_finishing_makes_the_best_of_what_is_there(bench):
    run_id = bench.queue(50, start=False)
    bench.journal.append(RunStarted(run_id=run_id, pid=1), RunEnded(run_id=run_id, status="interrupted"))
    begin_writing(bench.workspace.run_dir(run_id))
    (bench.workspace.run_dir(run_id) / "model-0").write_text("")

    worker.work(bench.workspace, run_id, finish=True, stages=STAGES)

    assert [each.status for each in ended(bench, run_id)] == ["interrupted", "stopped"]
    assert len(bench.journal.events(run_id=run_id, types=[RunJudged])) == 1


def test_finishing_with_nothing_there_leaves_the_run_what_it_was(bench):
    run_id = bench.queue(50, start=False)
    bench.journal.append(RunStarted(run_id=run_id, pid=1), RunEnded(run_id=run_id, status="interrupted"))

    worker.work(bench.workspace, run_id, finish=True, stages=STAGES)

    run = bench.run(run_id)
    assert (run.status, run.message) == ("interrupted", "No model was finished.")


def test_a_run_that_nobody_queued_is_said_in_words(bench):
    with pytest.raises(NotFoundError, match="There is no run 'run_x'"):
        worker.work(bench.workspace, "run_x", stages=STAGES)


def test_the_worker_beats_while_it_works(bench, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(worker, "_HEARTBEAT_S", 0.01)
    run_id = bench.queue(2, start=False)

    worker.work(bench.workspace, run_id, stages=STAGES)

    job = bench.journal.job(run_id)
    assert (job.pid, job.state) == (os.getpid(), "done")
    assert job.heartbeat_at is not None


def test_the_command_holds_the_runs_lock_while_it_works(bench, monkeypatch: pytest.MonkeyPatch):
    run_id, seen = bench.queue(1, start=False), []

    def work(*_: object, **__: object) -> None:
        seen.append(is_alive(bench.workspace, run_id))
        bench.journal.append(RunEnded(run_id=run_id, status="finished"))

    monkeypatch.setattr(worker, "work", work)

    status = worker.main(["--workspace", str(bench.workspace.path), "--run", run_id, "--stages", STAGES])

    assert (status, seen) == (0, [True])
    assert not is_alive(bench.workspace, run_id)


def test_a_second_worker_leaves_the_run_alone(bench, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(worker, "_LOCK_WAIT_S", 0.05)
    run_id = bench.queue(1, start=False)
    bench.workspace.run_dir(run_id).mkdir(exist_ok=True)
    with FileLock(bench.workspace.worker_lock_path(run_id)) as lock:
        lock.acquire()
        arguments = ["--workspace", str(bench.workspace.path), "--run", run_id, "--stages", STAGES]
        assert worker.main(arguments) == 1

    assert [type(event.fact) for event in bench.journal.events(run_id=run_id)] == [RunQueued]


def test_stages_hear_of_a_stop_at_once_and_do_not_forget_it(bench, monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []
    requested: Callable[[str], str | None] = bench.journal.stop_requested
    monkeypatch.setattr(
        bench.journal, "stop_requested", lambda run_id: asked.append(run_id) or requested(run_id)
    )
    run_id = bench.queue(1, start=False)
    stop_requested = worker._stop_request_reader(bench.journal, run_id)

    assert not any(stop_requested() for _ in range(100))
    assert len(asked) < 10
    bench.journal.request_stop(run_id)
    monkeypatch.setattr(worker, "_ASK_EVERY_S", 0.0)
    assert stop_requested()
    assert stop_requested()


def test_what_was_reported_is_there_at_once(bench):
    run_id = bench.queue(1, start=False)
    context = worker._context(bench.workspace, bench.journal, worker._queued(bench.journal, run_id).fact)

    context.report(RunStage(run_id=run_id, stage="fit", message="Training"))

    assert bench.run(run_id).message == "Training"
    assert (context.number, context.folder) == (1, bench.workspace.run_dir(run_id))
