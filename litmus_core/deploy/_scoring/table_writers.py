"""Write scored chunks: the file's own columns, then the predictions.

Each writer works in its own folder, where written chunks survive when the process is killed. At the end it
moves the result into place.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from litmus_core.deploy._scoring.prediction_columns import PredictionColumns
from litmus_core.frame import list_text
from litmus_core.runtime import CsvChunk, CsvSource, ParquetChunk, ParquetTable, label_text
from litmus_core.store import TableFile
from litmus_core.types import safe_cell

Chunk = CsvChunk | ParquetChunk
Table = CsvSource | ParquetTable


class TableWriter(Protocol):
    """A writer of chunks in order; it gets the folder, the table and the names of the prediction columns."""

    def resume_at(self, *, n_done: int, mark: int) -> None:
        """Keep only the first ``n_done`` rows; ``mark`` is the position after them."""
        ...

    def write(self, chunk: Chunk, columns: PredictionColumns) -> int:
        """Write a chunk durably, and return the position after all rows so far."""
        ...

    def finish(self, to: Path) -> None:
        """Move the result to ``to`` in one step."""
        ...

    def close(self) -> None:
        """Close open files."""
        ...


class CsvWriter:
    """Writes one growing file; the mark is its length in bytes.

    ``for_spreadsheets`` writes ``'`` before texts that a spreadsheet would execute.
    """

    def __init__(
        self, folder: Path, table: Table, types: Mapping[str, type], *, for_spreadsheets: bool = False
    ) -> None:
        self._path, self._spelled = folder / "rows.csv", (_safe_cell if for_spreadsheets else _cell)
        self._header = [self._spelled(name) for name in (*table.header, *types)]
        self._file = self._path.open("a+", encoding="utf-8", newline="")
        delimiter = table.delimiter if isinstance(table, CsvSource) else ","
        self._csv = csv.writer(self._file, delimiter=delimiter, lineterminator="\n")

    def resume_at(self, *, n_done: int, mark: int) -> None:
        """Cut off everything after ``mark``; write the header of a new file."""
        self._file.truncate(mark)
        if not mark:
            self._csv.writerow(self._header)

    def write(self, chunk: Chunk, columns: PredictionColumns) -> int:
        """Write the rows and return the file's length."""
        answered = zip(*columns.columns, strict=True)
        rows = zip(_values(chunk), answered, strict=True)
        self._csv.writerows(map(self._spelled, (*row, *answer)) for row, answer in rows)
        self._file.flush()
        os.fsync(self._file.fileno())
        return os.fstat(self._file.fileno()).st_size

    def finish(self, to: Path) -> None:
        """Move the file."""
        self.close()
        self._path.replace(to)

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class ParquetWriter:
    """Writes a file for each chunk, named by its first row, and merges them at the end; the mark is 0."""

    def __init__(self, folder: Path, table: Table, types: Mapping[str, type]) -> None:
        self._folder, self._answers, self._n_done = folder, types, 0

    def resume_at(self, *, n_done: int, mark: int) -> None:
        """Remove the chunks that start later."""
        self._n_done = n_done
        for part in self._parts():
            if int(part.stem) >= n_done:
                part.unlink()

    def write(self, chunk: Chunk, columns: PredictionColumns) -> int:
        """Write the rows as the next file."""
        import pyarrow.parquet as pq

        part = self._folder / f"{self._n_done:015}.parquet"
        pq.write_table(arrow_table(chunk, self._answers, columns), part)
        self._n_done += chunk.n_rows
        return 0

    def finish(self, to: Path) -> None:
        """Copy the chunks into one file, one at a time, and move it."""
        import pyarrow.parquet as pq

        complete, parts = self._folder / "whole", self._parts()
        with pq.ParquetWriter(complete, pq.read_schema(parts[0])) as writer:
            for part in parts:
                writer.write_table(pq.read_table(part, partitioning=None))
        complete.replace(to)

    def close(self) -> None:
        """Do nothing: no file stays open."""

    def _parts(self) -> list[Path]:
        return sorted(self._folder.glob("*.parquet"))


