"""Files of rows, CSV or Parquet by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.errors import DataError
from litmus_core.runtime._files.csv import CsvSource, open_csv
from litmus_core.runtime._files.parquet import SUFFIXES, ParquetTable, open_parquet
from litmus_core.runtime._files.unchanged import unchanged
from litmus_core.runtime._scratch import scratch_folder
from litmus_core.types import Column

if TYPE_CHECKING:
    import pandas as pd

_MAGIC = b"PAR1"
_CHUNK_CELLS = 1_000_000
_MAX_CHUNK_ROWS = 50_000


def is_parquet(path: Path) -> bool:
    """Return whether a file's name ends as Parquet's; anything else counts as CSV."""
    return path.suffix.lower() in SUFFIXES


@contextmanager
def open_table(path: Path, columns: Sequence[Column]) -> Iterator[CsvSource | ParquetTable]:
    """Open a file to read the feature ``columns`` from; raises DataError if there is no file or table.

    A file that starts like Parquet is read as such, whatever its name; a folder of Parquet files is one
    table, in name order. Rows can be read until the end of the ``with`` block.
    """
    if path.is_dir():
        yield open_parquet(path, columns)
        return
    if not path.exists():
        raise DataError(f"There is no file {path}.", hint="Check the path and its spelling.")
    with path.open("rb") as file:
        begins_as_parquet = file.read(len(_MAGIC)) == _MAGIC
    if begins_as_parquet or is_parquet(path):
        yield open_parquet(path, columns)
        return
    with scratch_folder("rows") as scratch:
        with unchanged(path):
            table = open_csv(path, columns, scratch=scratch)
        yield table


def chunk_rows(table: CsvSource | ParquetTable) -> int:
    """Return how many rows of ``table`` to hold in memory at once."""
    return max(1, min(_MAX_CHUNK_ROWS, _CHUNK_CELLS // max(1, len(table.header))))


def read_table(table: CsvSource | ParquetTable) -> pd.DataFrame:
    """Return all rows of a table: the feature columns that it has, as raw values."""
    import pandas as pd

    return pd.concat([chunk.frame() for chunk in table.chunks(chunk_rows(table))], ignore_index=True)


def read_columns(table: CsvSource) -> dict[str, list[str | None]]:
    """Return all rows of a CSV file as lists by name: the feature columns that it has."""
    first, *others = (chunk.columns() for chunk in table.chunks(chunk_rows(table)))
    for column in others:
        for name, cells in column.items():
            first[name] += cells
    return first
