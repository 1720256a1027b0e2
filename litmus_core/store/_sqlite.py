"""SQLite connections for the journal: a pool, immediate transactions, numbered migrations, plain errors."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.errors import BusyError, WorkspaceError
from litmus_core.store._workspace import new_id, utc_now

if TYPE_CHECKING:
    from sqlite_utils import Database
else:
    Database = Any

BUSY_S = 60.0

# One entry a version: the statements that lead from the version before it. Never change one that was released.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
        """CREATE TABLE events (
            id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, type TEXT NOT NULL,
            run_id TEXT, experiment_id TEXT, payload TEXT NOT NULL)""",
        "CREATE INDEX events_run ON events (run_id, id)",
        "CREATE INDEX events_experiment ON events (experiment_id, id)",
        """CREATE TABLE jobs (
            position INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL UNIQUE, state TEXT NOT NULL,
            mode TEXT NOT NULL DEFAULT 'run', attempts INTEGER NOT NULL DEFAULT 0, stop TEXT,
            pid INTEGER, heartbeat_at TEXT, enqueued_at TEXT NOT NULL)""",
        "CREATE INDEX jobs_state ON jobs (state)",
    ),
)


class Pool:
    """Connections to one SQLite file, lent to one thread at a time; a forked child opens its own."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: list[Database] = []
        self._lock = threading.Lock()
        self._pid = os.getpid()
        self._foreign: list[Database] = []  # a parent's connections: never used, never closed here

    @contextmanager
    def lend(self) -> Iterator[Database]:
        """Lend a connection; SQLite's errors leave as WorkspaceError or BusyError in words."""
        with plain_errors(self._path):
            db = self._take()
            try:
                yield db
            except BaseException:
                db.rollback()
                raise
            finally:
                with self._lock:
                    self._idle.append(db)

    @contextmanager
    def transaction(self) -> Iterator[Database]:
        """Lend a connection inside a transaction that holds the write lock from its start."""
        with self.lend() as db:
            db.execute("BEGIN IMMEDIATE")
            yield db
            db.commit()

    def close(self) -> None:
        """Close the connections that are not lent."""
        with self._lock:
            idle, self._idle = self._idle, []
        if self._pid == os.getpid():
            for db in idle:
                db.close()

    def _take(self) -> Database:
        with self._lock:
            if self._pid != os.getpid():
                self._foreign += self._idle
                self._idle, self._pid = [], os.getpid()
            if self._idle:
                return self._idle.pop()
        return _connect(self._path)


def _connect(path: Path) -> Database:
    import sqlite_utils

    if not path.parent.is_dir():
        raise WorkspaceError(
            f"There is no workspace folder at {path.parent}.",
            hint="Choose another with --workspace or LITMUS_HOME, or let Litmus create it.",
        )
    connection = sqlite3.connect(str(path), timeout=BUSY_S, check_same_thread=False)
    db = sqlite_utils.Database(connection, execute_plugins=False)
    try:
        _switch_to_wal(db)
        db.execute("PRAGMA synchronous=FULL")
        _migrate(db, path)
    except BaseException:
        db.close()
        raise
    return db


def _switch_to_wal(db: Database) -> None:
    """Turn the write-ahead log on. SQLite answers 'locked' at once where two do this together: so, again."""
    deadline = time.monotonic() + BUSY_S
    while True:
        try:
            db.enable_wal()
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _migrate(db: Database, path: Path) -> None:
    version = _version(db)
    if version > len(MIGRATIONS):
        raise WorkspaceError(
            f"The journal {path} was written by a newer Litmus (format {version}, known: {len(MIGRATIONS)}).",
            hint="Install the newer Litmus, or choose another workspace.",
        )
    if version == len(MIGRATIONS):
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        for statements in MIGRATIONS[_version(db) :]:  # again: another process may have been faster
            for statement in statements:
                db.execute(statement)
        db.execute(
            "INSERT OR IGNORE INTO meta VALUES ('journal_id', ?), ('created_at', ?)",
            [new_id("jr"), utc_now()],
        )
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        db.commit()
    except BaseException:
        db.rollback()
        raise


def _version(db: Database) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


_WORDS = (
    ("locked", "is busy: other processes write to it without a pause", "Try again in a moment.", BusyError),
    (
        "full",
        "cannot grow: the disk is full",
        "Free some space (litmus rm shows what can go), then try again.",
        WorkspaceError,
    ),
    ("readonly", "cannot be written to", "Make the workspace folder writable for you.", WorkspaceError),
    (
        "unable to open",
        "cannot be opened",
        "Check that you may read and write the workspace.",
        WorkspaceError,
    ),
    (
        "disk i/o",
        "cannot be read or written: the disk reports an error or is full",
        "Check the disk and its free space, then try again.",
        WorkspaceError,
    ),
)


@contextmanager
def plain_errors(path: Path) -> Iterator[None]:
    """Say SQLite's errors in words; programming errors stay what they are."""
    try:
        yield
    except sqlite3.OperationalError as error:
        for token, what, hint, cls in _WORDS:
            if token in str(error).lower():
                raise cls(f"The journal {path} {what}.", hint=hint) from error
        raise
    except sqlite3.DatabaseError as error:
        if "malformed" in str(error) or "not a database" in str(error):
            raise WorkspaceError(
                f"The journal {path} is damaged ({error}).",
                hint="It is the workspace's record: bring it back from a backup, or move it away to begin anew.",
            ) from error
        raise
