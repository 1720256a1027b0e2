"""DuckDB connections for the analytic store: on disk for its owner, in memory for all others."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from litmus_core.errors import BusyError, UsageError, WorkspaceError
from litmus_core.store._analytic.cursors import Cursors
from litmus_core.store._analytic.schema import FORMAT, SQL, TABLES
from litmus_core.store._analytic.unit_of_work import UnitOfWork, insert_columns
from litmus_core.store._journal.erasure import blank_records
from litmus_core.store._journal.facts import Record, decode_sound
from litmus_core.store._journal.journal import Journal
from litmus_core.store._projections.experiments import apply
from litmus_core.types import DatasetDeleted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_log = logging.getLogger(__name__)

_CHUNK = 50_000  # events applied in one transaction
_OPEN_WAIT_S = 5.0
# A misspelt function name must not trigger a download.
_OFFLINE: dict[str, str | bool | int | float | list[str]] = {"autoinstall_known_extensions": False}
# The snapshot's checkpoints are enough: DuckDB's own, within a fold, take a quarter of a rebuild's time.
_IN_FILE = _OFFLINE | {"checkpoint_threshold": "1GB"}
_SMALL_BLOCKS = "BLOCK_SIZE 16384"  # many small tables: 1 MB instead of 10


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A mismatch of a store and its journal; ``n_beyond`` of its events are not in the journal."""

    kind: Literal["missing", "rebuilt", "damaged", "of another journal", "ahead", "behind"]
    n_beyond: int = 0

    @property
    def is_only_copy(self) -> bool:
        """Whether the store holds nothing that the journal lacks."""
        return self.kind in ("rebuilt", "damaged", "behind")

    @property
    def message(self) -> str:
        """The problem for people: "is damaged", "holds 3 events …"."""
        return {
            "missing": "is missing",
            "rebuilt": "is rebuilt",
            "damaged": "is damaged",
            "of another journal": "was made from another journal",
            "ahead": f"holds {self.n_beyond:,} events that the journal does not have",
            "behind": "lacks what an older Litmus passed over",
        }[self.kind]


