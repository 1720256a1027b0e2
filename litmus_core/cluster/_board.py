"""Track which tasks run on which machine: tasks report their start, and a file beside the run shows it."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from secrets import token_hex
from typing import Any

from litmus_core.cluster._machines import Machine, machines
from litmus_core.types import from_plain, to_plain

_FILE, _NAMESPACE = "cluster.json", "litmus"
_EVERY_S = 2.0
_LAST_S = 5.0  # for a refresh in progress at the end
_STALE_S = 30.0  # an older file has no writer any more


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningTask:
    """A submitted task; ``machine`` is None until a machine has started it, and while it moves."""

    label: str
    machine: str | None = None  # its id
    since: float | None = None  # seconds since 1970 when it was first seen there


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskState:
    """The state of a cluster at ``at`` (seconds since 1970): its machines, and a run's tasks on them."""

    at: float
    machines: tuple[Machine, ...]
    work: tuple[RunningTask, ...]


class StartReport:
    """Sent with a task, which reports its start by it."""

    def __init__(self, key: str) -> None:
        self._key = key

    def report_start(self) -> None:
        """Report which machine this process runs on; on failure the work continues.

        The report is stored in Ray's key-value store, which survives the loss of any machine but the head,
        under one key per task: a task that starts again elsewhere has moved.
        """
        with suppress(Exception):
            import ray

            if ray.is_initialized():  # otherwise the next line would start another Ray
                here = ray.get_runtime_context().get_node_id()
                ray.experimental.internal_kv._internal_kv_put(self._key, here, namespace=_NAMESPACE)


class TaskBoard:
    """The tasks that a program has submitted to Ray. Only the machines come from start reports.

    So a task that runs twice appears once, and a finished one disappears even if its report is
    lost. Several threads may submit; one refreshes.
    """

    def __init__(self, ray: Any) -> None:
        self._ray, self._prefix = ray, f"{token_hex(8)}/"
        self._n_submitted = count()
        self._submitted: dict[str, str] = {}
        self._done: list[str] = []
        self._started: dict[str, tuple[str, float]] = {}
        self._lock = threading.Lock()

    @contextmanager
    def listed(self, label: str) -> Iterator[StartReport]:
        """List ``label`` on the board within the block; yield the start report to send with the task."""
        key = f"{self._prefix}{next(self._n_submitted)}"
        with self._lock:
            self._submitted[key] = label
        try:
            yield StartReport(key)
        finally:
            with self._lock:
                del self._submitted[key]
                self._done.append(key)

    def state(self) -> TaskState:
        """Return the cluster's current state."""
        present = machines(self._ray)
        with self._lock:
            tasks, done, self._done = dict(self._submitted), self._done, []
        for key in done:
            self._started.pop(key, None)
            self._forget(key)
        for key in tasks:
            self._read(key)
        alive = {machine.id for machine in present}
        work = []
        for key, label in tasks.items():
            machine, since = self._started.get(key, ("", 0.0))
            is_alive = machine in alive  # tasks of a lost machine start again on another
            work.append(
                RunningTask(label=label, machine=machine, since=since)
                if is_alive
                else RunningTask(label=label)
            )
        return TaskState(at=time.time(), machines=present, work=tuple(work))

    def _read(self, key: str) -> None:
        """Check whether a task has started or moved."""
        with suppress(Exception):  # a failed update is repeated later
            note = self._ray.experimental.internal_kv._internal_kv_get(key, namespace=_NAMESPACE)
            if note is not None and note.decode() != self._started.get(key, ("", 0.0))[0]:
                self._started[key] = note.decode(), time.time()

    def _forget(self, key: str) -> None:
        with suppress(Exception):
            store = self._ray.experimental.internal_kv
            store._internal_kv_del(key, del_by_prefix=key == self._prefix, namespace=_NAMESPACE)

    def close(self) -> None:
        """Remove all start reports."""
        self._forget(self._prefix)


@contextmanager
def board_in(folder: Path, ray: Any, *, every_s: float = _EVERY_S) -> Iterator[TaskBoard]:
    """Yield a board, and write it to ``folder`` for :func:`read_board` within the block."""
    board, over = TaskBoard(ray), threading.Event()

    def keep() -> None:
        while not over.wait(every_s):
            with suppress(Exception):  # a failed refresh is repeated, and must not cost work
                _write(folder / _FILE, board.state(), unless=over)

    writer = threading.Thread(target=keep, name="litmus-board", daemon=True)
    writer.start()
    try:
        yield board
    finally:
        over.set()
        writer.join(_LAST_S)
        board.close()
        (folder / _FILE).unlink(missing_ok=True)


def _write(path: Path, state: TaskState, *, unless: threading.Event) -> None:
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.write_text(json.dumps(to_plain(state)), encoding="utf-8")
    if unless.is_set():
        fresh.unlink()
    else:
        fresh.replace(path)


def read_board(folder: Path, *, now: float) -> TaskState | None:
    """Return the state of the Ray tasks of a run's ``folder``; None if there are none or it is stale."""
    with suppress(Exception):  # missing, or written by another version
        state = from_plain(TaskState, json.loads((folder / _FILE).read_text(encoding="utf-8")))
        return state if now - state.at < _STALE_S else None
    return None
