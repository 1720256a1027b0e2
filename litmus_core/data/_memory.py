"""How much memory is free, on a machine or in a container."""

from __future__ import annotations

import math
from pathlib import Path

_GB = 1e9
_CGROUP = Path("/sys/fs/cgroup")


def free_gb() -> float:
    """Return the memory that is free on this machine, or in this container, in 10^9 bytes."""
    import psutil

    free = float(psutil.virtual_memory().available)
    return min(free, _left_in_container()) / _GB


def _left_in_container(folder: Path = _CGROUP) -> float:
    """Return the bytes that a container with a limit has left; infinite where there is none."""
    try:
        most = (folder / "memory.max").read_text().strip()
        held = float((folder / "memory.current").read_text())
        lines = (folder / "memory.stat").read_text().splitlines()
    except (OSError, ValueError):
        return math.inf
    if most == "max":
        return math.inf
    # Pages of files count as held, though they go when somebody needs the room.
    told = (line.split() for line in lines)
    files = sum(float(count) for name, count in told if name in ("inactive_file", "active_file"))
    return max(0.0, float(most) - held + files)
