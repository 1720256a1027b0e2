"""SQLite connections for the journal: a pool, immediate transactions, plain errors."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from litmus_core.errors import BusyError, WorkspaceError
from litmus_core.store._forks import abandon, reset_in_children
from litmus_core.store._journal.read_only import as_text, connect_read_only
from litmus_core.store._journal.tables import FORMAT, create_tables
from litmus_core.store._workspace import Workspace
from litmus_core.trust import sign_new_workspace

_BUSY_S = 60.0


class ConnectionPool:
    """Connections to the journal, each lent to one thread at a time; a forked child opens its own."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace, self._path = workspace, workspace.journal_path
        self._idle: list[sqlite3.Connection] = []
        self._inode: int | None = None  # of the file that idle connections have open
        self._lock = threading.Lock()
        reset_in_children(self)

    def reset_after_fork(self) -> None:
        """In a forked child, leave the parent's connections alone."""
        self._lock = threading.Lock()
        for connection in self._idle:
            abandon(connection)
        self._idle = []

    def __del__(self) -> None:
        """Close open connections: since Python 3.13, garbage collection of an open one warns."""
        for connection in self._idle:
            connection.close()

    @contextmanager
    def lend(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection; SQLite's errors become WorkspaceError or BusyError."""
        with _plain_errors(self._path):
            connection = self._checkout()
            try:
                yield connection
            finally:
                if connection.in_transaction:
                    connection.rollback()
                with self._lock:
                    self._idle.append(connection)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection inside a transaction that holds the write lock from its start."""
        with self.lend() as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.commit()

    def close(self) -> None:
        """Close the idle connections."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _checkout(self) -> sqlite3.Connection:
        with self._lock:
            if self._idle and (inode := _inode(self._path)) != self._inode:
                self._idle, replaced = [], self._idle  # `litmus doctor` replaced the file
                for connection in replaced:
                    connection.close()
                self._inode = inode
            if self._idle:
                return self._idle.pop()
        connection = _connect(self._workspace)
        self._inode = _inode(self._path)
        return connection


def _inode(path: Path) -> int | None:
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return None


def _connect(workspace: Workspace) -> sqlite3.Connection:
    path = workspace.journal_path
    if not path.parent.is_dir():
        raise WorkspaceError(
            f"There is no workspace folder at {path.parent}.",
            hint="Choose another with --workspace or LITMUS_HOME, or let Litmus create it.",
        )
    if not path.exists() or not path.stat().st_size:  # SQLite would delete the log beside an empty file
        _check_not_lost(workspace, "is empty" if path.exists() else "is missing")
    if workspace.is_read_only:
        return connect_read_only(path)
    connection = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False)
    try:
        connection.text_factory = as_text
        if _version(connection) < FORMAT:
            _check_not_lost(workspace, "is empty")
        _switch_to_wal(connection)
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA secure_delete=ON")  # blanked values must not stay in free space
        _ensure_tables(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _check_not_lost(workspace: Workspace, problem: str) -> None:
    """Raise WorkspaceError if a new journal would replace one that was lost."""
    if traces := workspace.traces():
        raise WorkspaceError(
            f"The journal {workspace.journal_path} {problem}, but the workspace holds {traces}.",
            hint="Nothing was changed. 'litmus doctor --fix' brings back what the store still knows;"
            " 'litmus restore' takes a backup.",
        )


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """Turn on the write-ahead log, with retries: SQLite fails at once if two processes do it."""
    deadline = time.monotonic() + _BUSY_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode=wal")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _ensure_tables(connection: sqlite3.Connection, path: Path) -> None:
    version = _version(connection)
    if version > FORMAT:
        raise WorkspaceError(
            f"The journal {path} was written by a newer Litmus (format {version}, known: {FORMAT}).",
            hint="Install the newer Litmus, or choose another workspace.",
        )
    if version < FORMAT:
        connection.execute("BEGIN IMMEDIATE")
        try:
            if _version(connection) < FORMAT:  # checked again: another process may have been faster
                create_tables(connection)
                sign_new_workspace(path.parent, journal_id(connection))
            connection.commit()
        except BaseException:
            connection.rollback()
            raise


def journal_id(connection: sqlite3.Connection) -> str:
    """Return the id that the journal got when it was created."""
    return str(connection.execute("SELECT value FROM meta WHERE key = 'journal_id'").fetchone()[0])


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


_FULL = "Free some space (litmus rm shows what can go), then try again."
_WORDS: tuple[tuple[str, str, str, type[BusyError | WorkspaceError]], ...] = (
    ("locked", "is busy: other processes write without a pause", "Try again in a moment.", BusyError),
    ("full", "cannot grow: the disk is full", _FULL, WorkspaceError),
    ("disk i/o", "cannot be written or read: the disk is full or fails", _FULL, WorkspaceError),
    ("readonly", "cannot be written", "Make the workspace folder writable for you.", WorkspaceError),
    ("unable to open", "cannot be opened", "Check that the workspace is yours to write.", WorkspaceError),
)
_BUGS = ("syntax error", "no such function", "ambiguous column")  # bugs in Litmus' own statements


@contextmanager
def _plain_errors(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into Litmus' own; programming errors pass unchanged."""
    try:
        yield
    except (sqlite3.ProgrammingError, sqlite3.IntegrityError, sqlite3.InterfaceError):
        raise
    except UnicodeDecodeError as error:  # SQLite's message quotes the damaged text
        raise damaged_error(path, "its layout cannot be read") from error
    except sqlite3.DatabaseError as error:
        text = str(error).lower()
        for token, subject, hint, cls in _WORDS:
            if token in text:
                raise cls(f"The journal {path} {subject}.", hint=hint) from error
        if "malformed" not in text and any(words in text for words in _BUGS):
            raise
        raise damaged_error(path, str(error)) from error


def damaged_error(path: Path, problem: str) -> WorkspaceError:
    """Return the error that says that the journal is damaged and what to do."""
    return WorkspaceError(
        f"The journal {path} is damaged ({problem}).",
        hint="Nothing was changed. 'litmus doctor --fix' sets it aside and keeps what can be read.",
    )
