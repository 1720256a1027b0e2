"""Other processes, recognised by an id in their command line, since pids are reused."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import time
from pathlib import Path

_POLL_S = 0.05
_ID = re.compile(r"ep_[0-9a-f]{10}")

# Children of this process. They must be polled after they end, or they stay as zombies.
_children: dict[int, subprocess.Popen[bytes]] = {}


def remember_child(child: subprocess.Popen[bytes]) -> None:
    """Keep a child that outlives the object that started it."""
    _children[child.pid] = child


def is_process_alive(pid: int, *, word: str) -> bool:
    """Return whether the process ``pid`` is alive and has ``word``, an endpoint's id, among its arguments.

    The record may come from somebody else: a word such as "python" would match any process.
    """
    if not _ID.fullmatch(word):
        return False
    _reap()
    try:
        arguments = _linux_arguments(pid) if Path("/proc/self/cmdline").exists() else _arguments(pid)
    except OSError:
        return False
    return word in arguments


def end_process(pid: int, *, word: str, grace_s: float) -> bool:
    """Ask the process to end, and kill it after ``grace_s`` seconds; False if it is gone or another one."""
    if not is_process_alive(pid, word=word):
        return False
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            _send(pid, number, word=word)
        deadline = time.monotonic() + grace_s
        while is_process_alive(pid, word=word) and time.monotonic() < deadline:
            time.sleep(_POLL_S)
    return True


def _send(pid: int, number: signal.Signals, *, word: str) -> None:
    if not hasattr(os, "pidfd_open"):
        if is_process_alive(pid, word=word):
            os.kill(pid, number)
        return
    handle = os.pidfd_open(pid)
    try:
        if is_process_alive(pid, word=word):  # the handle cannot come to mean another process
            signal.pidfd_send_signal(handle, number)
    finally:
        os.close(handle)


def _linux_arguments(pid: int) -> list[str]:
    # A process that has ended but was not collected by its parent has no arguments.
    return Path(f"/proc/{pid}/cmdline").read_bytes().decode("utf-8", "replace").split("\0")


def _arguments(pid: int) -> list[str]:
    import psutil

    try:
        return list(psutil.Process(pid).cmdline())
    except psutil.Error:
        return []


def _reap() -> None:
    for pid, child in list(_children.items()):
        if child.poll() is not None:
            _children.pop(pid, None)
