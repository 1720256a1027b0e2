"""Rows that are equal but for tiny differences: a random split puts twins on both sides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from litmus_core.checks._flattery import flattery_of_groups
from litmus_core.checks._near import Ints, Rows, clusters
from litmus_core.checks._words import counted
from litmus_core.types import EvidenceTable, Finding, Fix

if TYPE_CHECKING:
    from litmus_core.checks._table import Table
    from litmus_core.types import Column

_FEWEST_ROWS = 30
_FEWEST_TWINS = 3
_WORTH_SAYING = 0.005  # share of rows
_SHOWN_PAIRS, _SHOWN_COLUMNS, _LETTERS = 4, 5, 50


def near_duplicates(table: Table) -> Iterator[Finding]:
    """Yield one finding with the rows that have a nearly equal one before them."""
    columns = compared_columns(table)
    if not columns or len(table.sample) < _FEWEST_ROWS:
        return
    rows = Rows(table.sample, columns, seed=table.seed)
    pairs = rows.pairs()
    unequal = pairs[rows.differ(pairs)] if len(pairs) else pairs
    if not len(unequal) or rows.is_by_chance(len(unequal)):
        return
    cluster = clusters(unequal, rows.n_rows)
    _, first = np.unique(cluster, return_index=True)
    later = np.setdiff1d(np.arange(rows.n_rows), first)
    touched = len(np.unique(unequal))
    if len(later) < _FEWEST_TWINS or touched < _WORTH_SAYING * rows.n_rows:
        return
    flattery = None if table.target is None else flattery_of_groups(table, cluster)
    flatters = flattery is not None and flattery.is_material
    looked = "" if len(table.rows) == table.n_rows else f" of {len(table.rows):,} looked at"
    yield Finding(
        kind="near_duplicates",
        severity="harmful" if flatters else "warning",
        sentence=(
            f"{touched:,} rows{looked} ({counted(touched, rows.n_rows)}) are equal to another one "
            "but for tiny differences. A random split puts such twins on both sides, "
            "so the score looks too good."
        ),
        evidence=() if flattery is None else (flattery.said("twins kept together"),),
        table=_shown(table, columns, unequal),
        fix=Fix(
            kind="drop_rows",
            rows=tuple(int(place) for place in table.rows[later]),
            title="Keep one row of each kind",
        ),
        n_rows=touched,
        score=touched / rows.n_rows,
    )


def compared_columns(table: Table) -> list[Column]:
    """Return the columns that make rows alike: all but the target, ids and what counts the rows."""
    return [
        each
        for each in table.columns
        if each.kind != "id" and each.name not in table.followers and each.n_distinct > 1
    ]


def _shown(table: Table, columns: list[Column], pairs: Ints) -> EvidenceTable:
    names = [each.name for each in sorted(columns, key=lambda each: each.kind != "text")][:_SHOWN_COLUMNS]
    rows = []
    for pair in pairs[:_SHOWN_PAIRS]:
        for place in pair:
            values = table.sample[names].iloc[int(place)]
            rows.append((f"{table.rows[place] + 1:,}", *(short_cell(value) for value in values)))
    return EvidenceTable(header=("row", *names), rows=tuple(rows))


def short_cell(value: object) -> str:
    """Return a cell as a short text."""
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return text if len(text) <= _LETTERS else text[: _LETTERS - 1] + "…"
