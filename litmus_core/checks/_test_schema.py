# ruff: noqa: S608 - names are quoted by identifier
"""Separate test rows that differ from the training rows: columns, types, and unseen values."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from litmus_core.checks._phrases import combine_findings
from litmus_core.data import identifier
from litmus_core.types import Finding, Statement

if TYPE_CHECKING:
    from litmus_core.checks._context.table import CheckContext
    from litmus_core.types import Column, DatasetVersion

_MANY = 0.1
_SHOWN = 10


def type_differs(table: CheckContext) -> Iterator[Finding]:
    """Yield the columns that the test rows lack, or hold as another type."""
    test = _required_test(table)
    findings = []
    for column in _columns(table):
        if column.name not in test.column_names:
            findings.append(_type_finding(column, "lacking"))
            continue
        other = test.column(column.name)
        have_values = other.n_missing < test.n_rows and column.n_missing < table.n_rows
        if have_values and not other.stores_like(column):
            findings.append(_type_finding(column, "differs", here=column.storage, there=other.storage))
    return combine_findings(findings)


def unseen_categories(table: CheckContext) -> Iterator[Finding]:
    """Yield the columns in which test rows have categories that no training row has."""
    test = _required_test(table)
    findings = []
    for column in _columns(table):
        is_target = column == table.target
        if column.name not in test.column_names or not _has_categories(table, column, is_target=is_target):
            continue
        cell = identifier(column.name)
        unseen = table.query(
            f"SELECT {cell}::VARCHAR, count(*) FROM test_rows WHERE {cell} IS NOT NULL "
            f"AND {cell}::VARCHAR NOT IN (SELECT {cell}::VARCHAR FROM rows WHERE {cell} IS NOT NULL) "
            "GROUP BY 1 ORDER BY 2 DESC, 1"
        )
        if unseen:
            findings.append(_unseen_finding(test, column, dict(unseen), is_target=is_target))
    return combine_findings(findings)


def _has_categories(table: CheckContext, column: Column, *, is_target: bool) -> bool:
    if is_target:
        return table.suggestion.type.has_classes
    return column.traits.is_vocabulary and column.n_distinct > 0


def _unseen_finding(
    test: DatasetVersion, column: Column, unseen: dict[str, int], *, is_target: bool
) -> Finding:
    n_rows = sum(unseen.values())
    part = n_rows / test.n_rows
    statement = partial(Statement.of, "unseen_categories", columns=[column.name])
    return Finding(
        kind="unseen_categories",
        severity="harmful" if is_target else "warning" if part >= _MANY else "hint",
        columns=(column.name,),
        statement=statement(
            "labels" if is_target else "values", n_values=len(unseen), values=list(unseen)[:_SHOWN]
        ),
        evidence=(statement("rows", n_rows=n_rows, share=part, is_target=is_target),),
        n_rows=n_rows,
        score=part,
    )


def _type_finding(column: Column, key: str, **storage: str) -> Finding:
    return Finding(
        kind="type_differs",
        severity="warning",
        columns=(column.name,),
        statement=Statement.of("type_differs", key, columns=[column.name], **storage),
        evidence=(Statement.of("type_differs", "import"),),
    )


def _columns(table: CheckContext) -> list[Column]:
    return [*table.columns, *([table.target] if table.target is not None else [])]


def _required_test(table: CheckContext) -> DatasetVersion:
    assert table.test is not None  # noqa: S101 - only checks with test rows ask
    return table.test
