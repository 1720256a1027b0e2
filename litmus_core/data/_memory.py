"""Free memory of a machine or container."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

_GB = 1e9
_OWN_GROUPS, _ROOT = Path("/proc/self/cgroup"), Path("/sys/fs/cgroup")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Version:
    """The file names of one version of Linux control groups; ``cached`` are lines of memory.stat.

    Cached file pages count as used, though they are released on demand.
    """

    most: str
    usage: str
    cached: tuple[str, ...]


_VERSIONS = {
    "": _Version(most="memory.max", usage="memory.current", cached=("inactive_file", "active_file")),
    "memory": _Version(
        most="memory.limit_in_bytes",
        usage="memory.usage_in_bytes",
        cached=("total_inactive_file", "total_active_file"),
    ),
}


def free_gb() -> float:
    """Return the free memory of this machine or container, in 10^9 bytes."""
    import psutil

    free = float(psutil.virtual_memory().available)
    return min(free, _free_in_container()) / _GB


def _free_in_container(group_path: Path = _OWN_GROUPS, root: Path = _ROOT) -> float:
    """Return the bytes left within this process' control groups; infinite without a limit.

    Groups are nested, and the limits of outer ones apply too. Inside a container the path may be that on the
    host, and not exist.
    """
    try:
        lines = group_path.read_text().splitlines()
    except OSError:
        return math.inf
    left = math.inf
    for line in lines:
        _, kinds, path = line.split(":", 2)
        kind = "memory" if "memory" in kinds.split(",") else kinds
        if kind in _VERSIONS:
            home = root / kind
            inner = home / path.strip("/")
            groups = [home, *(parent for parent in (inner, *inner.parents) if home in parent.parents)]
            left = min([left, *(_free_in_group(group, _VERSIONS[kind]) for group in groups)])
    return left


def _free_in_group(group: Path, version: _Version) -> float:
    try:
        most = (group / version.most).read_text().strip()
        limit_bytes = float((group / version.usage).read_text())
        lines = (group / "memory.stat").read_text().splitlines()
        limit = math.inf if most == "max" else float(most)
    except (OSError, ValueError):
        return math.inf
    pairs = (line.split() for line in lines)
    cached = sum(float(count) for name, count in pairs if name in version.cached)
    return max(0.0, limit - limit_bytes + cached)
