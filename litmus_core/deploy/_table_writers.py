"""Writing scored chunks: what the file had, as it had it, and the answers behind it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from litmus_core.deploy._answers import Answers
from litmus_core.runtime import CsvChunk, CsvTable, ParquetChunk, ParquetTable, label_text

Chunk = CsvChunk | ParquetChunk
Write = Callable[[Chunk, Answers], None]


@contextmanager
def open_writer(
    to: Path, table: CsvTable | ParquetTable, names: Sequence[str], *, as_parquet: bool
) -> Iterator[Write]:
    """Open the file ``to`` for ``table``'s columns and the answers' ``names``; yields what writes a chunk."""
    opened = _parquet_writer(to, table, names) if as_parquet else _csv_writer(to, table, names)
    with opened as write:
        yield write


@contextmanager
def _csv_writer(to: Path, table: CsvTable | ParquetTable, names: Sequence[str]) -> Iterator[Write]:
    delimiter = table.delimiter if isinstance(table, CsvTable) else ","
    with to.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
        writer.writerow([*table.header, *names])

        def write(chunk: Chunk, answers: Answers) -> None:
            spelled = zip(*(map(_cell, column) for column in answers.columns), strict=True)
            rows = zip(_texts(chunk), spelled, strict=True)
            writer.writerows([*row, *answer] for row, answer in rows)

        yield write


def _texts(chunk: Chunk) -> Iterator[Sequence[Any]]:
    if isinstance(chunk, CsvChunk):
        return iter(chunk.rows)
    columns = [map(_cell, column.to_pylist()) for column in chunk.batch.columns]
    return zip(*columns, strict=True) if columns else iter([()] * chunk.n_rows)


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return label_text(value)
    return None if value != value else value  # NaN is missing too, and missing is an empty cell


@contextmanager
def _parquet_writer(to: Path, table: CsvTable | ParquetTable, names: Sequence[str]) -> Iterator[Write]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {str: pa.string(), bool: pa.bool_(), int: pa.int64(), float: pa.float64()}
    writer: Any = None

    def write(chunk: Chunk, answers: Answers) -> None:
        nonlocal writer
        kept, schema = _arrays(chunk)
        added = [pa.array(*each) for each in zip(answers.columns, map(types.get, answers.kinds), strict=True)]
        for name, column in zip(names, added, strict=True):
            schema = schema.append(pa.field(name, column.type))
        if writer is None:
            writer = pq.ParquetWriter(to, schema)
        writer.write_table(pa.Table.from_arrays([*kept, *added], schema=writer.schema))

    try:
        yield write
    finally:
        if writer is not None:
            writer.close()


def _arrays(chunk: Chunk) -> tuple[list[Any], Any]:
    import pyarrow as pa

    if isinstance(chunk, ParquetChunk):
        return list(chunk.batch.columns), chunk.batch.schema
    columns = zip(*chunk.rows, strict=True) if chunk.rows else ([] for _ in chunk.table.header)
    arrays = [pa.array([cell or None for cell in column], pa.string()) for column in columns]
    return arrays, pa.schema([(name, pa.string()) for name in chunk.table.names])
