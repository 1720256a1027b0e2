# ruff: noqa: S608 - names and paths are quoted by _duckdb
"""Guess the types of a CSV's columns from its first rows, and verify them while the table is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

from litmus_core.data._types.evidence import Evidence, find_evidence
from litmus_core.data._types.hypotheses import ColumnHypotheses
from litmus_core.data._types.inference import judge
from litmus_core.data._types.typed_column import Typed
from litmus_core.data._types.verification import checked_sql, is_settled, prepared_sql

if TYPE_CHECKING:
    import duckdb

_ROWS = 10_000
_FEWEST_ROWS = 1_000  # of tables of many columns
_CELLS = 2_000_000
_MOST_MISFITS = 3  # counted one by one; then all remaining columns are counted at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """Evidence for the columns ``c0``, ``c1`` … of ``cells`` (SQL): from first rows, or all (``counted``)."""

    connection: duckdb.DuckDBPyConnection
    cells: str
    names: tuple[str, ...]
    decimal_comma: bool
    pairs: tuple[tuple[ColumnHypotheses, Evidence], ...]
    counted: frozenset[int] = frozenset()
    n_misfits: int = 0

    @classmethod
    def of(
        cls, connection: duckdb.DuckDBPyConnection, cells: str, *, names: Sequence[str], decimal_comma: bool
    ) -> Self:
        """Evaluate the first rows; count all rows of the columns that these do not decide."""
        n_rows = max(_FEWEST_ROWS, min(_ROWS, _CELLS // len(names)))
        connection.execute(f"CREATE OR REPLACE TEMP TABLE first_rows AS SELECT * FROM {cells} LIMIT {n_rows}")
        (n_first,) = connection.execute("SELECT count(*) FROM first_rows").fetchone() or (0,)
        pairs = find_evidence(connection, "first_rows", names, places=range(len(names)))
        connection.execute("DROP TABLE first_rows")
        guess = cls(
            connection=connection,
            cells=cells,
            names=tuple(names),
            decimal_comma=decimal_comma,
            pairs=tuple(pairs),
        )
        if n_first < n_rows:  # these are all rows
            return replace(guess, counted=frozenset(range(len(names))))
        verdicts = judge(pairs, decimal_comma=decimal_comma)
        open_ = [
            place
            for place, ((hypotheses, evidence), typed) in enumerate(zip(pairs, verdicts, strict=True))
            if not is_settled(hypotheses, evidence, typed)
        ]
        return guess.with_counts_of(open_)

    def without(self, misfit: int) -> Self:
        """Return the guess after a cell of column ``misfit`` did not fit: that column is counted."""
        if self.n_misfits < _MOST_MISFITS:
            return replace(self.with_counts_of([misfit]), n_misfits=self.n_misfits + 1)
        return self.with_counts_of([place for place in range(len(self.names)) if place not in self.counted])

    def with_counts_of(self, places: Sequence[int]) -> Self:
        """Return the guess after counting all rows of the columns at ``places``."""
        if not places:
            return self
        pairs = list(self.pairs)
        pairs_of = find_evidence(self.connection, self.cells, self.names, places=places)
        for place, pair in zip(places, pairs_of, strict=True):
            pairs[place] = pair
        return replace(self, pairs=tuple(pairs), counted=self.counted | frozenset(places))

    def columns(self) -> tuple[Typed, ...]:
        """Return each column's verdict; expressions of columns that were not counted fail at a misfit."""
        return tuple(
            typed if place in self.counted else replace(typed, expression=checked_sql(typed))
            for place, typed in enumerate(judge(self.pairs, decimal_comma=self.decimal_comma))
        )

    def readable(self) -> str:
        """Return the SQL to read those expressions from: the cells, and some of them cast already."""
        verdicts = judge(self.pairs, decimal_comma=self.decimal_comma)
        casts = [
            f"{sql} AS v{place}"
            for place, typed in enumerate(verdicts)
            if place not in self.counted and (sql := prepared_sql(typed)) is not None
        ]
        return f"(SELECT {', '.join(['*', *casts])} FROM {self.cells})"
