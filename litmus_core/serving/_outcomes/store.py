"""The SQLite file of an endpoint's answers and outcomes.

Each call opens the file again, so that it may be removed while a server runs; a new one is created then.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from litmus_core.errors import BusyError, WorkspaceError
from litmus_core.serving._outcomes.reader import NewOutcome
from litmus_core.types import OutcomeCounts

_SCHEMA = """
CREATE TABLE IF NOT EXISTS answers (number INTEGER PRIMARY KEY, version TEXT, answer TEXT, keys TEXT);
CREATE TABLE IF NOT EXISTS outcomes (
  number INTEGER PRIMARY KEY AUTOINCREMENT, answer INTEGER, value, at TEXT, received TEXT
);
CREATE INDEX IF NOT EXISTS outcomes_of_answers ON outcomes (answer);
"""
# One statement for a chunk of rows: Python's lock is free while SQLite splits and stores them.
_ADD = (
    "INSERT OR IGNORE INTO answers SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), "
    "json_extract(value, '$[2]'), json_extract(value, '$[3]') FROM json_each(?)"
)
_DELETE_WITHOUT_OUTCOME = (
    "DELETE FROM answers WHERE number IN (SELECT number FROM answers "
    "WHERE number NOT IN (SELECT answer FROM outcomes) ORDER BY number LIMIT ?)"
)
_DELETE_OLDEST = "DELETE FROM answers WHERE number IN (SELECT number FROM answers ORDER BY number LIMIT ?)"
_JUDGED = (
    "SELECT a.number, a.answer, o.value, f.received, a.keys FROM (SELECT answer, MIN(number) AS first, "
    "MAX(number) AS last FROM outcomes GROUP BY answer) AS span "
    "JOIN answers AS a ON a.number = span.answer AND a.version = ? "
    "JOIN outcomes AS o ON o.number = span.last JOIN outcomes AS f ON f.number = span.first "
    "ORDER BY span.first"
)
MOST_KEYS = 8  # of a row
# A file next to the store, touched when outcomes arrive, so that others need not read the store.
OUTCOMES_CAME = "outcomes.came"
_WAIT_S = 5.0
_SPARE = 0.05  # answers above the limit before the oldest are deleted, all at once
_CHUNK_ROWS = 100  # written by one statement: Python encodes them in one go, for which requests wait
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Limits of the store. The newest answers stay, those with an outcome first; so do outcomes without an
    answer."""

    max_answers: int = 500_000
    max_bytes: int = 256 << 20
    max_unmatched: int = 100_000


