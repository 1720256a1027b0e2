# ruff: noqa: S608 - names and paths are quoted by _duck
"""Parquet sources: which of their types Litmus keeps, and what the others become."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.data._duck import identifier, path_literal
from litmus_core.data._typing import Typed
from litmus_core.errors import DataError
from litmus_core.runtime import MAX_COLUMNS

if TYPE_CHECKING:
    import duckdb

_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
_MEASURED = ("FLOAT", "DOUBLE", "HUGEINT", "UHUGEINT", "UBIGINT")


def read_schema(
    connection: duckdb.DuckDBPyConnection, source: Path, *, name: str
) -> tuple[tuple[str, ...], tuple[Typed, ...]]:
    """Return the original names of ``source``'s columns, and what each becomes (in SQL over the file).

    Raises DataError when the file is damaged, holds no row, or has a column of binary data.
    """
    import duckdb
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(source)
        names = tuple(file.schema_arrow.names)
        if len(names) > MAX_COLUMNS:
            raise DataError(
                f"'{name}' has {len(names):,} columns; Litmus takes up to {MAX_COLUMNS:,}.",
                hint="Leave out the columns that cannot matter.",
            )
        described = connection.execute(
            f"DESCRIBE SELECT * FROM read_parquet({path_literal(source)})"
        ).fetchall()
    except (pa.ArrowInvalid, duckdb.Error, OSError) as damaged:
        raise DataError(
            f"'{name}' is damaged or not a Parquet file.", hint="Write or download it again."
        ) from damaged
    if file.metadata.num_rows == 0 or not names:
        raise DataError(f"'{name}' has no rows.", hint="Choose a file with at least one row.")
    shown: Sequence[tuple[str, str]] = [(str(row[0]), str(row[1])) for row in described]
    return names, tuple(_kept(column, storage, source=name) for column, storage in shown)


def _kept(column: str, storage: str, *, source: str) -> Typed:
    value = identifier(column)
    if storage in _WHOLE:
        return Typed(storage="BIGINT", expression=f"{value}::BIGINT")
    if storage in _MEASURED or storage.startswith("DECIMAL"):
        number = f"{value}::DOUBLE"
        return Typed(storage="DOUBLE", expression=f"CASE WHEN isfinite({number}) THEN {number} END")
    if storage == "BOOLEAN":
        return Typed(storage="BOOLEAN", expression=value)
    if storage == "DATE" or storage.startswith("TIMESTAMP"):
        zoned = "TIMESTAMPTZ" in storage or "WITH TIME ZONE" in storage
        moment = f"timezone('UTC', {value}::TIMESTAMPTZ)" if zoned else f"{value}::TIMESTAMP"
        finite = f"CASE WHEN isfinite({moment}) THEN {moment} END"
        return Typed(storage="TIMESTAMP", expression=finite)
    if storage in ("BLOB", "BIT", "GEOMETRY"):
        raise DataError(
            f"Column '{column}' of '{source}' holds binary data, which Litmus cannot learn from.",
            hint="Write the file again without that column.",
        )
    if storage == "INTERVAL":
        return Typed(storage="DOUBLE", expression=f"date_part('epoch', {value})")
    text = f"{value}::VARCHAR"
    filled = f"CASE WHEN trim({text}) <> '' THEN replace({text}, chr(0), '') END"
    return Typed(storage="VARCHAR", expression=filled)
