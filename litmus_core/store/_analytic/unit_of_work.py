"""The rows that a batch of events touches, changed in memory and written back together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from litmus_core.store._analytic.schema import TABLES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Row = dict[str, Any]


class UnitOfWork:
    """Rows by table and key, for one transaction of one cursor."""

    def __init__(self, cursor: DuckDBPyConnection) -> None:
        self._cursor = cursor
        self._rows: dict[str, dict[str, list[Row]]] = {name: {} for name in TABLES}
        self._dirty: dict[str, set[str]] = {name: set() for name in TABLES}
        self._added: list[Row] = []
        self._judged: set[str] = set()

    def load(self, keys: Iterable[tuple[str, str]]) -> None:
        """Read the rows with these (table, key) pairs unless they are loaded already."""
        wanted: dict[str, set[str]] = {}
        for table, key in keys:
            if key not in self._rows[table]:
                wanted.setdefault(table, set()).add(key)
        for table, names in wanted.items():
            self._rows[table].update({key: [] for key in names})
            for row in self._read(table, names):
                self._rows[table][row[TABLES[table].key]].append(row)

    def one(self, table: str, key: str) -> Row | None:
        """Return the loaded row with this key; None if there is none."""
        rows = self._rows[table].get(key)
        return rows[0] if rows else None

    def all(self, table: str, key: str) -> list[Row]:
        """Return the rows with this key."""
        return self._rows[table].get(key, [])

    def put(self, table: str, *rows: Row, key: str | None = None) -> None:
        """Set the rows of their key (``key``: to set none)."""
        key = key if key is not None else rows[0][TABLES[table].key]
        names = [name for name, _ in TABLES[table].columns]
        self._rows[table][key] = [{name: row.get(name) for name in names} for row in rows]
        self._dirty[table].add(key)

    def add_event(self, row: Row) -> None:
        """Append a row to ``run_events``."""
        self._added.append(row)

    def judge(self, run_id: str) -> None:
        """Note that the run's chosen candidate may have changed."""
        self._judged.add(run_id)

    def delete(self, where: dict[str, str], value: str) -> None:
        """Delete rows by a column's value (table -> column), after writing pending changes."""
        self.write()
        for table, column in where.items():
            self._cursor.execute(f"DELETE FROM {table} WHERE {column} = ?", [value])  # noqa: S608 - our own names
        self._rows = {name: {} for name in TABLES}

    def write(self) -> None:
        """Write all pending changes; the object stays usable."""
        for table, keys in self._dirty.items():
            if keys:
                self._replace(table, sorted(keys))
                keys.clear()
        if self._added:
            self._insert("run_events", self._added)
            self._added = []
        if self._judged:
            self._cursor.execute(
                "UPDATE candidates SET chosen = (candidates.id = runs.chosen_id) FROM runs"
                " WHERE runs.id = candidates.run_id AND runs.id IN (SELECT unnest(?::VARCHAR[]))",
                [sorted(self._judged)],
            )
            self._judged.clear()

    def _replace(self, table: str, keys: list[str]) -> None:
        text = f"DELETE FROM {table} WHERE {TABLES[table].key} IN (SELECT unnest(?::VARCHAR[]))"  # noqa: S608 - our own names
        self._cursor.execute(text, [keys])
        rows = [row for key in keys for row in self._rows[table][key]]
        if rows:
            self._insert(table, rows)

    def _insert(self, table: str, rows: list[Row]) -> None:
        columns = TABLES[table].columns
        values = ", ".join(f"unnest(?::{kind}[])" for _, kind in columns)
        self._cursor.execute(
            f"INSERT INTO {table} SELECT {values}",
            [[row.get(name) for row in rows] for name, _ in columns],
        )

    def _read(self, table: str, keys: set[str]) -> Iterator[Row]:
        names = [name for name, _ in TABLES[table].columns]
        where = f"{TABLES[table].key} IN (SELECT unnest(?::VARCHAR[]))"
        text = f"SELECT {', '.join(names)} FROM {table} WHERE {where}"  # noqa: S608 - our own names
        for values in self._cursor.execute(text, [sorted(keys)]).fetchall():
            yield dict(zip(names, values, strict=True))
