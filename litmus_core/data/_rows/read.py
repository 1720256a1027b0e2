# ruff: noqa: S608 - names and paths are quoted by _duckdb
"""Rows of a data set version as pandas: the only way to read them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.data._duckdb import identifier, parquet, reuse_duckdb
from litmus_core.errors import DataError, NotFoundError, UnknownNameError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from litmus_core.store import Workspace
    from litmus_core.types import DatasetVersion


def read_rows(
    workspace: Workspace,
    version: DatasetVersion,
    *,
    columns: Sequence[str] | None = None,
    n_rows: int | None = None,
    offset: int = 0,
) -> pd.DataFrame:
    """Return rows ``offset`` to ``offset + n_rows`` (None: to the end) in file order, with a RangeIndex.

    Numbers are float64, or int64 if whole without missing values; booleans objects True/False/None; dates
    datetime64[us]; categories, texts and ids objects, str or None (ids stored as integers stay int64). Raises
    UnknownNameError for an unknown column, NotFoundError if the file is missing.
    """
    if offset < 0 or (n_rows is not None and n_rows < 0):
        raise UsageError("Rows are counted from 0: offset and n_rows cannot be negative.")
    wanted = check_names(version, columns)
    batches = _batches(table_path(workspace, version), wanted, offset=offset, n_rows=n_rows)
    return to_pandas(batches)


def read_some_rows(
    workspace: Workspace, version: DatasetVersion, rows: np.ndarray[Any, Any], *, columns: Sequence[str]
) -> pd.DataFrame:
    """Return the rows at the ascending positions ``rows``, typed as :func:`read_rows` does."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    wanted = check_names(version, columns)
    file = pq.ParquetFile(table_path(workspace, version))
    stored = file.schema_arrow
    parts, start = [pa.schema([stored.field(name) for name in wanted]).empty_table()], 0
    for group in range(file.num_row_groups):
        size = file.metadata.row_group(group).num_rows
        inside = rows[(rows >= start) & (rows < start + size)] - start
        if len(inside):
            read = file.read_row_group(group, columns=wanted).select(wanted)
            parts.append(read.take(pa.array(inside)))
        start += size
    return to_pandas(pa.concat_tables(parts))


def count_values(
    workspace: Workspace, version: DatasetVersion, column: str
) -> tuple[pd.Series[Any], np.ndarray[Any, np.dtype[np.int64]]]:
    """Return a column's distinct values (k,), typed as :func:`read_rows` does, and their number of rows (k,).

    Missing is one of them. They are in the order of first occurrence.
    """
    check_names(version, [column])
    name = identifier(column)
    with reuse_duckdb(f"count the values of '{column}'") as connection:
        table = parquet(table_path(workspace, version)).removesuffix(")") + ", file_row_number = true)"
        value_counts: Any = connection.sql(
            f"SELECT {name}, count(*) AS n_rows, min(file_row_number) AS first FROM {table} "
            "GROUP BY ALL ORDER BY first"
        ).to_arrow_table()
    counts = np.asarray(value_counts.column(1).to_numpy(), dtype=np.int64)
    return to_pandas(value_counts.select([0]))[column], counts


def query_rows(
    workspace: Workspace,
    version: DatasetVersion,
    sql: str,
    parameters: Sequence[Any] = (),
    *,
    test: DatasetVersion | None = None,
) -> list[tuple[Any, ...]]:
    """Return the result of ``sql``; ``rows`` is the version's table in it, ``test_rows`` that of ``test``.

    Both have a column ``file_row_number`` (from 0) besides their own. Raises DataError if that fails.
    """
    with reuse_duckdb(f"look at '{version.name}'") as connection:
        for name, table in (("rows", version), ("test_rows", test)):
            if table is not None:
                read = parquet(table_path(workspace, table)).removesuffix(")") + ", file_row_number = true)"
                connection.execute(f"CREATE TEMP VIEW {name} AS SELECT * FROM {read}")
        return connection.execute(sql, list(parameters)).fetchall()


def table_path(workspace: Workspace, version: DatasetVersion) -> Path:
    """Return the path of a version's Parquet file; raises NotFoundError if it is missing."""
    path = workspace.table_path(version.path)
    if not path.is_file():
        raise NotFoundError(
            kind="table", id=version.path, hint=f"Import '{version.name}' again from {version.source}."
        )
    return path


def check_names(version: DatasetVersion, columns: Sequence[str] | None) -> list[str]:
    """Return ``columns`` (None: all) as a list; raises UnknownNameError for an unknown one."""
    if columns is None:
        return list(version.column_names)
    column_set = set(version.column_names)
    for name in columns:
        if name not in column_set:
            raise UnknownNameError(kind="column", name=name, names=version.column_names)
    return list(columns)


def _batches(path: Path, columns: list[str], *, offset: int, n_rows: int | None) -> Any:
    """Return an Arrow table of the requested rows, reading only their row groups."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
        if offset == 0 and n_rows is None:
            return file.read(columns=columns).select(columns)
        groups, first, n_read = [], 0, 0
        stop = file.metadata.num_rows if n_rows is None else offset + n_rows
        for group in range(file.num_row_groups):
            size = file.metadata.row_group(group).num_rows
            if n_read + size <= offset:
                first = n_read + size
            elif n_read < stop:
                groups.append(group)
            n_read += size
        return file.read_row_groups(groups, columns=columns).select(columns).slice(offset - first, n_rows)
    except pa.ArrowInvalid as damaged:
        raise DataError(f"The table's file '{path.name}' is damaged.", hint="Import it again.") from damaged


def to_pandas(table: Any) -> pd.DataFrame:
    """Return an Arrow table's rows, typed as in :func:`read_rows`."""
    import pandas as pd
    import pyarrow as pa

    frame = {}
    for index, field in enumerate(table.schema):
        column = table.column(index)
        if pa.types.is_timestamp(field.type):
            values = column.cast(pa.timestamp("us")).to_numpy().astype("datetime64[us]")
        elif pa.types.is_floating(field.type) or (pa.types.is_integer(field.type) and column.null_count):
            values = column.cast(pa.float64(), safe=False).to_numpy()
        elif pa.types.is_integer(field.type):
            values = column.to_numpy()
        else:
            values = column.to_numpy().astype(object)
        frame[field.name] = values
    return pd.DataFrame(frame, columns=table.schema.names, index=pd.RangeIndex(table.num_rows))
