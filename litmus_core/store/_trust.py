"""Whether a workspace's jobs and models may be run here: this person made it, or said that they trust it."""

from __future__ import annotations

from litmus_core.store._journal import Journal
from litmus_core.store._workspace import Workspace
from litmus_core.trust import foreign, is_workspace_signed, sign_workspace


def is_trusted(workspace: Workspace, journal: Journal) -> bool:
    """Say whether this person made the workspace or trusts it: only then anything of it is run."""
    return is_workspace_signed(workspace.path, journal.identity())


def check_trusted(workspace: Workspace, journal: Journal | None = None) -> None:
    """Raise UntrustedError where somebody else made the workspace, and this person did not trust it yet."""
    if not is_trusted(workspace, journal or Journal(workspace)):
        raise foreign(workspace.path)


def trust_workspace(workspace: Workspace, journal: Journal) -> None:
    """Write down that this person trusts the workspace: what waits in its queue may start from now on."""
    sign_workspace(workspace.path, journal.identity())
