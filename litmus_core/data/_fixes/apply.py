# ruff: noqa: S608 - names and paths are quoted by _duckdb
"""Apply fixes to a version to create a new one, or preview their effect."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.data._duckdb import identifier, open_duckdb, parquet, text_literal
from litmus_core.data._fixes.changed_values import with_changed_values
from litmus_core.data._fixes.sql import (
    CELL_KINDS,
    ROW,
    changes_table,
    check_fix,
    create_step_views,
    is_rereading,
)
from litmus_core.data._rows.cells import as_text
from litmus_core.data._rows.read import table_path
from litmus_core.data._types.inference import find_types, readings
from litmus_core.data._types.typed_column import Typed
from litmus_core.data._versions.writer import describe_like, place_for, put_in_place
from litmus_core.errors import DataError, UsageError
from litmus_core.types import DatasetVersion

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    from numpy.typing import NDArray

    from litmus_core.data._profile.summary import Summary
    from litmus_core.store import Workspace
    from litmus_core.types import Fix

_COLUMNS_SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class FixPreview:
    """The effect of a fix: how many rows and cells it changes, and some of those rows before and after.

    ``rows`` are their positions from 0; ``old_cells`` and ``new_cells`` hold the cells of ``header`` for
    each of them as text, and None in ``new_cells`` for a removed row.
    """

    n_rows: int
    n_cells: int
    header: tuple[str, ...]
    rows: tuple[int, ...]
    old_cells: tuple[tuple[str, ...], ...]
    new_cells: tuple[tuple[str, ...] | None, ...]


def apply_fixes(
    workspace: Workspace, version: DatasetVersion, fixes: Sequence[Fix], *, number: int
) -> DatasetVersion:
    """Write version ``number`` of the same data set: ``version`` with ``fixes`` applied in order.

    Rows that fixes name are positions in ``version``. A text column whose odd values were removed is read
    again: it may be numeric now. The caller journals the fact. Raises UnknownNameError for an unknown column,
    UsageError for an invalid fix, DataError if no row would remain; then nothing is left behind.
    """
    if not fixes:
        raise UsageError("There is no fix to apply.", hint="Nothing was changed.")
    for fix in fixes:
        check_fix(version, fix)
    table = table_path(workspace, version)
    with place_for(workspace, version, number) as (path, scratch):
        written = scratch / "table.parquet"
        summaries: tuple[Summary, ...] = ()
        fixed = replace(
            version,
            lineage=replace(
                version.lineage, how="fixed", parent_id=version.id, fixes=(*version.lineage.fixes, *fixes)
            ),
        )
        if any(map(changes_table, fixes)):
            fixed, summaries = _write(fixed, table, fixes, written=written)
        else:
            shutil.copyfile(table, written)
        return put_in_place(workspace, fixed, written, path, summaries)


def surviving_rows(workspace: Workspace, version: DatasetVersion, fixes: Sequence[Fix]) -> NDArray[np.int64]:
    """Return the ascending positions (n,) in ``version`` of the rows that remain after ``fixes``."""
    import numpy as np

    if not any(map(changes_table, fixes)):
        return np.arange(version.n_rows)
    with open_duckdb(f"fix '{version.name}'") as connection:
        last = create_step_views(connection, table_path(workspace, version), version, fixes)[0][-1]
        rows = connection.execute(f"SELECT {ROW} FROM {last} ORDER BY {ROW}").fetchnumpy()[ROW]
    return np.asarray(rows, dtype=np.int64)


def preview_fix(workspace: Workspace, version: DatasetVersion, fix: Fix, *, n_rows: int = 10) -> FixPreview:
    """Return the effect of ``fix`` on ``version``, with the first ``n_rows`` rows that it changes.

    Raises as :func:`apply_fixes` does for an invalid fix.
    """
    shown = list(dict.fromkeys([*fix.columns, *version.column_names]))[
        : max(_COLUMNS_SHOWN, len(fix.columns))
    ]
    changed = [
        f"(b.{identifier(column)} IS DISTINCT FROM a.{identifier(column)})::BIGINT" for column in fix.columns
    ]
    n_changed = " + ".join(changed) if fix.kind in CELL_KINDS else "0"
    sides = ("b", "a") if fix.kind in CELL_KINDS else ("b", "b")  # otherwise remaining rows are unchanged
    columns = ", ".join(f"{side}.{identifier(name)}" for side in sides for name in shown)
    with open_duckdb(f"fix '{version.name}'") as connection:
        views, _ = create_step_views(connection, table_path(workspace, version), version, [fix])
        before, new_view = views
        connection.execute(
            f"CREATE TABLE touched AS SELECT * FROM (SELECT b.{ROW} AS place, a.{ROW} IS NULL AS gone, "
            f"CASE WHEN a.{ROW} IS NULL THEN 0 ELSE {n_changed} END AS n_changed "
            f"FROM {before} b LEFT JOIN {new_view} a ON a.{ROW} = b.{ROW}) WHERE gone OR n_changed > 0"
        )
        counts = connection.execute("SELECT count(*), coalesce(sum(n_changed), 0) FROM touched").fetchone()
        records = connection.execute(
            f"SELECT place, gone, {columns} "
            f"FROM (SELECT * FROM touched ORDER BY place LIMIT {int(n_rows)}) "
            f"JOIN {before} b ON b.{ROW} = place "
            + (f"JOIN {new_view} a ON a.{ROW} = place " if "a" in sides else "")
            + "ORDER BY place"
        ).fetchall()
    n_touched, n_cells = counts or (0, 0)
    cells = [tuple("" if value is None else as_text(value) for value in row[2:]) for row in records]
    return FixPreview(
        n_rows=int(n_touched),
        n_cells=int(n_cells),
        header=tuple(shown),
        rows=tuple(int(row[0]) for row in records),
        old_cells=tuple(cell[: len(shown)] for cell in cells),
        new_cells=tuple(
            None if row[1] else cell[len(shown) :] for row, cell in zip(records, cells, strict=True)
        ),
    )


def _write(
    version: DatasetVersion, table: Path, fixes: Sequence[Fix], *, written: Path
) -> tuple[DatasetVersion, tuple[Summary, ...]]:
    """Write the fixed rows to ``written``; return ``version`` with its columns and rows described again."""
    with open_duckdb(f"fix '{version.name}'", spill=written.parent / "spill") as connection:
        views, columns = create_step_views(connection, table, version, fixes)
        last, version = views[-1], replace(version, columns=columns)
        typed = _infer_types(connection, last, version, fixes, staged=written.parent / "staged.parquet")
        cells = ", ".join(
            f"{typed[name].expression if name in typed else identifier(name)} AS {identifier(name)}"
            for name in version.column_names
        )
        connection.execute(
            f"COPY (SELECT {cells} FROM {last} ORDER BY {ROW}) "
            f"TO {text_literal(str(written))} (FORMAT parquet, COMPRESSION zstd)"
        )
        counted = connection.execute(f"SELECT count(*) FROM {parquet(written)}").fetchone()
        n_rows = int(counted[0]) if counted else 0
        if not n_rows:
            raise DataError("These fixes would leave no row.", hint="Nothing was changed.")
        spelled = {name: typing.written_as for name, typing in typed.items()}
        column = describe_like(connection, written, version, written_as=spelled)
        changed = with_changed_values(connection, column.columns, fixes, old=views[0], new=last)
    meanings = {fix.columns[0]: fix.meaning for fix in fixes if is_rereading(fix)}
    columns = tuple(replace(stored, kind=meanings.get(stored.name) or stored.kind) for stored in changed)
    notes = _notes(version, n_rows, typed)
    return replace(version, n_rows=n_rows, columns=columns, notes=notes), column.summaries


def _notes(version: DatasetVersion, n_rows: int, typed: dict[str, Typed]) -> tuple[str, ...]:
    notes = list(version.notes)
    if n_rows < version.n_rows:
        notes.append(f"{version.n_rows - n_rows:,} of {version.n_rows:,} rows were left out by fixes.")
    notes += [f"'{name}' could be read as {_READ_AS[typing.storage]} then." for name, typing in typed.items()]
    return tuple(notes)


_READ_AS = {"BIGINT": "numbers", "DOUBLE": "numbers", "TIMESTAMP": "dates", "BOOLEAN": "yes or no"}


def _infer_types(
    connection: duckdb.DuckDBPyConnection,
    last: str,
    version: DatasetVersion,
    fixes: Sequence[Fix],
    *,
    staged: Path,
) -> dict[str, Typed]:
    """Return how to read the text columns that became numeric now that some values are gone."""
    changed = {
        name
        for fix in fixes
        if fix.kind in ("as_missing", "replace") or fix.check == "extra_rows"
        for name in fix.columns
    }
    changed -= {name for fix in fixes if is_rereading(fix) for name in fix.columns}
    names = [name for name in version.column_names if name in changed]
    names = [name for name in names if version.column(name).stores_text]
    if not names:
        return {}
    cells = ", ".join(f"{identifier(name)} AS c{place}" for place, name in enumerate(names))
    connection.execute(f"COPY (SELECT {cells} FROM {last}) TO {text_literal(str(staged))} (FORMAT parquet)")
    typings = find_types(connection, parquet(staged), names=names, decimal_comma=False)
    return {
        name: _cast(identifier(name), typed)
        for name, typed in zip(names, typings, strict=True)
        if not typed.stores_text
    }


def _cast(cells: str, typing: Typed) -> Typed:
    if typing.stores_whole_numbers:
        return replace(typing, expression=f"try_cast(trim({cells}) AS BIGINT)")
    return readings(cells, typing.storage, typing.written_as)[0].typed
