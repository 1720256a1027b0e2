"""Run plug-in conformance checks in the background, in one process for each file (or installed plug-in)."""

from __future__ import annotations

import hashlib

from litmus_core.jobs._background.process import Background
from litmus_core.plugins import PlugInState
from litmus_core.store import Workspace


def start_checking(workspace: Workspace, plugin: str, *, worker: str) -> None:
    """Start a process, the module ``worker``, that checks ``plugin``.

    ``plugin`` is a file of the workspace or an installed plug-in's name. The process outlives this one.
    Raises BusyError if one is already running.
    """
    plugin_checks(workspace, plugin).start(
        worker,
        ["--workspace", str(workspace.path), "--plugin", plugin],
        busy=f"{plugin} is being checked already.",
    )


def plugin_checks(workspace: Workspace, plugin: str) -> Background:
    """Return the job that checks ``plugin``: its status, its error, and how to stop it."""
    folder = PlugInState(workspace.path).checking_folder(plugin)
    mark = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
    return Background(folder=folder, name="check", mark=f"check-{mark}")
