"""Rows that lie both in the table and in its own test rows, equal or nearly so: they flatter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from litmus_core.checks._near import Ints, Rows
from litmus_core.checks._near_duplicates import compared_columns, short_cell
from litmus_core.checks._words import counted
from litmus_core.types import EvidenceTable, Finding, Fix

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.checks._table import Table

_HARMFUL, _WORTH_SAYING = 0.02, 0.002  # share of test rows, beyond what chance gives
_FEWEST = 2
_SHOWN, _SHOWN_COLUMNS = 3, 5


def overlap(table: Table) -> Iterator[Finding]:
    """Yield one finding with the rows that test rows repeat."""
    columns = [each for each in compared_columns(table) if each.name in table.test_sample.columns]
    if not columns:
        return
    import pandas as pd

    names = [each.name for each in columns]
    n_here, n_there = len(table.sample), len(table.test_sample)
    both = pd.concat([table.sample[names], table.test_sample[names]], ignore_index=True)
    rows = Rows(both, columns, seed=table.seed)
    pairs = _with_equal(rows, n_here)
    is_near = rows.differ(pairs)
    crosses = (pairs[:, 0] < n_here) & (pairs[:, 1] >= n_here)
    parts = [_Part.of(pairs[chosen], crosses[chosen], n_here, n_there) for chosen in (~is_near, is_near)]
    telling = [part for part in parts if len(part.shared) >= _FEWEST and part.beyond >= _WORTH_SAYING]
    if not telling:
        return
    beyond = max(part.beyond for part in telling)
    crossing = np.concatenate([part.crossing for part in telling])
    shared = np.unique(crossing[:, 1])
    n_near = len(shared) - (len(parts[0].shared) if parts[0] in telling else 0)
    share = len(shared) / max(1, n_there)
    natural = max(part.natural for part in telling)
    within = counted(round(natural * n_here), n_here)
    yield Finding(
        kind="overlap",
        severity="harmful" if beyond >= _HARMFUL else "warning",
        sentence=(
            f"{len(shared):,} of the {n_there:,} test rows ({counted(len(shared), n_there)}) also lie in "
            f"the table{_nearly(n_near, len(shared))}. A model knows them by heart, "
            "so its test score looks too good."
        ),
        evidence=(f"Within the table itself {within} of the rows have such a twin.",),
        table=_shown(both, names, crossing, n_here),
        fix=Fix(
            kind="drop_rows",
            rows=tuple(int(place) for place in table.rows[np.unique(crossing[:, 0])]),
            title="Leave these rows out of the table",
        ),
        n_rows=len(shared),
        score=share,
    )


def _nearly(n_near: int, n_shared: int) -> str:
    if not n_near:
        return ""
    return (
        ", all but for tiny differences"
        if n_near == n_shared
        else f", {n_near:,} of them but for tiny differences"
    )


def _with_equal(rows: Rows, n_here: int) -> Ints:
    """Return the nearly equal pairs, and for each test row that is repeated exactly one such pair."""
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
    known = np.array(equal + here, dtype=np.int64).reshape(-1, 2)
    return np.unique(np.concatenate([rows.pairs(), known]), axis=0)


@dataclass(frozen=True, eq=False)
class _Part:
    """Pairs of one sort (equal, or nearly so) across the tables, against what there is within the table.

    ``natural`` is the share of the table's own rows with such a twin, ``beyond`` the share of test rows with
    one above what that lets expect.
    """

    crossing: Ints
    shared: Ints
    natural: float
    beyond: float

    @classmethod
    def of(cls, pairs: Ints, crosses: NDArray[np.bool_], n_here: int, n_there: int) -> _Part:
        shared = np.unique(pairs[crosses, 1])
        natural = len(np.unique(pairs[pairs[:, 1] < n_here])) / max(1, n_here)
        noise = 3 * float(np.sqrt(natural * (1 - natural) / max(1, n_there)))
        return cls(pairs[crosses], shared, natural, len(shared) / max(1, n_there) - 1.5 * natural - noise)


def _shown(both: pd.DataFrame, names: list[str], pairs: Ints, n_here: int) -> EvidenceTable:
    used = names[:_SHOWN_COLUMNS]
    rows = []
    for pair in pairs[:_SHOWN]:
        for place in pair:
            where = "table" if place < n_here else "test"
            rows.append((where, *(short_cell(value) for value in both[used].iloc[int(place)])))
    return EvidenceTable(header=("lies in", *used), rows=tuple(rows))