def arrow_table(chunk: Chunk, names: Mapping[str, type], columns: PredictionColumns) -> Any:
    """Return a chunk's own columns and the predictions, called ``names``, as an Arrow table."""
    import pyarrow as pa

    types = {str: pa.string(), bool: pa.bool_(), int: pa.int64(), float: pa.float64()}
    arrays, schema = _arrays(chunk)
    for (name, kind), column in zip(names.items(), columns.columns, strict=True):
        arrays.append(pa.array(column, types[kind]))
        schema = schema.append(pa.field(name, types[kind]))
    return pa.Table.from_arrays(arrays, schema=schema)


class SqliteWriter:
    """Writes a table whose row ids count the rows; the mark is 0."""

    def __init__(self, folder: Path, table: Table, types: Mapping[str, type], *, called: str) -> None:
        self._path, self._called = folder / "rows.sqlite", called
        cell_types = _column_types(table)
        self._columns = [*cell_types.items(), *((name, _SQLITE[kind]) for name, kind in types.items())]
        self._file: TableFile | None = None

    def resume_at(self, *, n_done: int, mark: int) -> None:
        """Remove later rows."""
        self._file = TableFile(self._path, table=self._called, columns=self._columns, n_stored=n_done)

    def write(self, chunk: Chunk, columns: PredictionColumns) -> int:
        """Add the rows in one transaction."""
        if isinstance(chunk, CsvChunk):
            cells: Iterator[Sequence[Any]] = ([cell or None for cell in row] for row in chunk.rows)
        else:
            cells = zip(
                *(map(_sqlite_value, column.to_pylist()) for column in chunk.batch.columns), strict=True
            )
        rows = zip(cells, zip(*columns.columns, strict=True), strict=True)
        self._open.append([*row, *answer] for row, answer in rows)
        return 0

    def finish(self, to: Path) -> None:
        """Put the table into the database at ``to``, or the file itself if there is none."""
        self._open.move(to)

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()

    @property
    def _open(self) -> TableFile:
        if self._file is None:
            raise RuntimeError("resume_at comes first")
        return self._file


_SQLITE: Mapping[type, str] = {str: "TEXT", bool: "INTEGER", int: "INTEGER", float: "REAL"}
_LARGEST = 1 << 63


def _column_types(table: Table) -> dict[str, str]:
    if isinstance(table, CsvSource):
        return dict.fromkeys(table.names, "TEXT")
    from pyarrow import types

    kinds = ((types.is_boolean, "INTEGER"), (types.is_integer, "INTEGER"), (types.is_floating, "REAL"))
    return {
        name: next((kind for fits, kind in kinds if fits(field.type)), "TEXT")
        for name, field in zip(table.names, table.schema, strict=True)
    }


def _sqlite_value(value: Any) -> Any:
    """Return a value as SQLite stores it: numbers and bytes unchanged, lists as JSON, others as text."""
    if value is None or isinstance(value, str | float | bytes):
        return value
    if isinstance(value, int):
        return value if -_LARGEST <= value < _LARGEST else str(value)
    return list_text(value) if isinstance(value, list | dict) else str(value)


def _values(chunk: Chunk) -> Iterator[Sequence[Any]]:
    if isinstance(chunk, CsvChunk):
        return iter(chunk.rows)
    columns = [column.to_pylist() for column in chunk.batch.columns]
    return zip(*columns, strict=True) if columns else iter([()] * chunk.n_rows)


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return label_text(value)
    if isinstance(value, list | dict):
        return list_text(value)
    return None if value != value else value  # NaN and missing values are empty cells


def _safe_cell(value: Any) -> Any:
    return safe_cell(value) if isinstance(value, str) else _cell(value)


def _arrays(chunk: Chunk) -> tuple[list[Any], Any]:
    import pyarrow as pa

    if isinstance(chunk, ParquetChunk):
        return list(chunk.batch.columns), chunk.batch.schema
    columns = zip(*chunk.rows, strict=True) if chunk.rows else ([] for _ in chunk.table.header)
    arrays = [pa.array([cell or None for cell in column], pa.string()) for column in columns]
    return arrays, pa.schema([(name, pa.string()) for name in chunk.table.names])
