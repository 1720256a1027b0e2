"""Full certificates earned in the background: a process a bundle."""

from __future__ import annotations

from pathlib import Path

from litmus_core.jobs._background import Background
from litmus_core.store import Workspace


def start_certifying(workspace: Workspace, bundle_id: str, *, environment: str | None) -> None:
    """Start a process that earns the bundle's full certificate; it survives this one.

    BusyError where one is at it already.
    """
    arguments = ["--workspace", str(workspace.path), "--bundle", bundle_id]
    arguments += ["--environment", environment] if environment else []
    _job(workspace, bundle_id).start(
        "litmus_core.experiments.certifier", arguments, busy="The bundle is being certified already."
    )


def certifying(workspace: Workspace, bundle_id: str) -> str | None:
    """Return what the process that certifies the bundle says now; None where there is none."""
    return _job(workspace, bundle_id).said()


def certifying_problem(workspace: Workspace, bundle_id: str) -> str:
    """Return why the last attempt at the bundle brought no certificate, "" where it did or goes on."""
    return _job(workspace, bundle_id).problem()


def stop_certifying(workspace: Workspace, bundle_id: str) -> None:
    """End the process that certifies the bundle and all it started; does nothing where there is none."""
    _job(workspace, bundle_id).stop()


def certify_lock(workspace: Workspace, bundle_id: str) -> Path:
    """Return the lock that whoever certifies the bundle holds."""
    return _job(workspace, bundle_id).lock


def say_certifying(workspace: Workspace, bundle_id: str, sentence: str, *, is_problem: bool = False) -> None:
    """Say where certifying is, or why it ended: whoever reads sees the sentence before or this one."""
    _job(workspace, bundle_id).say(sentence, is_problem=is_problem)


def _job(workspace: Workspace, bundle_id: str) -> Background:
    return Background(folder=workspace.bundles / bundle_id, name="certify", mark=bundle_id)
