"""Full certificates earned in the background: a process a bundle, which says in a small file where it is."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

from litmus_core.errors import BusyError
from litmus_core.jobs._processes import MARK, end_marked
from litmus_core.store import FileLock, Workspace, is_locked

_LOCK, _SAID, _PROBLEM, _LOG = "certify.lock", "certify.txt", "certify.problem.txt", "certify.log"


def start_certifying(workspace: Workspace, bundle_id: str, *, environment: str | None) -> None:
    """Start a process that earns the bundle's full certificate; it survives this one.

    BusyError where one is at it already.
    """
    folder = workspace.bundles / bundle_id
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / _LOCK) as lock:
        if not lock.acquire():
            raise BusyError("The bundle is being certified already.", hint="Wait for its end.")
        (folder / _PROBLEM).unlink(missing_ok=True)
        say_certifying(workspace, bundle_id, "Starting.")
        command = [sys.executable, "-P", "-m", "litmus_core.experiments.certifier"]
        command += ["--workspace", str(workspace.path), "--bundle", bundle_id]
        command += ["--environment", environment] if environment else []
        with (folder / _LOG).open("ab") as log:
            child = subprocess.Popen(
                [*command, "--lock-fd", str(lock.hand_over())],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env=os.environ | {MARK: bundle_id},
                pass_fds=[lock.hand_over()],
                start_new_session=True,
            )
    # Somebody has to wait for it, or it stays as a zombie while this process lives.
    threading.Thread(target=child.wait, name=f"litmus-{bundle_id}", daemon=True).start()


def certifying(workspace: Workspace, bundle_id: str) -> str | None:
    """Return what the process that certifies the bundle says now; None where there is none."""
    folder = workspace.bundles / bundle_id
    if not is_locked(folder / _LOCK):
        return None
    return (folder / _SAID).read_text(encoding="utf-8")


def certifying_problem(workspace: Workspace, bundle_id: str) -> str:
    """Return why the last attempt at the bundle brought no certificate, "" where it did or goes on."""
    path = workspace.bundles / bundle_id / _PROBLEM
    return path.read_text(encoding="utf-8") if path.exists() else ""


def stop_certifying(workspace: Workspace, bundle_id: str) -> None:
    """End the process that certifies the bundle and all it started; does nothing where there is none."""
    lock = certify_lock(workspace, bundle_id)
    if is_locked(lock):
        end_marked(bundle_id, still_there=lambda: is_locked(lock))


def certify_lock(workspace: Workspace, bundle_id: str) -> Path:
    """Return the lock that whoever certifies the bundle holds."""
    return workspace.bundles / bundle_id / _LOCK


def say_certifying(workspace: Workspace, bundle_id: str, sentence: str, *, is_problem: bool = False) -> None:
    """Say where certifying is, or why it ended: whoever reads sees the sentence before or this one."""
    path = workspace.bundles / bundle_id / (_PROBLEM if is_problem else _SAID)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.write_text(sentence, encoding="utf-8")
    fresh.replace(path)
