"""What a forked copy of this process must not use: its parent's connections, threads and taken locks.

DuckDB's threads are not copied, and neither it nor SQLite may be closed by a child: both would write to
files that the parent has in hand. So a child starts again, and what it got from its parent is left alone for
good, its own end included.
"""

from __future__ import annotations

import ctypes
import os
import weakref
from typing import Protocol


class ResetsAfterFork(Protocol):
    """Something that has connections or locks."""

    def begin_anew(self) -> None:
        """Drop them, as the only thread of a forked child, without closing them (see :func:`abandon`)."""
        ...


_known: weakref.WeakSet[ResetsAfterFork] = weakref.WeakSet()


def reset_in_children(thing: ResetsAfterFork) -> None:
    """Have ``thing.begin_anew()`` called in every child that is forked while it lives."""
    _known.add(thing)


def abandon(thing: object) -> None:
    """Keep ``thing`` from being closed by its own end, even when the interpreter comes to its own."""
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(thing))


def _begin_anew() -> None:
    for thing in list(_known):
        thing.begin_anew()


os.register_at_fork(after_in_child=_begin_anew)
