"""Uninformative columns: the same value in every row, hardly any value, or a name for the row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from litmus_core.checks._phrases import gathered
from litmus_core.text import format_count, format_share, quote_names
from litmus_core.types import Finding, Fix

if TYPE_CHECKING:
    from litmus_core.checks._context.table import CheckContext
    from litmus_core.types import Column

_MOSTLY_MISSING, _NEARLY_EMPTY = 0.5, 0.95


def leave_out(*names: str, safe: bool = True) -> Fix:
    """Return the fix that leaves columns out."""
    return Fix(kind="leave_out", columns=names, title=f"Leave {quote_names(names)} out", safe=safe)


def constant_columns(table: CheckContext) -> Iterator[Finding]:
    """Yield the columns with one value, or none."""
    findings = []
    for column in table.columns:
        if column.n_missing >= table.n_rows:
            sentence = f"'{column.name}' is empty in every row."
        elif column.n_distinct < 2 and not column.n_missing:
            value = f": {column.examples[0]}" if column.examples else ""
            sentence = f"'{column.name}' has the same value in every row{value}."
        else:
            continue
        findings.append(_nothing("constant_column", column, sentence))
    return gathered(
        findings,
        sentence="{n} columns have the same value in every row.",
        title="Leave these {n} columns out",
    )


def id_columns(table: CheckContext) -> Iterator[Finding]:
    """Yield the columns that only name the row."""
    findings = [
        _nothing(
            "id_column",
            column,
            f"'{column.name}' names the row: {column.n_distinct:,} different values in "
            f"{format_count(table.n_rows, 'row')}. A model could only memorise them.",
        )
        for column in table.columns
        if column.traits.is_identifier
    ]
    return gathered(findings, sentence="{n} columns only name the row.", title="Leave these {n} columns out")


def missing_values(table: CheckContext) -> Iterator[Finding]:
    """Yield the columns that are empty in more than half of the rows."""
    findings = []
    for column in table.columns:
        part = column.n_missing / table.n_rows
        if not _MOSTLY_MISSING < part < 1.0:
            continue
        findings.append(
            Finding(
                kind="missing_values",
                severity="warning" if part >= _NEARLY_EMPTY else "hint",
                columns=(column.name,),
                sentence=f"'{column.name}' is empty in {format_share(part)} of the rows.",
                evidence=(
                    f"{table.n_rows - column.n_missing:,} of {format_count(table.n_rows, 'row')} have a "
                    "value.",
                ),
                fix=leave_out(column.name, safe=False),
                n_rows=column.n_missing,
                score=part,
            )
        )
    return gathered(
        findings, sentence="{n} columns are empty in most rows.", title="Leave these {n} columns out"
    )


def _nothing(kind: str, column: Column, sentence: str) -> Finding:
    return Finding(
        kind=kind,
        severity="hint",
        columns=(column.name,),
        sentence=sentence,
        fix=leave_out(column.name),
    )
