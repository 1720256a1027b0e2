# ruff: noqa: S608 - names are quoted
"""Write a file's rows into a table of PostgreSQL: all of them, or none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.connectors._postgres.fetch import table_sql
from litmus_core.connectors._postgres.session import identifier, literal, session
from litmus_core.errors import DataError, UsageError
from litmus_core.text import format_count, quote_names

if TYPE_CHECKING:
    import pyarrow as pa

    from litmus_core.connectors._address import IfExists, TableAddress

_STAGED = "litmus_rows"  # a temporary table of the session
_BATCH_ROWS = 65_536
_WHOLE = ("smallint", "integer", "bigint")
_MOMENTS = ("date", "timestamp")


def check_rows_target(address: TableAddress, *, if_exists: IfExists, unread: Sequence[str] = ()) -> None:
    """Raise the error that writing to the table would raise before its first row.

    Raises UsageError, too, if "replace" would empty values of the columns ``unread``.
    """
    with session(address) as cursor:
        columns = _check_exists(cursor, address, if_exists=if_exists)
        if columns is None or if_exists != "replace":
            return
        emptied = [
            name for name in unread if name in columns and _has_values(cursor, address, name, columns[name])
        ]
        if emptied:
            raise UsageError(
                f"Replacing the rows of '{address.table}' would lose values of {quote_names(emptied)}, which "
                "cannot be read.",
                hint="Write to another table. Nothing was changed.",
            )


def send_rows(address: TableAddress, file: Path, *, if_exists: IfExists) -> None:
    """Write the rows of a Parquet file in one transaction: readers see all of them at its end, or none."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with session(address, writes=True) as cursor, pq.ParquetFile(file) as rows:
        table = table_sql(_table_of(address))
        columns = _check_exists(cursor, address, if_exists=if_exists)
        batches = pa.RecordBatchReader.from_batches(rows.schema_arrow, rows.iter_batches(_BATCH_ROWS))
        cursor.adbc_ingest(_STAGED, batches, mode="create", temporary=True)
        if columns is None:
            cursor.execute(f"CREATE TABLE {table} AS TABLE pg_temp.{_STAGED}")
            return
        names = rows.schema_arrow.names
        if missing := [name for name in names if name not in columns]:
            raise DataError(
                f"The table '{address.table}' has no column {quote_names(missing)}.",
                hint="Add it there, or write to a new table. Nothing was changed.",
            )
        _check_lossless(cursor, address, {name: columns[name] for name in names}, rows.schema_arrow)
        if if_exists == "replace":
            cursor.execute(f"TRUNCATE {table}")
        cast = ", ".join(f"{identifier(name)}::{columns[name]}" for name in names)
        into = ", ".join(map(identifier, names))
        cursor.execute(f"INSERT INTO {table} ({into}) SELECT {cast} FROM pg_temp.{_STAGED}")


def _check_lossless(cursor: Any, address: TableAddress, columns: dict[str, str], schema: pa.Schema) -> None:
    """Raise DataError if the types of a table's columns would cut fractions, texts or times in silence."""
    import pyarrow as pa

    for name, type_name in columns.items():
        value, is_number = identifier(name), not pa.types.is_string(schema.field(name).type)
        if type_name in _WHOLE and is_number:
            is_cut = f"{value} <> trunc({value})"
        elif type_name.startswith("character"):
            is_cut = f"rtrim({value}::text) <> rtrim({value}::{type_name}::text)"
        elif type_name == "date" and (not is_number or pa.types.is_timestamp(schema.field(name).type)):
            is_cut = f"{value}::timestamp <> {value}::date"
        else:
            continue
        cursor.execute(f"SELECT count(*) FROM pg_temp.{_STAGED} WHERE {is_cut}")
        if n_cut := cursor.fetchone()[0]:
            raise DataError(
                f"'{name}' is {type_name} in the table '{address.table}', which would cut "
                f"{format_count(n_cut, 'value')}.",
                hint="Change the column's type there, or write to a new table. Nothing was changed.",
            )


def _has_values(cursor: Any, address: TableAddress, name: str, type_name: str) -> bool:
    """Return whether a column has values that cannot be read: infinite moments, or any of another type."""
    is_moment = type_name.startswith(_MOMENTS)
    value = f"NOT isfinite({identifier(name)})" if is_moment else f"{identifier(name)} IS NOT NULL"
    cursor.execute(f"SELECT EXISTS (SELECT FROM {table_sql(_table_of(address))} WHERE {value})")
    return bool(cursor.fetchone()[0])


def _table_of(address: TableAddress) -> str:
    if address.table is None:
        raise UsageError(
            "The address names no table to write.", hint="End it in ?table=NAME, or give --table NAME."
        )
    return address.table


def _check_exists(cursor: Any, address: TableAddress, *, if_exists: IfExists) -> dict[str, str] | None:
    """Return an existing table's columns with their types; None if it does not exist.

    Raises UsageError if it exists and ``if_exists`` is "fail".
    """
    cursor.execute(
        "SELECT a.attname::text, format_type(a.atttypid, a.atttypmod) FROM pg_attribute a "
        f"WHERE a.attrelid = to_regclass({literal(table_sql(_table_of(address)))}) "
        "AND a.attnum > 0 AND NOT a.attisdropped"
    )
    columns = dict(cursor.fetchall())
    if columns and if_exists == "fail":
        raise UsageError(
            f"The table '{address.table}' exists.",
            hint="Name another one, or say --if-exists append or --if-exists replace. Nothing was changed.",
        )
    return columns or None
