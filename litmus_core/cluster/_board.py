"""What runs where: pieces note on which machine they were begun, and a file beside the run tells it."""

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
_LAST_S = 5.0  # for a look that is under way at the end
_STALE_S = 30.0  # nobody keeps a file that is older


@dataclass(frozen=True, slots=True, kw_only=True)
class Working:
    """A piece of work that was asked for; ``machine`` is None until one has begun it, and while it moves."""

    label: str
    machine: str | None = None  # its id
    since: float | None = None  # seconds since 1970 when it was first seen there


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskState:
    """A cluster at one moment (``at``, seconds since 1970): its machines, and what a run has there."""

    at: float
    machines: tuple[Machine, ...]
    work: tuple[Working, ...]


class Note:
    """Goes along with a piece of work, which says by it that it was begun."""

    def __init__(self, key: str) -> None:
        self._key = key

    def begun(self) -> None:
        """Say on which machine this process is; whatever fails, the work goes on.

        Ray's own store of small facts takes it, which outlives any machine but its head, and knows one
        place a piece: what is begun again, elsewhere, has moved.
        """
        with suppress(Exception):
            import ray

            if ray.is_initialized():  # or the next line would start a Ray of its own
                here = ray.get_runtime_context().get_node_id()
                ray.experimental.internal_kv._internal_kv_put(self._key, here, namespace=_NAMESPACE)


class Board:
    """What a program has asked of Ray. What is asked it knows by itself, and from notes only where that is.

    So work that is begun twice stands there once, and what is done goes, whatever became of its note.
    Several threads may ask; one looks.
    """

    def __init__(self, ray: Any) -> None:
        self._ray, self._prefix = ray, f"{token_hex(8)}/"
        self._n_asked = count()
        self._asked: dict[str, str] = {}
        self._done: list[str] = []
        self._begun: dict[str, tuple[str, float]] = {}
        self._alone = threading.Lock()

    @contextmanager
    def asked(self, label: str) -> Iterator[Note]:
        """Have ``label`` on the board within the block; yield what the work itself is to carry."""
        key = f"{self._prefix}{next(self._n_asked)}"
        with self._alone:
            self._asked[key] = label
        try:
            yield Note(key)
        finally:
            with self._alone:
                del self._asked[key]
                self._done.append(key)

    def seen(self) -> TaskState:
        """Return the cluster as it is now."""
        there = machines(self._ray)
        with self._alone:
            asked, done, self._done = dict(self._asked), self._done, []
        for key in done:
            self._begun.pop(key, None)
            self._forget(key)
        for key in asked:
            self._read(key)
        alive = {each.id for each in there}
        work = []
        for key, label in asked.items():
            machine, since = self._begun.get(key, ("", 0.0))
            is_there = machine in alive  # what was on a lost machine is begun again, on another
            work.append(
                Working(label=label, machine=machine, since=since) if is_there else Working(label=label)
            )
        return TaskState(at=time.time(), machines=there, work=tuple(work))

    def _read(self, key: str) -> None:
        """See whether work was begun, or moved."""
        with suppress(Exception):  # what is not told now is told later
            note = self._ray.experimental.internal_kv._internal_kv_get(key, namespace=_NAMESPACE)
            if note is not None and note.decode() != self._begun.get(key, ("", 0.0))[0]:
                self._begun[key] = note.decode(), time.time()

    def _forget(self, key: str) -> None:
        with suppress(Exception):
            kept = self._ray.experimental.internal_kv
            kept._internal_kv_del(key, del_by_prefix=key == self._prefix, namespace=_NAMESPACE)

    def close(self) -> None:
        """Take off all notes."""
        self._forget(self._prefix)


@contextmanager
def board_in(folder: Path, ray: Any, *, every_s: float = _EVERY_S) -> Iterator[Board]:
    """Yield a board, and keep it in ``folder`` for :func:`read_board` within the block."""
    board, over = Board(ray), threading.Event()

    def keep() -> None:
        while not over.wait(every_s):
            with suppress(Exception):  # a look that fails is made again, and costs no work
                _write(folder / _FILE, board.seen(), unless=over)

    keeper = threading.Thread(target=keep, name="litmus-board", daemon=True)
    keeper.start()
    try:
        yield board
    finally:
        over.set()
        keeper.join(_LAST_S)
        board.close()
        (folder / _FILE).unlink(missing_ok=True)


def _write(path: Path, seen: TaskState, *, unless: threading.Event) -> None:
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.write_text(json.dumps(to_plain(seen)), encoding="utf-8")
    if unless.is_set():
        fresh.unlink()
    else:
        fresh.replace(path)


def read_board(folder: Path, *, now: float) -> TaskState | None:
    """Return what a run in ``folder`` has on Ray; None where it has nothing there, or nobody keeps it."""
    with suppress(Exception):  # there is none, or another Litmus wrote it
        seen = from_plain(TaskState, json.loads((folder / _FILE).read_text(encoding="utf-8")))
        return seen if now - seen.at < _STALE_S else None
    return None
