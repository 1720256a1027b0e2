# ruff: noqa: S608 - names and paths are quoted by _duckdb
"""Notes on a CSV's quotes: those read as letters, and those that made one cell of several rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.data._duckdb import identifier, parquet, path_literal
from litmus_core.runtime import CsvRows, Dialect, StrayQuote
from litmus_core.types import StoredType

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

_CHUNK = 1 << 20
_MOST_CELLS = 10_000  # with line ends, that are inspected in each column
_VALUE = re.compile(r"\s*[+-]?[\d.,:/ -]*\d\s*%?\s*", re.ASCII)


def stray_notes(strays: Sequence[StrayQuote], names: Sequence[str]) -> tuple[str, ...]:
    """Return a note on the cells whose quote was read as a letter; nothing if there are none."""
    if not strays:
        return ()
    first = strays[0]
    where = f"line {first.line:,}, column '{names[first.column]}'"
    if len(strays) == 1:
        return (f"A quote in {where} closes no text; it was read as a letter.",)
    return (
        f"Quotes in {len(strays):,} cells close no text; they were read as letters. The first is in {where}.",
    )


def multiline_notes(
    connection: duckdb.DuckDBPyConnection,
    rows: Path | pa.Table,
    *,
    text: Path,
    dialect: Dialect,
    columns: Sequence[tuple[str, str]],
) -> tuple[str, ...]:
    """Return a note on quoted cells of several lines, if each of the lines looks like a row.

    ``rows`` is the table that was read from the UTF-8 file ``text``; ``columns`` are its names and types.
    """
    n_rows = _n_rows(connection, rows)
    if not dialect.quote or _n_lines(text) <= dialect.n_skipped + dialect.has_header + n_rows:
        return ()
    storages = [storage for _, storage in columns]
    places = [
        (row, place, cell.count("\n") + 1)
        for place, (name, storage) in enumerate(columns)
        if StoredType(storage).stores_text
        for row, cell in _long_cells(connection, rows, name)
        if _holds_rows(cell, place, dialect.delimiter, storages)
    ]
    if not places:
        return ()
    row, place, n_lines = min(places)
    line = _line_of(text, dialect, row)
    more = f" So do {len(places) - 1:,} others." if len(places) > 1 else ""
    return (
        f"Line {line:,} begins a quoted text in the column '{dialect.names[place]}' that takes {n_lines:,} "
        f"lines. Each of them looks like a row by itself.{more} If a quote there is a letter, double it, "
        "or read the file without quotes (option 'quote').",
    )


def _n_rows(connection: duckdb.DuckDBPyConnection, rows: Path | pa.Table) -> int:
    if not isinstance(rows, Path):
        return int(rows.num_rows)
    record = connection.execute(f"SELECT count(*) FROM {parquet(rows)}").fetchone()
    return int(record[0]) if record else 0


def _n_lines(text: Path) -> int:
    """Return the number of line ends of a file."""
    with text.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(_CHUNK), b""))


def _long_cells(
    connection: duckdb.DuckDBPyConnection, rows: Path | pa.Table, name: str
) -> Iterator[tuple[int, str]]:
    """Yield some cells of several lines of the column ``name`` and their rows, counted from 0."""
    if isinstance(rows, Path):
        yield from connection.execute(
            f"SELECT file_row_number, {identifier(name)} "
            f"FROM read_parquet({path_literal(rows)}, file_row_number = true) "
            f"WHERE contains({identifier(name)}, chr(10)) LIMIT {_MOST_CELLS}"
        ).fetchall()
        return
    import pyarrow.compute as pc

    column = rows.column(name).combine_chunks()
    for row in pc.indices_nonzero(pc.match_substring(column, "\n").fill_null(False)).to_pylist():
        yield row, column[row].as_py()


def _holds_rows(cell: str, place: int, delimiter: str, storages: Sequence[str]) -> bool:
    """Return whether a cell's lines, with the cells around it, would be rows with numbers or dates in place.

    >>> _holds_rows("a,2\\n2,6", 1, ",", ["BIGINT", "VARCHAR", "BIGINT"])
    True
    >>> _holds_rows("hello, you\\nand, us", 1, ",", ["BIGINT", "VARCHAR", "BIGINT"])
    False
    """
    first, *between, last = (line.split(delimiter) for line in cell.split("\n"))
    width = len(storages)
    rows = [["0"] * place + first, *between, last + ["0"] * (width - place - 1)]
    if any(len(row) != width for row in rows):
        return False
    typed = [column for column, storage in enumerate(storages) if not StoredType(storage).stores_text]
    if not typed:
        return len(between) > 1
    return all(not row[column].strip() or _VALUE.fullmatch(row[column]) for row in rows for column in typed)


def _line_of(text: Path, dialect: Dialect, row: int) -> int:
    """Return the line, counted from 1, on which a row below the header starts."""
    rows = CsvRows(text=text, dialect=dialect, is_strict=not dialect.has_stray_quotes)
    return next(islice(rows.numbered(), row + dialect.has_header, None)).line
