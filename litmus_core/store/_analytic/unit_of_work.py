"""The rows that a batch of events touches, changed in memory and written back together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from litmus_core.store._analytic.schema import TABLES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Row = dict[str, Any]

_NULLS: dict[str, Row] = {name: dict.fromkeys(dict(table.columns)) for name, table in TABLES.items()}
_SINGLE_ROWS = 3  # so many are planned sooner one by one than as lists
_FEW_ROWS = 500  # for fewer rows, an Arrow table takes longer than it saves


def insert_columns(cursor: DuckDBPyConnection, table: str, columns: Sequence[list[Any]]) -> None:
    """Insert rows, given as one list for each of the table's columns."""
    kinds = [kind for _, kind in TABLES[table].columns]
    if len(columns[0]) <= _SINGLE_ROWS:
        row = f"({', '.join('?' * len(kinds))})"
        values = ", ".join([row] * len(columns[0]))
        parameters = list(chain(*zip(*columns, strict=True)))
        cursor.execute(f"INSERT INTO {table} VALUES {values}", parameters)  # noqa: S608 - our own names
        return
    if len(columns[0]) < _FEW_ROWS:
        values = ", ".join(f"unnest(?::{kind}[])" for kind in kinds)
        cursor.execute(f"INSERT INTO {table} SELECT {values}", list(columns))
        return
    import pyarrow as pa

    names = [str(at) for at in range(len(kinds))]
    arrays = [pa.array(values, _arrow_type(kind)) for values, kind in zip(columns, kinds, strict=True)]
    cursor.register("rows_to_insert", pa.table(arrays, names))
    try:
        cursor.execute(f"INSERT INTO {table} SELECT * FROM rows_to_insert")  # noqa: S608 - our own names
    finally:
        cursor.unregister("rows_to_insert")


class UnitOfWork:
    """Rows by table and key, for one transaction of one cursor; ``is_empty``: the tables hold no rows yet."""

    def __init__(self, cursor: DuckDBPyConnection, *, is_empty: bool = False) -> None:
        self._cursor, self._is_empty = cursor, is_empty
        # Keys without a row in the file: planning a query that finds nothing takes a millisecond.
        self._absent: dict[str, set[str]] = {name: set() for name in TABLES}
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
            for row in () if self._is_empty else self._read(table, names):
                self._rows[table][row[TABLES[table].key]].append(row)
            self._absent[table].update(key for key in names if not self._rows[table][key])

    def one(self, table: str, key: str) -> Row | None:
        """Return the loaded row with this key; None if there is none."""
        rows = self._rows[table].get(key)
        return rows[0] if rows else None

    def all(self, table: str, key: str) -> list[Row]:
        """Return the rows with this key."""
        return self._rows[table].get(key, [])

    def put(self, table: str, *rows: Row, key: str | None = None) -> None:
        """Set the rows of one key; ``key`` without rows sets none."""
        key = key if key is not None else rows[0][TABLES[table].key]
        self._rows[table][key] = [_NULLS[table] | row for row in rows]
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
        self._is_empty = False

    def _replace(self, table: str, keys: list[str]) -> None:
        stored = [] if self._is_empty else [key for key in keys if key not in self._absent[table]]
        if stored:
            text = f"DELETE FROM {table} WHERE {TABLES[table].key} IN (SELECT unnest(?::VARCHAR[]))"  # noqa: S608 - our own names
            self._cursor.execute(text, [stored])
        self._absent[table].difference_update(keys)
        rows = [row for key in keys for row in self._rows[table][key]]
        if rows:
            self._insert(table, rows)

    def _insert(self, table: str, rows: list[Row]) -> None:
        of_row = itemgetter(*dict(TABLES[table].columns))
        insert_columns(self._cursor, table, [list(column) for column in zip(*map(of_row, rows), strict=True)])

    def _read(self, table: str, keys: set[str]) -> Iterator[Row]:
        names = [name for name, _ in TABLES[table].columns]
        where = f"{TABLES[table].key} IN (SELECT unnest(?::VARCHAR[]))"
        text = f"SELECT {', '.join(names)} FROM {table} WHERE {where}"  # noqa: S608 - our own names
        for values in self._cursor.execute(text, [sorted(keys)]).fetchall():
            yield dict(zip(names, values, strict=True))


def _arrow_type(kind: str) -> Any:
    import pyarrow as pa

    if kind.endswith("[]"):
        return pa.list_(_arrow_type(kind.removesuffix("[]")))
    return {
        "BIGINT": pa.int64,
        "BOOLEAN": pa.bool_,
        "DOUBLE": pa.float64,
        "INTEGER": pa.int32,
        "VARCHAR": pa.string,
    }[kind]()
