# ruff: noqa: S608 - names and paths are quoted by _duckdb
"""Rows of a separate validation or test file that also occur in the training rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from litmus_core.data._duckdb import identifier, parquet, reuse_duckdb
from litmus_core.data._rows.read import table_path
from litmus_core.data._split.cutters import Ints
from litmus_core.errors import DataError

if TYPE_CHECKING:
    import duckdb

    from litmus_core.store import Workspace
    from litmus_core.types import Column, DatasetVersion, Task

_MOST = 0.5  # of either table: with more in common it is the same data under two names
_REPEATS_ARE_COMMON = 0.05
_BY_CHANCE, _DEVIATIONS = 1.5, 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitOverlap:
    """Rows that no part may use, ascending, and the reason.

    ``rows`` are positions in the main table's rows, followed by those of the separate validation table and
    the test table.
    """

    rows: Ints
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """How much a table (``here``) overlaps with the separate file that evaluates it.

    Counts are of rows with a target: ``n_here_shared`` of ``n_here`` also occur there, ``n_own_shared`` of
    ``n_own`` also occur here, and ``n_repeated`` rows here equal another row here.
    """

    n_here: int
    n_here_shared: int
    n_own: int
    n_own_shared: int
    n_repeated: int

    @property
    def is_natural(self) -> bool:
        """Whether rows are equal because few combinations exist, not because they are the same rows.

        A newly drawn row would have an equal one here as often as a row of this table has: that share is the
        measure.

        >>> Overlap(n_here=900, n_here_shared=880, n_own=100, n_own_shared=98, n_repeated=890).is_natural
        True
        >>> Overlap(n_here=900, n_here_shared=98, n_own=100, n_own_shared=98, n_repeated=9).is_natural
        False
        """
        repeated = self.n_repeated / self.n_here
        chance = _DEVIATIONS * float(np.sqrt(repeated * (1 - repeated) / self.n_own))
        most = max(_BY_CHANCE * repeated, repeated + chance)
        return repeated >= _REPEATS_ARE_COMMON and self.n_own_shared <= most * self.n_own

    @property
    def is_too_much(self) -> bool:
        """Whether so much is shared that excluding it would hide a mistake, or leave too little."""
        return self.n_own_shared >= _MOST * self.n_own or self.n_here_shared >= _MOST * self.n_here


def find_split_overlap(
    workspace: Workspace,
    version: DatasetVersion,
    task: Task,
    *,
    validation: DatasetVersion | None = None,
    test: DatasetVersion | None = None,
) -> SplitOverlap:
    """Return the rows to exclude because a separate file has them too: those rows, or (by group) that group.

    Rows are equal if the target and every feature are, missing values included. Shared rows are excluded from
    ``version``, or from the validation file if the test file has them. Raises DataError if half of a file or
    more is shared, unless as many rows within the table are equal.
    """
    overlaps = [SplitOverlap(rows=np.empty(0, dtype=np.int64))]
    if validation is None and test is None:
        return overlaps[0]
    search = _Search(workspace=workspace, task=task)
    with reuse_duckdb("compare the tables") as connection:
        parts = {"main": version, "validation": validation, "test": test}
        starts = {"main": 0, "validation": version.n_rows}
        for here, other in (("main", "test"), ("main", "validation"), ("validation", "test")):
            table, other_table = parts[here], parts[other]
            if table is not None and other_table is not None:
                pair = _Pair(here=here, other=other, table=table, other_version=other_table)
                overlaps += search.between(connection, pair, start=starts[here], overlaps=overlaps)
    rows = np.unique(np.concatenate([overlap.rows for overlap in overlaps]))
    return SplitOverlap(rows=rows, note=" ".join(overlap.note for overlap in overlaps if overlap.note))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """A table (``here``: main or validation) and the separate file that evaluates it."""

    here: str
    other: str
    table: DatasetVersion
    other_version: DatasetVersion

    @property
    def name_here(self) -> str:
        return f"'{self.table.name}'" if self.here == "main" else f"the validation table '{self.table.name}'"

    @property
    def name_there(self) -> str:
        return f"the {self.other} table '{self.other_version.name}'"

    @property
    def left_out_of(self) -> str:
        return "training" if self.here == "main" else "validation"

    @property
    def remedy(self) -> str:
        return (
            "Take those rows out of one of the two tables, "
            f"or leave the {self.other} table out: Litmus sets rows aside itself."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Search:
    workspace: Workspace
    task: Task

    def between(
        self, connection: duckdb.DuckDBPyConnection, pair: _Pair, *, start: int, overlaps: list[SplitOverlap]
    ) -> list[SplitOverlap]:
        """Return what to exclude from ``pair.table``, counted from ``start``, without ``overlaps``."""
        gone = np.concatenate([overlap.rows for overlap in overlaps])
        rows, note = self._equal_rows(connection, pair)
        by_row = SplitOverlap(rows=np.setdiff1d(rows + start, gone), note=note)
        clause = "that also lies in" if len(by_row.rows) == 1 else "that also lie in"
        if self.task.split.kind != "group" or self.task.split.column is None:
            return [_with_note(by_row, pair, clause)]
        groups = self._same_groups(connection, pair, self.task.split.column)
        of_group = SplitOverlap(rows=np.setdiff1d(groups + start, np.concatenate([gone, by_row.rows])))
        subject = f"whose '{self.task.split.column}' also occurs in"
        return [_with_note(by_row, pair, clause), _with_note(of_group, pair, subject)]

    def _equal_rows(self, connection: duckdb.DuckDBPyConnection, pair: _Pair) -> tuple[Ints, str]:
        names = tuple(dict.fromkeys((*self.task.features, self.task.target)))
        here, elsewhere = self._keyed(pair, names)
        rows = _places(connection, here, also_in=elsewhere)
        if not len(rows):
            return rows, ""
        overlap = Overlap(
            n_here=_fetch_one(connection, f"SELECT count(*) FROM {here}"),
            n_here_shared=len(rows),
            n_own=_fetch_one(connection, f"SELECT count(*) FROM {elsewhere}"),
            n_own_shared=len(_places(connection, elsewhere, also_in=here)),
            n_repeated=_fetch_one(
                connection,
                "SELECT coalesce(sum(n), 0) FROM "
                f"(SELECT count(*) AS n FROM {here} GROUP BY cells HAVING count(*) > 1)",
            ),
        )
        if overlap.is_natural:
            return rows[:0], _expected_note(overlap, pair)
        if overlap.is_too_much:
            raise _excess_error(overlap, pair)
        return rows, ""

    def _same_groups(self, connection: duckdb.DuckDBPyConnection, pair: _Pair, column: str) -> Ints:
        here, elsewhere = self._keyed(pair, (column,))
        rows = _places(connection, here, also_in=elsewhere)
        n_here = _fetch_one(connection, f"SELECT count(*) FROM {here}")
        if len(rows) and len(rows) >= _MOST * n_here:
            raise DataError(
                f"{len(rows):,} of the {n_here:,} rows of {pair.name_here} have a '{column}' that also "
                f"occurs in {pair.name_there}: without them, too little is left.",
                hint=f"Choose a {pair.other} table with other values of '{column}', or split at random.",
            )
        return rows

    def _keyed(self, pair: _Pair, names: tuple[str, ...]) -> tuple[str, str]:
        """Return the SQL of both tables: each row's ``place`` and its ``cells`` of ``names``, in one type."""
        targets = (self.task.target, *names)
        casts = [_cast(pair.table.column(name), pair.other_version.column(name)) for name in targets]
        target = identifier(self.task.target)
        cells = ", ".join(
            f"{identifier(name)}{cast}" for name, cast in zip(targets[1:], casts[1:], strict=True)
        )
        here, elsewhere = (
            f"(SELECT place, row({cells}) AS cells FROM (SELECT *, row_number() OVER () - 1 AS place "
            f"FROM {parquet(table_path(self.workspace, table))}) WHERE {target} IS NOT NULL)"
            for table in (pair.table, pair.other_version)
        )
        return here, elsewhere


