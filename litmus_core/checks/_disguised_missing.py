# ruff: noqa: S608 - names and words are quoted
"""Values that stand for "missing": numbers far from all others, and texts such as "?"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from litmus_core.checks._context.aggregates import numbers_of, query_each, sql_list, texts_of
from litmus_core.checks._format import short_cell
from litmus_core.data import identifier
from litmus_core.types import Finding, Fix, Statement

if TYPE_CHECKING:
    from litmus_core.checks._context.table import CheckContext
    from litmus_core.types import Column, Severity

_NINES = tuple(float("9" * digits) for digits in range(2, 8))
_SURVEY = tuple(float(number) for number in (77, 88, 97, 98, 777, 888, 997, 998, 7777, 8888, 9997, 9998))
_FLOORS = (-2147483648.0, -32768.0, -1e30, -1e10)
_CEILINGS = (2147483647.0, 32767.0, 1e10, 1e20, 1e30)
_MARKS = (
    -9.0,
    *(-number for number in _NINES),
    *_NINES,
    *_SURVEY,
    *(-number for number in _SURVEY),
    *_FLOORS,
    *_CEILINGS,
)
_FEWEST, _FEWEST_OTHERS = 3, 10
_WORDS_SHOWN = 5
_SURE = (
    "?", "??", "-", "--", "---", ".", "..", "*", "n.a.", "n.a", "n/a", "na", "#n/a", "nan", "null", "(null)",
    "missing", "not available", "not known", "tbd", "unk", "<unknown>",
)  # fmt: skip
_LIKELY = ("unknown", "none", "not applicable", "unspecified", "undefined")
_SIGNS = {"+", "-", ".", "*"}
_statement = partial(Statement.of, "disguised_missing")


def disguised_missing(table: CheckContext) -> Iterator[Finding]:
    """Yield the columns in which a number or a text stands for "missing"."""
    yield from _missing_numbers(table)
    yield from _missing_texts(table)


@dataclass(frozen=True, slots=True, kw_only=True)
class _OtherNumbers:
    """A column's other numbers: their range, and the range without 1 % at either end."""

    low: float
    high: float
    q01: float
    q99: float

    @property
    def is_far_from_zero(self) -> bool:
        """Return whether the smallest is at least half as far from 0 as the others are spread."""
        return self.low >= 0.5 * (self.q99 - self.q01)

    def is_outside(self, value: float) -> bool:
        """Return whether ``value`` is further outside than the others are spread.

        >>> others = _OtherNumbers(low=0.0, high=300.0, q01=2.0, q99=250.0)
        >>> others.is_outside(999.0), others.is_outside(299.0), others.is_outside(-99.0)
        (True, False, True)
        """
        if self.low <= value <= self.high:
            return False
        gap = self.low - value if value < self.low else value - self.high
        times = 3.0 if abs(value) in _SURVEY else 1.0
        impossible = value < 0 <= self.low and -value in _NINES
        return impossible or gap >= times * (self.q99 - self.q01)


def _missing_numbers(table: CheckContext) -> Iterator[Finding]:
    for column in numbers_of(table, with_target=True):
        low, high = table.ranges[column.name]
        if column.n_distinct > 3 and (low in _MARKS or high in _MARKS or low in (0.0, -1.0)):
            yield from _missing_marks(table, column, low)


def _missing_marks(table: CheckContext, column: Column, low: float) -> Iterator[Finding]:
    candidates = [*_MARKS, *([low] if low in (0.0, -1.0) else [])]
    numbers = np.asarray(table.sample[column.name], dtype=np.float64)
    numbers = numbers[np.isfinite(numbers) & ~np.isin(numbers, candidates)]
    if len(numbers) < _FEWEST_OTHERS or column.n_distinct < 4:
        return
    q01, q99 = (float(quantile) for quantile in np.percentile(numbers, (1, 99)))
    likely = _OtherNumbers(low=float(numbers.min()), high=float(numbers.max()), q01=q01, q99=q99)
    if not any(map(likely.is_outside, _MARKS)) and low not in (0.0, -1.0):
        return
    if low == 0.0 and not any(map(likely.is_outside, _MARKS)) and not likely.is_far_from_zero:
        return
    cell, listed = f"{identifier(column.name)}::DOUBLE", f"({', '.join(map(repr, candidates))})"
    counts = dict(table.query(f"SELECT {cell} AS v, count(*) FROM rows WHERE v IN {listed} GROUP BY v"))
    ends = table.query(f"SELECT min({cell}), max({cell}) FROM rows WHERE {cell} NOT IN {listed}")[0]
    others = replace(likely, low=ends[0], high=ends[1])
    marks = [value for value, n in counts.items() if n >= _FEWEST and value not in (0.0, -1.0)]
    sure = sorted(value for value in marks if others.is_outside(value))
    if sure:
        yield _numbers_finding(table, column, sure, counts, others)
    elif low in (0.0, -1.0) and _is_odd_floor(table, column, low, counts, others):
        yield _numbers_finding(table, column, [low], counts, others, severity="hint")


