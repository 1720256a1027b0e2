"""The build of ``rows.c`` for the system and processor at hand."""

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
    """Return where the build for this system and processor lies, if there is one."""
    return SOURCE.with_name(f"rows-{platform.system()}-{platform.machine()}.so".lower())


def source_mark() -> str:
    """Return what a build of the source as it is says of itself."""
    return hashlib.sha256(SOURCE.read_bytes()).hexdigest()


def why_not() -> str | None:
    """Say why NumPy does the work here, as the rest of "because"; None where machine code does."""
    return _loaded()[1]


def libraries() -> tuple[ctypes.PyDLL, ctypes.CDLL] | None:
    """Return the build twice: keeping Python's lock while it runs, and letting go of it."""
    return _loaded()[0]


@lru_cache(maxsize=1)
def _loaded() -> tuple[tuple[ctypes.PyDLL, ctypes.CDLL] | None, str | None]:
    if os.environ.get(_SWITCH) == "0":
        return None, f"{_SWITCH} is 0"
    path = build_path()
    if not path.exists():
        return None, f"there is no build for {platform.system()} on {platform.machine()}"
    try:
        return (ctypes.PyDLL(str(path)), ctypes.CDLL(str(path))), None
    except OSError as error:  # a folder that nothing may be run from, a C library without what it needs
        return None, f"its build cannot be loaded: {error}"
