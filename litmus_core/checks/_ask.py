# ruff: noqa: S608 - names are quoted by identifier
"""Questions to all rows, asked of many columns in few passes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from litmus_core.data import identifier, text_literal

if TYPE_CHECKING:
    from litmus_core.checks._table import Table
    from litmus_core.types import Column

NUMBERS = ("BIGINT", "DOUBLE")
_COLUMNS_AT_ONCE = 40  # planning takes time squared in what is asked


def ask_each(
    table: Table, columns: Sequence[Column], make: Callable[[str], Sequence[str]]
) -> list[tuple[Any, ...]]:
    """Return for each column the answers to the aggregates that ``make`` gives for its quoted name."""
    answers: list[tuple[Any, ...]] = []
    for start in range(0, len(columns), _COLUMNS_AT_ONCE):
        asked = [list(make(identifier(each.name))) for each in columns[start : start + _COLUMNS_AT_ONCE]]
        flat = iter(table.query(f"SELECT {', '.join(sql for each in asked for sql in each)} FROM rows")[0])
        answers += [tuple(next(flat) for _ in each) for each in asked]
    return answers


def numbers_of(table: Table, *, with_target: bool = False) -> list[Column]:
    """Return the columns that hold numbers and are no ids."""
    return [each for each in _columns(table, with_target) if each.storage in NUMBERS and each.kind != "id"]


def texts_of(table: Table, *, with_target: bool = False) -> list[Column]:
    """Return the columns that hold texts of any kind."""
    return [each for each in _columns(table, with_target) if each.storage == "VARCHAR"]


def words_in(words: Sequence[str]) -> str:
    """Return ``words`` as an SQL list: ``('a', 'b')``."""
    return f"({', '.join(map(text_literal, words))})"


def _columns(table: Table, with_target: bool) -> list[Column]:
    target = [table.target] if with_target and table.target is not None else []
    return [*target, *table.columns]
