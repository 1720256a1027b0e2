# ruff: noqa: S608 - names are quoted by identifier
"""Separate test rows that differ from the training rows: columns, types, and unseen values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from litmus_core.checks._phrases import gathered
from litmus_core.data import identifier
from litmus_core.text import format_count, format_share, quote_names
from litmus_core.types import Finding

if TYPE_CHECKING:
    from litmus_core.checks._context.table import CheckContext
    from litmus_core.types import Column, DatasetVersion

_WORDS = {
    "BIGINT": "whole numbers",
    "DOUBLE": "numbers",
    "VARCHAR": "texts",
    "TIMESTAMP": "dates",
    "BOOLEAN": "yes or no",
}
_MANY = 0.1


def type_differs(table: CheckContext) -> Iterator[Finding]:
    """Yield the columns that the test rows lack, or hold as another type."""
    test = _test_of(table)
    findings = []
    for column in _columns(table):
        if column.name not in test.column_names:
            findings.append(_differs(column, f"'{column.name}' is not there in the test rows."))
            continue
        other = test.column(column.name)
        have_values = other.n_missing < test.n_rows and column.n_missing < table.n_rows
        if have_values and not other.stores_like(column):
            here, other_words = _WORDS[column.storage], _WORDS[other.storage]
            findings.append(
                _differs(column, f"'{column.name}' holds {here}, but {other_words} in the test rows.")
            )
    return gathered(findings, sentence="{n} columns are of another type in the test rows, or not there.")


def unseen_categories(table: CheckContext) -> Iterator[Finding]:
    """Yield the columns in which test rows have categories that no training row has."""
    test = _test_of(table)
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
            findings.append(_unseen(test, column, dict(unseen), is_target=is_target))
    return gathered(findings, sentence="{n} columns hold categories in the test rows that were never seen.")


def _has_categories(table: CheckContext, column: Column, *, is_target: bool) -> bool:
    if is_target:
        return table.suggestion.type.has_classes
    return column.traits.is_vocabulary and column.n_distinct > 0


def _unseen(test: DatasetVersion, column: Column, unseen: dict[str, int], *, is_target: bool) -> Finding:
    n_rows = sum(unseen.values())
    part = n_rows / test.n_rows
    kind, are = "label" if is_target else "value", "is" if len(unseen) == 1 else "are"
    consequence = "no model can predict them" if is_target else "a model knows nothing of them"
    return Finding(
        kind="unseen_categories",
        severity="harmful" if is_target else "warning" if part >= _MANY else "hint",
        columns=(column.name,),
        sentence=f"{format_count(len(unseen), kind)} of '{column.name}' {are} in the test "
        f"rows alone: {quote_names(unseen)}.",
        evidence=(f"{format_count(n_rows, 'test row')} ({format_share(part)}) have them; {consequence}.",),
        n_rows=n_rows,
        score=part,
    )


def _differs(column: Column, sentence: str) -> Finding:
    return Finding(
        kind="type_differs",
        severity="warning",
        columns=(column.name,),
        sentence=sentence,
        evidence=("Import the test rows with the column types of this table.",),
    )


def _columns(table: CheckContext) -> list[Column]:
    return [*table.columns, *([table.target] if table.target is not None else [])]


def _test_of(table: CheckContext) -> DatasetVersion:
    assert table.test is not None  # noqa: S101 - a check that needs test rows asks
    return table.test
