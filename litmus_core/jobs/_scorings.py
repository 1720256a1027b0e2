"""Scoring jobs as processes; each has a folder with one small status file.

They are not facts of the journal, since nothing depends on them later. Few run at once; the others wait in
the queue. Whichever process ends or lists jobs starts the next.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from litmus_core.errors import BusyError, LitmusError, NotFoundError, UsageError, writing
from litmus_core.jobs._queue.processes import MARK, end_marked
from litmus_core.store import FileLock, Workspace, is_locked
from litmus_core.trust import check_home, is_workspace_signed
from litmus_core.types import ScoringJob, from_plain, to_plain

_STATE, _LOCK, _LOG, _QUEUE = "scoring.json", "worker.lock", "worker.log", "queue.lock"
_LOCK_WAIT_S, _QUEUE_WAIT_S = 5.0, 30.0
MOST_AT_ONCE = 2


def start_scoring(workspace: Workspace, job: ScoringJob) -> ScoringJob:
    """Start or queue a scoring process for ``job``; it outlives this one.

    Raises UsageError if nothing can be written; then nothing is left behind. Raises UntrustedError in someone
    else's workspace that this user does not trust.
    """
    check_home(workspace.path)
    folder = workspace.scoring_dir(job.id)
    try:
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
        return _queue(workspace, job)
    except LitmusError:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def dispatch_scorings(workspace: Workspace) -> None:
    """Start the next jobs; cheap if none waits."""
    if is_workspace_signed(workspace.path) and any(job.status == "waiting" for job in _all_jobs(workspace)):
        with _scoring_lock(workspace):
            _start_next(workspace)


def read_scoring(workspace: Workspace, scoring_id: str) -> ScoringJob:
    """Return the state of a scoring job; raises NotFoundError."""
    job = _read(workspace, scoring_id)
    return _with_places(_all_jobs(workspace))[scoring_id] if job.status == "waiting" else job


def _read(workspace: Workspace, scoring_id: str) -> ScoringJob:
    folder = workspace.scoring_dir(scoring_id)
    alive = is_locked(folder / _LOCK)  # checked first: a process that ends meanwhile has written its end
    try:
        job = from_plain(ScoringJob, json.loads((folder / _STATE).read_bytes()))
    except FileNotFoundError as error:
        names = [state.parent.name for state in _states(workspace)]
        raise NotFoundError(kind="scoring", id=scoring_id, names=names) from error
    job = _with_paths(job, workspace.resolve)
    if job.status == "running" and not alive:
        return replace(
            job,
            status="interrupted",
            message="Its process ended before its work was done.",
            hint="Go on: what was scored is kept.",
        )
    return job


def list_scorings(workspace: Workspace) -> list[ScoringJob]:
    """Return every scoring job, newest first, and start the next ones."""
    dispatch_scorings(workspace)
    jobs = _with_places(_all_jobs(workspace)).values()
    return sorted(jobs, key=lambda job: (job.created_at, job.turn), reverse=True)


def stop_scoring(workspace: Workspace, scoring_id: str) -> ScoringJob:
    """End a scoring process; what it finished is kept for resuming. Does nothing if it has ended.

    A queued one is removed from the queue.
    """
    job = _read(workspace, scoring_id)
    if job.status == "waiting":
        with _scoring_lock(workspace):
            job = _read(workspace, scoring_id)
            if job.status == "waiting":
                job = replace(job, status="stopped")
                write_scoring(workspace, job)
                return job
    lock = workspace.scoring_dir(scoring_id) / _LOCK
    if not is_locked(lock):
        return job
    end_marked(scoring_id, still_exists=lambda: is_locked(lock))
    job = read_scoring(workspace, scoring_id)
    if job.status == "interrupted":
        job = replace(
            job, status="stopped", message="", hint="", progress=replace(job.progress, remaining_s=None)
        )
        write_scoring(workspace, job)
    dispatch_scorings(workspace)
    return job


def resume_scoring(workspace: Workspace, scoring_id: str) -> ScoringJob:
    """Resume a stopped, interrupted or failed scoring job when its turn comes.

    Raises UsageError if it is finished, BusyError while it runs or waits, and UntrustedError as
    :func:`start_scoring` does.
    """
    check_home(workspace.path)
    job = _read(workspace, scoring_id)
    if job.status == "finished":
        raise UsageError("That scoring is finished.", hint=f"Its output is {job.to}.")
    if job.status in ("running", "waiting"):
        raise BusyError("The file is being scored already.", hint="Wait for its end, or stop it.")
    return _queue(
        workspace, replace(job, message="", hint="", progress=replace(job.progress, remaining_s=None))
    )


def delete_scoring(workspace: Workspace, scoring_id: str) -> None:
    """Remove a scoring job's files in the workspace, output included; BusyError while it runs or waits."""
    from litmus_core.deploy import forget_partial

    job = _read(workspace, scoring_id)
    if job.status in ("running", "waiting"):
        state = "is still being scored" if job.status == "running" else "waits to be scored"
        raise BusyError(f"The file {state}.", hint="Stop it first. Nothing was removed.")
    if job.status != "finished":
        forget_partial(Path(job.to), table=job.table)
    drop_upload(workspace, Path(job.source))
    shutil.rmtree(workspace.scoring_dir(scoring_id), ignore_errors=True)


