# ruff: noqa: S608 - names are quoted by identifier
"""Samples that keep together the rows that belong together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from litmus_core.checks._context.leaks import find_leaks
from litmus_core.checks._similarity.expected_duplicates import not_empty, row_hash

if TYPE_CHECKING:
    from litmus_core.checks._context.quick_model import Ints
    from litmus_core.checks._context.table import CheckContext

_FEWEST_REPEATS, _FEW_DIFFERENT = 3.0, 1.7  # rows, and different rows, of a group on average


def sample_whole_groups(table: CheckContext, names: Sequence[str]) -> CheckContext:
    """Return the table with a sample of whole groups: all rows that are equal in ``names``.

    A sample of rows would separate them: of six rows of a customer, or of two copies, it holds one. Rows
    without a value in any of ``names`` are left out. A table that is read completely is returned itself.
    """
    if len(table.rows) == table.n_rows:
        return table
    rows = table.query(
        f"SELECT file_row_number FROM rows WHERE {not_empty(names)} "
        f"ORDER BY {row_hash(names)}, file_row_number LIMIT {len(table.rows)}"
    )
    return table.with_rows(np.sort(np.array([row for (row,) in rows], dtype=np.int64)), keep=[find_leaks])


def rows_of_some_groups(codes: Ints, n_rows: int, rng: np.random.Generator, *, fewest: int) -> Ints:
    """Return the rows of as many groups, ``fewest`` at least, as have ``n_rows`` rows."""
    if len(codes) <= n_rows:
        return np.arange(len(codes))
    order = rng.permutation(int(codes.max()) + 1)
    sizes = np.bincount(codes)[order]
    chosen = order[: max(fewest, int((np.cumsum(sizes) <= n_rows).sum()))]
    return np.flatnonzero(np.isin(codes, chosen))


def are_repeats(groups: Ints, different: Ints) -> bool:
    """Return whether groups repeat one row; twice may be a file that was stored twice.

    ``groups`` are the groups of all rows, ``different`` those of the rows that copy no other.
    """
    n_groups = len(np.unique(groups))
    return len(groups) >= _FEWEST_REPEATS * n_groups and len(different) < _FEW_DIFFERENT * n_groups
