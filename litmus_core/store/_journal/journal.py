"""The journal: the record that every process writes to, and the queue of runs."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal

from litmus_core.store._journal.erasure import COLUMNS, redact
from litmus_core.store._journal.facts import Record, checksum, decode, encode, subjects
from litmus_core.store._journal.sqlite import ConnectionPool, damaged_error, journal_id
from litmus_core.store._locks import is_locked
from litmus_core.store._workspace import Workspace, utc_now
from litmus_core.types import (
    DatasetDeleted,
    Event,
    ExperimentDeleted,
    Fact,
    RunDeleted,
    RunEnded,
    RunJudged,
    RunQueued,
    RunRequeued,
    RunStarted,
)

JobState = Literal["queued", "claimed", "done"]
JobMode = Literal["run", "finish"]
StopKind = Literal["soft", "hard"]

_LOG_WAIT_S = 2.0  # for readers of the log to finish

_last_events: dict[Path, int] = {}  # newest event that this process wrote, by journal


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteJob:
    """A run's place in the queue. With ``mode`` ``finish`` only the final stages run, on stored results.

    ``attempts`` counts the workers started for the run that ended before they reported a start.
    """

    run_id: str
    state: JobState
    mode: JobMode
    attempts: int
    stop: StopKind | None
    pid: int | None
    heartbeat_at: str | None


class Journal:
    """Facts in the order in which they happened.

    Safe for many processes and threads; opens its file on first use.
    """

    def __init__(self, workspace: Workspace, *, clock: Callable[[], str] = utc_now) -> None:
        self.workspace = workspace
        self._clock, self._person = clock, ""
        self._pool = ConnectionPool(workspace)

    def close(self) -> None:
        """Close the file; a later call opens it again."""
        self._pool.close()

    def signed_by(self, person: str) -> Journal:
        """Return this journal for the facts of a person, by id ("": what Litmus found out by itself)."""
        signed = copy(self)
        signed._person = person
        return signed

    def append(self, *facts: Fact) -> int:
        """Write the facts in one transaction and return the last one's id.

        The same transaction updates the queue: RunQueued adds the run, RunStarted claims it, RunEnded
        completes it, RunRequeued queues it again, RunDeleted removes it. DatasetDeleted also blanks the
        values that the data set's own events quote: the only change ever made to written events.
        """
        if not facts:
            return self.last_id()
        with self._pool.transaction() as db:
            last = _insert(db, facts, self._clock(), self._person)
            for fact in facts:
                update_queue(db, fact)
                if isinstance(fact, DatasetDeleted):
                    redact(db, fact.dataset_id)
            _last_events[self.workspace.journal_path] = (
                last  # inside the transaction: in the order of the ids
            )
            return last

    def empty_log(self) -> bool:
        """Move the whole log into the file and empty it; return whether that succeeded in time."""
        deadline = time.monotonic() + _LOG_WAIT_S
        while True:
            with self._pool.lend() as db:
                is_busy = bool(db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0])
            if not is_busy or time.monotonic() > deadline:
                return not is_busy
            time.sleep(0.05)

    def end(self, fact: RunEnded, *, expected: JobState) -> bool:
        """Record the run's end if its job is in the ``expected`` state; return whether it was."""
        with self._pool.transaction() as db:
            if _state(db, fact.run_id) != expected:
                return False
            _last_events[self.workspace.journal_path] = _insert(db, (fact,), self._clock(), self._person)
            update_queue(db, fact)
            return True

    def events(
        self,
        number: int = 0,
        *,
        run_id: str | Collection[str] | None = None,
        types: Iterable[type | str] | None = None,
    ) -> list[Event]:
        """Return the events after id ``number``, oldest first, without damaged ones and those of a newer
        Litmus.

        ``run_id`` is of one run, or of several; ``types`` are fact classes (or their names).
        """
        records = self.records(number, run_id=run_id, types=types)
        return [event for event in map(decode, records) if event is not None]

    def records(
        self,
        last_id: int = 0,
        *,
        run_id: str | Collection[str] | None = None,
        types: Iterable[type | str] | None = None,
        limit: int = -1,
    ) -> list[Record]:
        """Return the journal's rows after id ``last_id``, oldest first, not decoded."""
        where, values = ["id > ?"], [last_id]  # type: list[str], list[str | int]
        if run_id is not None:
            where.append("run_id IN (SELECT value FROM json_each(?))")
            values.append(json.dumps([run_id] if isinstance(run_id, str) else list(run_id)))
        if types is not None:
            names = [type_ if isinstance(type_, str) else type_.__name__ for type_ in types]
            among = "type IN (SELECT value FROM json_each(?))"
            where.append(among if run_id is None else f"+{among}")  # "+": a run's few events are found by run
            values.append(json.dumps(names))
        text = f"SELECT {COLUMNS} FROM events WHERE {' AND '.join(where)} ORDER BY id LIMIT ?"  # noqa: S608 - only the words above
        with self._pool.lend() as db:
            records_read = list(map(Record._make, db.execute(text, [*values, limit])))
        ids = [last_id, *(record.id for record in records_read)]
        if any(
            before >= number for before, number in pairwise(ids)
        ):  # an endless stream of events would never let the reader finish
            raise damaged_error(self.workspace.journal_path, "its events are not in their order")
        return records_read

    def queued_on(self, version_ids: Iterable[str], *, learned: bool = False) -> list[RunQueued]:
        """Return, oldest first, the runs whose test rows come from one of these versions of a table.

        With ``learned``, those that learned from one of them, whatever their test rows.
        """
        tables = [
            f"json_extract(payload, '$.experiment.task.{name}_version_id')"
            for name in (("dataset",) if learned else ("test", "dataset"))
        ]
        condition = f"coalesce({', '.join(tables)}, '') IN (SELECT value FROM json_each(?))"  # noqa: S608 - our own words
        facts = self._facts(RunQueued, condition, [json.dumps(list(version_ids))])
        return [fact for fact in facts if isinstance(fact, RunQueued)]

    def judged_by_folds(self) -> set[str]:
        """Return the ids of the runs that were judged by outer folds instead of a test part."""
        facts = self._facts(RunJudged, "json_extract(payload, '$.verdict.outer_folds') > 0")
        return {fact.run_id for fact in facts if isinstance(fact, RunJudged)}

    def _facts(self, kind: type, condition: str, values: Sequence[str] = ()) -> list[Fact]:
        """Return the facts of a kind whose payload meets a condition, oldest first."""
        where = f"type = ? AND CASE WHEN json_valid(payload) THEN {condition} END"
        text = f"SELECT {COLUMNS} FROM events WHERE {where} ORDER BY id"  # noqa: S608 - only the words above
        with self._pool.lend() as db:
            records = [Record(*row) for row in db.execute(text, [kind.__name__, *values])]
        return [event.fact for event in map(decode, records) if event is not None]

    def last_id(self) -> int:
        """Return the newest event's id; 0 in an empty journal."""
        with self._pool.lend() as db:
            return int(db.execute("SELECT coalesce(max(id), 0) FROM events").fetchone()[0])

    def last_written(self) -> int:
        """Return the id of the newest event that any Journal of this process wrote; 0 if there is none."""
        return _last_events.get(self.workspace.journal_path, 0)

    def check(self) -> None:
        """Check every page of the file; raises WorkspaceError if one is damaged."""
        with self._pool.lend() as db:
            verdict = str(db.execute("PRAGMA quick_check(1)").fetchone()[0])
        if verdict != "ok":
            raise damaged_error(self.workspace.journal_path, verdict.splitlines()[-1])

    def identity(self) -> str:
        """Return the id that the journal got when it was created."""
        with self._pool.lend() as db:
            return journal_id(db)

    def run_numbers(self, experiment_id: str) -> set[int]:
        """Return the numbers of all runs that the experiment has or had."""
        queued = "type = 'RunQueued' AND experiment_id = ?"
        number = (
            # skips damaged payloads
            "CASE WHEN json_valid(payload) THEN json_extract(payload, '$.number') END"
        )
        text = f"SELECT {number} FROM events WHERE {queued}"  # noqa: S608 - only the words above
        with self._pool.lend() as db:
            return {number for (number,) in db.execute(text, [experiment_id]) if isinstance(number, int)}

    # The queue

    def enqueue(self, run_id: str) -> None:
        """Append the run to the queue unless it was ever in it (RunQueued does this too)."""
        with self._pool.transaction() as db:
            _enqueue(db, run_id)

    def jobs(self, *states: JobState) -> list[WriteJob]:
        """Return the jobs in these states in queue order; all jobs if no state is named."""
        with self._pool.lend() as db:
            return _jobs(db, states or ("queued", "claimed", "done"))

    def job(self, run_id: str) -> WriteJob | None:
        """Return the run's job; None if it has none."""
        with self._pool.lend() as db:
            return next(iter(_jobs(db, ("queued", "claimed", "done"), run_id)), None)

    def claim_next(self) -> str | None:
        """Claim the next run; None if there is none or a claimed run is still alive."""
        with self._pool.transaction() as db:
            claimed = _jobs(db, ("claimed",))
            if any(is_locked(self.workspace.worker_lock_path(job.run_id)) for job in claimed):
                return None
            queued = _jobs(db, ("queued",))
            if not queued:
                return None
            run_id = queued[0].run_id
            db.execute(
                "UPDATE jobs SET state = 'claimed', attempts = attempts + 1 WHERE run_id = ?", [run_id]
            )
            return run_id

    def requeue(self, run_id: str, *, mode: JobMode, attempts: int = 0) -> None:
        """Queue the run again, from its start or for its final stages; drops any stop request."""
        with self._pool.transaction() as db:
            _requeue(db, run_id, mode, attempts)

    def request_stop(self, run_id: str, *, hard: bool = False) -> None:
        """Request the run's end; a soft request never weakens a hard one."""
        text = (
            "UPDATE jobs SET stop = CASE WHEN stop = 'hard' THEN 'hard' ELSE ? END"
            " WHERE run_id = ? AND state <> 'done'"
        )
        with self._pool.transaction() as db:
            db.execute(text, ["hard" if hard else "soft", run_id])

    def stop_requested(self, run_id: str) -> StopKind | None:
        """Return the kind of stop that was requested for the run; None if there is no request."""
        job = self.job(run_id)
        return None if job is None else job.stop

    def heartbeat(self, run_id: str, pid: int) -> None:
        """Record that the run's worker is alive."""
        with self._pool.transaction() as db:
            db.execute("UPDATE jobs SET pid = ?, heartbeat_at = ? WHERE run_id = ?", [pid, utc_now(), run_id])


