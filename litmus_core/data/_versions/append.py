# ruff: noqa: S608 - names and paths are quoted by _duckdb
"""New versions from old ones and a file: rows appended, labels corrected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from litmus_core.data._duckdb import identifier, parquet, reuse_duckdb, text_literal
from litmus_core.data._import import read_like
from litmus_core.data._rows.read import table_path
from litmus_core.data._versions.new_rows import new_row_notes
from litmus_core.data._versions.writer import describe_like, place_for, put_in_place
from litmus_core.errors import DataError, UnknownNameError, UsageError
from litmus_core.text import quote_names
from litmus_core.types import DETECT_ALL, DatasetVersion, ReadOptions

if TYPE_CHECKING:
    import duckdb

    from litmus_core.store import Workspace

_SHOWN = 3


def append_rows(
    workspace: Workspace,
    version: DatasetVersion,
    source: Path,
    *,
    number: int,
    options: ReadOptions = DETECT_ALL,
) -> DatasetVersion:
    """Write version ``number``: the rows of ``version``, followed by those of the file ``source``.

    Columns are matched by name and read with their types in ``version``. Columns that the file lacks are
    missing in its rows, and columns that only the file has are left out; notes say so, and name new values
    and copies. The caller journals the fact. Raises DataError if the file has none of the columns or an
    unreadable cell.
    """
    with place_for(workspace, version, number) as (path, scratch):
        new = read_like(source, version, scratch=scratch, options=options)
        shared = [name for name in version.column_names if name in new.names]
        if not shared:
            raise DataError(
                f"'{source.name}' has none of the columns of '{version.name}'.",
                hint=f"It needs columns such as {quote_names(version.column_names, most=_SHOWN)}.",
            )
        notes = [f"{new.n_rows:,} rows of '{source.name}' were appended.", *new.notes]
        if lacking := [name for name in version.column_names if name not in new.names]:
            notes.append(
                f"The new rows have no {quote_names(lacking, most=_SHOWN)}; the values are missing there."
            )
        if extra := [name for name in new.names if name not in version.column_names]:
            notes.append(
                f"{quote_names(extra, most=_SHOWN)} of '{source.name}' {_is(extra)} not in the table "
                "and left out."
            )
        chosen, table = (
            ", ".join(map(identifier, version.column_names)),
            parquet(table_path(workspace, version)),
        )
        notes += new_row_notes(version, table, parquet(new.table), shared=shared)
        query = (
            f"SELECT {chosen} FROM {table} UNION ALL BY NAME "
            f"SELECT {', '.join(map(identifier, shared))} FROM {parquet(new.table)}"
        )
        appended = _derived_version(version, "appended", source, options=options, notes=notes)
        return _write_version(workspace, appended, query, path=path, scratch=scratch)


def correct_labels(
    workspace: Workspace,
    version: DatasetVersion,
    source: Path,
    *,
    key: str,
    column: str,
    number: int,
    options: ReadOptions = DETECT_ALL,
) -> DatasetVersion:
    """Write version ``number``: ``version`` with the values of ``column`` that the file ``source`` corrects.

    The file has the columns ``key`` (which rows) and ``column`` (the right value); a blank value corrects
    nothing. The notes count corrections, values that were already right, and unknown keys. The caller
    journals the fact. Raises UnknownNameError for an unknown column, DataError if the file gives one key two
    values, or changes nothing.
    """
    if key == column:
        raise UsageError("The key and the corrected column cannot be the same.", hint="Choose another key.")
    for name in (key, column):
        if name not in version.column_names:
            raise UnknownNameError(kind="column", name=name, names=version.column_names)
    with place_for(workspace, version, number) as (path, scratch):
        new = read_like(source, version, scratch=scratch, options=options)
        for name in (key, column):
            if name not in new.names:
                raise DataError(
                    f"'{source.name}' has no column '{name}'.",
                    hint=f"It has {quote_names(new.names, most=_SHOWN)}.",
                )
        corrections = (
            f"(SELECT DISTINCT {identifier(key)} AS k, {identifier(column)} AS v FROM {parquet(new.table)} "
            f"WHERE {identifier(key)} IS NOT NULL AND {identifier(column)} IS NOT NULL)"
        )
        table = parquet(table_path(workspace, version))
        notes = _corrected_notes(version, table, corrections, key=key, column=column, name=source.name)
        chosen = ", ".join(
            f"CASE WHEN c.k IS NULL THEN t.{identifier(name)} ELSE c.v END AS {identifier(name)}"
            if name == column
            else f"t.{identifier(name)}"
            for name in version.column_names
        )
        numbered = table.removesuffix(")") + ", file_row_number = true)"
        query = (
            f"SELECT {chosen} FROM {numbered} t LEFT JOIN {corrections} c ON c.k = t.{identifier(key)} "
            "ORDER BY t.file_row_number"
        )
        corrected = _derived_version(version, "corrected", source, options=options, notes=notes)
        return _write_version(workspace, corrected, query, path=path, scratch=scratch)


def _corrected_notes(
    version: DatasetVersion, table: str, corrections: str, *, key: str, column: str, name: str
) -> list[str]:
    """Return notes on the corrections; raises DataError if they contradict each other or change nothing."""
    with reuse_duckdb(f"correct '{version.name}'") as connection:
        twice = connection.execute(
            f"SELECT k FROM {corrections} GROUP BY k HAVING count(*) > 1 ORDER BY k LIMIT 1"
        ).fetchone()
        if twice:
            raise DataError(
                f"'{name}' gives '{key}' {twice[0]} more than one '{column}'.",
                hint="Keep the right one of them.",
            )
        counts = connection.execute(
            f"SELECT count(*) FILTER (t.{identifier(column)} IS DISTINCT FROM c.v), "
            f"count(*) FILTER (t.{identifier(column)} IS NOT DISTINCT FROM c.v), count(DISTINCT c.k) "
            f"FROM {table} t JOIN {corrections} c ON c.k = t.{identifier(key)}"
        ).fetchone() or (0, 0, 0)
        n_corrections = _count(connection, corrections)
    n_changed, n_same, n_matched = (int(count) for count in counts)
    if not n_changed:
        why = "all its values are there already" if n_matched else f"no row has one of its values of '{key}'"
        raise DataError(f"'{name}' corrects nothing: {why}.", hint="Check that it belongs to this table.")
    notes = [f"'{column}' was corrected in {n_changed:,} row{'s' * (n_changed != 1)} by '{name}'."]
    if n_same:
        notes.append(f"{n_same:,} row{'s' * (n_same != 1)} had the given value already.")
    if n_corrections > n_matched:
        notes.append(
            f"{n_corrections - n_matched:,} of {n_corrections:,} values of '{key}' in the file are in no row."
        )
    return notes


def _derived_version(
    version: DatasetVersion,
    how: Literal["appended", "corrected"],
    source: Path,
    *,
    options: ReadOptions,
    notes: Sequence[str],
) -> DatasetVersion:
    return replace(
        version,
        lineage=replace(version.lineage, how=how, parent_id=version.id, fixes=()),
        detected=(),
        source=str(source.absolute()),
        options=options,
        notes=(*version.notes, *notes),
    )


def _write_version(
    workspace: Workspace, version: DatasetVersion, query: str, *, path: Path, scratch: Path
) -> DatasetVersion:
    written = scratch / "table.parquet"
    with reuse_duckdb(f"write '{version.name}'", spill=scratch / "spill") as connection:
        connection.execute(
            f"COPY ({query}) TO {text_literal(str(written))} (FORMAT parquet, COMPRESSION zstd)"
        )
        description = describe_like(connection, written, version)
    kinds = {column.name: column.kind for column in version.columns}
    columns = tuple(replace(column, kind=kinds[column.name]) for column in description.columns)
    version = replace(version, columns=columns, n_rows=description.n_rows)
    return put_in_place(workspace, version, written, path, description.summaries)


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {relation}").fetchone()
    return int(row[0]) if row else 0


def _is(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"
