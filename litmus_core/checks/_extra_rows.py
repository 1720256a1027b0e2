"""Rows that hold no data: totals, notes, repeated headers and units, which came with the table."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from litmus_core.checks._context.extra_rows import find_extra_rows
from litmus_core.types import Finding, Fix, Statement

if TYPE_CHECKING:
    from litmus_core.checks._context.table import CheckContext

_SHOWN = 5


def extra_rows(table: CheckContext) -> Iterator[Finding]:
    """Yield one finding with all rows that hold no data, and the fix that leaves them out."""
    extra = table.once(find_extra_rows)
    if not extra.rows:
        return
    statement = partial(Statement.of, "extra_rows")
    n_rows = len(extra.rows)
    yield Finding(
        kind="extra_rows",
        severity="warning",
        statement=statement("rows", n_rows=n_rows, share=n_rows / table.n_rows),
        evidence=tuple(
            statement(extra_row.kind, place=extra_row.row + 1, text=extra_row.text)
            for extra_row in extra.rows[:_SHOWN]
        ),
        fix=Fix(kind="drop_rows", columns=_texts(table), rows=extra.places),
        n_rows=n_rows,
        score=n_rows / table.n_rows,
    )


def _texts(table: CheckContext) -> tuple[str, ...]:
    """Return the columns with texts in these rows: without them, they may hold numbers or dates."""
    chosen = {name for fix in table.version.lineage.fixes if fix.kind == "read_as" for name in fix.columns}
    texts = table.once(find_extra_rows).texts
    return tuple(
        column.name
        for column in table.version.columns
        if column.stores_text and texts.get(column.name) and column.name not in chosen
    )
