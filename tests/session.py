"""What the processes of one session of tests share: a folder, and what one of them makes for all."""

from __future__ import annotations

import fcntl
import os
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

Made = TypeVar("Made")


def shared_folder(factory: pytest.TempPathFactory) -> Path:
    """Return a folder that all processes of the session share."""
    root = factory.getbasetemp()
    return root.parent if "PYTEST_XDIST_WORKER" in os.environ else root


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], Made]) -> Made:
    """Return what ``make`` makes of a folder: the first process that asks makes it, others wait.

    It stays as it was made: who changes it takes a copy.
    """
    folder = shared_folder(factory) / f"once-{name}"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            shutil.rmtree(folder / "files", ignore_errors=True)
            (folder / "files").mkdir()
            (folder / "made").write_bytes(pickle.dumps(make(folder / "files")))
    made: Made = pickle.loads((folder / "made").read_bytes())
    return made
