"""How many processors and threads this process may use."""

from __future__ import annotations

import os


def n_processors() -> int:
    """Return the number of processors that the system lets this process use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def n_threads() -> int:
    """Return how many threads may compute: one for each processor, at most ``OMP_NUM_THREADS``.

    Numerical libraries read that variable, and Ray sets it to a task's number of processors.
    """
    usable = n_processors()
    setting = os.environ.get("OMP_NUM_THREADS", "")
    return min(usable, int(setting)) if setting.isdecimal() and int(setting) else usable