def _cast(here: Column, other_column: Column) -> str:
    if here.storage == other_column.storage:
        return ""
    return "::DOUBLE" if here.stores_like(other_column) else "::VARCHAR"


def _places(connection: duckdb.DuckDBPyConnection, table: str, *, also_in: str) -> Ints:
    """Return the ascending positions of the rows of ``table`` whose cells equal those of a row elsewhere."""
    places = connection.execute(
        f"SELECT place FROM {table} AS here SEMI JOIN {also_in} AS there "
        "ON here.cells IS NOT DISTINCT FROM there.cells"
    ).fetchnumpy()["place"]
    return np.sort(np.asarray(places, dtype=np.int64))


def _fetch_one(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0


def _with_note(overlap: SplitOverlap, pair: _Pair, subject: str) -> SplitOverlap:
    if overlap.note or not len(overlap.rows):
        return overlap
    n_rows = f"{len(overlap.rows):,} rows" if len(overlap.rows) > 1 else "1 row"
    were = "were" if len(overlap.rows) > 1 else "was"
    note = f"{n_rows} {subject} the {pair.other} file {were} left out of {pair.left_out_of}."
    return SplitOverlap(rows=overlap.rows, note=note)


def _expected_note(overlap: Overlap, pair: _Pair) -> str:
    return (
        f"{overlap.n_own_shared:,} of the {overlap.n_own:,} rows of the {pair.other} file also lie in "
        f"{pair.name_here}. That is to be expected: {100 * overlap.n_repeated / overlap.n_here:.0f} % of the "
        "rows there have an equal one among them. None was left out."
    )


def _excess_error(overlap: Overlap, pair: _Pair) -> DataError:
    if overlap.n_own_shared >= _MOST * overlap.n_own:
        share = 100 * overlap.n_own_shared / overlap.n_own
        return DataError(
            f"{overlap.n_own_shared:,} of the {overlap.n_own:,} rows ({share:.0f} %) of {pair.name_there} "
            f"also lie in {pair.name_here}, so a score on them would say nothing about unseen rows.",
            hint=pair.remedy,
        )
    share = 100 * overlap.n_here_shared / overlap.n_here
    return DataError(
        f"{overlap.n_here_shared:,} of the {overlap.n_here:,} rows ({share:.0f} %) of {pair.name_here} also "
        f"lie in {pair.name_there}: without them, too little is left.",
        hint=pair.remedy,
    )