class Tables:
    """The analytic tables of one DuckDB instance. Any thread may read, but only one may write.

    Each instance is a new in-memory one with the file attached: for the same path, DuckDB would hand a
    process the instance it already has, even after the file was replaced.
    """

    def __init__(self, connection: DuckDBPyConnection) -> None:
        self._cursors = Cursors(connection)
        self.last_event = 0  # id of the newest event applied
        self.rewrite_due = False  # a deleted data set's bytes may remain in the file's free space

    @classmethod
    def in_file(cls, path: Path) -> Tables:
        """Open (or create) the file for reading and writing; waits briefly for its lock."""
        import duckdb

        deadline = time.monotonic() + _OPEN_WAIT_S
        is_new = not path.exists()
        while True:
            connection = duckdb.connect(config=_IN_FILE)
            try:
                connection.execute(f"ATTACH '{quoted(path)}' AS litmus ({_SMALL_BLOCKS})")
                return cls._begin(connection, is_new=is_new)
            except duckdb.Error as error:
                connection.close()
                if not _is_lock(error):
                    raise
                if time.monotonic() > deadline:
                    raise BusyError(
                        f"Another program has {path} open.",
                        hint="Close it (for instance a DuckDB shell), then try again.",
                    ) from error
                time.sleep(0.05)

    @classmethod
    def in_memory(cls, snapshot: Path | None) -> Tables:
        """Load the snapshot into this process's memory; start empty when there is none."""
        import duckdb

        connection = duckdb.connect(config=_OFFLINE)
        connection.execute("ATTACH ':memory:' AS litmus")
        is_new = True
        try:
            if snapshot is not None and snapshot.exists():
                is_new = False
                connection.execute(f"ATTACH '{quoted(snapshot)}' AS snap (READ_ONLY)")
                connection.execute("COPY FROM DATABASE snap TO litmus")
                connection.execute("DETACH snap")
            return cls._begin(connection, is_new=is_new)
        except BaseException:
            connection.close()
            raise

    @classmethod
    def _begin(cls, connection: DuckDBPyConnection, *, is_new: bool) -> Tables:
        connection.execute("USE litmus")
        tables = cls(connection)
        try:
            tables._ensure_current(None if is_new else tables._version())
        except BaseException:
            tables.close()
            raise
        return tables

    def close(self) -> None:
        """Close the file once queries in other threads have ended."""
        self._cursors.close()

    def interrupt(self) -> None:
        """Interrupt all running queries; each raises duckdb.InterruptException."""
        self._cursors.interrupt()

    @contextmanager
    def transaction(self, *, reading: bool = False) -> Iterator[DuckDBPyConnection]:
        """Lend a cursor inside a transaction: committed at the end, rolled back on any error."""
        with self._cursors.lend() as cursor:
            cursor.execute("BEGIN TRANSACTION READ ONLY" if reading else "BEGIN")
            yield cursor  # a cursor whose query fails is closed, which rolls back
            cursor.execute("COMMIT")

    def rows(self, text: str, params: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Return the query's rows as dicts."""
        with self._cursors.lend() as cursor:
            return _dicts(cursor.execute(text, list(params)))

    def tuples(self, text: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return the query's rows as tuples, which is faster for many rows."""
        with self._cursors.lend() as cursor:
            return cursor.execute(text, list(params)).fetchall()

    def read(
        self, text: str, params: Sequence[Any] = (), *, most_rows: int | None = None
    ) -> list[dict[str, Any]]:
        """Return at most ``most_rows`` rows of one statement, which must not change anything.

        Raises UsageError for any other statement.
        """
        import duckdb

        with self.transaction(reading=True) as cursor:
            statements = cursor.extract_statements(text)
            if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                raise UsageError(
                    "The store is read by one SELECT at a time.",
                    hint="It is folded from the journal; what is written into it would be lost.",
                )
            return _dicts(cursor.execute(text, list(params)), most_rows=most_rows)

    # Applying events

    def fold(self, journal: Journal) -> int:
        """Apply the journal's new events, each once; return their number."""
        n_folded = 0
        while records := journal.records(self.last_event, limit=_CHUNK):
            sound = [record for record in records if record.is_sound]
            events = [(record, decode_sound(record)) for record in sound]
            skipped = sorted({record.type for record, event in events if event is None})
            with self.transaction() as cursor:
                _mirror(cursor, sound)
                facts = [event for _, event in events if event is not None]
                apply(UnitOfWork(cursor, is_empty=not self.last_event), facts)
                if any(isinstance(event.fact, DatasetDeleted) for event in facts):
                    self.rewrite_due = True
                    _update_mirror(cursor, journal)
                    cursor.execute("UPDATE meta SET rewrite_due = true")
                cursor.execute(
                    "UPDATE meta SET last_event = ?, skipped = list_distinct(skipped || ?::VARCHAR[])",
                    [records[-1].id, skipped],
                )
            self.last_event = records[-1].id
            if len(sound) < len(records):
                _warn_of_damage(sorted({record.id for record in records} - {record.id for record in sound}))
            n_folded += len(records)
        return n_folded

    def belongs_to(self, journal: Journal) -> bool:
        """Return whether these tables match this journal up to their last event.

        A new store is bound to the journal. Raises WorkspaceError when a newer Litmus wrote the tables.
        """
        return not self.mismatch(journal)

    def mismatch(self, journal: Journal) -> Mismatch | None:
        """Return why these tables do not match this journal; None when they do.

        A new store is bound to the journal.
        """
        from litmus_core.store._journal.facts import FACT_TYPES

        rows = self.rows("SELECT * FROM meta")
        if len(rows) != 1:
            return Mismatch("damaged")
        meta = rows[0]
        self.last_event, self.rewrite_due = meta["last_event"], bool(meta.get("rewrite_due"))
        if meta["journal_id"] is None:
            with self.transaction() as cursor:
                cursor.execute("UPDATE meta SET journal_id = ?", [journal.identity()])
            return None
        if meta["journal_id"] != journal.identity():
            return Mismatch("of another journal")
        if (n_beyond := meta["last_event"] - journal.last_id()) > 0:
            return Mismatch("ahead", n_beyond=n_beyond)
        is_older = "rewrite_due" not in meta or set(meta["skipped"]) & set(FACT_TYPES)
        return Mismatch("behind") if is_older else None

    def verify(self) -> None:
        """Read every block once; raises a DuckDB error if one is damaged."""
        queries = (f"SELECT bit_xor(hash({name})) FROM {name}" for name in TABLES)  # noqa: S608 - our own names
        self.rows(
            " UNION ALL ".join(queries)
        )  # one query: planning one for each table takes longer than reading it

    def is_sound(self) -> bool:
        """Return whether every block can be read."""
        import duckdb

        try:
            self.verify()
        except duckdb.Error:
            return False
        return True

    def checkpoint(self) -> None:
        """Flush all changes into the file itself, so that a copy of it is complete."""
        with self._cursors.lend() as cursor:
            cursor.execute("CHECKPOINT litmus")

    def forget(self, dataset_id: str) -> None:
        """Remove a data set from tables that no longer match their journal: its rows, and its values in
        events.
        """
        with self.transaction() as cursor:
            UnitOfWork(cursor).delete({"datasets": "id", "dataset_versions": "dataset_id"}, dataset_id)
            rows = cursor.execute("SELECT * FROM events WHERE type = 'DatasetImported'").fetchall()
            records = list(blank_records([Record(*row) for row in rows], dataset_id))
            cursor.execute(
                "DELETE FROM events WHERE id IN (SELECT unnest(?))", [[record.id for record in records]]
            )
            _mirror(cursor, records)

    def copy_to(self, path: Path) -> None:
        """Write a new file with the contents of these tables and nothing that was deleted from them."""
        with self._cursors.lend() as cursor:
            cursor.execute(f"ATTACH '{quoted(path)}' AS fresh ({_SMALL_BLOCKS})")
            try:
                cursor.execute("COPY FROM DATABASE litmus TO fresh")
                cursor.execute("UPDATE fresh.meta SET rewrite_due = false")
                cursor.execute("CHECKPOINT fresh")
            finally:
                cursor.execute("DETACH fresh")

    def _ensure_current(self, version: int | None) -> None:
        """Create the tables if ``version`` is None; raises WorkspaceError if it is a newer one."""
        if version == FORMAT:
            return  # a store that was opened and not changed need not checkpoint at its end
        if version is not None and version > FORMAT:
            raise WorkspaceError(
                f"The store was written by a newer Litmus (format {version}, known: {FORMAT}).",
                hint="Install the newer Litmus, or choose another workspace.",
            )
        with self.transaction() as cursor:
            cursor.execute(SQL)
            cursor.execute("INSERT INTO meta VALUES (?, NULL, 0, [], false)", [FORMAT])

    def _version(self) -> int | None:
        """Return the format of the tables; None if there are none yet.

        This queries the table itself: DuckDB takes ten times as long to list its tables.
        """
        import duckdb

        try:
            row = self.tuples("SELECT version FROM meta")
        except duckdb.CatalogException:
            return None
        return int(row[0][0]) if row else 0


def _mirror(cursor: DuckDBPyConnection, records: Sequence[Record]) -> None:
    """Store the events themselves too, so that a damaged journal can be restored from here."""
    if records:
        insert_columns(cursor, "events", [list(column) for column in zip(*records, strict=True)])


def _update_mirror(cursor: DuckDBPyConnection, journal: Journal) -> None:
    """Copy the events of deleted data sets again, now that the journal has blanked them."""
    imported = [record for record in journal.records(types=["DatasetImported"]) if record.is_sound]
    ids = [record.id for record in imported]
    before = cursor.execute(
        "DELETE FROM events WHERE id IN (SELECT unnest(?)) RETURNING id", [ids]
    ).fetchall()
    numbers = {number for (number,) in before}
    _mirror(cursor, [record for record in imported if record.id in numbers])


def _warn_of_damage(ids: Sequence[int]) -> None:
    if ids:
        shown = ", ".join(map(str, ids[:10])) + (" and more" if len(ids) > 10 else "")
        _log.warning(
            "The journal's event %s is damaged and was passed over."
            " 'litmus doctor --fix' brings back what can be brought back.",
            shown,
        )


def _dicts(answer: DuckDBPyConnection, *, most_rows: int | None = None) -> list[dict[str, Any]]:
    """Return the rows as dicts; a second column called ``name`` becomes ``name_2``."""
    names: list[str] = []
    for column in answer.description or ():
        n_before = sum(name == column[0] for name in names)
        names.append(f"{column[0]}_{n_before + 1}" if n_before else column[0])
    records = answer.fetchall() if most_rows is None else answer.fetchmany(most_rows)
    return [dict(zip(names, values, strict=True)) for values in records]


def quoted(path: Path) -> str:
    """Return a path escaped for a statement's single quotes."""
    return str(path).replace("'", "''")


def _is_lock(error: Exception) -> bool:
    return "Could not set lock" in str(error) or "already attached" in str(error)
