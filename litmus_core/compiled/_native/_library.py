"""The build of ``rows.c`` for this system and processor."""

from __future__ import annotations

import ctypes
import hashlib
import os
import platform
from functools import lru_cache
from pathlib import Path

SOURCE = Path(__file__).with_name("rows.c")
_SWITCH = "LITMUS_NATIVE"  # "0" turns it off


def build_path() -> Path:
    """Return the path of the build for this system and processor, whether it exists or not."""
    return SOURCE.with_name(f"rows-{platform.system()}-{platform.machine()}.so".lower())


def source_mark() -> str:
    """Return the mark that a build of the current source carries."""
    return hashlib.sha256(SOURCE.read_bytes()).hexdigest()


def unavailable_reason() -> str | None:
    """Return why machine code cannot be used, as the end of a sentence; None if it can."""
    return _load()[1]


def libraries() -> tuple[ctypes.PyDLL, ctypes.CDLL] | None:
    """Return the build twice: one that keeps Python's lock while it runs, and one that releases it."""
    return _load()[0]


@lru_cache(maxsize=1)
def _load() -> tuple[tuple[ctypes.PyDLL, ctypes.CDLL] | None, str | None]:
    if os.environ.get(_SWITCH) == "0":
        return None, f"{_SWITCH} is 0"
    path = build_path()
    if not path.exists():
        return None, f"there is no build for {platform.system()} on {platform.machine()}"
    try:
        return (ctypes.PyDLL(str(path)), ctypes.CDLL(str(path))), None
    except OSError as error:  # a folder mounted without execution, or a C library that lacks something
        return None, f"its build cannot be loaded: {error}"