def write_scoring(workspace: Workspace, job: ScoringJob) -> None:
    """Write a scoring job's state atomically."""
    path = workspace.scoring_dir(job.id) / _STATE
    fresh = path.with_name(f"{_STATE}.{os.getpid()}")
    stored = _with_paths(replace(job, place=None), workspace.relative)
    with writing(path):
        try:
            fresh.write_text(json.dumps(to_plain(stored)), encoding="utf-8")
            fresh.replace(path)
        except OSError:
            fresh.unlink(missing_ok=True)
            raise


def _with_paths(job: ScoringJob, change: Callable[[str], str]) -> ScoringJob:
    return replace(job, bundle=change(job.bundle), source=change(job.source), to=change(job.to))


def drop_upload(workspace: Workspace, source: Path) -> None:
    """Remove an uploaded file that was scored, with its folder; any other file stays."""
    if source.parent.parent == workspace.uploads:
        shutil.rmtree(source.parent, ignore_errors=True)


def _states(workspace: Workspace) -> list[Path]:
    return list(workspace.scorings.glob(f"*/{_STATE}"))


def _all_jobs(workspace: Workspace) -> list[ScoringJob]:
    jobs = []
    for state in _states(workspace):
        with suppress(NotFoundError):  # it was deleted meanwhile
            jobs.append(_read(workspace, state.parent.name))
    return jobs


def _with_places(jobs: list[ScoringJob]) -> dict[str, ScoringJob]:
    """Return the jobs by id, queued ones with their positions in the queue."""
    waiting = [job.id for job in sorted(jobs, key=_queue_order) if job.status == "waiting"]
    places = {id_: place for place, id_ in enumerate(waiting, 1)}
    return {job.id: replace(job, place=places.get(job.id)) for job in jobs}


def _queue_order(job: ScoringJob) -> tuple[int, str]:
    return job.turn, job.created_at


@contextmanager
def _scoring_lock(workspace: Workspace) -> Iterator[None]:
    """Let one process at a time start the next jobs; the lock ends with its holder."""
    with writing(workspace.scorings):
        workspace.scorings.mkdir(parents=True, exist_ok=True)
    with FileLock(workspace.scorings / _QUEUE) as lock:
        if not lock.acquire(timeout_s=_QUEUE_WAIT_S):
            raise BusyError("Another Litmus process is starting a scoring.", hint="Try again in a moment.")
        yield


def _queue(workspace: Workspace, job: ScoringJob) -> ScoringJob:
    with _scoring_lock(workspace):
        turn = 1 + max((one.turn for one in _all_jobs(workspace)), default=0)
        write_scoring(workspace, replace(job, status="waiting", turn=turn))
        _start_next(workspace)
    return read_scoring(workspace, job.id)


def _start_next(workspace: Workspace) -> None:
    if not is_workspace_signed(workspace.path):
        return
    jobs = sorted(_all_jobs(workspace), key=_queue_order)
    n_free = MOST_AT_ONCE - sum(job.status == "running" for job in jobs)
    for job in [job for job in jobs if job.status == "waiting"][: max(0, n_free)]:
        try:
            _launch(workspace, replace(job, status="running"))
        except (LitmusError, OSError) as error:  # no memory for a process, no space for its log
            message = f"Its process could not be started: {error}"
            write_scoring(workspace, replace(job, status="failed", message=message))


def _launch(workspace: Workspace, job: ScoringJob) -> ScoringJob:
    folder = workspace.scoring_dir(job.id)
    with FileLock(folder / _LOCK) as lock:
        if not lock.acquire(timeout_s=_LOCK_WAIT_S):
            raise BusyError("The file is being scored already.", hint="Wait for its end, or stop it.")
        write_scoring(workspace, job)
        command = [sys.executable, "-P", "-m", "litmus_core.jobs.scorer"]
        command += ["--workspace", str(workspace.path), "--scoring", job.id]
        with (folder / _LOG).open("ab") as log:
            child = subprocess.Popen(
                [*command, "--lock-fd", str(lock.hand_over())],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env=os.environ | {MARK: job.id},
                pass_fds=[lock.hand_over()],
                start_new_session=True,
            )
    # A thread waits for it; otherwise it stays as a zombie while this process lives.
    threading.Thread(target=child.wait, name=f"litmus-{job.id}", daemon=True).start()
    return job
