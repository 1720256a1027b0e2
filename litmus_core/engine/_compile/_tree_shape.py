"""Trees made small and quick to walk: no decision that can go one way only, the likely branch next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from litmus_core.compiled import Source
from litmus_core.engine._compile._trees import (
    LEFT,
    RIGHT,
    Array,
    Column,
    Number,
    Symmetric,
    Table,
    Trees,
)


@dataclass(frozen=True, slots=True)
class Encoding:
    """The whole numbers that decisions of several models read.

    ``columns`` are all of them, ``cuts`` the sorted doubles by source: a number's rank is how many of them
    lie below it. ``n_codes`` is, by source, how many codes the tables tell apart.
    """

    columns: tuple[Column, ...]
    cuts: Mapping[Source, Array]
    n_codes: Mapping[Source, int]

    @classmethod
    def of(cls, models: Sequence[Trees | Symmetric]) -> Encoding:
        """Return the encoding that all ``models`` can share, columns of the same kind and source together."""
        columns = dict.fromkeys(column for trees in models for column in trees.columns)
        cuts: dict[Source, list[Array]] = {}
        for trees in models:
            for place, column in enumerate(trees.columns):
                if isinstance(column, Number):
                    cuts.setdefault(column.source, []).append(trees.cut[trees.column == place])
        unique = {source: np.unique(np.concatenate(parts)) for source, parts in cuts.items()}
        n_codes: dict[Source, int] = {}
        for column in columns:
            if isinstance(column, Table):
                n_codes[column.source] = max(n_codes.get(column.source, 0), len(column.entries))
        return cls(
            columns=tuple(columns),
            cuts={source: each[np.isfinite(each)] for source, each in unique.items()},
            n_codes=n_codes,
        )


@dataclass(slots=True)
class Shape:
    """Trees as an executor walks them, decision by decision.

    A decision tests ``column`` at most ``cut`` (whole numbers), then goes to ``yes``, else to ``no``;
    columns beyond the encoding's are negatives of some of them. Branches and ``roots`` are as in Trees.
    """

    column: list[int] = field(default_factory=list)
    cut: list[int] = field(default_factory=list)
    yes: list[int] = field(default_factory=list)
    no: list[int] = field(default_factory=list)
    roots: list[int] = field(default_factory=list)


class Shaper:
    """Turns the trees of one model into a Shape that reads an encoding.

    ``mirrored`` holds the places of the negatives by those of their columns; it grows.
    """

    def __init__(self, trees: Trees, encoding: Encoding, mirrored: dict[int, int]) -> None:
        self._trees, self._mirrored, self._n_columns = trees, mirrored, len(encoding.columns)
        place_of = {column: place for place, column in enumerate(encoding.columns)}
        self._place = [place_of[column] for column in trees.columns]
        self._tables = [
            _padded(column, encoding) if isinstance(column, Table) else None for column in trees.columns
        ]
        self._sources = [column.source for column in trees.columns]
        self._lefts: dict[tuple[int, int], int] = {}
        self._column, self._cut = trees.column.tolist(), whole_cuts(trees, encoding).tolist()
        self._left, self._right = trees.left.tolist(), trees.right.tolist()
        self._high = [
            len(encoding.cuts[each.source]) if isinstance(each, Number) else 0 for each in trees.columns
        ]
        self._low = [0] * len(trees.columns)
        self._codes = {source: (1 << n) - 1 for source, n in encoding.n_codes.items()}
        self._cover = trees.cover.tolist()
        self._values = [values.tobytes() for values in trees.leaves]
        self._shape = Shape()
        self._covers: list[float] = []

    def shape(self) -> Shape:
        """Return all trees, in their order."""
        for root in self._trees.roots.tolist():
            self._shape.roots.append(self._walk(root))
        return self._shape

    def _walk(self, branch: int) -> int:
        """Return what is left of a branch, given the decisions above it."""
        if branch < 0:
            return branch
        cut, column = self._cut[branch], self._column[branch]
        if cut in (LEFT, RIGHT):
            return self._walk(self._left[branch] if cut == LEFT else self._right[branch])
        if self._tables[column] is None:
            return self._walk_number(branch, column, int(cut))
        return self._walk_table(branch, column, int(cut))

    def _walk_number(self, branch: int, column: int, cut: int) -> int:
        low, high = self._low[column], self._high[column]
        if high <= cut:
            return self._walk(self._left[branch])
        if low > cut:
            return self._walk(self._right[branch])
        self._high[column] = cut
        left = self._walk(self._left[branch])
        self._high[column], self._low[column] = high, cut + 1
        right = self._walk(self._right[branch])
        self._low[column] = low
        return self._joined(column, cut, left, right)

    def _walk_table(self, branch: int, column: int, cut: int) -> int:
        source = self._sources[column]
        codes = self._codes[source]
        lefts = codes & self._going_left(column, cut)
        if lefts == codes:
            return self._walk(self._left[branch])
        if not lefts:
            return self._walk(self._right[branch])
        self._codes[source] = lefts
        left = self._walk(self._left[branch])
        self._codes[source] = codes & ~lefts
        right = self._walk(self._right[branch])
        self._codes[source] = codes
        return self._joined(column, cut, left, right)

    def _going_left(self, column: int, cut: int) -> int:
        """Return the codes that go left, as bits."""
        if (column, cut) not in self._lefts:
            flags = np.packbits(self._tables[column] <= cut, bitorder="little")  # type: ignore[operator]
            self._lefts[column, cut] = int.from_bytes(flags.tobytes(), "little")
        return self._lefts[column, cut]

    def _joined(self, column: int, cut: int, left: int, right: int) -> int:
        """Add a decision, its likelier branch as the "no", which lies next to it in memory."""
        if left == right or (left < 0 and right < 0 and self._values[~left] == self._values[~right]):
            return left
        shape, place = self._shape, self._place[column]
        ahead, astray = self._cover_of(left), self._cover_of(right)
        if ahead > astray:  # value <= cut is the same as -value > -cut - 1
            mirror = self._n_columns + len(self._mirrored)
            shape.column.append(self._mirrored.setdefault(place, mirror))
            shape.cut.append(-cut - 1)
            shape.yes.append(right)
            shape.no.append(left)
        else:
            shape.column.append(place)
            shape.cut.append(cut)
            shape.yes.append(left)
            shape.no.append(right)
        self._covers.append(ahead + astray)
        return len(shape.column) - 1

    def _cover_of(self, branch: int) -> float:
        return self._cover[~branch] if branch < 0 else self._covers[branch]


def _padded(table: Table, encoding: Encoding) -> Array:
    return padded(table, encoding.n_codes[table.source])


def padded(table: Table, n_codes: int) -> Array:
    """Return (n_codes,) entries, the last one repeated."""
    entries = np.array(table.entries, dtype=np.int64)
    return np.concatenate([entries, np.full(n_codes - len(entries), entries[-1])])


def whole_cuts(trees: Trees | Symmetric, encoding: Encoding) -> Array:
    """Return each decision's cut as a rank or an entry; LEFT and RIGHT as they are."""
    whole = trees.cut.copy()
    for place, column in enumerate(trees.columns):
        if isinstance(column, Number):
            here = (trees.column == place) & np.isfinite(trees.cut)
            whole[here] = np.searchsorted(encoding.cuts[column.source], trees.cut[here])
    return whole
