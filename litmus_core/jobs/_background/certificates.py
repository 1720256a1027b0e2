"""Full certificates earned in the background: a process a bundle."""

from __future__ import annotations

from litmus_core.jobs._background.process import Background
from litmus_core.store import Workspace


def start_certifying(workspace: Workspace, bundle_id: str, *, environment: str | None, worker: str) -> None:
    """Start a process, the module ``worker``, that earns the bundle's full certificate; it survives this one.

    BusyError where one is at it already.
    """
    arguments = ["--workspace", str(workspace.path), "--bundle", bundle_id]
    arguments += ["--environment", environment] if environment else []
    certifying(workspace, bundle_id).start(
        worker,
        arguments,
        busy="The bundle is being certified already.",
    )


def certifying(workspace: Workspace, bundle_id: str) -> Background:
    """Return the job that certifies the bundle: what it says, why it came to nothing, how to stop it."""
    return Background(folder=workspace.bundle_dir(bundle_id), name="certify", mark=bundle_id)
