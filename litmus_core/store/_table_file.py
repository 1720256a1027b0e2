"""Write one table row by row to an SQLite file, and move it into place once it is complete."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from litmus_core.errors import UsageError

_BUSY_S = 30.0
_HEAD = b"SQLite format 3\x00"


class TableFile:
    """A growing ``table`` in the SQLite file ``path``; row n, counted from 1, has the rowid n.

    ``columns`` are (name, SQLite type). Rows beyond the first ``n_stored`` are removed.
    """

    def __init__(self, path: Path, *, table: str, columns: Sequence[tuple[str, str]], n_stored: int) -> None:
        names = {name.lower() for name, _ in columns}
        number = next(name for name in ("rowid", "_rowid_", "oid") if name not in names)
        self._path, self._name, self._table = path, table, _quote(table)
        self._insert = f"INSERT INTO {self._table} VALUES ({', '.join('?' * len(columns))})"  # noqa: S608
        columns_sql = ", ".join(f"{_quote(name)} {kind}" for name, kind in columns)
        self._file = sqlite3.connect(path, isolation_level=None)
        with _plain_errors(path), self._transaction() as file:
            file.execute(f"CREATE TABLE IF NOT EXISTS {self._table} ({columns_sql})")
            file.execute(f"DELETE FROM {self._table} WHERE {number} > ?", (n_stored,))  # noqa: S608

    def append(self, rows: Iterable[Sequence[Any]]) -> None:
        """Add rows of SQLite's own types: all of them or, on an error, none."""
        with _plain_errors(self._path), self._transaction() as file:
            file.executemany(self._insert, rows)

    def close(self) -> None:
        """Close the file; appended rows stay in it."""
        self._file.close()

    def move(self, to: Path) -> None:
        """Move the table into the database ``to`` in one step; if there is none, move the file itself.

        Raises UsageError if ``to`` already has the table or cannot be written.
        """
        self.close()
        check_free(to, self._name)
        if not to.exists():
            self._path.replace(to)
            return
        with _plain_errors(to), closing(sqlite3.connect(to, timeout=_BUSY_S, isolation_level=None)) as target:
            target.execute("ATTACH ? AS scored", (os.fspath(self._path),))
            target.execute("BEGIN IMMEDIATE")
            record = target.execute("SELECT sql FROM scored.sqlite_master WHERE type = 'table'")
            target.execute(record.fetchone()[0])
            target.execute(f"INSERT INTO main.{self._table} SELECT * FROM scored.{self._table}")  # noqa: S608
            target.execute("COMMIT")

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._file.execute("BEGIN IMMEDIATE")
        try:
            yield self._file
        except BaseException:
            self._file.rollback()
            raise
        self._file.commit()


def check_free(path: Path, table: str) -> None:
    """Raise UsageError unless ``path`` does not exist or is an SQLite database without this ``table``."""
    if table.lower().startswith("sqlite_") or not table.strip() or "\x00" in table:
        raise UsageError(f"A table cannot be called '{table}'.", hint="Choose another name.")
    if count_rows(path, table) is not None:
        raise UsageError(
            f"'{path.name}' has a table '{table}' already.",
            hint="Nothing was changed. Name another table, or drop that one first.",
        )


def count_rows(path: Path, table: str) -> int | None:
    """Return the number of rows of ``table`` in the SQLite database ``path``; None without such a table.

    Raises UsageError if ``path`` is not an SQLite database.
    """
    if not path.exists() or path.stat().st_size == 0:
        return None
    with path.open("rb") as file:
        if file.read(len(_HEAD)) != _HEAD:
            raise UsageError(f"'{path.name}' is not an SQLite database.", hint="Choose another name.")
    with _plain_errors(path), closing(sqlite3.connect(path, timeout=_BUSY_S)) as connection:
        query = "SELECT 1 FROM sqlite_master WHERE lower(name) = lower(?)"
        if connection.execute(query, (table,)).fetchone() is None:
            return None
        return int(connection.execute(f"SELECT count(*) FROM {_quote(table)}").fetchone()[0])  # noqa: S608


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


@contextmanager
def _plain_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise UsageError(
            f"'{path}' cannot be written: {error}.",
            hint="Free some space, wait until nobody else writes there, or choose another place.",
        ) from error
