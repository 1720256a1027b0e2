"""Trees put together by hand, one decision and one leaf at a time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from litmus_core.compiled import Source
from litmus_core.engine._compile.trees import Symmetric, TreeColumns, Trees

Told = tuple[int, float]


class TreesBuilder:
    """Collects decisions and leaves. A place >= 0 is a decision's, a negative one a leaf's."""

    def __init__(self) -> None:
        self._columns = TreeColumns()
        self._told: list[Told] = []
        self._branches: dict[int, tuple[int, int]] = {}
        self._leaves: list[Sequence[float]] = []
        self._cover: list[float] = []
        self._roots: list[int] = []
        self._targets: list[int] = []

    def number(
        self, source: Source, cut: float, *, missing_left: bool, zero_left: bool | None = None
    ) -> Told:
        zero = None if zero_left is None else np.array([zero_left])
        column, cuts = self._columns.numbers(
            source, np.array([cut]), missing_left=np.array([missing_left]), zero_left=zero
        )
        return int(column[0]), float(cuts[0])

    def table(self, source: Source, *, lefts: Sequence[bool]) -> Told:
        return self._columns.table(source, lefts=lefts)

    def decision(self, told: Told) -> int:
        self._told.append(told)
        return len(self._told) - 1

    def leaf(self, values: Sequence[float], cover: float) -> int:
        self._leaves.append(values)
        self._cover.append(cover)
        return ~(len(self._leaves) - 1)

    def branch(self, place: int, *, left: int, right: int) -> None:
        self._branches[place] = left, right

    def tree(self, root: int, *, target: int = 0) -> None:
        self._roots.append(root)
        self._targets.append(target)

    def trees(self) -> Trees:
        both = [self._branches[place] for place in range(len(self._told))]
        return Trees(
            columns=self._columns.all(),
            column=np.array([column for column, _ in self._told], dtype=np.int64),
            cut=np.array([cut for _, cut in self._told]),
            left=np.array([left for left, _ in both], dtype=np.int64),
            right=np.array([right for _, right in both], dtype=np.int64),
            leaves=np.array(self._leaves, dtype=np.float64),
            cover=np.array(self._cover, dtype=np.float64),
            roots=np.array(self._roots, dtype=np.int64),
            target=np.array(self._targets, dtype=np.int64),
        )

    def symmetric(self, first: Sequence[int], leaves: Sequence[Sequence[float]]) -> Symmetric:
        """Return trees whose levels are the decisions, the same number for each tree."""
        shape = (len(first), -1)
        return Symmetric(
            columns=self._columns.all(),
            column=np.array([column for column, _ in self._told], dtype=np.int64).reshape(shape),
            cut=np.array([cut for _, cut in self._told]).reshape(shape),
            leaves=np.array(leaves, dtype=np.float64),
            first=np.array(first, dtype=np.int64),
        )
