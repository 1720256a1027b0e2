"""Uninformative columns: the same value in every row, hardly any value, or an ID of the row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from litmus_core.checks._phrases import combine_findings
from litmus_core.types import Finding, Fix, Statement

if TYPE_CHECKING:
    from litmus_core.checks._context.table import CheckContext
    from litmus_core.types import Column

_MOSTLY_MISSING, _NEARLY_EMPTY = 0.5, 0.95


def leave_out(*names: str, safe: bool = True) -> Fix:
    """Return the fix that leaves columns out."""
    return Fix(kind="leave_out", columns=names, safe=safe)


def constant_columns(table: CheckContext) -> Iterator[Finding]:
    """Yield the columns with one value, or none."""
    findings = []
    for column in table.columns:
        if column.n_missing >= table.n_rows:
            statement = Statement.of("constant_column", "empty", columns=[column.name])
        elif column.n_distinct < 2 and not column.n_missing and table.n_rows > 1:
            example = column.examples[0] if column.examples else ""
            statement = Statement.of("constant_column", "constant", columns=[column.name], example=example)
        else:
            continue
        findings.append(_empty_finding(column, statement))
    return combine_findings(findings)


def id_columns(table: CheckContext) -> Iterator[Finding]:
    """Yield the columns that only identify the row."""
    findings = [
        _empty_finding(
            column,
            Statement.of(
                "id_column",
                "id",
                columns=[column.name],
                n_distinct=column.n_distinct,
                n_rows=table.n_rows,
            ),
        )
        for column in table.columns
        if column.traits.is_identifier
    ]
    return combine_findings(findings)


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
                statement=Statement.of("missing_values", "empty", columns=[column.name], share=part),
                evidence=(
                    Statement.of(
                        "missing_values",
                        "present",
                        n_present=table.n_rows - column.n_missing,
                        n_rows=table.n_rows,
                    ),
                ),
                fix=leave_out(column.name, safe=False),
                n_rows=column.n_missing,
                score=part,
            )
        )
    return combine_findings(findings)


def _empty_finding(column: Column, statement: Statement) -> Finding:
    return Finding(
        kind=statement.kind,
        severity="hint",
        columns=(column.name,),
        statement=statement,
        fix=leave_out(column.name),
    )
