"""Files of rows, CSV or Parquet by their name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.errors import DataError
from litmus_core.runtime._csv import CsvTable, open_csv
from litmus_core.runtime._parquet import ParquetTable, open_parquet
from litmus_core.types import Column

if TYPE_CHECKING:
    import pandas as pd

_PARQUET = (".parquet", ".pq")
_CHUNK_CELLS = 1_000_000
_MAX_CHUNK_ROWS = 50_000


def is_parquet(path: Path) -> bool:
    """Say whether a file's name claims Parquet; everything else is taken for CSV."""
    return path.suffix.lower() in _PARQUET


def open_table(path: Path, columns: Sequence[Column]) -> CsvTable | ParquetTable:
    """Open a file to read the feature ``columns`` from; raises DataError when there is none, or no table."""
    if path.is_dir():
        raise DataError(f"{path} is a folder, not a file.", hint="Name the CSV or Parquet file itself.")
    if not path.exists():
        raise DataError(f"There is no file {path}.", hint="Check the path and its spelling.")
    return open_parquet(path, columns) if is_parquet(path) else open_csv(path, columns)


def chunk_rows(table: CsvTable | ParquetTable) -> int:
    """Return how many rows of ``table`` fit well into memory at once."""
    return max(1, min(_MAX_CHUNK_ROWS, _CHUNK_CELLS // max(1, len(table.header))))


def read_table(path: Path, columns: Sequence[Column]) -> pd.DataFrame:
    """Return all rows of the file at ``path``: those of ``columns`` that it has, as raw values."""
    import pandas as pd

    table = open_table(path, columns)
    return pd.concat([chunk.frame() for chunk in table.chunks(chunk_rows(table))], ignore_index=True)
