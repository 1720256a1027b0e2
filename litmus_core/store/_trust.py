"""Whether a workspace's jobs and models may run here: only if this user created or trusts the workspace."""

from __future__ import annotations

from litmus_core.store._journal.journal import Journal
from litmus_core.store._workspace import Workspace
from litmus_core.trust import foreign_error, is_workspace_signed, sign_workspace


def is_trusted(workspace: Workspace, journal: Journal) -> bool:
    """Return whether this user created or trusts the workspace; only then may its code run."""
    return is_workspace_signed(workspace.path, journal.identity())


def check_trusted(workspace: Workspace, journal: Journal | None = None) -> None:
    """Raise UntrustedError if someone else created the workspace and this user has not trusted it."""
    if not is_trusted(workspace, journal or Journal(workspace)):
        raise foreign_error(workspace.path)


def trust_workspace(workspace: Workspace, journal: Journal) -> None:
    """Record that this user trusts the workspace; its queued runs may start from now on."""
    sign_workspace(workspace.path, journal.identity())
