# ruff: noqa: S608 - names are quoted by _duckdb
"""Which values of a column fixes changed, so that rows to score are fixed like the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from litmus_core.data._duckdb import identifier
from litmus_core.data._fixes.sql import CELL_KINDS, ROW, is_rereading, trimmed

if TYPE_CHECKING:
    import duckdb

    from litmus_core.types import Column, Fix

Tidied = Literal["", "trimmed", "folded"]
_MOST_VALUES = 1_000  # of a column; the most frequent ones


def with_changed_values(
    connection: duckdb.DuckDBPyConnection,
    columns: Sequence[Column],
    fixes: Sequence[Fix],
    *,
    old: str,
    new: str,
) -> tuple[Column, ...]:
    """Return ``columns`` with what ``fixes`` changed between the views ``old`` and ``new``.

    A value that the fixed table still has elsewhere is left alone: it may be right there.
    """
    kinds: dict[str, set[str]] = {}
    reread = {name for fix in fixes if is_rereading(fix) for name in fix.columns}
    for fix in fixes:
        if fix.kind in CELL_KINDS:
            for name in set(fix.columns) - reread:
                kinds.setdefault(name, set()).add(fix.kind)
    return tuple(
        _with_values(connection, column, kinds[column.name], old=old, new=new)
        if column.name in kinds
        else column
        for column in columns
    )


def _with_values(
    connection: duckdb.DuckDBPyConnection, column: Column, kinds: set[str], *, old: str, new: str
) -> Column:
    cell = identifier(column.name)
    is_trimmed = bool(kinds & {"trim", "fold_case"})
    was = trimmed(f"b.{cell}::VARCHAR") if is_trimmed else f"b.{cell}::VARCHAR"
    changed = connection.execute(
        f"""
        SELECT {was} AS was, a.{cell}::VARCHAR AS becomes FROM {old} b JOIN {new} a ON a.{ROW} = b.{ROW}
        WHERE b.{cell} IS NOT NULL AND was IS DISTINCT FROM becomes
            AND b.{cell} NOT IN (SELECT {cell} FROM {new} WHERE {cell} IS NOT NULL)
        GROUP BY ALL ORDER BY count(*) DESC, was LIMIT {_MOST_VALUES}"""
    ).fetchall()
    pairs: dict[str, str | None] = dict(changed)
    replaced = {was: pairs.get(now, now) if now is not None else None for was, now in column.replaced} | pairs
    is_folded = "fold_case" in kinds or column.tidied == "folded"
    if is_folded:
        spelled = connection.execute(
            f"SELECT {cell}::VARCHAR FROM {new} WHERE {cell} IS NOT NULL "
            f"GROUP BY {cell} ORDER BY count(*) DESC, {cell} LIMIT {_MOST_VALUES}"
        ).fetchall()
        replaced = {value: value for (value,) in spelled} | replaced
    tidied: Tidied = "folded" if is_folded else "trimmed" if is_trimmed or column.tidied else ""
    return replace(column, replaced=tuple(replaced.items()), tidied=tidied)
