# ruff: noqa: S608 - names and paths are quoted by _duckdb
"""Fixes as SQL: each is a view over the previous one, so that a table is fixed in one pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.data._duckdb import identifier, parquet
from litmus_core.data._fixes.reread import reread
from litmus_core.errors import DataError, UnknownNameError, UsageError
from litmus_core.frame import SHORTEST_FOLDED

if TYPE_CHECKING:
    import duckdb

    from litmus_core.types import Column, DatasetVersion, Fix

ROW = "file_row_number"  # a row's position, from 0, in the table that fixes are applied to
CELL_KINDS = ("as_missing", "replace", "trim", "fold_case")
_REREADS = "read_as"
ROW_KINDS = ("drop_missing", "drop_duplicates", "drop_rows")
_SPACE = r"[\s\p{Z}]+"


def check_fix(version: DatasetVersion, fix: Fix) -> None:
    """Raise UnknownNameError or UsageError if ``fix`` is invalid for this table."""
    for name in fix.columns:
        if name not in version.column_names:
            raise UnknownNameError(kind="column", name=name, names=version.column_names)
    if not fix.columns and fix.kind not in ("split", "drop_rows", "drop_duplicates"):
        raise UsageError(f"The fix '{fix.kind}' does not say for which column it is.")
    if fix.kind in ("as_missing", "replace") and not fix.values:
        raise UsageError(f"The fix '{fix.kind}' does not say which values it changes.")
    if fix.kind == "drop_rows" and (not fix.rows or min(fix.rows) < 0 or max(fix.rows) >= version.n_rows):
        raise UsageError(
            f"The fix '{fix.kind}' names rows that the table does not have.",
            hint=f"Rows are counted from 0 to {version.n_rows - 1:,}.",
        )
    if fix.kind == "split":
        _check_split(version, fix)
    if is_rereading(fix) and (fix.meaning is None or len(fix.columns) != 1):
        raise UsageError(f"The fix '{fix.kind}' does not say which column is read as what.")


def is_rereading(fix: Fix) -> bool:
    """Return whether a fix reads a column as another kind."""
    return fix.kind == _REREADS


def changes_table(fix: Fix) -> bool:
    """Return whether a fix changes what the table stores."""
    return is_rereading(fix) or fix.kind in (*CELL_KINDS, *ROW_KINDS)


def _check_split(version: DatasetVersion, fix: Fix) -> None:
    if fix.split is None:
        raise UsageError(f"The fix '{fix.kind}' does not say how to split the rows.")
    column = fix.split.column
    if (column is None) != (fix.split.kind == "random"):
        raise UsageError(f"The fix '{fix.kind}' does not fit a split of the kind '{fix.split.kind}'.")
    for name in fix.split.columns:
        if name not in version.column_names:
            raise UnknownNameError(kind="column", name=name, names=version.column_names)


def create_step_views(
    connection: duckdb.DuckDBPyConnection, table: Path, version: DatasetVersion, fixes: Sequence[Fix]
) -> tuple[list[str], tuple[Column, ...]]:
    """Create a view of ``table`` (a version's Parquet file), and one more for each fix.

    Return the views' names, and the columns as the last one has them: some may be read as another kind. Each
    view has the table's columns and :data:`ROW`. The order of rows may differ.
    """
    read = parquet(table).removesuffix(")") + ", file_row_number = true)"
    connection.execute(f"CREATE VIEW step0 AS SELECT * FROM {read}")
    steps = ["step0"]
    for place, fix in enumerate(fixes, start=1):
        check_fix(version, fix)
        name = f"step{place}"
        if is_rereading(fix) and fix.meaning is not None:
            column, cells = reread(connection, steps[-1], version.column(fix.columns[0]), fix.meaning)
            query = f"SELECT * REPLACE ({cells} AS {identifier(column.name)}) FROM {steps[-1]}"
            columns = tuple(column if other.name == column.name else other for other in version.columns)
            version = replace(version, columns=columns)
        else:
            query = _select(connection, version, fix, steps[-1], name)
        connection.execute(f"CREATE VIEW {name} AS {query}")
        steps.append(name)
    return steps, version.columns


def _select(
    connection: duckdb.DuckDBPyConnection, version: DatasetVersion, fix: Fix, before: str, name: str
) -> str:
    """Return the SQL of the table after ``fix``; ``before`` is the view with the table before it."""
    names = [identifier(column) for column in fix.columns]
    if fix.kind == "drop_missing":
        return f"SELECT * FROM {before} WHERE {' AND '.join(f'{other} IS NOT NULL' for other in names)}"
    if fix.kind == "drop_duplicates":
        alike = ", ".join(names or map(identifier, version.column_names))
        return f"SELECT * FROM {before} QUALIFY row_number() OVER (PARTITION BY {alike} ORDER BY {ROW}) = 1"
    if fix.kind == "drop_rows":
        connection.execute(
            f"CREATE TABLE {name}_rows AS SELECT unnest(?::BIGINT[]) AS gone", [list(fix.rows)]
        )
        return f"SELECT * FROM {before} WHERE {ROW} NOT IN (SELECT gone FROM {name}_rows)"
    if fix.kind in CELL_KINDS:
        return _select_cells(connection, version, fix, before, name)
    return f"SELECT * FROM {before}"


def _select_cells(
    connection: duckdb.DuckDBPyConnection, version: DatasetVersion, fix: Fix, before: str, name: str
) -> str:
    changed: dict[str, str] = {}
    joined = ""
    for place, column_name in enumerate(dict.fromkeys(fix.columns)):
        column, cell = version.column(column_name), f"{before}.{identifier(column_name)}"
        if fix.kind == "trim":
            if column.stores_text:
                changed[column_name] = f"nullif({trimmed(cell)}, '')"
            continue
        words = f"{name}_words{place}"
        if fix.kind == "fold_case":
            _list_spellings(connection, column, before, words)
        else:
            _list_values(connection, column, fix, words)
        joined += f" LEFT JOIN {words} ON {words}.word = {cell}"
        changed[column_name] = f"CASE WHEN {words}.word IS NULL THEN {cell} ELSE {words}.becomes END"
    cells = ", ".join(
        f"{changed.get(other, f'{before}.{identifier(other)}')} AS {identifier(other)}"
        for other in version.column_names
    )
    return f"SELECT {cells}, {before}.{ROW} FROM {before}{joined}"


def trimmed(cell: str) -> str:
    """Return the SQL of a text without the whitespace, of any script, around it."""
    return f"regexp_replace({cell}, '^{_SPACE}|{_SPACE}$', '', 'g')"


def _list_spellings(connection: duckdb.DuckDBPyConnection, column: Column, before: str, words: str) -> None:
    """Create the table ``words`` of spellings that a more frequent one replaces."""
    if not column.stores_text:
        raise UsageError(f"'{column.name}' does not hold texts, so it has no upper and lower case.")
    cell = identifier(column.name)
    folded = f"CASE WHEN length(tidy) < {SHORTEST_FOLDED} THEN tidy ELSE lower(tidy) END"
    connection.execute(
        f"""
        CREATE TABLE {words} AS
        WITH spelled AS (
            SELECT {cell} AS word, {trimmed(cell)} AS tidy, count(*) AS n FROM {before}
            WHERE {cell} IS NOT NULL GROUP BY {cell}),
        tidied AS (SELECT tidy, sum(n) AS n FROM spelled GROUP BY tidy),
        chosen AS (
            SELECT {folded} AS folded, tidy AS becomes FROM tidied
            QUALIFY row_number() OVER (PARTITION BY {folded} ORDER BY n DESC, tidy) = 1)
        SELECT word, nullif(becomes, '') AS becomes FROM spelled JOIN chosen ON {folded} = folded
        WHERE word <> becomes"""
    )


def _list_values(connection: duckdb.DuckDBPyConnection, column: Column, fix: Fix, words: str) -> None:
    """Create the table ``words`` of the values that ``fix`` changes, as the column stores them."""
    pairs = dict(reversed(fix.values))
    if fix.kind == "as_missing":
        pairs = dict.fromkeys(pairs)
    connection.execute(
        f"""
        CREATE TABLE {words} AS
        SELECT {_as_stored("before", column)} AS word, any_value({_as_stored("after", column)}) AS becomes,
            any_value(after) FILTER (after IS NOT NULL AND {_as_stored("after", column)} IS NULL) AS misfit
        FROM (SELECT unnest(?::VARCHAR[]) AS before, unnest(?::VARCHAR[]) AS after)
        GROUP BY 1 HAVING word IS NOT NULL""",
        [list(pairs), list(pairs.values())],
    )
    misfit = connection.execute(f"SELECT misfit FROM {words} WHERE misfit IS NOT NULL").fetchone()
    if misfit:
        raise DataError(
            f"'{misfit[0]}' does not fit the other values of '{column.name}', so it cannot be put there.",
            hint="Nothing was changed.",
        )


def _as_stored(text: str, column: Column) -> str:
    if column.stores_whole_numbers:  # a cast alone would round 1.5 to 2
        return f"CASE WHEN regexp_full_match({text}, '[+-]?\\d+(\\.0*)?') THEN try_cast({text} AS BIGINT) END"
    return f"try_cast({text} AS {column.storage})"
