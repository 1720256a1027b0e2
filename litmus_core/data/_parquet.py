# ruff: noqa: S608 - names and paths are quoted by _duck
"""Parquet sources: which of their types Litmus keeps, and what the others become."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.data._duck import identifier, path_literal, text_literal
from litmus_core.data._typing import Typed, infinite_note
from litmus_core.errors import DataError
from litmus_core.runtime import MAX_COLUMNS

if TYPE_CHECKING:
    import duckdb

_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
_MEASURED = ("FLOAT", "DOUBLE", "HUGEINT", "UHUGEINT", "UBIGINT")


def read_schema(
    connection: duckdb.DuckDBPyConnection, source: Path, *, name: str
) -> tuple[tuple[str, ...], tuple[Typed, ...], tuple[str, ...]]:
    """Return the original names of ``source``'s columns, what each becomes (in SQL over the file), and notes.

    A column of records becomes one column for each of their fields, lists become texts. Raises DataError when
    the file is damaged, holds no row, or has a column of binary data.
    """
    import duckdb
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(source)
        values = _values(file.schema_arrow)
        if len(values) > MAX_COLUMNS:
            raise DataError(
                f"'{name}' has {len(values):,} columns; Litmus takes up to {MAX_COLUMNS:,}.",
                hint="Leave out the columns that cannot matter.",
            )
        if file.metadata.num_rows == 0 or not values:
            raise DataError(f"'{name}' has no rows.", hint="Choose a file with at least one row.")
        asked = ", ".join(value for _, value in values)
        described = connection.execute(
            f"DESCRIBE SELECT {asked} FROM read_parquet({path_literal(source)})"
        ).fetchall()
    except (pa.ArrowException, duckdb.Error, OSError) as damaged:
        raise DataError(
            f"'{name}' is damaged or not a Parquet file.", hint="Write or download it again."
        ) from damaged
    storages = [str(row[1]) for row in described]
    columns = tuple(
        _kept(column, value, storage, source=name)
        for (column, value), storage in zip(values, storages, strict=True)
    )
    notes = [*_notes(file.schema_arrow, storages), *_infinite(connection, source, file, values, storages)]
    return tuple(column for column, _ in values), columns, tuple(notes)


def _values(schema: Any) -> list[tuple[str, str]]:
    """Return each column's name and the SQL of its values; records give one for each of their fields."""
    import pyarrow as pa

    values = []
    for field in schema:
        if pa.types.is_struct(field.type) and field.type.num_fields:
            for inner in field.type:
                picked = f"struct_extract({identifier(field.name)}, {text_literal(inner.name)})"
                values.append((f"{field.name}.{inner.name}", picked))
        else:
            values.append((field.name, identifier(field.name)))
    return values


def _notes(schema: Any, storages: Sequence[str]) -> Iterator[str]:
    import pyarrow as pa

    records = [field for field in schema if pa.types.is_struct(field.type) and field.type.num_fields]
    if records:
        inner = f"{records[0].name}.{records[0].type[0].name}"
        yield f"The fields of '{records[0].name}' became columns of their own, such as '{inner}'."
    if any(storage.endswith("]") or storage.startswith(("STRUCT", "MAP")) for storage in storages):
        yield "Lists were kept as texts."


def _infinite(
    connection: duckdb.DuckDBPyConnection,
    source: Path,
    file: Any,
    values: Sequence[tuple[str, str]],
    storages: Sequence[str],
) -> Iterator[str]:
    """Say which columns hold infinite numbers; only those are read whose statistics do not rule it out."""
    possible = _possibly_infinite(file)
    asked = [
        (column, value)
        for (column, value), storage in zip(values, storages, strict=True)
        if storage in ("FLOAT", "DOUBLE") and column in possible
    ]
    if not asked:
        return
    counts = ", ".join(f"count(*) FILTER (isinf({value}))" for _, value in asked)
    found = connection.execute(f"SELECT {counts} FROM read_parquet({path_literal(source)})").fetchone() or ()
    for (column, _), n_infinite in zip(asked, found, strict=True):
        if n_infinite:
            yield infinite_note(n_infinite, column)


def _possibly_infinite(file: Any) -> set[str]:
    """Return the names of columns with an infinite largest or smallest number, or without statistics."""
    found = set()
    for group in range(file.metadata.num_row_groups):
        for place in range(file.metadata.num_columns):
            chunk = file.metadata.row_group(group).column(place)
            if chunk.physical_type not in ("FLOAT", "DOUBLE") or chunk.path_in_schema in found:
                continue
            known = chunk.statistics
            ends = (known.min, known.max) if known is not None and known.has_min_max else (math.nan,)
            if not all(map(math.isfinite, ends)):
                found.add(chunk.path_in_schema)
    return found


def _kept(column: str, value: str, storage: str, *, source: str) -> Typed:
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