class StoredAnswer(NamedTuple):
    """An answered row: its number, the bundle's version, the prediction, and columns unread by the model.

    A tuple, for JSON writes it as a list; ``keys`` is None without such columns.
    """

    number: int
    version: str
    prediction: dict[str, Any]
    keys: dict[str, str | int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedRows:
    """Answers with known outcomes, in the order in which their first outcomes arrived.

    All lists have the same length: the answers' numbers, predictions, latest outcomes, and stored columns.
    ``n_answers`` counts the stored answers of the same version, with or without an outcome.
    """

    numbers: list[int]
    predictions: list[dict[str, Any]]
    outcomes: list[Any]
    received: list[str]
    keys: list[dict[str, str | int]]
    n_answers: int


class AnswerStore:
    """The answers and outcomes in the file ``path``, which the first write creates."""

    def __init__(self, path: Path, bounds: Bounds | None = None) -> None:
        self.path, self.bounds = path, bounds or Bounds()
        self._n_since_pruned = self.bounds.max_answers  # unknown until the first write counts

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Open the file for a transaction; raises BusyError or WorkspaceError if that fails."""
        try:
            with closing(sqlite3.connect(self.path, timeout=_WAIT_S)) as connection, connection:
                connection.executescript(_SCHEMA)
                yield connection
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise BusyError(
                    "Others are writing answers or outcomes.", hint="Try again in a moment."
                ) from error
            if not self.path.parent.exists():
                raise WorkspaceError(
                    "The endpoint's folder was removed meanwhile: what was sent last is not stored.",
                    hint="Deploy the model again.",
                ) from error
            raise WorkspaceError(
                f"Answers and outcomes cannot be stored: {error}.",
                hint="Free some space, then send it again.",
            ) from error
        except sqlite3.DatabaseError as error:
            raise WorkspaceError(
                f"The file {self.path.name} is damaged: {error}.", hint="Move it away; a new one is begun."
            ) from error

    def add(self, rows: Iterable[StoredAnswer]) -> None:
        """Store answers, and delete the oldest if there are too many; ``rows`` are read one by one."""
        with self._open() as connection:
            before = connection.total_changes
            for chunk in _chunks(rows):
                connection.execute(_ADD, (_JSON.encode(chunk),))
            self._n_since_pruned += connection.total_changes - before
            if self._n_since_pruned > _SPARE * self.bounds.max_answers:
                self._prune(connection)

    def _prune(self, connection: sqlite3.Connection) -> None:
        n_answers = _one(connection, "SELECT COUNT(*) FROM answers")
        used = _one(connection, "PRAGMA page_count") - _one(connection, "PRAGMA freelist_count")
        share = used * _one(connection, "PRAGMA page_size") / self.bounds.max_bytes
        most = min(self.bounds.max_answers, int(n_answers / max(1.0, share)))
        for delete in (_DELETE_WITHOUT_OUTCOME, _DELETE_OLDEST):
            excess = _one(connection, "SELECT COUNT(*) FROM answers") - most
            if excess > 0:
                connection.execute(delete, (excess,))
        connection.execute(
            "DELETE FROM outcomes WHERE number IN (SELECT number FROM outcomes "
            "WHERE answer NOT IN (SELECT number FROM answers) ORDER BY number DESC LIMIT -1 OFFSET ?)",
            (self.bounds.max_unmatched,),
        )
        self._n_since_pruned = 0

    def record(self, outcomes: Sequence[tuple[int, NewOutcome]]) -> OutcomeCounts:
        """Store outcomes by the answers' numbers; an answer's latest outcome counts, and all are stored.

        A repeated outcome is not stored twice. An outcome without an answer is stored too: its answer may
        arrive later.
        """
        received = datetime.now(UTC).isoformat(timespec="milliseconds")
        with self._open() as connection:
            connection.execute("CREATE TEMP TABLE sent (number INTEGER)")
            connection.executemany("INSERT INTO sent VALUES (?)", ((number,) for number, _ in outcomes))
            stored = {
                number
                for (number,) in connection.execute(
                    "SELECT number FROM answers WHERE number IN (SELECT number FROM sent)"
                )
            }
            latest = dict(
                connection.execute(
                    "SELECT answer, value FROM outcomes WHERE answer IN (SELECT number FROM sent) "
                    "ORDER BY number"
                )
            )
            lines, n_corrected, n_repeated, unknown = [], 0, 0, set()
            for number, outcome in outcomes:
                if number not in stored:
                    unknown.add(number)
                if latest.get(number) == outcome.value:
                    n_repeated += 1
                    continue
                n_corrected += number in latest
                latest[number] = outcome.value
                lines.append((number, outcome.value, outcome.at, received))
            connection.executemany(
                "INSERT INTO outcomes (answer, value, at, received) VALUES (?, ?, ?, ?)", lines
            )
            if unknown:
                self._prune(connection)
        if lines:
            with suppress(OSError):  # processes that judge check its time
                self.path.with_name(OUTCOMES_CAME).touch()
        return OutcomeCounts(
            n_stored=len(lines), n_corrected=n_corrected, n_repeated=n_repeated, n_unknown=len(unknown)
        )

    def unstored(self, numbers: Sequence[int]) -> set[int]:
        """Return those of the numbers of which no answer is stored."""
        with self._open() as connection:
            connection.execute("CREATE TEMP TABLE sent (number INTEGER)")
            connection.executemany("INSERT INTO sent VALUES (?)", ((number,) for number in numbers))
            rows = connection.execute("SELECT number FROM answers WHERE number IN (SELECT number FROM sent)")
            return set(numbers) - {number for (number,) in rows}

    def numbers_by_key(self, column: str, keys: Sequence[str]) -> dict[str, list[int]]:
        """Return the numbers of the stored answers by key: the text of ``column`` in their rows."""
        numbers: dict[str, list[int]] = {}
        with self._open() as connection:
            connection.execute("CREATE TEMP TABLE sent (key TEXT PRIMARY KEY) WITHOUT ROWID")
            connection.executemany("INSERT OR IGNORE INTO sent VALUES (?)", ((key,) for key in keys))
            rows = connection.execute(
                "SELECT a.number, sent.key FROM answers AS a, json_each(a.keys) AS k "
                "JOIN sent ON sent.key = CAST(k.value AS TEXT) WHERE a.keys IS NOT NULL AND k.key = ?",
                (column,),
            )
            for number, key in rows:
                numbers.setdefault(key, []).append(number)
        return numbers

    def key_columns(self) -> list[str]:
        """Return the names of the key columns in the newest answers."""
        with self._open() as connection:
            rows = connection.execute(
                "SELECT DISTINCT k.key FROM (SELECT keys FROM answers WHERE keys IS NOT NULL "
                "ORDER BY number DESC LIMIT 1000) AS a, json_each(a.keys) AS k"
            )
            return sorted(name for (name,) in rows)

    def judged(self, version: str) -> JudgedRows:
        """Return the answers of this bundle with known outcomes; reading creates no file."""
        if not self.path.exists():
            return JudgedRows(numbers=[], predictions=[], outcomes=[], received=[], keys=[], n_answers=0)
        with self._open() as connection:
            n_answers = _one(connection, "SELECT COUNT(*) FROM answers WHERE version = ?", (version,))
            rows = connection.execute(_JUDGED, (version,)).fetchall()
        return JudgedRows(
            numbers=[row[0] for row in rows],
            predictions=[json.loads(row[1]) for row in rows],
            outcomes=[row[2] for row in rows],
            received=[row[3] for row in rows],
            keys=[json.loads(row[4]) if row[4] else {} for row in rows],
            n_answers=n_answers,
        )

    def recent(self, version: str, n_rows: int) -> list[dict[str, Any]]:
        """Return the newest ``n_rows`` predictions of this bundle, oldest first."""
        if not self.path.exists():
            return []
        with self._open() as connection:
            rows = connection.execute(
                "SELECT answer FROM answers WHERE version = ? ORDER BY number DESC LIMIT ?", (version, n_rows)
            ).fetchall()
        return [json.loads(answer) for (answer,) in reversed(rows)]


def _chunks(rows: Iterable[StoredAnswer]) -> Iterator[list[StoredAnswer]]:
    remaining = iter(rows)
    while chunk := list(islice(remaining, _CHUNK_ROWS)):
        yield chunk


def _one(connection: sqlite3.Connection, query: str, values: Sequence[Any] = ()) -> int:
    return int(connection.execute(query, tuple(values)).fetchone()[0])


def key_values(row: Mapping[str, Any], columns: frozenset[str]) -> dict[str, str | int] | None:
    """Return the short texts and whole numbers of a row that the model does not read, such as an order's.

    A whole number may be written as 5.0, as tables with gaps write it. None if there are none.

    >>> key_values({"size": 3.5, "order": 5.0, "shop": "Bern"}, frozenset({"size"}))
    {'order': 5, 'shop': 'Bern'}
    """
    short: dict[str, str | int] = {}
    for name, value in row.items():
        if name in columns:
            continue
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if _is_short(value):
            short[name] = value
    return dict(islice(short.items(), MOST_KEYS)) or None


def _is_short(value: Any) -> bool:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return is_whole or (isinstance(value, str) and 0 < len(value) <= 64)
