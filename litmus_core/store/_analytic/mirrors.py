"""The journal's events as the analytic store holds them: in its file, its snapshot and older copies."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from litmus_core.store._journal.facts import Record
from litmus_core.store._journal.page_recovery import carve
from litmus_core.store._journal.quarantine import quarantined
from litmus_core.store._workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Mirror:
    """A file other than the journal that holds its events; ``problem`` says why it cannot be read."""

    path: Path
    journal_id: str | None = None
    records: dict[int, Record] | None = None
    problem: str = ""


def mirrors(workspace: Workspace) -> list[Mirror]:
    """Read the events from every file that holds some; reads copies and changes nothing."""
    copies = [read_store(path) for path in (workspace.store_path, workspace.snapshot_path) if path.exists()]
    for path in quarantined(workspace):
        if path.suffix == ".duckdb":
            copies.append(read_store(path))
        elif path.name == workspace.journal_path.name:
            carved = carve(path)
            copies.append(Mirror(path=path, journal_id=carved.journal_id, records=carved.records))
    return copies


def read_store(path: Path) -> Mirror:
    """Read the undamaged events from a store's file or snapshot."""
    import duckdb

    from litmus_core.store._analytic.tables import Tables

    with tempfile.TemporaryDirectory(prefix="litmus-doctor-") as folder:
        for file in (path, path.with_name(path.name + ".wal")):
            if file.exists():
                shutil.copyfile(file, Path(folder) / file.name)
        try:
            tables = Tables.in_file(Path(folder) / path.name)
            try:
                tables.verify()
                rows = tables.tuples("SELECT * FROM events ORDER BY id")
                (meta,) = tables.rows("SELECT journal_id FROM meta")
            finally:
                tables.close()
        except (duckdb.Error, RuntimeError, UnicodeDecodeError, ValueError) as error:
            return Mirror(path=path, problem=str(error).splitlines()[0])
    records = {row[0]: Record(*row) for row in rows}
    return Mirror(
        path=path,
        journal_id=meta["journal_id"],
        records={number: record for number, record in records.items() if record.is_sound},
    )
