"""Follow recipes in the background, in one process for each experiment."""

from __future__ import annotations

from litmus_core.jobs._background.process import Background
from litmus_core.store import Workspace


def walking(workspace: Workspace, experiment_id: str) -> Background:
    """Return the job that follows an experiment's recipe: its status, its result, and how to stop it."""
    return Background(folder=workspace.recipes, name=f"{experiment_id}.walk", mark=f"walk-{experiment_id}")


def start_walking(workspace: Workspace, experiment_id: str, *, minutes: float | None, worker: str) -> None:
    """Start a process, the module ``worker``, that follows the recipe.

    It runs for at most ``minutes`` (None: for one step), and outlives this one. Raises BusyError if one is
    already running.
    """
    arguments = ["--workspace", str(workspace.path), "--experiment", experiment_id]
    arguments += ["--one-step"] if minutes is None else ["--minutes", f"{minutes:g}"]
    walking(workspace, experiment_id).start(worker, arguments, busy="The recipe is being followed already.")
