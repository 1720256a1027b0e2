# ruff: noqa: S608 - names are quoted by identifier
"""Aggregates over all rows, for many columns in few passes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from litmus_core.data import identifier, text_literal

if TYPE_CHECKING:
    from litmus_core.checks._context.table import CheckContext
    from litmus_core.types import Column

_COLUMNS_AT_ONCE = 40  # planning time is quadratic in the number of expressions


def query_each(
    table: CheckContext, columns: Sequence[Column], make: Callable[[str], Sequence[str]]
) -> list[tuple[Any, ...]]:
    """Return each column's results of the aggregates that ``make`` returns for its quoted name."""
    results: list[tuple[Any, ...]] = []
    for start in range(0, len(columns), _COLUMNS_AT_ONCE):
        expressions = [
            list(make(identifier(column.name))) for column in columns[start : start + _COLUMNS_AT_ONCE]
        ]
        flat = iter(
            table.query(
                f"SELECT {', '.join(sql for expression in expressions for sql in expression)} FROM rows"
            )[0]
        )
        results += [tuple(next(flat) for _ in expressions_of) for expressions_of in expressions]
    return results


def count_values(table: CheckContext, column: Column) -> dict[str, int]:
    """Return how many rows have each text of a column, most frequent first."""
    if len(table.rows) == table.n_rows:
        counted = table.sample[column.name].value_counts()
        pairs = [(str(value), int(n)) for value, n in counted.items()]
    else:
        cell = identifier(column.name)
        pairs = table.query(f"SELECT {cell}, count(*) FROM rows WHERE {cell} IS NOT NULL GROUP BY 1")
    return dict(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))


def numbers_of(table: CheckContext, *, with_target: bool = False) -> list[Column]:
    """Return the numeric columns that are neither ids nor completely missing."""
    numeric = [
        column
        for column in _columns(table, with_target)
        if column.stores_numbers and not column.traits.is_identifier
    ]
    return [column for column in numeric if column.n_missing < table.n_rows]


def texts_of(table: CheckContext, *, with_target: bool = False) -> list[Column]:
    """Return the text columns of any kind."""
    return [column for column in _columns(table, with_target) if column.stores_text]


def sql_list(words: Sequence[str]) -> str:
    """Return ``words`` as an SQL list: ``('a', 'b')``."""
    return f"({', '.join(map(text_literal, words))})"


def _columns(table: CheckContext, with_target: bool) -> list[Column]:
    target = [table.target] if with_target and table.target is not None else []
    return [*target, *table.columns]
