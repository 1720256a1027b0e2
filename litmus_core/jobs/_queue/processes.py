"""Start a run's process, find all of its processes, and end them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from litmus_core.errors import BusyError
from litmus_core.store import FileLock, Workspace, is_locked

if TYPE_CHECKING:
    from psutil import Process
else:
    Process = Any

MARK = "LITMUS_RUN"  # environment variable of a worker and of all that it starts
UNDER = (
    "LITMUS_UNDER"  # environment variable of a job's runs, which have their own marks and end with the job
)
YIELDS = "LITMUS_YIELDS"  # environment variable of the pages: their runs get a lower priority
_END_WAIT_S = 20.0
_STARTING_S = 1.0  # a process without environment variables is older than that, or is just being started
_NICE = 5  # gives a busy page three quarters of a processor that it shares with a run


def is_alive(workspace: Workspace, run_id: str) -> bool:
    """Return whether a worker process is running the run."""
    return is_locked(workspace.worker_lock_path(run_id))


def start(workspace: Workspace, run_id: str, *, lock: FileLock, finish: bool, stages: str) -> None:
    """Start the run's worker in its own session; it holds the (acquired) lock from its first moment.

    The worker outlives this process. Its output goes to worker.log in the run's folder, which is also its
    working directory, since libraries write there.
    """
    folder = workspace.run_dir(run_id)
    command = [sys.executable, "-P", "-m", "litmus_core.jobs.worker"]
    command += ["--workspace", str(workspace.path), "--run", run_id, "--stages", stages]
    command += ["--lock-fd", str(lock.hand_over()), *(["--finish"] if finish else [])]
    with (folder / "worker.log").open("ab") as log:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=os.environ | {MARK: run_id, "PYTHONUNBUFFERED": "1"},
            pass_fds=[lock.hand_over()],
            start_new_session=True,
        )
    # A thread waits for it; otherwise it stays as a zombie while this process lives.
    threading.Thread(target=child.wait, name=f"litmus-{run_id}", daemon=True).start()


def yield_to_pages() -> None:
    """Lower the priority of this process and of all that it starts, if the pages started it."""
    if os.environ.get(YIELDS):
        os.nice(_NICE)


def process_tree_mb() -> float:
    """Return the memory (in 10^6 bytes) of this process and all of its descendants."""
    import psutil

    def resident(process: Process) -> int:
        try:
            return int(process.memory_info().rss)
        except (psutil.NoSuchProcess, psutil.AccessDenied):  # it has just ended
            return 0

    current = psutil.Process()
    return sum(map(resident, (current, *current.children(recursive=True)))) / 1e6


def end_all(workspace: Workspace, run_id: str) -> None:
    """Kill the run's worker and everything it started, and wait until they are gone."""
    end_marked(run_id, still_exists=lambda: is_alive(workspace, run_id))


def end_marked(mark: str, *, still_exists: Callable[[], bool]) -> None:
    """Kill every process with ``mark``, until there is none and ``still_exists`` returns False."""
    deadline = time.monotonic() + _END_WAIT_S
    while True:
        is_over = not still_exists()
        for process, environment in _running_processes():
            if mark in map(environment.get, (MARK, UNDER)):
                _kill(process)
                is_over = False
            elif not environment and time.time() - process.create_time() < _STARTING_S:
                is_over = False  # it has a mark once it has begun
        if is_over:
            return
        if time.monotonic() > deadline:
            raise BusyError("The job's process does not end.", hint="Try again in a moment.")
        time.sleep(0.02)


def _running_processes() -> Iterator[tuple[Process, dict[str, str]]]:
    """Yield the other processes of this user that have not ended, with their environment variables.

    Process ids are reused, so marks tell which belong to a run. The variables of a process that is just being
    started are empty.
    """
    import psutil

    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and process.status() != psutil.STATUS_ZOMBIE:
                yield process, process.environ()
        except (psutil.NoSuchProcess, psutil.AccessDenied):  # it has ended, or belongs to another user
            continue


def _kill(process: Process) -> None:
    """Kill a process, and its group if it leads one, since children may have cleared their environment."""
    import psutil

    try:
        if os.getpgid(process.pid) == process.pid and process.is_running():
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    except (psutil.NoSuchProcess, ProcessLookupError):
        return
