"""Metrics by groups of rows: the mean over groups, in every draw of the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from litmus_core.metrics._case import Floats, Ints, LabelCase, ValueCase
from litmus_core.metrics._uncertainty.draws import Draws, EveryRow, divide

GroupValues = Callable[[LabelCase | ValueCase], Floats]  # (g,): NaN for a group that has no score


def mean_over_groups(values: GroupValues, case: LabelCase | ValueCase, draws: Draws) -> Floats:
    """Return (R,) means of the groups' ``values``; a group counts as often as its first row is drawn.

    So a bootstrap draws whole groups, whether it draws single rows or blocks of whole groups. NaN if no group
    has a score.
    """
    scores = values(case)
    scored = np.isfinite(scores)
    columns = np.zeros((case.n_rows, 2))
    first = np.array([rows[0] for rows in rows_by_group(case.groups)])[scored]
    columns[first, 0], columns[first, 1] = scores[scored], 1.0
    return divide(*draws.sums(columns).T)


def rows_by_group(groups: Ints | None) -> Iterator[NDArray[np.int64]]:
    """Yield the rows of each group of ``groups`` (n,), ascending, by its code."""
    if groups is None:
        raise ValueError("the case has no groups")
    order = np.argsort(groups, kind="stable")
    yield from np.split(order, np.flatnonzero(np.diff(groups[order])) + 1)


class SingleGroups(EveryRow):
    """One replicate for each group of ``groups`` (n,), codes from 0: its rows, once each.

    Only ``sums`` is defined.
    """

    def __init__(self, groups: Ints) -> None:
        super().__init__(len(groups))
        self.groups = groups

    def sums(self, columns: Floats) -> Floats:
        return np.stack([np.bincount(self.groups, weights=column) for column in columns.T], axis=1)
