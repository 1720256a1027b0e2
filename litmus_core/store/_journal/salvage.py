"""Inspect a journal without opening it, and rebuild it from all events that can still be read."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from litmus_core.errors import BusyError, WorkspaceError
from litmus_core.store._analytic.mirrors import Mirror, mirrors
from litmus_core.store._journal.facts import Record, checksum, decode
from litmus_core.store._journal.journal import insert_row, update_queue
from litmus_core.store._journal.page_recovery import carve
from litmus_core.store._journal.quarantine import set_aside
from litmus_core.store._journal.tables import FORMAT, create_tables
from litmus_core.store._locks import FileLock, is_locked
from litmus_core.store._workspace import Workspace

_DISK_ERRORS = (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)
_LOST = "lost_events"  # in the journal's meta: ids of events that could not be recovered


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalState:
    """The state of a workspace's journal, and its events in other files of the workspace.

    ``problem`` is about the file itself ("is missing"; "" if SQLite finds nothing). ``lacking`` are ids of
    events that are damaged or missing in the journal but undamaged in ``sources``; ``lost`` are ids that are
    newly found to be in no file. ``displaced`` are undamaged events whose ids were reused after they were
    lost. ``foreign`` are files with events of another journal.
    """

    problem: str
    journal_id: str | None
    n_events: int
    lacking: tuple[int, ...]
    lost: tuple[int, ...]
    known_lost: tuple[int, ...]
    sources: tuple[Path, ...]
    displaced: tuple[Record, ...]
    foreign: tuple[Path, ...]
    unreadable: tuple[Mirror, ...]
    records: dict[int, Record]

    @property
    def is_sound(self) -> bool:
        """Whether nothing needs repair."""
        return not (self.problem or self.lacking or self.lost or self.displaced)

    def all_events(self) -> dict[int, Record]:
        """Return all recoverable events in order, displaced ones last."""
        last = max((*self.records, *self.lost, *self.known_lost), default=0)
        more = {
            number: _moved(record, number) for number, record in enumerate(self.displaced, start=last + 1)
        }
        return self.records | more


def examine(workspace: Workspace) -> JournalState:
    """Inspect the journal and every other file that holds its events; reads copies and changes nothing."""
    with _copy(workspace.journal_path) as (copy, problem):
        carved = carve(copy)
        lost, last_id = _lost_records(copy) if not problem else ((), 0)
    others = mirrors(workspace)
    readable = [mirror for mirror in others if mirror.records]
    journal_id = carved.journal_id
    if not carved.records:  # an empty journal does not contradict the other files
        journal_id = next((mirror.journal_id for mirror in readable if mirror.journal_id), journal_id)
    merged, sources = dict(carved.records), []
    for mirror in readable:
        if mirror.journal_id == journal_id and (more := (mirror.records or {}).keys() - merged.keys()):
            merged |= {number: (mirror.records or {})[number] for number in more}
            sources.append(mirror.path)
    ids = range(1, max(last_id, *merged, 0) + 1)
    displaced = _displaced(merged, [mirror for mirror in readable if mirror.journal_id == journal_id])
    return JournalState(
        problem=problem,
        journal_id=journal_id,
        n_events=len(carved.records),
        lacking=tuple(sorted(merged.keys() - carved.records.keys())),
        lost=tuple(number for number in ids if number not in merged and number not in lost),
        known_lost=lost,
        sources=tuple(sources),
        displaced=displaced,
        foreign=tuple(mirror.path for mirror in readable if mirror.journal_id != journal_id),
        unreadable=tuple(mirror for mirror in others if mirror.problem),
        records=merged,
    )


def _displaced(merged: dict[int, Record], others: list[Mirror]) -> tuple[Record, ...]:
    contents = {
        (merged_record.at, merged_record.type, merged_record.payload) for merged_record in merged.values()
    }
    records: dict[tuple[str, str, str], Record] = {}
    for other in others:
        for number, record in (other.records or {}).items():
            now, content = merged[number], (record.at, record.type, record.payload)
            # blanked values of a deleted data set
            is_blanked = (now.at, now.type) == (record.at, record.type)
            if content not in contents and not is_blanked:
                records[content] = record
    return tuple(sorted(records.values(), key=lambda entry: entry.id))


def _moved(record: Record, number: int) -> Record:
    rest = (record.at, record.type, record.run_id, record.experiment_id, record.person, record.payload)
    return Record(number, *rest, checksum(number, *rest))


def salvage(workspace: Workspace, examined: JournalState) -> list[Path]:
    """Replace the journal by one with all undamaged events; return the path of the old file.

    Raises BusyError while another process uses the workspace, WorkspaceError if the disk is full.
    """
    with hold_locks(workspace):
        fresh = workspace.path / f"journal.db.{os.getpid()}.new"
        try:
            _write(fresh, examined)
            if carve(fresh).records != examined.all_events():
                raise OSError("it does not read back as it was written")
        except (OSError, sqlite3.Error) as error:
            fresh.unlink(missing_ok=True)
            raise WorkspaceError(
                f"The salvaged journal cannot be written to {fresh}: {error}.",
                hint="Nothing was changed. Free some space, then try again.",
            ) from error
        paths = set_aside(workspace, workspace.journal_path, keep=True)
        fresh.replace(workspace.journal_path)
        return paths


@contextmanager
def hold_locks(workspace: Workspace) -> Iterator[None]:
    """Hold the workspace's locks; raises BusyError while the app, a notebook or a run uses the workspace."""
    busy = BusyError(
        "The workspace is in use.",
        hint="Close the app and notebooks, stop runs, then try again. Nothing was changed.",
    )
    runs = workspace.runs.iterdir() if workspace.runs.is_dir() else ()
    if any(is_locked(run / "worker.lock") for run in runs):
        raise busy
    with FileLock(workspace.lock_path) as owner, FileLock(workspace.dispatch_lock_path) as dispatch:
        if not (owner.acquire(timeout_s=2.0) and dispatch.acquire(timeout_s=2.0)):
            raise busy
        yield


