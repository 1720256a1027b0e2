"""Trees made quick to walk: whole numbers to compare, the likely branch next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """Trees as an executor walks them, a tree's decisions together, its root first; every tree has some.

    A decision tests ``column`` at most ``cut`` (whole numbers), then goes to ``yes``, else to ``no``;
    columns beyond the encoding's are negatives of some of them. A branch >= 0 is the place of a decision, a
    negative one ``~place`` in ``leaf``, which holds places among the trees' leaves. ``tree`` and
    ``leaf_tree`` say which tree each is of.
    """

    column: Array
    cut: Array
    yes: Array
    no: Array
    tree: Array
    leaf: Array
    leaf_tree: Array


def shape_of(trees: Trees, encoding: Encoding, mirrored: dict[int, int]) -> Shape:
    """Return ``trees`` with each decision's likelier branch as its "no", which lies next to it in memory.

    ``mirrored`` holds the places of the negatives by those of their columns; it grows.
    """
    cut = whole_cuts(trees, encoding)
    left, right, roots = _straight(trees, cut)
    place_of = {column: place for place, column in enumerate(encoding.columns)}
    column = np.array([place_of[each] for each in trees.columns] or [0], dtype=np.int64)[trees.column]
    lone = np.flatnonzero(roots < 0)  # leaves without a decision: one with the same two ends is added
    decisions = len(cut) + np.arange(len(lone))
    left, right = np.concatenate([left, roots[lone]]), np.concatenate([right, roots[lone]])
    column = np.concatenate([column, np.zeros(len(lone), dtype=np.int64)])
    cut = np.concatenate([cut, np.zeros(len(lone))])
    roots = roots.copy()
    roots[lone] = decisions
    levels = _levels(left, right, roots)
    ahead, astray = _covers(levels, left, right, trees.cover)
    turned = ahead > astray  # value <= cut is the same as -value > -cut - 1
    used = np.unique(column[turned]).tolist()
    for place in used:
        mirrored.setdefault(place, len(encoding.columns) + len(mirrored))
    if used:
        to = np.zeros(max(used) + 1, dtype=np.int64)
        to[used] = [mirrored[place] for place in used]
        column[turned] = to[column[turned]]
    cut[turned] = -cut[turned] - 1
    yes, no = np.where(turned, right, left), np.where(turned, left, right)
    return _laid(levels, column, cut, yes, no)


def _straight(trees: Trees, cut: Array) -> tuple[Array, Array, Array]:
    """Return branches and roots that pass over decisions whose cuts decide alone."""
    ends = np.arange(len(cut))
    ends[cut == LEFT] = trees.left[cut == LEFT]
    ends[cut == RIGHT] = trees.right[cut == RIGHT]
    branches = [trees.left, trees.right, trees.roots]
    while len(ends):
        moved = [np.where(each >= 0, ends[np.maximum(each, 0)], each) for each in branches]
        if all((new == old).all() for new, old in zip(moved, branches, strict=True)):
            break
        branches = moved
    return branches[0], branches[1], branches[2]


def _levels(left: Array, right: Array, roots: Array) -> list[tuple[Array, Array]]:
    """Return the decisions of each level and their trees."""
    levels = [(roots, np.arange(len(roots)))]
    while True:
        decisions, tree = levels[-1]
        below = np.concatenate([left[decisions], right[decisions]])
        inner = below >= 0
        if not inner.any():
            return levels
        levels.append((below[inner], np.concatenate([tree, tree])[inner]))


def _covers(
    levels: Sequence[tuple[Array, Array]], left: Array, right: Array, cover: Array
) -> tuple[Array, Array]:
    """Return how many training rows went left and right at each decision."""
    of_decision, of_side = np.zeros(len(left)), np.zeros((2, len(left)))
    for decisions, _ in reversed(levels):
        for side, branches in zip(of_side, (left, right), strict=True):
            branch = branches[decisions]
            side[decisions] = np.where(
                branch < 0, cover[np.maximum(~branch, 0)], of_decision[np.maximum(branch, 0)]
            )
        of_decision[decisions] = of_side[0, decisions] + of_side[1, decisions]
    return of_side[0], of_side[1]


def _laid(levels: Sequence[tuple[Array, Array]], column: Array, cut: Array, yes: Array, no: Array) -> Shape:
    """Return the decisions that can be reached, tree by tree, and leaves counted anew."""
    decisions, tree = (np.concatenate(parts) for parts in zip(*levels, strict=True))
    order = np.argsort(tree, kind="stable")
    decisions, tree = decisions[order], tree[order]
    place = np.zeros(len(column), dtype=np.int64)
    place[decisions] = np.arange(len(decisions))
    ends = np.stack([yes[decisions], no[decisions]], axis=1)
    is_leaf = ends < 0
    leaf, leaf_tree = ~ends[is_leaf], np.repeat(tree, 2).reshape(-1, 2)[is_leaf]
    ends = np.where(is_leaf, 0, place[np.maximum(ends, 0)])
    ends[is_leaf] = ~np.arange(len(leaf))
    return Shape(column[decisions], cut[decisions], ends[:, 0], ends[:, 1], tree, leaf, leaf_tree)


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
