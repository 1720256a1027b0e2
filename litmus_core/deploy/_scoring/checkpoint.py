"""The progress of a scoring job, stored beside its output, so that a killed job can resume."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from litmus_core.errors import BusyError
from litmus_core.store import FileLock

_HEAD_BYTES = 1 << 20
_DONE, _LOCK = "done.json", "lock"


def identity(file: Path) -> list[Any]:
    """Return a file's identity: name, size, modification time, SHA-256 of its first megabyte."""
    with file.open("rb") as opened:
        head = hashlib.sha256(opened.read(_HEAD_BYTES)).hexdigest()
        facts = os.fstat(opened.fileno())
    return [file.name, facts.st_size, facts.st_mtime_ns, head]


class Checkpoint:
    """The folder of an unfinished scoring job, and how many of its rows are valid.

    ``n_done`` rows are on disk; ``mark`` is the writer's position after them. ``notes`` of earlier attempts
    name columns unlike the learned ones.
    """

    def __init__(self, folder: Path, key: str) -> None:
        self.folder, self.key = folder, key
        self.n_done = self.mark = 0
        self.notes: dict[str, str] = {}

    def read(self) -> None:
        """Resume the job of another process if it was the same one; otherwise start over."""
        try:
            document = json.loads((self.folder / _DONE).read_bytes())
        except (FileNotFoundError, ValueError):
            document = {}
        if document.get("key") == self.key:
            self.n_done, self.mark = document["n_done"], document["mark"]
            self.notes = document["notes"]
        else:
            self.reset()

    @property
    def is_emptied(self) -> bool:
        """Whether rows are done but no longer here, because they were moved into place."""
        return self.n_done > 0 and {path.name for path in self.folder.iterdir()} <= {_DONE, _LOCK}

    def reset(self) -> None:
        """Remove the work done so far."""
        self.n_done = self.mark = 0
        self.notes = {}
        for path in self.folder.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path.name != _LOCK:
                path.unlink()

    def record(self, *, n_done: int, mark: int, notes: Mapping[str, str]) -> None:
        """Record the progress atomically, with all notes so far."""
        self.n_done, self.mark = n_done, mark
        fresh = self.folder / f"{_DONE}.new"
        with fresh.open("w", encoding="utf-8") as file:
            json.dump({"key": self.key, "n_done": n_done, "mark": mark, "notes": dict(notes)}, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.folder / _DONE)

    def remove(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def open_checkpoint(folder: Path, *, doing: Any, resume: bool) -> Iterator[Checkpoint]:
    """Open the ``folder`` of the scoring job described by ``doing`` (JSON values), exclusively.

    Raises BusyError while another process uses it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / _LOCK) as lock:
        if not lock.acquire():
            raise BusyError(
                "Another process is writing that output.", hint="Wait for its end, or choose another name."
            )
        key = hashlib.sha256(json.dumps(doing).encode()).hexdigest()
        checkpoint = Checkpoint(folder, key)
        if resume:
            checkpoint.read()
        else:
            checkpoint.reset()
        yield checkpoint
