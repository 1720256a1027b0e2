"""A table of an SQLite file, opened read-only; nothing in its schema is trusted or run."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.data._sources._options import refuse_others
from litmus_core.data._sources._staged import Staged, as_cell, check_width, write_cells
from litmus_core.data._sources._tables import choose_table
from litmus_core.data._types.numbers.lossy_values import binary_note, undecoded_note, zeros_note
from litmus_core.errors import DataError
from litmus_core.runtime import unchanged

if TYPE_CHECKING:
    from litmus_core.types import ReadOptions

MAGIC = b"SQLite format 3\x00"
OPTIONS = ("table", "decimal", "thousands", "date_order")
_UNDECODED = re.compile("[\ud800-\udfff]")  # an undecodable byte, as Python escapes it
_LARGEST_CELL = 256 << 20  # bytes
_WAIT_S = 2.0
_HIDDEN = 1  # of a column that only virtual tables have
_WRITE_AHEAD = 2  # the header's byte for that mode
_ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION}
_FUNCTIONS = {"count", "sum", "typeof"}
_FUNCTIONS |= {  # functions used by generated columns, which only compute
    "abs", "coalesce", "ifnull", "iif", "instr", "length", "lower", "ltrim", "max", "min", "nullif", "round",
    "rtrim", "substr", "trim", "upper",
}  # fmt: skip


def stage_sqlite(source: Path, *, name: str, scratch: Path, options: ReadOptions) -> Staged:
    """Stage one table; raises DataError if there is none or several, or the file is damaged or locked."""
    refuse_others(options, OPTIONS, name=name, subject="an SQLite database")
    with _open(source, name=name) as connection:
        sizes = {row: _count(connection, row) for row in _tables(connection)}
        table, detected = choose_table(sizes, options.table, name=name)
        columns, blobs = _columns(connection, table)
        check_width(len(columns), name=name)
        if not columns:
            raise DataError(
                f"The table '{table}' of '{name}' holds binary data only.", hint="Choose another table."
            )
        columns_sql = ", ".join(map(_quote, columns))
        rows = connection.execute(f"SELECT {columns_sql} FROM main.{_quote(table)}")  # noqa: S608 - quoted
        losses = _Losses(columns)
        cells = (list(map(losses.cell, range(len(row)), row)) for row in rows)
        write_cells(cells, scratch / "staged.parquet", width=len(columns))
    notes = [*(f"'{blob}' holds binary data and was left out." for blob in blobs), *losses.notes()]
    return Staged(
        readable=scratch / "staged.parquet", names=tuple(columns), notes=tuple(notes), detected=detected
    )


@contextmanager
def _open(source: Path, *, name: str) -> Iterator[sqlite3.Connection]:
    try:
        as_is = _is_left_alone(source)
        is_steady = unchanged(source) if as_is else nullcontext()
        with is_steady, closing(_connect(source, as_is=as_is)) as connection:
            _distrust(connection)
            yield connection
    except (sqlite3.Error, UnicodeError, OverflowError) as error:
        raise _read_error(error, name=name) from error


def _is_left_alone(source: Path) -> bool:
    """Return whether nobody has the file open: the files that write-ahead mode needs are missing."""
    with source.open("rb") as file:
        write_ahead = file.read(20)[18:20] == bytes([_WRITE_AHEAD] * 2)
    return write_ahead and not Path(f"{source}-wal").exists()


def _connect(source: Path, *, as_is: bool) -> sqlite3.Connection:
    """Open the file without writing to it or beside it; ``as_is``: without looking for files beside it."""
    mode = "mode=ro&immutable=1" if as_is else "mode=ro"
    return sqlite3.connect(f"{source.absolute().as_uri()}?{mode}", uri=True, timeout=_WAIT_S)


def _distrust(connection: sqlite3.Connection) -> None:
    """Allow the connection to read tables of one moment, and nothing else that a schema might trigger."""
    connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LARGEST_CELL)
    for pragma in ("trusted_schema = OFF", "query_only = ON", "cell_size_check = ON"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN")
    connection.set_authorizer(_allow)


def _allow(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    if action == sqlite3.SQLITE_PRAGMA and first in ("table_info", "table_xinfo"):
        return sqlite3.SQLITE_OK
    if action not in _ALLOWED or (action == sqlite3.SQLITE_FUNCTION and second not in _FUNCTIONS):
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


def _tables(connection: sqlite3.Connection) -> list[str]:
    """Return the names of tables with rows; views and virtual tables would run their authors' code."""
    records = connection.execute("SELECT name, sql, rootpage FROM main.sqlite_master WHERE type = 'table'")
    return [
        name
        for name, sql, page in records.fetchall()
        if page and not name.startswith("sqlite_") and not (sql or "").upper().startswith("CREATE VIRTUAL")
    ]


def _count(connection: sqlite3.Connection, table: str) -> int:
    (n_rows,) = connection.execute(f"SELECT count(*) FROM main.{_quote(table)}").fetchone()  # noqa: S608
    return int(n_rows)


def _columns(connection: sqlite3.Connection, table: str) -> tuple[list[str], list[str]]:
    """Return the table's columns: those with values, and those with binary data only."""
    records = connection.execute(f"PRAGMA main.table_xinfo({_quote(table)})").fetchall()
    names = [str(row[1]) for row in records if row[6] != _HIDDEN]  # generated columns are read like any other
    blobs: list[str] = []
    for name in names:
        column = _quote(name)
        sql = f"SELECT count({column}), sum(typeof({column}) = 'blob') FROM main.{_quote(table)}"  # noqa: S608
        n_values, n_blobs = connection.execute(sql).fetchone()
        if n_values and n_blobs == n_values:
            blobs.append(name)
    return [name for name in names if name not in blobs], blobs


class _Losses:
    """Turns values into cells, and counts lossy ones by column position."""

    def __init__(self, names: list[str]) -> None:
        self._names = names
        self._n: Counter[tuple[int, Callable[[int, str], str]]] = Counter()

    def cell(self, place: int, value: Any) -> str | None:
        """Return a value as a text file would write it; None for binary data."""
        if isinstance(value, bytes):
            self._n[place, binary_note] += 1
            return None
        if isinstance(value, str):
            if "\x00" in value:
                self._n[place, zeros_note] += 1
                value = value.replace("\x00", "")
            if _UNDECODED.search(value):
                self._n[place, undecoded_note] += 1
                value = _UNDECODED.sub("\ufffd", value)
        return as_cell(value)

    def notes(self) -> list[str]:
        """Return notes on what was lost, by column."""
        return [note(n, self._names[place]) for (place, note), n in sorted(self._n.items(), key=str)]


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _read_error(error: Exception, *, name: str) -> DataError:
    reason = str(error)
    if "locked" in reason or "busy" in reason:
        return DataError(
            f"'{name}' is being written by another program.", hint="Close it there, and try again."
        )
    if "no such collation" in reason or "no such function" in reason or "prohibited" in reason:
        return DataError(
            f"'{name}' can only be read by the program that made it: {reason}.",
            hint="Copy the table into a new database or a CSV file, and add that.",
        )
    return DataError(f"'{name}' is a damaged SQLite database: {reason}.", hint="Copy or download it again.")
