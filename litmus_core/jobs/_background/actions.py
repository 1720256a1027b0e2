"""Work out a run's next actions in the background, in one process for each run."""

from __future__ import annotations

from litmus_core.jobs._background.process import Background
from litmus_core.store import Workspace


def advising(workspace: Workspace, run_id: str) -> Background:
    """Return the job that makes a run's list of actions: its status, its error, and how to stop it."""
    return Background(folder=workspace.run_dir(run_id), name="actions", mark=f"actions-{run_id}")


def start_advising(workspace: Workspace, run_id: str, *, seconds: float | None, worker: str) -> None:
    """Start a process, the module ``worker``, that makes a run's list of actions; it outlives this one.

    Raises BusyError if one is already running.
    """
    arguments = ["--workspace", str(workspace.path), "--run", run_id]
    arguments += [] if seconds is None else ["--seconds", f"{seconds:g}"]
    advising(workspace, run_id).start(worker, arguments, busy="What may help is being tried out already.")
