# ruff: noqa: S608 - names and paths are quoted by _duckdb
"""The rows of any source as a CSV or Parquet file, which is read with columns that are known beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.data._duckdb import identifier, parquet, reuse_duckdb, text_literal
from litmus_core.data._sources._options import checked_options, refuse_others
from litmus_core.data._sources._stage import stage, steady
from litmus_core.errors import DataError
from litmus_core.types import tidy_names

if TYPE_CHECKING:
    from litmus_core.types import Column, ReadOptions


def rows_file(source: Path, columns: Sequence[Column], *, scratch: Path, options: ReadOptions) -> Path:
    """Return a CSV or Parquet file with the rows of ``source``: itself, or its table as texts in ``scratch``.

    A text file's header is the row that names ``columns``. Raises DataError if there is no table, UsageError
    for an option that this kind of file does not have.
    """
    source = source.expanduser()
    if not source.exists():
        raise DataError(f"There is no file {source}.", hint="Check the path and its spelling.")
    options = checked_options(options)
    with steady(source), reuse_duckdb(f"read '{source.name}'", spill=scratch / "spill") as connection:
        staged = stage(connection, source, scratch=scratch, options=options, expected=columns)
        if staged.csv is not None:
            refuse_others(options, (), name=source.name, subject="text that is detected by itself")
            return staged.csv.text
        readable = staged.readable or source
        if staged.is_typed:
            return readable
        names = enumerate(tidy_names(staged.names))
        chosen = ", ".join(f"{identifier(f'c{at}')} AS {identifier(name)}" for at, name in names)
        rows = scratch / "rows.parquet"
        connection.execute(
            f"COPY (SELECT {chosen} FROM {parquet(readable)}) TO {text_literal(str(rows))} (FORMAT parquet)"
        )
    return rows
