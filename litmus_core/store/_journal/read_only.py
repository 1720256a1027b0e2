"""Read the journal of a read-only workspace: on a read-only disk, or another user's."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from functools import partial
from pathlib import Path

from litmus_core.errors import WorkspaceError

# Reads a journal value as text, even if it is damaged, so that its checksum can show the damage.
as_text = partial(str, encoding="utf-8", errors="surrogateescape")


def connect_read_only(path: Path) -> sqlite3.Connection:
    """Open the journal read-only in its current state; writes nothing beside it.

    SQLite reads a write-ahead log only if it may write beside it or if a live process shares it; otherwise a
    private copy of both is read.
    """
    if not path.exists():
        raise WorkspaceError(
            f"There is no workspace at {path.parent}, and the folder is not writable.",
            hint="Make it writable for you, or choose another folder with --workspace or LITMUS_HOME.",
        )
    log = path.with_name(path.name + "-wal")
    if not log.exists() or log.stat().st_size == 0:
        return _connect(path, "immutable=1")
    try:
        return _connect(path, "mode=ro")
    except sqlite3.OperationalError:
        return _connect_to_copy(path, log)


def _connect(path: Path, how: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.as_uri()}?{how}", uri=True, isolation_level=None, check_same_thread=False
    )
    try:
        connection.execute("PRAGMA query_only = 1")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    connection.text_factory = as_text
    return connection


def _connect_to_copy(path: Path, log: Path) -> sqlite3.Connection:
    with tempfile.TemporaryDirectory(prefix="litmus-journal-") as folder:
        for file in (path, log):
            shutil.copyfile(file, Path(folder) / file.name)
        copy = sqlite3.connect(Path(folder) / path.name)
        try:
            memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
            copy.backup(memory)
        finally:
            copy.close()
    memory.execute("PRAGMA query_only = 1")
    memory.text_factory = as_text
    return memory
