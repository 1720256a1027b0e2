"""Temporary folders that go when their process does, or with the next one if it was killed."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

_PREFIX = "litmus-bundle-"
_LOCK = "in-use.lock"
_SETTLED_S = 600.0  # a younger folder may belong to a process that is about to lock it


@dataclass(frozen=True, slots=True, kw_only=True)
class Scratch:
    """A folder for one bundle. The lock beside it says that its process lives; it dies with the process."""

    folder: Path
    _lock: IO[Any]

    @classmethod
    def create(cls) -> Scratch:
        """Make a fresh folder, and remove those that killed processes left behind."""
        sweep(Path(tempfile.gettempdir()), now=time.time())
        home = Path(tempfile.mkdtemp(prefix=_PREFIX))
        lock = (home / _LOCK).open("w")
        _take(lock)
        folder = home / "bundle"
        folder.mkdir()
        return cls(folder=folder, _lock=lock)

    def close(self) -> None:
        """Remove the folder; doing it twice changes nothing."""
        shutil.rmtree(self.folder.parent, ignore_errors=True)
        self._lock.close()


def sweep(parent: Path, *, now: float) -> list[Path]:
    """Remove folders in ``parent`` that no living process holds; returns them. ``now`` is in Unix seconds."""
    removed = []
    for home in parent.glob(f"{_PREFIX}*"):
        try:
            status = home.stat()
            if status.st_uid != os.getuid() or now - status.st_mtime < _SETTLED_S:
                continue
            with (home / _LOCK).open("r+") as lock:
                if not _take(lock):
                    continue
                shutil.rmtree(home, ignore_errors=True)
        except OSError:  # another process swept it first, or it is not ours to open
            continue
        removed.append(home)
    return removed


def _take(lock: IO[Any]) -> bool:
    """Lock an open file for as long as it stays open; False when another process has it."""
    try:
        import fcntl
    except ImportError:  # not on this system: its folders are removed at exit only
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
