"""Ownership of the store's files: one process at a time, by a lock that ends with it."""

from __future__ import annotations

import logging
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from litmus_core.errors import WorkspaceError
from litmus_core.store._analytic.tables import Mismatch, Tables
from litmus_core.store._forks import abandon
from litmus_core.store._journal.journal import Journal
from litmus_core.store._journal.quarantine import set_aside
from litmus_core.store._locks import FileLock
from litmus_core.store._workspace import Workspace

_log = logging.getLogger(__name__)

_PUBLISH_EVERY_S = 1.0
_REST_S = 30.0


class UnwritableError(WorkspaceError):
    """The store's files cannot be written: the disk is full, or permission is missing."""


class Ownership:
    """The right to write ``experiments.duckdb`` and its snapshot. For one thread at a time."""

    def __init__(self, workspace: Workspace, journal: Journal) -> None:
        self._workspace = workspace
        self._journal = journal
        self._lock = FileLock(workspace.lock_path)
        self._file: IO[bytes] | None = None
        self._resting_until = 0.0
        self._published_at = 0.0
        self._published_event = -1

    @property
    def held(self) -> bool:
        """Whether this object owns the files."""
        return self._lock.held

    def acquire(self) -> bool:
        """Become the owner if there is none and the workspace is writable."""
        if self._workspace.is_read_only:
            return False
        return time.monotonic() >= self._resting_until and self._lock.acquire()

    def reset_after_fork(self) -> None:
        """In a forked child, which owns nothing, drop the parent's file without closing it."""
        if self._file is not None:
            abandon(self._file)
            self._file = None

    def open(self, *, rebuild: bool = False) -> Tables:
        """Open the file; start empty if it is missing, damaged or of another journal, or if ``rebuild``.

        The journal is checked first and refills the file at the next refresh. An old file is set aside if it
        may hold more than the journal. Raises WorkspaceError if the journal is damaged.
        """
        path = self._workspace.store_path
        self._journal.check()
        with _plain_errors(path):
            tables = None
            why: Mismatch | None = Mismatch("rebuilt" if rebuild else "missing")
            if path.exists() and not rebuild:
                tables, why = self._open_sound(path)
            if tables is None:
                self._set_aside(why or Mismatch("damaged"))
                tables = Tables.in_file(path)
                tables.belongs_to(self._journal)
            self._follow(path)
        return tables

    def _set_aside(self, why: Mismatch) -> None:
        """Move the store and its snapshot away, and log it if they held more than the journal."""
        paths = self._workspace.store_path, self._workspace.snapshot_path
        moved = set_aside(self._workspace, *paths, keep=not why.is_only_copy)
        if moved and why.kind != "rebuilt":
            _log.warning(
                "The store %s %s: it is rebuilt from the journal, what was there is kept in %s."
                " 'litmus doctor' says whether it holds anything that the journal lacks.",
                self._workspace.store_path,
                why.message,
                moved[0].parent,
            )

    def publish(self, tables: Tables, *, at_once: bool = False) -> None:
        """Replace the snapshot if it is out of date; at most once a second unless ``at_once``."""
        early = time.monotonic() < self._published_at + _PUBLISH_EVERY_S
        if tables.last_event == self._published_event or (early and not at_once):
            return
        snapshot = self._workspace.snapshot_path
        with _plain_errors(snapshot):
            tables.checkpoint()
            self._copy_to(snapshot)
        self._published_at, self._published_event = time.monotonic(), tables.last_event

    def rewrite(self, tables: Tables) -> Tables:
        """Replace the tables' file by a compact copy and return it opened.

        DuckDB neither blanks nor releases deleted bytes. Closes the old tables.
        """
        path = self._workspace.store_path
        fresh = path.with_name(f"{path.name}.fresh")
        with _plain_errors(path):
            _unlink(fresh)
            try:
                tables.copy_to(fresh)
            except BaseException:
                _unlink(fresh)
                raise
            tables.close()  # first: one process cannot open the file twice
            os.replace(fresh, path)
            path.with_name(f"{path.name}.wal").unlink(missing_ok=True)
            again = Tables.in_file(path)
            again.belongs_to(self._journal)
            self._follow(path)
        self._published_event = -1
        return again

    def release(self, *, rest: bool = False) -> None:
        """Give up ownership; with ``rest``, wait before trying again. The tables are already closed."""
        if rest:
            self._resting_until = time.monotonic() + _REST_S
        if self._file is not None:
            self._file.close()
            self._file = None
        self._lock.release()

    def _open_sound(self, path: Path) -> tuple[Tables | None, Mismatch | None]:
        """Return the tables if they are undamaged and of this journal; else None and the mismatch."""
        import duckdb

        tables = None
        try:
            tables = Tables.in_file(path)
            why = tables.mismatch(self._journal)
            if why is None:
                tables.verify()
                return tables, None
        except (duckdb.Error, RuntimeError, UnicodeDecodeError) as error:
            why = Mismatch("damaged")
            if is_machine_error(error):
                _close(tables)
                raise
        except BaseException:
            _close(tables)
            raise
        _close(tables)
        return None, why

    def _follow(self, path: Path) -> None:
        """Keep one file descriptor open for copying the file.

        It stays open as long as DuckDB has the file: on POSIX, a process loses all its locks on a file as
        soon as it closes any descriptor of it.
        """
        before, self._file = self._file, path.open("rb")
        if before is not None:
            before.close()

    def _copy_to(self, snapshot: Path) -> None:
        if self._file is None:
            raise RuntimeError("the store's file is not open")
        temporary = snapshot.with_suffix(".tmp")
        self._file.seek(0)
        try:
            with temporary.open("wb") as copy:
                shutil.copyfileobj(self._file, copy, 1 << 20)
            os.replace(temporary, snapshot)
        except OSError:
            temporary.unlink(missing_ok=True)  # do not fill a full disk with half a copy
            raise


def _unlink(path: Path) -> None:
    for file in (path, path.with_name(f"{path.name}.wal")):
        file.unlink(missing_ok=True)


def _close(tables: Tables | None) -> None:
    if tables is not None:
        tables.close()


def is_machine_error(error: Exception) -> bool:
    """Return whether the machine is at fault and not the file, so that rebuilding would not help."""
    text = str(error)
    return any(phrase in text for phrase in ("No space left", "Permission denied", "Read-only file system"))


@contextmanager
def _plain_errors(path: Path) -> Iterator[None]:
    """Turn the machine's errors into WorkspaceError."""
    import duckdb

    try:
        yield
    except (duckdb.Error, OSError) as error:
        if isinstance(error, duckdb.Error) and not is_machine_error(error):
            raise
        raise unwritable_error(path, error) from error


def unwritable_error(path: Path, error: Exception) -> UnwritableError:
    """Return the error in words that the machine does not let the store's file be written."""
    reason = error.strerror if isinstance(error, OSError) else str(error).splitlines()[0]
    return UnwritableError(
        f"The store {path} cannot be written: {reason}.",
        hint="Free some space (litmus rm shows what can go), or make the workspace writable for you.",
    )
