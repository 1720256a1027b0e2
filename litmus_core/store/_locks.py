"""File locks that end with their holder: they show which owners and workers are alive."""

from __future__ import annotations

import fcntl
import os
import time
import weakref
from pathlib import Path
from types import TracebackType

from litmus_core.errors import WorkspaceError

_POLL_S = 0.01


class FileLock:
    """An exclusive ``flock`` on a file, released when its last holder closes the open file.

    A program started by exec inherits it only through :meth:`hand_over`; a forked child closes its copy at
    once, so that it cannot hold the lock of a dead parent. Two locks on one file exclude each other within
    one process too.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fd: int | None = None

    @classmethod
    def adopt(cls, path: Path, fd: int) -> FileLock:
        """Take over a lock that the parent process acquired and passed on as ``fd``."""
        os.set_inheritable(fd, False)
        lock = cls(path)
        lock._remember(fd)
        return lock

    @property
    def held(self) -> bool:
        """Whether this object holds the lock."""
        return self._fd is not None

    def acquire(self, *, timeout_s: float = 0.0) -> bool:
        """Try to take the lock for up to ``timeout_s``; raises WorkspaceError without a file."""
        if self._fd is not None:
            return True
        fd = _open(self.path)
        deadline = time.monotonic() + timeout_s
        while not _try(fd, fcntl.LOCK_EX):
            if time.monotonic() >= deadline:
                os.close(fd)
                return False
            time.sleep(_POLL_S)
        self._remember(fd)
        return True

    def release(self) -> None:
        """Release the lock; does nothing if it is not held."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None
            _open_locks.discard(self)

    def hand_over(self) -> int:
        """Return the file descriptor to pass to a child (``pass_fds``), which then holds the lock too."""
        if self._fd is None:
            raise RuntimeError("the lock is not held")
        return self._fd

    def _remember(self, fd: int) -> None:
        self._fd = fd
        _open_locks.add(self)

    def __enter__(self) -> FileLock:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def is_locked(path: Path) -> bool:
    """Return whether any process, this one included, holds a :class:`FileLock` on ``path``."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return False
    try:
        return not _try(fd, fcntl.LOCK_SH)
    finally:
        os.close(fd)


def _open(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise WorkspaceError(
            f"The lock file {path} cannot be opened: {error.strerror}.",
            hint="Check that the workspace folder exists and that you may write to it.",
        ) from error


def _try(fd: int, how: int) -> bool:
    try:
        fcntl.flock(fd, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


_open_locks: weakref.WeakSet[FileLock] = weakref.WeakSet()


def _forget_in_child() -> None:
    for lock in list(_open_locks):
        lock.release()  # closes this copy of the descriptor; the parent keeps the lock


os.register_at_fork(after_in_child=_forget_in_child)
