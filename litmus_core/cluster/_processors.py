"""How many processors this process may use, and threads."""

from __future__ import annotations

import os


def n_processors() -> int:
    """Return the processors that the system lets this process use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def n_threads() -> int:
    """Return how many threads may compute: one a processor, and no more than ``OMP_NUM_THREADS`` says.

    Numerical libraries read that variable, and Ray sets it for a task to what the task was given.
    """
    usable = n_processors()
    said = os.environ.get("OMP_NUM_THREADS", "")
    return min(usable, int(said)) if said.isdecimal() and int(said) else usable