def _insert(db: sqlite3.Connection, facts: Iterable[Fact], now: str, person: str) -> int:
    last = int(db.execute("SELECT coalesce(max(id), 0) FROM events").fetchone()[0])
    for last, fact in enumerate(facts, start=last + 1):  # noqa: B020 - continues from there
        row = (last, now, type(fact).__name__, *subjects(fact), person, encode(fact))
        insert_row(db, Record(*row, checksum(*row)))
    return last


def insert_row(db: sqlite3.Connection, record: Record) -> None:
    """Write a journal row unchanged, with its id."""
    text = f"INSERT INTO events ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - our own names
    db.execute(text, record)


def update_queue(db: sqlite3.Connection, fact: Fact) -> None:
    if isinstance(fact, RunQueued):
        _enqueue(db, fact.run_id)
    elif isinstance(fact, RunStarted):
        _enqueue(db, fact.run_id)
        db.execute(
            "UPDATE jobs SET state = 'claimed', attempts = 0, pid = ? WHERE run_id = ?",
            [fact.pid, fact.run_id],
        )
    elif isinstance(fact, RunEnded):
        db.execute("UPDATE jobs SET state = 'done', stop = NULL WHERE run_id = ?", [fact.run_id])
    elif isinstance(fact, RunRequeued):
        _requeue(db, fact.run_id, "finish", 0)
    elif isinstance(fact, RunDeleted):
        db.execute("DELETE FROM jobs WHERE run_id = ?", [fact.run_id])
    elif isinstance(fact, ExperimentDeleted):
        text = "DELETE FROM jobs WHERE run_id IN (SELECT run_id FROM events WHERE experiment_id = ?)"
        db.execute(text, [fact.experiment_id])


