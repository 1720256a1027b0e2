"""The queue of runs: one runs at a time, in a process that outlives the one that started it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from litmus_core.errors import BusyError, NotFoundError
from litmus_core.jobs._final.pending_end import PendingEnd, read_pending_end
from litmus_core.jobs._queue import processes
from litmus_core.jobs._queue.processes import is_alive
from litmus_core.jobs._queue.signatures import sign_queued
from litmus_core.store import FileLock, Journal, Workspace, WriteJob, check_trusted, is_trusted
from litmus_core.trust import check_files, is_cut_short, sign_files
from litmus_core.types import RunEnded, RunQueued, RunRequeued

STAGES = "litmus_core.jobs._stages.sequence"
_MAX_ATTEMPTS = 3
_LOCK_WAIT_S = 30.0


def enqueue(workspace: Workspace, journal: Journal, fact: RunQueued, *, stages: str = STAGES) -> int:
    """Queue a run, start it if no other is alive, and return the id of its event.

    Its number becomes the next free number of the experiment. The files already in the run's folder and the
    queue entry are signed: nothing that somebody else wrote there ever starts. Raises UntrustedError in
    someone else's workspace.
    """
    check_trusted(workspace, journal)
    with _queue_lock(workspace):  # concurrent sessions get different numbers
        numbers = journal.run_numbers(fact.experiment.id)
        if fact.number in numbers:
            fact = replace(fact, number=max(numbers) + 1)
        sign_queued(workspace, fact)
        sign_files(workspace.run_dir(fact.run_id))
        event_id = journal.append(fact)
    dispatch(workspace, stages=stages)
    return event_id


def dispatch(workspace: Workspace, *, stages: str = STAGES) -> str | None:
    """Start the next run unless one is alive; return its id, or None.

    ``stages`` names the module that does the work (see Stages). In someone else's workspace that this user
    does not trust, nothing starts.
    """
    with _journal(workspace) as journal:
        if not journal.jobs("queued"):
            return None
        with _queue_lock(workspace):
            return _start_next(workspace, journal, stages)


def reattach(workspace: Workspace, *, stages: str = STAGES) -> list[str]:
    """Mark running runs without a process as interrupted, start the next run, and return the marked runs.

    Cheap if there is nothing to do: pages and commands that wait for a run call it when they poll.
    """
    with _journal(workspace) as journal:
        waiting, claimed = journal.jobs("queued"), journal.jobs("claimed")
        alive = [job for job in claimed if is_alive(workspace, job.run_id)]
        if len(alive) == len(claimed) and (alive or not waiting or not is_trusted(workspace, journal)):
            return []
        with _queue_lock(workspace):
            interrupted = [
                job.run_id
                for job in journal.jobs("claimed")
                if not is_alive(workspace, job.run_id) and _end_interrupted(workspace, journal, job)
            ]
            _start_next(workspace, journal, stages)
            return interrupted


def stop(
    workspace: Workspace, run_id: str, *, hard: bool = False, person: str = "", stages: str = STAGES
) -> None:
    """Stop a run and keep its best model so far; a queued run never starts.

    Without ``hard`` it ends by itself between two models. With ``hard`` its processes are killed, and a new
    one runs the final stages on what is on disk. Does nothing if the run has ended. ``person`` is the id of
    who stops it. Raises NotFoundError.
    """
    with _journal(workspace, person) as journal, _queue_lock(workspace):
        job = _job(journal, run_id)
        if job.state == "queued":
            ended = RunEnded(run_id=run_id, status="stopped", message="Stopped before it began.")
            journal.end(ended, expected="queued")
        elif job.state == "claimed":
            journal.request_stop(run_id, hard=hard)
            if hard:
                _kill_and_finish(workspace, journal, job, stages)


def finish(workspace: Workspace, run_id: str, *, person: str = "", stages: str = STAGES) -> None:
    """Start a new process that finishes what an interrupted, failed or stopped run left on disk.

    Raises NotFoundError, BusyError while the run's own process is alive, and UntrustedError if somebody else
    made the workspace or the run's files.
    """
    reattach(workspace, stages=stages)
    with _journal(workspace, person) as journal, _queue_lock(workspace):
        job = _job(journal, run_id)
        if job.state != "done" or is_alive(workspace, run_id):
            raise BusyError("The run still goes on.", hint="Wait for its end, or stop it.")
        check_trusted(workspace, journal)
        if not is_cut_short(workspace.run_dir(run_id)):  # the worker restores its complete files
            check_files(workspace.run_dir(run_id))
        journal.append(RunRequeued(run_id=run_id))
        _start_next(workspace, journal, stages)


def _start_next(workspace: Workspace, journal: Journal, stages: str) -> str | None:
    run_id = journal.claim_next() if is_trusted(workspace, journal) else None
    if run_id is None:
        return None
    folder = workspace.run_dir(run_id)
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(workspace.worker_lock_path(run_id)) as lock:
        if not lock.acquire(timeout_s=_LOCK_WAIT_S):
            raise BusyError("The run's own process has not ended yet.", hint="Try again in a moment.")
        is_finish = _job(journal, run_id).mode == "finish"
        processes.start(workspace, run_id, lock=lock, finish=is_finish, stages=stages)
    return run_id


def _end_interrupted(workspace: Workspace, journal: Journal, job: WriteJob) -> bool:
    """Handle a claimed run whose worker has died; return whether this ended the run."""
    processes.end_all(workspace, job.run_id)  # children may have outlived the worker
    if (
        job.stop == "hard" and job.mode == "run"
    ):  # the process that stopped it died before the final stages began
        journal.requeue(job.run_id, mode="finish")
        return False
    if 0 < job.attempts < _MAX_ATTEMPTS:  # the worker never reported its start
        journal.requeue(job.run_id, mode=job.mode, attempts=job.attempts)
        return False
    if pending := read_pending_end(workspace.run_dir(job.run_id)):
        return _end_judged(journal, pending, "the process ended before that was done")
    return journal.end(_interrupted_end(workspace, job), expected="claimed")


def _end_judged(journal: Journal, pending: PendingEnd, why: str) -> bool:
    """End a run that has its verdict, without a model of all rows."""
    left_out, ended = pending.cut_short(why)
    journal.append(left_out)
    return journal.end(ended, expected="claimed")


def _interrupted_end(workspace: Workspace, job: WriteJob) -> RunEnded:
    log = workspace.run_dir(job.run_id) / "worker.log"
    if job.attempts:
        message = f"The run's process ended before it could begin, {job.attempts} times."
        hint = f"Its last output, if any, is in {log}."
        return RunEnded(run_id=job.run_id, status="interrupted", message=message, hint=hint)
    return RunEnded(
        run_id=job.run_id,
        status="interrupted",
        message="The run's process ended before its work was done: it was killed, ran out of memory, or the"
        " machine went down.",
        hint="What was trained until then is kept: finish the run to use it, or start it again.",
        n_bytes=workspace.folder_bytes(log.parent),
    )


def _kill_and_finish(workspace: Workspace, journal: Journal, job: WriteJob, stages: str) -> None:
    processes.end_all(workspace, job.run_id)
    pending = read_pending_end(workspace.run_dir(job.run_id))
    if pending is not None and _job(journal, job.run_id).state == "claimed":
        _end_judged(journal, pending, "the run was stopped")
    elif job.mode == "finish":  # the second stop ends it for good
        ended = RunEnded(run_id=job.run_id, status="stopped", message="Stopped before its end was reached.")
        journal.end(ended, expected="claimed")
    elif _job(journal, job.run_id).state == "claimed":  # it may have ended meanwhile
        journal.requeue(job.run_id, mode="finish")
    _start_next(workspace, journal, stages)


def _job(journal: Journal, run_id: str) -> WriteJob:
    job = journal.job(run_id)
    if job is None:
        raise NotFoundError(kind="run", id=run_id)
    return job


@contextmanager
def _queue_lock(workspace: Workspace) -> Iterator[None]:
    """Let one process at a time start, stop and clean up runs; the lock ends with its holder."""
    with FileLock(workspace.dispatch_lock_path) as lock:
        if not lock.acquire(timeout_s=_LOCK_WAIT_S):
            raise BusyError(
                "Another Litmus process is starting or stopping a run.", hint="Try again in a moment."
            )
        yield


@contextmanager
def _journal(workspace: Workspace, person: str = "") -> Iterator[Journal]:
    journal = Journal(workspace)
    try:
        yield journal.signed_by(person)
    finally:
        journal.close()
