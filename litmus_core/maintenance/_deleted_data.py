"""Find deleted data sets in earlier backups."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from litmus_core.errors import LitmusError
from litmus_core.maintenance._archive import SavedTable, open_archive
from litmus_core.store import Store, Workspace

_NOTES = "backups.json"  # paths of this workspace's backups


@dataclass(frozen=True, slots=True, kw_only=True)
class Remains:
    """A backup, and the data sets in it that the workspace no longer has."""

    backup: str
    made_at: str
    tables: tuple[SavedTable, ...]


def note_backup(workspace: Workspace, path: Path) -> None:
    """Record a backup's path, so that the doctor can check its contents."""
    if workspace.is_read_only:
        return
    notes = sorted({*_recorded_backups(workspace), str(path)})
    fresh = workspace.path / f"{_NOTES}.{os.getpid()}"
    try:
        fresh.write_text(json.dumps(notes), encoding="utf-8")
        fresh.replace(workspace.path / _NOTES)
    except OSError:  # a full disk: the backup on another one is whole, and --backup names it to the doctor
        fresh.unlink(missing_ok=True)


def remains_in_backups(store: Store, *more: Path) -> list[Remains]:
    """Return the recorded and given backups that hold data sets deleted since."""
    files = [path for path in (*map(Path, _recorded_backups(store.workspace)), *more) if path.is_file()]
    remains = []
    dataset_ids = {dataset.dataset_id for dataset in store.datasets()}
    journal_id = store.journal.identity()
    for file in dict.fromkeys(files):
        try:
            with open_archive(file) as (_, contents):
                gone = tuple(table for table in contents.tables if table.id not in dataset_ids)
        except LitmusError:
            continue  # another file is at that path now
        if gone and contents.journal_id == journal_id:
            remains.append(Remains(backup=str(file), made_at=contents.made_at, tables=gone))
    return remains


def _recorded_backups(workspace: Workspace) -> list[str]:
    try:
        plain = json.loads((workspace.path / _NOTES).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [id_ for id_ in plain if isinstance(id_, str)] if isinstance(plain, list) else []
