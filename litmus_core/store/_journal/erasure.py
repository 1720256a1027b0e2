"""Remove a deleted data set from the journal's events and from the log."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import replace

from litmus_core.store._journal.facts import Record, checksum, decode, encode
from litmus_core.types import DatasetImported

COLUMNS = "id, at, type, run_id, experiment_id, person, payload, checksum"


def blank_records(records: Iterable[Record], dataset_id: str) -> Iterator[Record]:
    """Yield the records of a data set's imports without its values and without notes about its file."""
    for record in records:
        event = decode(record)
        fact = None if event is None else event.fact
        if isinstance(fact, DatasetImported) and fact.version.dataset_id == dataset_id:
            blank = record._replace(payload=encode(_blank(fact)))
            yield blank._replace(checksum=checksum(*blank[:-1]))


def redact(db: sqlite3.Connection, dataset_id: str) -> None:
    """Blank the values that the data set's own events quote."""
    text = f"SELECT {COLUMNS} FROM events WHERE type = ?"  # noqa: S608 - our own names
    records = [Record(*row) for row in db.execute(text, [DatasetImported.__name__])]
    for record in blank_records(records, dataset_id):
        update = "UPDATE events SET payload = ?, checksum = ? WHERE id = ?"
        db.execute(update, [record.payload, record.checksum, record.id])


def _blank(fact: DatasetImported) -> DatasetImported:
    version = fact.version
    columns = tuple(replace(column, examples=(), replaced=()) for column in version.columns)
    fixes = tuple(replace(fix, values=()) for fix in version.lineage.fixes)
    blank = replace(
        version, columns=columns, notes=(), detected=(), lineage=replace(version.lineage, fixes=fixes)
    )
    return DatasetImported(version=blank)
