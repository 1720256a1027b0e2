# ruff: noqa: S608 - names and paths are quoted by _duckdb
"""What people should know of rows before they join a table: values and copies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from litmus_core.data._duckdb import identifier, reuse_duckdb
from litmus_core.text import quote_names

if TYPE_CHECKING:
    from litmus_core.types import DatasetVersion

_MOST_VALUES = 20  # of a column: with more of them, new ones are no surprise
_MOST_CELLS = 50_000_000  # of the table, that are compared for copies


def new_row_notes(version: DatasetVersion, table: str, new: str, *, shared: Sequence[str]) -> Iterator[str]:
    """Yield notes on rows (SQL ``new``) that join those of ``table`` (SQL) in the ``shared`` columns."""
    with reuse_duckdb(f"compare new rows with '{version.name}'") as connection:
        for name in shared:
            column = version.column(name)
            if not column.traits.is_vocabulary or column.n_distinct > _MOST_VALUES:
                continue
            cell = identifier(name)
            values = connection.execute(
                f"SELECT DISTINCT {cell}::VARCHAR AS v FROM {new} WHERE {cell} IS NOT NULL "
                f"EXCEPT SELECT {cell}::VARCHAR FROM {table} ORDER BY v"
            ).fetchall()
            if values:
                yield f"'{name}' has values that it never had before: {quote_names(v for (v,) in values)}."
        if len(shared) == len(version.columns) and version.n_rows * len(shared) <= _MOST_CELLS:
            equal = " AND ".join(
                f"o.{identifier(name)} IS NOT DISTINCT FROM n.{identifier(name)}" for name in shared
            )
            (n_copies,) = connection.execute(
                f"SELECT count(*) FROM {new} n WHERE EXISTS (SELECT 1 FROM {table} o WHERE {equal})"
            ).fetchone() or (0,)
            if n_copies == 1:
                yield "1 of the new rows is a copy of a row that was there."
            elif n_copies:
                yield f"{n_copies:,} of the new rows are copies of rows that were there."
