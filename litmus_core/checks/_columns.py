"""Columns that say nothing: the same value, or none, in every row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from litmus_core.types import Finding, Fix

if TYPE_CHECKING:
    from litmus_core.checks._table import Table


def constant_columns(table: Table) -> Iterator[Finding]:
    """Yield the columns that hold one value, or none."""
    for column in table.columns:
        if column.n_missing >= table.n_rows:
            sentence = f"'{column.name}' is empty in every row."
        elif column.n_distinct < 2 and not column.n_missing:
            value = f": {column.examples[0]}" if column.examples else ""
            sentence = f"'{column.name}' has the same value in every row{value}."
        else:
            continue
        fix = Fix(kind="leave_out", columns=(column.name,), title=f"Leave '{column.name}' out", safe=True)
        yield Finding(
            kind="constant_column", severity="hint", columns=(column.name,), sentence=sentence, fix=fix
        )
