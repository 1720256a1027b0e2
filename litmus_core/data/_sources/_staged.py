"""The result of each source: a Parquet file of texts or typed values, its names, and what was detected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from litmus_core.data._sources.csv_files.staging import row_batches
from litmus_core.data._sources.csv_files.table import CsvTable
from litmus_core.errors import DataError
from litmus_core.frame import list_text
from litmus_core.runtime import MAX_COLUMNS
from litmus_core.types import Detected


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """A Parquet file with the source's rows in order, or a text file that is read in place.

    ``is_typed``: the columns of ``readable`` have the source's names and types; otherwise they are texts
    (``c0``, ``c1`` …) to be typed by all their cells, except those whose type is in ``storages``. ``names``
    are the source's, blank where there is none.
    """

    readable: Path | None = None
    csv: CsvTable | None = None
    names: tuple[str, ...] = ()
    is_typed: bool = False
    storages: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    detected: tuple[Detected, ...] = field(default=())


def check_width(n_columns: int, *, name: str) -> None:
    """Raise DataError if a table has too many columns."""
    if n_columns > MAX_COLUMNS:
        raise DataError(
            f"'{name}' has {n_columns:,} columns; Litmus takes up to {MAX_COLUMNS:,}.",
            hint="Leave out the columns that cannot matter.",
        )


def as_cell(value: Any) -> str | None:
    """Return a value as a text file would write it; None stays missing.

    >>> as_cell(3.0), as_cell(True), as_cell([1, "a"]), as_cell(None)
    ('3', 'true', '[1,"a"]', None)
    """
    if value is None:
        return None
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ").removesuffix(" 00:00:00")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | dict):
        return as_cell(list_text(value))
    return str(value)


def write_cells(rows: Iterable[Sequence[str | None]], staged: Path, *, width: int) -> int:
    """Write rows of ``width`` texts to the Parquet file ``staged`` and return their number."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(f"c{index}", pa.string()) for index in range(width)])
    n_rows = 0
    with pq.ParquetWriter(staged, schema, compression="snappy") as writer:
        for batch in row_batches(iter(rows), width=width):
            cells = [pa.array(column, pa.string()) for column in zip(*batch, strict=True)]
            writer.write_table(pa.Table.from_arrays(cells, schema=schema))
            n_rows += len(batch)
    return n_rows
