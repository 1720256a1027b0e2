# ruff: noqa: S608 - names are quoted; a query is the person's own, in a transaction that changes nothing
"""Read a table or a query of PostgreSQL, in its state at one moment, into a Parquet file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.connectors._fetched_table import FetchedTable
from litmus_core.connectors._postgres.columns import SourceColumn, columns_of
from litmus_core.connectors._postgres.numbers import ExactNumbers
from litmus_core.connectors._postgres.session import identifier, literal, session
from litmus_core.errors import DataError, UsageError
from litmus_core.text import format_count, join_names

if TYPE_CHECKING:
    from litmus_core.connectors._address import TableAddress
_PART = re.compile(r'"(?:[^"]|"")+"|[^.]+')
_TABLES = (
    "SELECT table_schema::text, table_name::text FROM information_schema.tables "
    "WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2"
)
_SHOWN = 10


def fetch_rows(address: TableAddress, scratch: Path) -> FetchedTable:
    """Read the table or query of ``address`` into a file of ``scratch``, with the server's column types."""
    with session(address) as cursor:
        rows, order = _rows_of(cursor, address)
        schema = cursor.adbc_execute_schema(f"SELECT * FROM {rows} AS litmus_source")
        columns = columns_of(schema)
        wanted = [column for column in columns if column.sql is not None]
        if not wanted:
            raise DataError(
                f"'{address.name}' has no column that Litmus can read.", hint="Choose another table or query."
            )
        file = scratch / (re.sub(r"[^\w .-]", "_", address.name).strip(". ") or "rows")
        cursor.execute(_selection(rows, order, columns))
        rounded, infinite = _write(cursor.fetch_record_batch(), wanted, file)
    notes = [column.note for column in columns if column.note]
    notes += [f"Numbers in '{name}' were kept to about 16 digits; the table has more." for name in rounded]
    notes += [
        f"{format_count(n, 'infinite moment')} in '{name}' became missing." for name, n in infinite.items()
    ]
    left_out = [column.name for column in columns if column.sql is None]
    return FetchedTable(file=file, notes=tuple(notes), unread=(*left_out, *infinite))


def table_sql(name: str) -> str:
    """Return a table's name, with or without its schema, as SQL; upper and lower case count.

    >>> table_sql("sales.orders"), table_sql('"a.b"')
    ('"sales"."orders"', '"a.b"')
    """
    parts = [part[1:-1].replace('""', '"') if part.startswith('"') else part for part in _PART.findall(name)]
    if not parts or len(parts) > 2:
        raise UsageError(f"'{name}' is not a table's name.", hint="Write NAME or SCHEMA.NAME.")
    return ".".join(map(identifier, parts))


def _rows_of(cursor: Any, address: TableAddress) -> tuple[str, str]:
    """Return the SQL of the rows to read, and that of their order."""
    if address.query is not None:
        query = address.query.strip().rstrip(";")
        return f"({query}\n)", ""  # the line's end closes a comment
    table = table_sql(address.table) if address.table else _only_table(cursor, address)
    return table, _key_order(cursor, table)


def _only_table(cursor: Any, address: TableAddress) -> str:
    cursor.execute(_TABLES)
    tables = cursor.fetchall()
    if len(tables) == 1:
        return ".".join(map(identifier, tables[0]))
    named = [f"'{name}'" if schema == "public" else f"'{schema}.{name}'" for schema, name in tables]
    if not tables:
        raise DataError(
            f"There is no table in '{address.path}' that you may read.", hint="Check the address."
        )
    raise DataError(
        f"'{address.path}' has {format_count(len(tables), 'table')}: {join_names(named, most=_SHOWN)}.",
        hint="Say which one: --table NAME or --query 'SELECT …' in the shell, ?table=NAME in the address, "
        "'Table or query' in the app.",
    )


def _key_order(cursor: Any, table: str) -> str:
    """Return the order by a table's primary key, so that the same rows give the same content hash."""
    cursor.execute(
        "SELECT a.attname::text FROM pg_index i JOIN pg_attribute a "
        "ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) "
        f"WHERE i.indisprimary AND i.indrelid = to_regclass({literal(table)}) "
        "ORDER BY array_position(i.indkey::int2[], a.attnum)"
    )
    key = [identifier(name) for (name,) in cursor.fetchall()]
    return f" ORDER BY {', '.join(key)}" if key else ""


def _selection(rows: str, order: str, columns: Sequence[SourceColumn]) -> str:
    """Return the SELECT of the columns, followed by flags of their infinite moments."""
    places = ", ".join(f'"c{place}"' for place in range(len(columns)))
    read = [
        column.sql.format(f'"c{place}"') for place, column in enumerate(columns) if column.sql is not None
    ]
    read += [f'NOT isfinite("c{place}")' for place, column in enumerate(columns) if column.may_be_infinite]
    source = f"(SELECT * FROM {rows} AS litmus_source{order})" if order else rows
    return f"SELECT {', '.join(read)} FROM {source} AS litmus_rows({places})"


def _write(batches: Any, columns: Sequence[SourceColumn], file: Path) -> tuple[list[str], dict[str, int]]:
    """Write the batches one by one; return columns with rounded numbers, and counts of infinite moments."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    exact = ExactNumbers([place for place, column in enumerate(columns) if column.is_numeric])
    names = [column.name for column in columns]
    flags = [column.name for column in columns if column.may_be_infinite]
    infinite = dict.fromkeys(flags, 0)
    writer: Any = None
    try:
        for batch in batches:
            arrays = [_plain(array) for array in batch.columns]
            for name, flag in zip(flags, arrays[len(columns) :], strict=True):
                infinite[name] += pc.sum(flag).as_py() or 0
            table = pa.Table.from_arrays(exact.count_digits(arrays[: len(columns)]), names=names)
            writer = writer or pq.ParquetWriter(file, table.schema)
            writer.write_table(table)
        if writer is None:  # no rows: the schema alone
            schema = pa.schema(
                list(zip(names, (_storage(field.type) for field in batches.schema), strict=False))
            )
            writer = pq.ParquetWriter(file, schema)
    finally:
        if writer is not None:
            writer.close()
    exact.retype(file)
    return [names[place] for place in exact.rounded()], {name: n for name, n in infinite.items() if n}


def _storage(kind: Any) -> Any:
    return getattr(kind, "storage_type", kind)


def _plain(array: Any) -> Any:
    return array.storage if hasattr(array, "storage") else array
