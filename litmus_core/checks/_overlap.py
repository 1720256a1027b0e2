# ruff: noqa: S608 - names are quoted by row_hash
"""Rows, equal or nearly so, in both the table and its separate test rows: they make scores optimistic."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from litmus_core.checks._format import short_cell
from litmus_core.checks._near_duplicates import compared_columns
from litmus_core.checks._similarity.expected_duplicates import row_hash
from litmus_core.checks._similarity.rows import ComparedRows, Ints
from litmus_core.types import EvidenceTable, Finding, Fix, Statement

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.checks._context.table import CheckContext

_HARMFUL, _REPORTED_SHARE = 0.02, 0.002  # share of test rows, beyond chance
_FEWEST = 2
_SHOWN, _SHOWN_COLUMNS = 3, 5


def overlap(table: CheckContext) -> Iterator[Finding]:
    """Yield one finding with the rows that test rows repeat."""
    columns = [column for column in compared_columns(table) if column.name in table.test_sample.columns]
    if not columns:
        return
    import pandas as pd

    names = [column.name for column in columns]
    n_here, n_test = len(table.sample), len(table.test_sample)
    both = pd.concat([table.sample[names], table.test_sample[names]], ignore_index=True)
    rows = ComparedRows(both, columns, seed=table.seed)
    pairs = _with_equal(rows, n_here)
    is_near = rows.differ(pairs)
    crosses = (pairs[:, 0] < n_here) & (pairs[:, 1] >= n_here)
    parts = [_Shared.of(pairs[chosen], crosses[chosen], n_here, n_test) for chosen in (~is_near, is_near)]
    telling = [part for part in parts if part.is_reported]
    everywhere = _equal_everywhere(table, names) if len(table.rows) < table.n_rows else None
    if everywhere is not None and everywhere.is_reported:
        yield _finding(table, [everywhere], n_equal=everywhere.n_shared, rows=everywhere.rows, shown=None)
    elif telling:
        crossing = np.concatenate([part.crossing for part in telling])
        n_equal = parts[0].n_shared if parts[0] in telling else 0
        places = table.rows[np.unique(crossing[:, 0])]
        shown = _evidence_table(both, names, crossing, n_here)
        yield _finding(table, telling, n_equal=n_equal, rows=places, shown=shown)


def _finding(
    table: CheckContext, parts: list[_Shared], *, n_equal: int, rows: Ints, shown: EvidenceTable | None
) -> Finding:
    n_test = parts[0].n_there
    n_shared = len(np.unique(np.concatenate([part.shared for part in parts])))
    natural = max(part.natural for part in parts)
    n_near = n_shared - n_equal
    is_much = max(part.beyond for part in parts) >= _HARMFUL
    return Finding(
        kind="overlap",
        severity="harmful" if is_much else "warning",
        statement=Statement.of(
            "overlap",
            "shared",
            n_rows=n_shared,
            n_test=n_test,
            share=n_shared / max(1, n_test),
            n_near=n_near,
            are_all_near=n_near == n_shared,
        ),
        evidence=(
            Statement.of("overlap", "within", share=round(natural * table.n_rows) / max(1, table.n_rows)),
        ),
        table=shown,
        fix=Fix(
            kind="drop_rows",
            rows=tuple(rows.tolist()),
        ),
        n_rows=n_shared,
        score=n_shared / max(1, n_test),
    )


def _equal_everywhere(table: CheckContext, names: list[str]) -> _Shared:
    """Return the rows, of all and not only of the sample, that are equal across the tables."""
    cells = row_hash(names)
    shared = table.query(
        f"SELECT file_row_number FROM test_rows WHERE {cells} IN (SELECT {cells} FROM rows) ORDER BY 1"
    )
    rows = table.query(
        f"SELECT file_row_number FROM rows WHERE {cells} IN (SELECT {cells} FROM test_rows) ORDER BY 1"
    )
    sql = f"SELECT count(*) FROM (SELECT 1 FROM rows GROUP BY {cells} HAVING count(*) = 1)"
    assert table.test is not None  # noqa: S101 - the check needs test rows
    return _Shared(
        crossing=np.empty((0, 2), dtype=np.int64),
        shared=np.array([row[0] for row in shared], dtype=np.int64),
        rows=np.array([row[0] for row in rows], dtype=np.int64),
        natural=1 - int(table.query(sql)[0][0]) / table.n_rows,
        n_there=table.test.n_rows,
    )


def _with_equal(rows: ComparedRows, n_here: int) -> Ints:
    """Return the nearly equal pairs, with one pair for each exactly repeated test row."""
    first: dict[int, int] = {}
    for place, value in enumerate(rows.exact[:n_here].tolist()):
        first.setdefault(value, place)
    equal = [
        (first[value], n_here + place)
        for place, value in enumerate(rows.exact[n_here:].tolist())
        if value in first
    ]
    here = [
        (first[value], place)
        for place, value in enumerate(rows.exact[:n_here].tolist())
        if first[value] != place
    ]
    pairs = np.array(equal + here, dtype=np.int64).reshape(-1, 2)
    return np.unique(np.concatenate([rows.pairs(), pairs]), axis=0)


@dataclass(frozen=True, eq=False)
class _Shared:
    """Equal, or nearly equal, rows that the two tables share.

    ``shared`` are the test rows, ``natural`` is the share of the table's own rows with a copy in it.
    """

    crossing: Ints
    shared: Ints
    rows: Ints
    natural: float
    n_there: int

    @classmethod
    def of(cls, pairs: Ints, crosses: NDArray[np.bool_], n_here: int, n_test: int) -> _Shared:
        """Count ``pairs`` of rows of both tables, one after the other; those where ``crosses`` is true lie in
        both.
        """
        natural = len(np.unique(pairs[pairs[:, 1] < n_here])) / max(1, n_here)
        crossing = pairs[crosses]
        return cls(crossing, np.unique(crossing[:, 1]), np.unique(crossing[:, 0]), natural, n_test)

    @property
    def n_shared(self) -> int:
        """How many test rows are also in the table."""
        return len(self.shared)

    @property
    def beyond(self) -> float:
        """The share of such test rows, above what copies within the table explain."""
        noise = 3 * float(np.sqrt(self.natural * (1 - self.natural) / max(1, self.n_there)))
        return self.n_shared / max(1, self.n_there) - 1.5 * self.natural - noise

    @property
    def is_reported(self) -> bool:
        """Whether enough rows are shared to report them."""
        return self.n_shared >= _FEWEST and self.beyond >= _REPORTED_SHARE


def _evidence_table(both: pd.DataFrame, names: list[str], pairs: Ints, n_here: int) -> EvidenceTable:
    used = names[:_SHOWN_COLUMNS]
    rows = []
    for pair in pairs[:_SHOWN]:
        for place in pair:
            where = "table" if place < n_here else "test"
            rows.append((where, *(short_cell(value) for value in both[used].iloc[int(place)])))
    return EvidenceTable(header=("lies in", *used), rows=tuple(rows))
