"""Make full certificates in the background, in one process for each bundle."""

from __future__ import annotations

from litmus_core.jobs._background.process import Background
from litmus_core.store import Workspace


def start_certifying(workspace: Workspace, bundle_id: str, *, environment: str | None, worker: str) -> None:
    """Start a process, the module ``worker``, that makes the bundle's full certificate; it outlives this one.

    Raises BusyError if one is already running.
    """
    arguments = ["--workspace", str(workspace.path), "--bundle", bundle_id]
    arguments += ["--environment", environment] if environment else []
    certifying(workspace, bundle_id).start(
        worker,
        arguments,
        busy="The bundle is being certified already.",
    )


def certifying(workspace: Workspace, bundle_id: str) -> Background:
    """Return the job that certifies the bundle: its status, its error, and how to stop it."""
    return Background(folder=workspace.bundle_dir(bundle_id), name="certify", mark=bundle_id)
