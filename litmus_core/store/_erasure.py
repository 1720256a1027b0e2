"""A deleted data set leaves the journal's events, the log, and the stores that were set aside."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.store._facts import Record, checksum, decode, encode
from litmus_core.types import DatasetImported

if TYPE_CHECKING:
    from litmus_core.store._workspace import Workspace

COLUMNS = "id, at, type, run_id, experiment_id, payload, checksum"


def blanked(records: Iterable[Record], dataset_id: str) -> Iterator[Record]:
    """Yield the records of a data set's imports without values, and without notes on the file."""
    for record in records:
        event = decode(record)
        fact = None if event is None else event.fact
        if isinstance(fact, DatasetImported) and fact.version.dataset_id == dataset_id:
            payload = encode(_blank(fact))
            told = (record.id, record.at, record.type, record.run_id, record.experiment_id, payload)
            yield replace(record, payload=payload, checksum=checksum(*told))


def redact(db: sqlite3.Connection, dataset_id: str) -> None:
    """Blank the values that a data set's own events quote: its rows have to go everywhere."""
    text = f"SELECT {COLUMNS} FROM events WHERE type = ?"  # noqa: S608 - our own names
    records = [Record(*row) for row in db.execute(text, [DatasetImported.__name__])]
    for record in blanked(records, dataset_id):
        update = "UPDATE events SET payload = ?, checksum = ? WHERE id = ?"
        db.execute(update, [record.payload, record.checksum, record.id])


def forget_aside(workspace: Workspace, dataset_id: str) -> list[Path]:
    """Take a data set out of what was set aside; return the files that cannot be read, which keep it.

    Mere copies of the store are removed. What may hold more than the journal is rewritten without the
    data set's values.
    """
    from litmus_core.store._quarantine import is_kept, kept_aside

    for folder in {path.parent for path in kept_aside(workspace)}:
        if not is_kept(folder):
            shutil.rmtree(folder, ignore_errors=True)
    left = []
    for path in kept_aside(workspace):
        clean = {".duckdb": _clean_store, ".db": _clean_journal}.get(path.suffix)
        if clean is not None and not clean(path, dataset_id):
            left.append(path)
    return left


def _clean_store(path: Path, dataset_id: str) -> bool:
    import duckdb

    from litmus_core.store._duck import Tables

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


def _blank(fact: DatasetImported) -> DatasetImported:
    version = fact.version
    columns = tuple(replace(column, examples=()) for column in version.columns)
    fixes = tuple(replace(fix, title=fix.kind, values=()) for fix in version.fixes)
    blank = replace(version, columns=columns, notes=(), detected=(), fixes=fixes)
    return DatasetImported(version=blank)
