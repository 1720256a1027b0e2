"""Remove a deleted data set from journals and stores that were set aside."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from litmus_core.store._analytic.tables import Tables
from litmus_core.store._journal.erasure import redact
from litmus_core.store._journal.quarantine import is_quarantined, quarantined
from litmus_core.store._workspace import Workspace


def erase_set_aside(workspace: Workspace, dataset_id: str) -> list[Path]:
    """Remove a data set from all files set aside; return the unreadable ones, which still hold it.

    Stores that hold only what the journal holds are deleted. Files that may hold more than the journal are
    rewritten without the data set's values.
    """
    for folder in {path.parent for path in quarantined(workspace)}:
        if not is_quarantined(folder):
            shutil.rmtree(folder, ignore_errors=True)
    left = []
    for path in quarantined(workspace):
        clean = {".duckdb": _clean_store, ".db": _clean_journal}.get(path.suffix)
        if clean is not None and not clean(path, dataset_id):
            left.append(path)
    return left


def _clean_store(path: Path, dataset_id: str) -> bool:
    import duckdb

    fresh = path.with_name(f"{path.name}.fresh")
    try:
        with closing(Tables.in_file(path)) as tables:
            tables.forget(dataset_id)
            tables.copy_to(fresh)
    except (duckdb.Error, RuntimeError, UnicodeDecodeError, ValueError):
        fresh.unlink(missing_ok=True)
        return False
    fresh.replace(path)
    path.with_name(f"{path.name}.wal").unlink(missing_ok=True)
    return True


def _clean_journal(path: Path, dataset_id: str) -> bool:
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            db.execute("PRAGMA secure_delete=ON")
            db.execute("BEGIN IMMEDIATE")
            redact(db, dataset_id)
            db.execute("COMMIT")
            db.execute("VACUUM")
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except (sqlite3.Error, UnicodeDecodeError, ValueError):
        return False
    return True
