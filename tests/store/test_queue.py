from __future__ import annotations

import threading

from litmus_core.store import FileLock, Journal, Workspace
from litmus_core.types import ExperimentDeleted, RunDeleted, RunEnded, RunRequeued, RunStarted
from tests.store import facts


def states(journal: Journal) -> list[tuple[str, str]]:
    return [(job.run_id, job.state) for job in journal.jobs()]


def test_the_queue_follows_the_facts(journal: Journal):
    journal.append(facts.queued("run_1"), facts.queued("run_2"))
    assert states(journal) == [("run_1", "queued"), ("run_2", "queued")]

    journal.append(RunStarted(run_id="run_1", pid=7))
    assert states(journal) == [("run_1", "claimed"), ("run_2", "queued")]

    journal.append(RunEnded(run_id="run_1", status="finished"), RunDeleted(run_id="run_2"))
    assert states(journal) == [("run_1", "done")]


def test_an_experiments_runs_leave_the_queue_with_it(journal: Journal):
    journal.append(facts.queued("run_1"), facts.queued("run_2", of=facts.experiment("ex_2")))
    journal.append(ExperimentDeleted(experiment_id="ex_1"))

    assert states(journal) == [("run_2", "queued")]


def test_runs_are_claimed_in_their_order_while_none_lives(journal: Journal):
    for run_id in ("run_2", "run_1"):
        journal.enqueue(run_id)

    assert [journal.claim_next(), journal.claim_next(), journal.claim_next()] == ["run_2", "run_1", None]


def test_nothing_is_claimed_while_a_claimed_run_lives(workspace: Workspace, journal: Journal):
    journal.enqueue("run_1")
    journal.enqueue("run_2")
    journal.claim_next()
    workspace.run_dir("run_1").mkdir()
    with FileLock(workspace.worker_lock_path("run_1")) as lock:
        lock.acquire()
        assert journal.claim_next() is None

    assert journal.claim_next() == "run_2"


def test_a_run_is_claimed_by_one_of_many(workspace: Workspace, journal: Journal):
    for number in range(12):
        journal.enqueue(f"run_{number}")
    claimed: list[str | None] = []
    threads = [threading.Thread(target=lambda: claimed.append(journal.claim_next())) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(filter(None, claimed)) == sorted(f"run_{number}" for number in range(12))


def test_a_run_that_is_to_be_finished_goes_before_the_others(journal: Journal):
    journal.append(facts.queued("run_1"), RunEnded(run_id="run_1", status="interrupted"))
    journal.append(facts.queued("run_2"))
    journal.append(RunRequeued(run_id="run_1"))

    assert [(job.run_id, job.mode) for job in journal.jobs("queued")] == [
        ("run_1", "finish"),
        ("run_2", "run"),
    ]


def test_a_run_ends_once(journal: Journal):
    journal.append(facts.queued("run_1"), RunStarted(run_id="run_1", pid=7))
    ended = RunEnded(run_id="run_1", status="interrupted")

    assert journal.end(ended, expected="claimed")
    assert not journal.end(ended, expected="claimed")
    assert [event.fact for event in journal.events(types=[RunEnded])] == [ended]


def test_a_soft_request_does_not_weaken_a_hard_one(journal: Journal):
    journal.enqueue("run_1")
    assert journal.stop_requested("run_1") is None

    journal.request_stop("run_1")
    assert journal.stop_requested("run_1") == "soft"
    journal.request_stop("run_1", hard=True)
    journal.request_stop("run_1")
    assert journal.stop_requested("run_1") == "hard"


def test_a_request_ends_with_the_run(journal: Journal):
    journal.append(facts.queued("run_1"), RunStarted(run_id="run_1", pid=7))
    journal.request_stop("run_1")
    journal.append(RunEnded(run_id="run_1", status="stopped"))
    journal.request_stop("run_1")

    assert journal.stop_requested("run_1") is None


def test_a_heartbeat_says_who_and_when(journal: Journal):
    journal.enqueue("run_1")
    journal.heartbeat("run_1", 4711)

    job = journal.job("run_1")
    assert job is not None
    assert job.pid == 4711
    assert job.heartbeat_at is not None


def test_attempts_count_claims_until_the_worker_speaks(journal: Journal):
    journal.append(facts.queued("run_1"))
    journal.claim_next()
    assert [job.attempts for job in journal.jobs()] == [1]

    journal.requeue("run_1", mode="run", attempts=1)
    journal.claim_next()
    assert [job.attempts for job in journal.jobs()] == [2]

    journal.append(RunStarted(run_id="run_1", pid=7))
    assert [job.attempts for job in journal.jobs()] == [0]
