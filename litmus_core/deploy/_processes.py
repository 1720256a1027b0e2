"""Other processes, told apart by more than a pid, which the system gives to someone else later."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

_POLL_S = 0.05
_STARTED_AT_FIELD = 19  # of /proc/PID/stat, counted behind the name in brackets

# Children of this process: they are asked after their end now and then, or they stay as zombies.
_children: dict[int, subprocess.Popen[bytes]] = {}


def remember_child(child: subprocess.Popen[bytes]) -> None:
    """Keep a child that outlives the object that started it."""
    _children[child.pid] = child


def process_mark(pid: int) -> str:
    """Return what tells the living process ``pid`` from any other one, ever; empty when it does not live."""
    _reap()
    try:
        return _linux_mark(pid) if Path("/proc/self/stat").exists() else _portable_mark(pid)
    except OSError:
        return ""


def end_process(pid: int, mark: str, *, grace_s: float) -> bool:
    """Ask the process to end, make it after ``grace_s`` seconds; False when it is gone or another one."""
    if not mark or process_mark(pid) != mark:
        return False
    for number, patience_s in ((signal.SIGTERM, grace_s), (signal.SIGKILL, grace_s)):
        with contextlib.suppress(ProcessLookupError):
            _send(pid, mark, number)
        deadline = time.monotonic() + patience_s
        while process_mark(pid) == mark and time.monotonic() < deadline:
            time.sleep(_POLL_S)
    return True


def _send(pid: int, mark: str, number: signal.Signals) -> None:
    if not hasattr(os, "pidfd_open"):
        os.kill(pid, number)
        return
    handle = os.pidfd_open(pid)
    try:
        if process_mark(pid) == mark:  # the handle is its own from here on
            signal.pidfd_send_signal(handle, number)
    finally:
        os.close(handle)


def _linux_mark(pid: int) -> str:
    stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    fields = stat.rpartition(")")[2].split()
    if fields[0] in "ZX":  # ended, and not yet collected by its parent
        return ""
    boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return f"{boot}:{fields[_STARTED_AT_FIELD]}"


def _portable_mark(pid: int) -> str:
    import psutil

    try:
        process = psutil.Process(pid)
        return "" if process.status() == psutil.STATUS_ZOMBIE else f"{process.create_time():.2f}"
    except psutil.Error:
        return ""


def _reap() -> None:
    for pid, child in list(_children.items()):
        if child.poll() is not None:
            _children.pop(pid, None)
