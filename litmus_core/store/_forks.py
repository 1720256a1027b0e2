"""Keep a forked child from using its parent's connections, threads and locks.

A fork does not copy DuckDB's threads, and a child must not close a DuckDB or SQLite connection: both would
write to files that the parent still uses. So the child opens its own connections and never closes those of
its parent, even when it exits.
"""

from __future__ import annotations

import ctypes
import os
import weakref
from typing import Protocol


class ResetsAfterFork(Protocol):
    """An object that holds connections or locks."""

    def reset_after_fork(self) -> None:
        """Drop them, without closing them, in the only thread of a forked child (see :func:`abandon`)."""
        ...


_registered: weakref.WeakSet[ResetsAfterFork] = weakref.WeakSet()


def reset_in_children(resource: ResetsAfterFork) -> None:
    """Call ``resource.reset_after_fork()`` in every child that is forked while ``resource`` exists."""
    _registered.add(resource)


def abandon(resource: object) -> None:
    """Keep ``resource`` from ever being finalised, even when the interpreter exits."""
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(resource))


def _reset_after_fork() -> None:
    for resource in list(_registered):
        resource.reset_after_fork()


os.register_at_fork(after_in_child=_reset_after_fork)