def _write(path: Path, examined: JournalState) -> None:
    path.unlink(missing_ok=True)
    complete = examined.all_events()
    records = [complete[number] for number in sorted(complete)]
    lost = sorted({*examined.known_lost, *examined.lost})
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        create_tables(db, journal_id=examined.journal_id)
        db.execute("INSERT INTO meta (key, value) VALUES (?, ?)", [_LOST, json.dumps(lost)])
        for record in records:
            insert_row(db, record)
            if event := decode(record):
                update_queue(db, event.fact)
        db.commit()
    with path.open("rb") as file:
        os.fsync(file.fileno())


@contextmanager
def _copy(path: Path) -> Iterator[tuple[Path, str]]:
    """Yield a copy of the journal in its current state, and what SQLite finds wrong with it."""
    with tempfile.TemporaryDirectory(prefix="litmus-doctor-") as folder:
        copy = Path(folder) / path.name
        yield copy, _copy_file(path, copy)


def _copy_file(path: Path, copy: Path) -> str:
    """Copy the journal and return what is wrong with it; if SQLite cannot, copy its bytes.

    Raises WorkspaceError where the disk leaves no room for that.
    """
    problem = "is missing" if not path.exists() else "" if path.stat().st_size else "is empty"
    if not problem:
        try:
            return _backup(path, copy)
        except (sqlite3.Error, UnicodeDecodeError) as error:  # SQLite's messages quote the damaged text
            problem = "" if _is_of_disk(error) else f"is damaged ({error})"
    try:
        for ending in ("", "-wal"):
            target = path.with_name(path.name + ending)
            if target.exists():
                shutil.copyfile(target, copy.with_name(copy.name + ending))
        return problem or _damage_of(copy)
    except (OSError, sqlite3.Error) as error:
        raise WorkspaceError(
            f"The journal {path} cannot be copied: {error}.",
            hint=f"Free some space on the disk of {copy.parent}. Nothing was changed.",
        ) from error


def _is_of_disk(error: Exception) -> bool:
    """Return whether SQLite lacked room for the files beside a database, which says nothing about it."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _DISK_ERRORS


def _damage_of(copy: Path) -> str:
    try:
        with closing(sqlite3.connect(copy)) as db:
            return _check(db)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        if _is_of_disk(error):
            raise
        return f"is damaged ({error})"


def _check(db: sqlite3.Connection) -> str:
    verdict = str(db.execute("PRAGMA quick_check(1)").fetchone()[0]).splitlines()[-1]
    for table in ("events", "jobs", "meta"):
        db.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 - our own names
    return "" if verdict == "ok" else f"is damaged ({verdict})"


def _backup(path: Path, copy: Path) -> str:
    is_shared = path.with_name(path.name + "-wal").exists()
    how = "mode=ro" if is_shared else "immutable=1"  # the other mode would write beside it
    with closing(sqlite3.connect(f"{path.as_uri()}?{how}", uri=True)) as db:
        if int(db.execute("PRAGMA user_version").fetchone()[0]) > FORMAT:
            raise WorkspaceError(
                f"The journal {path} was written by a newer Litmus.", hint="Install the newer Litmus."
            )
        with closing(sqlite3.connect(copy)) as to:
            db.backup(to)
            return _check(to)


def _lost_records(copy: Path) -> tuple[tuple[int, ...], int]:
    """Return the ids known to be lost for good, and the newest id, damaged or not."""
    with closing(sqlite3.connect(copy)) as db:
        row = db.execute("SELECT value FROM meta WHERE key = ?", [_LOST]).fetchone()
        last_id = int(db.execute("SELECT coalesce(max(id), 0) FROM events").fetchone()[0])
    return (tuple(json.loads(row[0])) if row else ()), last_id


def copy_journal(workspace: Workspace, to: Path) -> int:
    """Write a consistent copy of the journal to ``to`` while others write; return its last event's id.

    Raises WorkspaceError if the journal is missing or damaged.
    """
    problem = _copy_file(workspace.journal_path, to)
    if problem:
        raise WorkspaceError(
            f"The journal {workspace.journal_path} {problem}.",
            hint="Run 'litmus doctor --fix' first. Nothing was written.",
        )
    with closing(sqlite3.connect(to)) as db:
        return int(db.execute("SELECT coalesce(max(id), 0) FROM events").fetchone()[0])
