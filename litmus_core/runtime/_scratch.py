"""Temporary folders that are removed with their process, or by the next one if it was killed."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

_BUNDLE = "bundle"
_LOCK = "in-use.lock"
_SETTLED_S = 600.0  # a younger folder may belong to a process that is about to lock it


@dataclass(frozen=True, slots=True, kw_only=True)
class Scratch:
    """A temporary folder of one process, for one bundle, plug-in or file of rows.

    A lock file next to it shows that its process is alive, and ends with it.
    """

    folder: Path
    _lock: IO[Any]

    @classmethod
    def create(cls, kind: str = _BUNDLE) -> Scratch:
        """Create a new folder, and remove those of this ``kind`` that killed processes left behind."""
        sweep(Path(tempfile.gettempdir()), now=time.time(), kind=kind)
        home = Path(tempfile.mkdtemp(prefix=_prefix(kind)))
        lock = (home / _LOCK).open("w")
        _acquire(lock)
        folder = home / kind
        folder.mkdir()
        return cls(folder=folder, _lock=lock)

    def close(self) -> None:
        """Remove the folder; repeated calls do nothing."""
        shutil.rmtree(self.folder.parent, ignore_errors=True)
        self._lock.close()


@contextmanager
def scratch_folder(kind: str) -> Iterator[Path]:
    """Yield a new folder that is removed after the block; the next of its ``kind`` removes it if killed."""
    scratch = Scratch.create(kind)
    try:
        yield scratch.folder
    finally:
        scratch.close()


def _prefix(kind: str) -> str:
    return f"litmus-{kind}-"


def sweep(parent: Path, *, now: float, kind: str = _BUNDLE) -> list[Path]:
    """Remove and return folders in ``parent`` that no living process holds. ``now`` is in Unix seconds."""
    removed = []
    for home in parent.glob(f"{_prefix(kind)}*"):
        try:
            status = home.stat()
            if status.st_uid != os.getuid() or now - status.st_mtime < _SETTLED_S:
                continue
            with (home / _LOCK).open("r+") as lock:
                if not _acquire(lock):
                    continue
                shutil.rmtree(home, ignore_errors=True)
        except OSError:  # another process removed it first, or it belongs to someone else
            continue
        removed.append(home)
    return removed


def _acquire(lock: IO[Any]) -> bool:
    """Lock an open file until it is closed; False if another process has locked it."""
    try:
        import fcntl
    except ImportError:  # not on this system: its folders are removed only at exit
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
