"""Scorings as processes: a folder each, with one small file that says how far it is.

They are no facts of the journal: nothing is folded from them, and their progress is of the moment.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

from litmus_core.errors import BusyError, NotFoundError, UsageError
from litmus_core.jobs._processes import MARK, end_marked
from litmus_core.store import FileLock, Workspace, is_locked
from litmus_core.types import ScoringJob, from_plain, to_plain

_STATE, _LOCK, _LOG = "scoring.json", "worker.lock", "worker.log"
_LOCK_WAIT_S = 5.0


def start_scoring(workspace: Workspace, job: ScoringJob) -> ScoringJob:
    """Start a process that scores as ``job`` says; it survives this one."""
    workspace.scoring_dir(job.id).mkdir(parents=True, exist_ok=True)
    return _launch(workspace, job)


def read_scoring(workspace: Workspace, scoring_id: str) -> ScoringJob:
    """Return where a scoring is; raises NotFoundError."""
    folder = workspace.scoring_dir(scoring_id)
    alive = is_locked(folder / _LOCK)  # asked first: a process that ends meanwhile has written its end
    try:
        job = from_plain(ScoringJob, json.loads((folder / _STATE).read_bytes()))
    except FileNotFoundError as error:
        raise NotFoundError(kind="scoring", id=scoring_id) from error
    if job.status == "running" and not alive:
        return replace(
            job,
            status="interrupted",
            message="Its process ended before its work was done.",
            hint="Go on: what was scored is kept.",
        )
    return job


def list_scorings(workspace: Workspace) -> list[ScoringJob]:
    """Return every scoring, newest first."""
    states = workspace.scorings.glob(f"*/{_STATE}")
    found = [read_scoring(workspace, state.parent.name) for state in states]
    return sorted(found, key=lambda job: job.created_at, reverse=True)


def stop_scoring(workspace: Workspace, scoring_id: str) -> ScoringJob:
    """End a scoring's process; what it finished is kept, to go on with. Does nothing when it is over."""
    job = read_scoring(workspace, scoring_id)
    lock = workspace.scoring_dir(scoring_id) / _LOCK
    if not is_locked(lock):
        return job
    end_marked(scoring_id, still_there=lambda: is_locked(lock))
    job = read_scoring(workspace, scoring_id)
    if job.status == "interrupted":
        job = replace(job, status="stopped", message="", hint="", remaining_s=None)
        write_scoring(workspace, job)
    return job


def resume_scoring(workspace: Workspace, scoring_id: str) -> ScoringJob:
    """Go on with a scoring that was stopped, interrupted or failed; UsageError when it is finished."""
    job = read_scoring(workspace, scoring_id)
    if job.status == "finished":
        raise UsageError("That scoring is finished.", hint=f"Its output is {job.to}.")
    return _launch(workspace, replace(job, status="running", message="", hint="", remaining_s=None))


def delete_scoring(workspace: Workspace, scoring_id: str) -> None:
    """Remove what a scoring left in the workspace, its output there too; BusyError while it runs."""
    from litmus_core.deploy import forget_partial

    job = read_scoring(workspace, scoring_id)
    if job.status == "running":
        raise BusyError("The file is still being scored.", hint="Stop it first. Nothing was removed.")
    if job.status != "finished":
        forget_partial(Path(job.to), table=job.table)
    drop_upload(workspace, Path(job.source))
    shutil.rmtree(workspace.scoring_dir(scoring_id), ignore_errors=True)


def write_scoring(workspace: Workspace, job: ScoringJob) -> None:
    """Say where a scoring is: whoever reads sees the state before or this one."""
    path = workspace.scoring_dir(job.id) / _STATE
    fresh = path.with_name(f"{_STATE}.{os.getpid()}")
    fresh.write_text(json.dumps(to_plain(job)), encoding="utf-8")
    fresh.replace(path)


def drop_upload(workspace: Workspace, source: Path) -> None:
    """Remove a scored file that came through the browser, with its own folder; any other stays."""
    if source.parent.parent == workspace.uploads:
        shutil.rmtree(source.parent, ignore_errors=True)


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
    # Somebody has to wait for it, or it stays as a zombie while this process lives.
    threading.Thread(target=child.wait, name=f"litmus-{job.id}", daemon=True).start()
    return job
