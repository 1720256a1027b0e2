# ruff: noqa: S608 - names and paths are quoted by _duckdb
"""A table of a DuckDB file: attached read-only, without extensions or access to other files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.data._duckdb import first_line, identifier, open_duckdb, text_literal
from litmus_core.data._sources._options import refuse_others
from litmus_core.data._sources._staged import Staged, check_width
from litmus_core.data._sources._tables import choose_table
from litmus_core.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from litmus_core.types import ReadOptions

OPTIONS = ("table",)
_WIDE_INTEGERS = re.compile(r"\bU?HUGEINT\b(?! U?HUGEINT\b)")  # not a field of that name
MAGIC = b"DUCK"  # from the file's ninth byte on


def stage_duckdb(source: Path, *, name: str, scratch: Path, options: ReadOptions) -> Staged:
    """Stage one table; raises DataError if there is none or several, or the file cannot be read."""
    refuse_others(options, OPTIONS, name=name, subject="a DuckDB database")
    staged = scratch / "staged.parquet"
    with open_duckdb(f"read '{name}'", spill=scratch / "spill") as connection:
        _attach(connection, source, scratch, name=name)
        records = connection.execute(
            "SELECT schema_name, table_name FROM duckdb_tables() "
            "WHERE database_name = 'source' AND NOT internal ORDER BY table_oid"
        ).fetchall()
        places = {
            _qualified_name(str(schema), str(table)): (str(schema), str(table)) for schema, table in records
        }
        sizes = {qualified: _count(connection, *place) for qualified, place in places.items()}
        table, detected = choose_table(sizes, options.table, name=name)
        relation = _relation(*places[table])
        columns = connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
        check_width(len(columns), name=name)
        connection.execute(
            f"COPY (SELECT {_select_all_digits(connection, relation, columns)} FROM {relation}) "
            f"TO {text_literal(str(staged))} (FORMAT parquet, COMPRESSION snappy)"
        )
    return Staged(readable=staged, is_typed=True, detected=detected)


def _select_all_digits(
    connection: duckdb.DuckDBPyConnection, relation: str, columns: Sequence[tuple[Any, ...]]
) -> str:
    """Return SQL that selects all columns so that Parquet stores every digit.

    It has no integers of 128 bits, and DuckDB would write them as doubles.
    """
    wide = {
        identifier(str(name)): str(kind) for name, kind, *_ in columns if _WIDE_INTEGERS.search(str(kind))
    }
    if not wide:
        return "*"
    narrow = {column: _WIDE_INTEGERS.sub("DECIMAL(38,0)", kind) for column, kind in wide.items()}
    intact = ", ".join(
        f"bool_and({column} IS NOT DISTINCT FROM try_cast(try_cast({column} AS {narrow[column]}) AS {kind}))"
        for column, kind in wide.items()
    )
    fits = connection.execute(f"SELECT {intact} FROM {relation}").fetchone() or ()
    kinds = {column: narrow[column] if fit else "VARCHAR" for column, fit in zip(wide, fits, strict=True)}
    casts = ", ".join(f"{column}::{kind} AS {column}" for column, kind in kinds.items())
    return f"* REPLACE ({casts})"


def _attach(connection: duckdb.DuckDBPyConnection, source: Path, scratch: Path, *, name: str) -> None:
    import duckdb

    allowed = ", ".join(text_literal(str(path)) for path in (scratch, scratch.resolve()))
    try:
        connection.execute(f"ATTACH {text_literal(str(source))} AS source (READ_ONLY)")
    except duckdb.Error as error:
        raise _attach_error(error, name=name) from error
    connection.execute(f"SET allowed_directories = [{allowed}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def _attach_error(error: duckdb.Error, *, name: str) -> DataError:
    reason = str(error)
    if "could not set lock" in reason.lower() or "being used by another process" in reason.lower():
        return DataError(
            f"'{name}' is being written by another program.", hint="Close it there, and try again."
        )
    if "version" in reason.lower():
        return DataError(
            f"'{name}' was written by another version of DuckDB: {first_line(error)}",
            hint="Export the table there as Parquet, and add that.",
        )
    return DataError(
        f"'{name}' is a damaged DuckDB database: {first_line(error)}", hint="Copy or download it again."
    )


def _qualified_name(schema: str, table: str) -> str:
    return table if schema == "main" else f"{schema}.{table}"


def _relation(schema: str, table: str) -> str:
    return f"source.{identifier(schema)}.{identifier(table)}"


def _count(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {_relation(schema, table)}").fetchone()
    return int(row[0]) if row else 0