def _enqueue(db: sqlite3.Connection, run_id: str) -> None:
    text = "INSERT OR IGNORE INTO jobs (run_id, state, enqueued_at) VALUES (?, 'queued', ?)"
    db.execute(text, [run_id, utc_now()])


def _requeue(db: sqlite3.Connection, run_id: str, mode: JobMode, attempts: int) -> None:
    _enqueue(db, run_id)
    db.execute(
        "UPDATE jobs SET state = 'queued', mode = ?, attempts = ?, stop = NULL WHERE run_id = ?",
        [mode, attempts, run_id],
    )


def _state(db: sqlite3.Connection, run_id: str) -> str | None:
    row = db.execute("SELECT state FROM jobs WHERE run_id = ?", [run_id]).fetchone()
    return None if row is None else str(row[0])


def _jobs(db: sqlite3.Connection, states: Iterable[str], run_id: str | None = None) -> list[WriteJob]:
    text = (
        "SELECT run_id, state, mode, attempts, stop, pid, heartbeat_at FROM jobs"
        " WHERE state IN (SELECT value FROM json_each(?)) AND (? IS NULL OR run_id = ?)"
        " ORDER BY mode <> 'finish', position"
    )
    rows = db.execute(text, [json.dumps(list(states)), run_id, run_id])
    names = ("run_id", "state", "mode", "attempts", "stop", "pid", "heartbeat_at")
    return [WriteJob(**dict(zip(names, row, strict=True))) for row in rows]