def _is_odd_floor(
    table: CheckContext, column: Column, low: float, counts: dict[float, int], others: _OtherNumbers
) -> bool:
    """Return whether 0 (if no other number is near it) or -1 (below counts) may mean missing."""
    n, n_others = counts.get(low, 0), table.n_rows - column.n_missing - sum(counts.values())
    if n < max(5, 0.005 * n_others) or column.n_distinct <= _FEWEST_OTHERS:
        return False
    if low == 0.0:
        return others.is_far_from_zero
    nearest = table.query(
        f"SELECT count(*) FROM rows WHERE {identifier(column.name)}::DOUBLE = {others.low!r}"
    )[0][0]
    return others.low >= 0 and n >= max(5 * nearest, 0.01 * n_others)


def _numbers_finding(
    table: CheckContext,
    column: Column,
    values: list[float],
    counts: dict[float, int],
    others: _OtherNumbers,
    *,
    severity: Severity = "warning",
) -> Finding:
    n_rows = sum(counts[value] for value in values)
    is_target = table.target is not None and column.name == table.target.name
    key = "possible numbers" if severity == "hint" else "numbers"
    return Finding(
        kind="disguised_missing",
        severity="harmful" if is_target and severity == "warning" else severity,
        columns=(column.name,),
        statement=_statement(key, columns=[column.name], values=map(short_cell, values)),
        evidence=(
            *(_statement("number", value=short_cell(value), n_rows=counts[value]) for value in values),
            _statement("others", low=short_cell(others.low), high=short_cell(others.high)),
        ),
        fix=Fix(
            kind="as_missing",
            columns=(column.name,),
            values=tuple((repr(value), None) for value in values),
        ),
        n_rows=n_rows,
        score=n_rows / table.n_rows,
    )


def _missing_texts(table: CheckContext) -> Iterator[Finding]:
    columns = texts_of(table, with_target=True)
    listed_words = sql_list([*_SURE, *_LIKELY])
    hits = query_each(table, columns, lambda c: [f"count(*) FILTER (lower(trim({c})) IN {listed_words})"])
    for column, (n_hits,) in zip(columns, hits, strict=True):
        if n_hits and n_hits < table.n_rows - column.n_missing:
            yield from _words_finding(table, column, listed_words)


def _words_finding(table: CheckContext, column: Column, listed_words: str) -> Iterator[Finding]:
    cell = identifier(column.name)
    where = f"lower(trim({cell})) IN {listed_words}"
    sql = f"SELECT {cell}, count(*) FROM rows WHERE {where} GROUP BY 1 ORDER BY 2 DESC, 1"
    counts = dict(table.query(sql))
    if any(word.strip() in _SIGNS for word in counts) and _holds_signs(table, cell):
        return
    sure = {word: n for word, n in counts.items() if word.strip().lower() in _SURE}
    chosen = sure or counts
    n_rows = sum(chosen.values())
    yield Finding(
        kind="disguised_missing",
        severity="warning" if sure else "hint",
        columns=(column.name,),
        statement=_statement("words" if sure else "possible words", columns=[column.name], values=chosen),
        evidence=tuple(
            _statement("word", value=word, n_rows=n) for word, n in list(chosen.items())[:_WORDS_SHOWN]
        ),
        fix=Fix(
            kind="as_missing",
            columns=(column.name,),
            values=tuple((word, None) for word in chosen),
        ),
        n_rows=n_rows,
        score=n_rows / table.n_rows,
    )


def _holds_signs(table: CheckContext, cell: str) -> bool:
    """Return whether the column holds signs (+ and -), where a dash is a value."""
    sql = f"SELECT max(length({cell})) FROM rows WHERE lower(trim({cell})) NOT IN {sql_list(_SURE)}"
    longest = table.query(sql)[0][0]
    return longest is not None and longest <= 1
