# ruff: noqa: S608 - names are quoted by identifier
"""Columns that repeat another one: the same values, another scale, or other names of the values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from litmus_core.checks._phrases import combine_findings
from litmus_core.checks._uninformative_columns import leave_out
from litmus_core.data import identifier
from litmus_core.types import Finding, Statement

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.checks._context.table import CheckContext
    from litmus_core.types import Column

_SAME_CORRELATION, _LIKELY_CORRELATION = 0.99999, 0.999
_NO_START = 1e-9
_ROWS_SEEN = 2_000
_MOST_CODES = 1_000  # distinct numbers up to which they may be category codes
_MOST_VALUES = 0.5  # share of distinct values above which any two columns map one to one


def duplicate_columns(table: CheckContext) -> Iterator[Finding]:
    """Yield the columns that repeat an earlier one."""
    findings, gone = [], set()
    for first, second in _candidates(table):
        if first.name in gone or second.name in gone:
            continue
        finding = _compare(table, first, second)
        if finding is not None:
            gone.add(second.name)
            findings.append(finding)
    return combine_findings(findings)


def _candidates(table: CheckContext) -> Iterator[tuple[Column, Column]]:
    """Yield pairs of columns, in table order, that look identical in a sample of rows."""
    import pandas as pd

    head = table.sample.head(_ROWS_SEEN)
    groups: dict[bytes, list[Column]] = defaultdict(list)
    numbers = []
    for column in table.columns:
        if column.n_distinct < 2 or column.traits.is_identifier:  # any two ids map one to one
            continue
        if column.stores_numbers and column.n_distinct > 2:
            numbers.append(column)
        if not column.stores_numbers or column.n_distinct <= _MOST_CODES:
            codes, _ = pd.factorize(head[column.name], use_na_sentinel=True)
            groups[codes.astype(np.int64).tobytes()].append(column)
    for group in groups.values():
        yield from ((first, second) for at, second in enumerate(group) for first in group[:at])
    for first, second in _correlated(head, numbers):
        yield numbers[first], numbers[second]


def _correlated(head: pd.DataFrame, columns: list[Column]) -> list[tuple[int, int]]:
    """Return the positions of numbers that rise and fall together, and are missing together."""
    values = np.empty((len(head), len(columns)), dtype=np.float32)
    missing: dict[bytes, list[int]] = defaultdict(list)
    for place, column in enumerate(columns):
        array = np.asarray(head[column.name], dtype=np.float64)
        finite = np.isfinite(array)
        missing[finite.tobytes()].append(place)
        centre, spread = (array[finite].mean(), array[finite].std()) if finite.any() else (0.0, 0.0)
        values[:, place] = np.where(finite, (array - centre) / (spread or 1.0), 0.0)
    pairs = []
    for places in missing.values():
        alike = np.abs(values[:, places].T @ values[:, places])
        size = np.sqrt(np.maximum(np.diag(alike), 1e-12))
        high = np.triu(alike > _LIKELY_CORRELATION * size[:, None] * size[None, :], k=1)
        pairs += [(places[first], places[second]) for first, second in np.argwhere(high)]
    return sorted(pairs, key=lambda pair: (pair[1], pair[0]))


def _compare(table: CheckContext, first: Column, second: Column) -> Finding | None:
    """Return the finding if ``second`` repeats ``first`` in all rows; None if it does not."""
    if first.n_missing != second.n_missing or not (first.n_distinct > 1 and second.n_distinct > 1):
        return None
    a, b = identifier(first.name), identifier(second.name)
    statement = partial(Statement.of, "duplicate_columns", first=first.name, second=second.name)
    statements: tuple[Statement, ...] = ()
    if first.storage == second.storage and _is_true(table, f"bool_and({a} IS NOT DISTINCT FROM {b})"):
        statements = (statement("same"),)
    elif first.stores_numbers and second.stores_numbers and first.n_distinct > 2:
        fit = f"corr({a}, {b}), regr_slope({b}, {a}), regr_intercept({b}, {a})"
        sql = f"SELECT {fit}, {_same_gaps(a, b)} FROM rows"
        correlation, slope, start, alike = table.query(sql)[0]
        if alike and correlation is not None and abs(correlation) > _SAME_CORRELATION:
            plus = {"sign": "+" if start > 0 else "-", "start": abs(start) if abs(start) > _NO_START else 0.0}
            key = "moved" if abs(slope - 1) < _NO_START else "formula"
            statements = (statement("scale"), statement(key, slope=slope, **plus))
    elif max(first.n_distinct, second.n_distinct) <= _MOST_VALUES * table.n_rows and _is_true(
        table,
        f"count(DISTINCT ({a}, {b})) = count(DISTINCT {a}) AND {_same_gaps(a, b)} "
        f"AND count(DISTINCT {a}) = count(DISTINCT {b})",
    ):
        pairs = table.query(
            f"SELECT {a}, {b} FROM rows WHERE {a} IS NOT NULL GROUP BY ALL ORDER BY 1 LIMIT 3"
        )
        examples = [f"{value} is {repeated}" for value, repeated in pairs]
        statements = (statement("other words"), statement("examples", pairs=examples))
    if not statements:
        return None
    return Finding(
        kind="duplicate_columns",
        severity="warning",
        columns=(second.name, first.name),
        statement=statements[0],
        evidence=(*statements[1:], statement("worth")),
        fix=leave_out(second.name),
    )


def _same_gaps(a: str, b: str) -> str:
    return f"bool_and(({a} IS NULL) = ({b} IS NULL))"


def _is_true(table: CheckContext, condition: str) -> bool:
    return bool(table.query(f"SELECT {condition} FROM rows")[0][0])
