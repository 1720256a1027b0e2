"""Runs as real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import psutil
import pytest

from litmus_core import jobs
from litmus_core.errors import BusyError, NotFoundError
from litmus_core.jobs import is_queue_row_trusted, sign_queued
from litmus_core.jobs._queue import processes
from litmus_core.store import FileLock
from litmus_core.types import CandidateTrained, RunEnded, RunQueued, RunStarted
from tests.jobs.conftest import STAGES
from tests.store import facts

ENQUEUE = """
import sys
from litmus_core import jobs
from litmus_core.store import Workspace
print(jobs.dispatch(Workspace(sys.argv[1]), stages=sys.argv[2]))
"""


def types(bench, run_id: str) -> list[str]:
    return [type(event.fact).__name__ for event in bench.journal.events(run_id=run_id)]


def test_runs_go_one_after_the_other_in_their_order(bench):
    first, second = bench.queue(103), bench.queue(1)

    assert jobs.is_alive(bench.workspace, first)  # from its first moment: the lock is passed to it
    assert not jobs.is_alive(bench.workspace, second)
    jobs.stop(bench.workspace, first, stages=STAGES)
    bench.wait(second)

    assert [bench.run(run_id).status for run_id in (first, second)] == ["stopped", "finished"]
    ended = bench.journal.events(run_id=first, types=[RunEnded])[0].id
    started = bench.journal.events(run_id=second, types=[RunStarted])[0].id
    assert ended < started
    assert bench.run(second).chosen_id == f"{second}-model-0"


def test_two_sessions_that_ask_for_the_same_number_get_two(bench):
    experiment = facts.experiment("ex_1", seed=1)
    for run_id in ("run_a", "run_b"):
        asked = replace(facts.queued(run_id, of=experiment), number=4)
        jobs.enqueue(bench.workspace, bench.journal, asked, stages=STAGES)

    assert [bench.run(run_id).number for run_id in ("run_a", "run_b")] == [4, 5]
    bench.wait("run_b")


def test_a_whole_number_that_the_journal_gives_back_as_any_number_is_signed_too(bench):
    fact = facts.queued("run_a", of=facts.experiment("ex_1"))
    said = replace(
        fact, experiment=replace(fact.experiment, task=replace(fact.experiment.task, time_limit_s=60))
    )

    sign_queued(bench.workspace, said)
    bench.journal.append(said)

    (event,) = bench.journal.events(run_id="run_a", types=[RunQueued])
    assert isinstance(event.fact.experiment.task.time_limit_s, float)
    assert is_queue_row_trusted(bench.workspace, event.fact)


def test_a_run_survives_the_process_that_started_it(bench):
    run_id = bench.queue(103, start=False)

    command = [sys.executable, "-c", ENQUEUE, str(bench.workspace.path), STAGES]
    said = subprocess.run(command, capture_output=True, text=True, check=True)

    assert said.stdout.strip() == run_id
    assert jobs.is_alive(bench.workspace, run_id)
    jobs.stop(bench.workspace, run_id, stages=STAGES)
    assert bench.wait(run_id).status == "stopped"


def test_nothing_queued_is_nothing_started(bench):
    assert jobs.dispatch(bench.workspace, stages=STAGES) is None
    assert jobs.reattach(bench.workspace, stages=STAGES) == []


def test_a_killed_run_is_interrupted_once_keeps_what_it_had_and_can_be_finished(bench):
    run_id = bench.queue(99)
    bench.until(lambda: len(bench.journal.events(run_id=run_id, types=[CandidateTrained])) >= 2, run_id)
    os.kill(bench.journal.job(run_id).pid, signal.SIGKILL)
    while jobs.is_alive(bench.workspace, run_id):
        time.sleep(0.01)

    assert jobs.reattach(bench.workspace, stages=STAGES) == [run_id]
    assert jobs.reattach(bench.workspace, stages=STAGES) == []

    run, n_had = bench.run(run_id), len(bench.store.candidates(run_id))
    assert (run.status, run.times.ended_at is not None) == ("interrupted", True)
    assert "was killed, ran out of memory" in run.message
    assert n_had >= 2

    jobs.finish(bench.workspace, run_id, stages=STAGES)
    assert bench.wait(run_id).status == "stopped"
    assert len(bench.store.candidates(run_id)) == n_had
    assert bench.store.best(run_id).chosen


def test_a_soft_stop_ends_the_run_by_itself_and_the_next_one_starts(bench):
    run_id, following = bench.queue(103), bench.queue(1)
    bench.until(lambda: bench.journal.events(run_id=run_id, types=[CandidateTrained]) != [], run_id)

    jobs.stop(bench.workspace, run_id, stages=STAGES)

    assert bench.wait(run_id).status == "stopped"
    assert bench.store.best(run_id).chosen
    assert bench.wait(following).status == "finished"


def test_a_hard_stop_ends_all_of_the_runs_processes_and_then_makes_the_best_of_it(bench):
    run_id = bench.queue(104)
    bench.until(lambda: "child" in bench.log(run_id), run_id)
    child = int(bench.log(run_id).split("child ")[1].split()[0])
    (bench.workspace.run_dir(run_id) / "model-0").write_text("")
    bench.journal.append(CandidateTrained(candidate=candidate(bench, run_id)))

    jobs.stop(bench.workspace, run_id, hard=True, stages=STAGES)

    assert not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE
    assert bench.wait(run_id).status == "stopped"
    assert bench.store.best(run_id).chosen
    assert types(bench, run_id).count("RunEnded") == 1


def candidate(bench, run_id: str):
    from tests.store import facts

    return facts.candidate("model-0", run_id=run_id, experiment_id=bench.run(run_id).experiment_id)


def test_a_hard_stop_whose_author_dies_is_carried_out_by_the_next_who_looks(bench):
    run_id = bench.queue(104)
    bench.until(lambda: "child" in bench.log(run_id), run_id)
    (bench.workspace.run_dir(run_id) / "model-0").write_text("")
    bench.journal.request_stop(run_id, hard=True)
    processes.end_all(bench.workspace, run_id)

    assert jobs.reattach(bench.workspace, stages=STAGES) == []

    assert bench.wait(run_id).status == "stopped"
    assert types(bench, run_id).count("RunEnded") == 1


def test_a_queued_run_that_is_stopped_never_starts(bench):
    first = bench.queue(103)
    second = bench.queue(1)

    jobs.stop(bench.workspace, second, stages=STAGES)
    jobs.stop(bench.workspace, second, hard=True, stages=STAGES)

    assert (bench.run(second).status, bench.run(second).message) == ("stopped", "Stopped before it began.")
    assert types(bench, second) == ["RunQueued", "RunEnded"]
    assert jobs.is_alive(bench.workspace, first)


def test_a_process_that_cannot_start_is_tried_three_times_and_then_said(
    bench, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    run_id = bench.queue(1)

    run = bench.wait(run_id)

    assert run.status == "interrupted"
    assert run.message == "The run's process ended before it could begin, 3 times."
    assert "worker.log" in run.hint
    assert types(bench, run_id) == ["RunQueued", "RunEnded"]


def test_a_run_whose_process_died_before_it_spoke_starts_again(bench):
    run_id = bench.queue(1, start=False)
    assert bench.journal.claim_next() == run_id  # and whoever claimed it dies here

    jobs.reattach(bench.workspace, stages=STAGES)

    assert bench.wait(run_id).status == "finished"


def test_what_a_dead_worker_left_running_is_ended_with_it(bench):
    run_id = bench.queue(104)
    bench.until(lambda: "child" in bench.log(run_id), run_id)
    child = psutil.Process(int(bench.log(run_id).split("child ")[1].split()[0]))
    os.kill(bench.journal.job(run_id).pid, signal.SIGKILL)

    assert bench.wait(run_id).status == "interrupted"
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def test_a_process_that_got_a_dead_workers_id_is_left_alone(bench):
    bystander = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    run_id = bench.queue(1, start=False)
    bench.journal.append(RunStarted(run_id=run_id, pid=bystander.pid))

    assert jobs.reattach(bench.workspace, stages=STAGES) == [run_id]
    jobs.stop(bench.workspace, run_id, hard=True, stages=STAGES)

    assert bystander.poll() is None
    bystander.communicate(b"\n")


def test_stopping_or_finishing_what_is_not_there_is_said_in_words(bench):
    with pytest.raises(NotFoundError, match="There is no run 'run_x'"):
        jobs.stop(bench.workspace, "run_x", stages=STAGES)
    with pytest.raises(NotFoundError, match="There is no run 'run_x'"):
        jobs.finish(bench.workspace, "run_x", stages=STAGES)


def test_stopping_a_run_that_is_over_changes_nothing(bench):
    run_id = bench.queue(1, start=False)
    bench.journal.append(RunStarted(run_id=run_id, pid=1), RunEnded(run_id=run_id, status="finished"))

    jobs.stop(bench.workspace, run_id, stages=STAGES)
    jobs.stop(bench.workspace, run_id, hard=True, stages=STAGES)

    assert types(bench, run_id) == ["RunQueued", "RunStarted", "RunEnded"]


def test_a_run_that_goes_on_is_not_finished_by_another_process(bench):
    run_id = bench.queue(103)

    with pytest.raises(BusyError, match="still goes on"):
        jobs.finish(bench.workspace, run_id, stages=STAGES)


def test_two_that_start_runs_at_once_start_one(bench, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("litmus_core.jobs._queue.queue._LOCK_WAIT_S", 0.05)
    bench.queue(1, start=False)
    with FileLock(bench.workspace.dispatch_lock_path) as lock:
        lock.acquire()
        with pytest.raises(BusyError, match="is starting or stopping a run"):
            jobs.dispatch(bench.workspace, stages=STAGES)
