"""Where tests write: into memory where the machine has plenty, so that no write waits for a disk."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import MutableMapping
from pathlib import Path

ROOT = "PYTEST_DEBUG_TEMPROOT"  # where pytest makes the folders of all tests
_SHARED, _MEMORY = Path("/dev/shm"), Path("/proc/meminfo")
_ROOM = 8 << 30  # bytes; a run of all tests holds less than a quarter of it


def write_in_memory(environment: MutableMapping[str, str]) -> None:
    """Have pytest make its folders in memory, unless somebody said where, or there is too little room."""
    if not {ROOT, "TMPDIR"} & environment.keys() and is_roomy(_SHARED, _MEMORY):
        environment[ROOT] = str(_SHARED)


def is_roomy(folder: Path, memory: Path) -> bool:
    """Return whether programs may lie in ``folder``, and it and the memory of ``memory`` have room."""
    try:
        lets_run = not os.statvfs(folder).f_flag & os.ST_NOEXEC
        has_room = shutil.disk_usage(folder).free >= _ROOM
        told = re.search(r"^MemAvailable: +(\d+) kB$", memory.read_text(), re.M)
    except OSError:  # another system
        return False
    is_open = os.access(folder, os.W_OK | os.X_OK) and sys.platform == "linux"
    return is_open and lets_run and has_room and told is not None and int(told[1]) << 10 >= _ROOM
