"""End a process and everything that it started, even processes that left its group."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psutil

MARK = "LITMUS_PLUGGED"  # inherited by everything the process starts, also by a daemon in its own session
_PATIENCE_S = 5.0
_START_S = 0.1  # more than the start of a program takes; kernel threads have no memory of their own


def end_processes(process: subprocess.Popen[bytes], mark: str) -> None:
    """Kill ``process``, its group, and every process that carries its ``mark`` in its environment.

    The process is paused first, so that it starts no others meanwhile.
    """
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGSTOP)
    for child in marked_processes(mark):
        _kill(child)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    until = time.monotonic() + _PATIENCE_S
    while [process for process in marked_processes(mark) if _kill(process)] and time.monotonic() < until:
        time.sleep(0.01)  # for processes started before all were paused, and for those slow to die


def marked_processes(mark: str, *, except_pid: int | None = None) -> Iterator[psutil.Process]:
    """Yield the running processes that carry a mark, except the one with the id ``except_pid``."""
    import psutil

    pid = os.getpid()
    for process in psutil.process_iter():
        if process.pid in (pid, except_pid):
            continue
        with suppress(psutil.Error, OSError):  # another user's, or already gone
            if _environment(process).get(MARK) == mark and process.status() != psutil.STATUS_ZOMBIE:
                yield process


def _environment(process: psutil.Process) -> dict[str, str]:
    """Return a process's environment, which Linux shows as empty while the process starts a program."""
    until = time.monotonic() + _START_S
    environment: dict[str, str] = process.environ()
    while not environment and process.memory_info().vms and time.monotonic() < until:
        time.sleep(0.001)
        environment = process.environ()
    return environment


def _kill(process: psutil.Process) -> bool:
    """Kill a process without waiting for its end; return whether it still existed."""
    import psutil

    try:
        process.kill()
    except psutil.Error:
        return False
    return True
