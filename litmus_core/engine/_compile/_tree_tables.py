"""Small and symmetric trees as tables of words; see ``compiled._tree_tables`` for how they are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from litmus_core.engine._compile._tree_inputs import Axes
from litmus_core.engine._compile._tree_shape import levels_of, straight
from litmus_core.engine._compile.trees import LEFT, Array, Column, Symmetric, TreeMember, Trees

_WORDS = 32  # 64-bit words of a table's row
_MOST_LEAVES = 64
_EVERYTHING = np.uint64(2**64 - 1)
MOST_BYTES = 40_000_000  # total size of a step's tables
_ROOM = {8: 65, 4: 32}  # leaves in a word of that many bytes; a full word of 8 rounds to the 65th


def fits(trees: Trees | Symmetric) -> bool:
    """Return whether words can represent ``trees``: small ones with one value a leaf, or symmetric ones."""
    if isinstance(trees, Symmetric):
        return True
    if trees.leaves.shape[1] > 1:
        return False
    left, right, roots = straight(trees)
    tree = np.concatenate([level for _, level in levels_of(left, right, roots)])
    return int(np.bincount(tree, minlength=1).max()) < _MOST_LEAVES


class Levels:
    """Ranks that no decision of the models distinguishes are one level."""

    def __init__(self, axes: Axes, models: Sequence[Trees | Symmetric]) -> None:
        self._axes = axes
        self._cuts: dict[Column, list[Array]] = {}
        for trees in models:
            cuts = axes.whole_cuts(trees)
            for place, column in enumerate(trees.columns):
                indices = (trees.column == place) & np.isfinite(cuts)
                if indices.any():
                    self._cuts.setdefault(column, []).append(cuts[indices])
        self._values: dict[Column, Array] = {}
        self._lay()

    def _lay(self) -> None:
        self._axis_of = {column: self._axes.axis_of(column) for column in self._cuts}
        self.n_levels: list[int] = []
        levels: list[Array] = []
        for axis, n_ranks in enumerate(self._axes.n_ranks):
            columns = [column for column, place in self._axis_of.items() if place == axis]
            ranks_of = np.zeros((1, n_ranks), dtype=np.int64)
            if columns:
                ranks_of = np.stack([self._ranks(column) for column in columns])
            distinct, level = np.unique(ranks_of, axis=1, return_inverse=True)
            levels.append(level.reshape(-1))
            self.n_levels.append(distinct.shape[1])
            for column in columns:
                of_level = np.zeros(distinct.shape[1], dtype=np.int64)
                of_level[level.reshape(-1)] = self._axes.values(column)  # any of the level's ranks will do
                self._values[column] = of_level
        firsts = np.cumsum(self.n_levels) - self.n_levels
        self.level = np.concatenate(
            [level_trees + first for level_trees, first in zip(levels, firsts.tolist(), strict=True)]
        ).astype(np.int32)

    def _ranks(self, column: Column) -> Array:
        """Return how many cuts lie below each of the axis's ranks."""
        cuts = np.unique(np.concatenate(self._cuts[column]))
        return np.searchsorted(cuts, self._axes.values(column))

    def axis_of(self, column: Column) -> int:
        """Return the column's axis; -1 for one with a fixed outcome."""
        return self._axis_of.get(column, -1)

    def values(self, column: Column) -> Array:
        """Return the column's integer at each level of its axis, correct for all cuts of the models."""
        return self._values[column]


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Trees of one width whose words share rows: ``table`` (rows, words), ``row`` by axis of each level.

    ``leaves`` are (slots * room, w): a word says which of its slot's leaves. ``runs`` [[first slot, output],
    ...] are of trees that add to the same output. ``tree`` (slots used,) is each one's place in its model.
    """

    width: int
    table: Array
    row: dict[int, Array]
    leaves: Array
    runs: list[list[int]]
    tree: Array

    @property
    def n_slots(self) -> int:
        """The number of tree slots in the block."""
        return _WORDS * 8 // self.width


@dataclass(frozen=True, slots=True, eq=False)
class MemberTables:
    """A member's blocks, whose leaves hold ``n_values`` each."""

    blocks: list[Block]
    n_values: int

    @property
    def n_bytes(self) -> int:
        """Size of the tables."""
        return sum(block.table.nbytes for block in self.blocks)


def tables_of(member: TreeMember, axes: Axes, levels: Levels) -> MemberTables:
    """Return the member's tables; its trees must be among the levels' models, and fit."""
    trees = member.trees
    tree_tables = (
        _ordered_symmetric(trees, axes) if isinstance(trees, Symmetric) else _ordered_trees(trees, axes)
    )
    if not member.in_singles:
        tree_tables = replace(tree_tables, leaves=_summable(tree_tables.leaves))
    blocks: list[Block] = []
    for width in (8, 4, 2, 1):
        chosen = np.flatnonzero(tree_tables.width == width)
        n_slots = _WORDS * 8 // width
        for start in range(0, len(chosen), n_slots):
            blocks.append(_block(tree_tables, chosen[start : start + n_slots], trees.columns, levels))
    return MemberTables(blocks, trees.leaves.shape[1])


class TreeTableWriter:
    """Collects members' tables, their outputs side by side, into one; see ``compiled._tree_tables``."""

    def __init__(self, levels: Levels) -> None:
        self._levels = levels
        self._blocks: list[tuple[Block, int]] = []  # with the member's first output
        self._vectors: list[tuple[MemberTables, int]] = []
        self._singles: dict[int, float] = {}  # base values by output
        self._n_outputs = 0

    def add(self, tables: MemberTables, member: TreeMember) -> None:
        """Add a member; those whose leaves hold several values come last."""
        if member.in_singles:
            self._singles[self._n_outputs] = float(member.base[0])
        if tables.n_values > 1:
            self._vectors.append((tables, self._n_outputs))
        else:
            self._blocks += [(block, self._n_outputs) for block in tables.blocks]
        self._n_outputs += member.n_outputs

    def step(self) -> tuple[dict[str, Any], dict[str, Array]]:
        """Return settings and arrays."""
        ordered = sorted(self._blocks, key=lambda entry: -entry[0].width)
        segments: list[list[int]] = []
        vectors: list[list[int]] = []
        places: dict[int, list[Array]] = {output: [] for output in self._singles}
        slot = 0
        for block, first in ordered:
            if first in places:
                places[first].append(np.stack([block.tree, slot + np.arange(len(block.tree))]))
            for start, output in block.runs:
                if not segments or segments[-1][1] != first + output:
                    segments.append([slot + start, first + output])
            slot += block.n_slots
        blocks = [block for block, _ in ordered]
        arrays = {"leaves": np.concatenate([np.zeros(0), *(block.leaves[:, 0] for block in blocks)])}
        for output, place in places.items():
            tree, slots = np.concatenate(place, axis=1)
            arrays[f"singles{output}"] = slots[np.argsort(tree)].astype(np.int32)
        for at, (tables, output) in enumerate(self._vectors):
            stop = slot + sum(block.n_slots for block in tables.blocks)
            vectors.append([slot, stop, output])
            arrays[f"vectors{at}"] = np.concatenate([block.leaves for block in tables.blocks])
            blocks += tables.blocks
            slot = stop
        settings = {
            "segments": segments,
            "vectors": vectors,
            "singles": list(map(list, self._singles.items())),
            "n_outputs": self._n_outputs,
        }
        return settings, arrays | self._join_blocks(blocks)

    def _join_blocks(self, blocks: Sequence[Block]) -> dict[str, Array]:
        firsts = np.cumsum(self._levels.n_levels) - self._levels.n_levels
        rows = np.zeros((sum(self._levels.n_levels), len(blocks)), dtype=np.int32)
        n_rows = 1  # the first one leaves every leaf possible
        for at, block in enumerate(blocks):
            for axis, row in block.row.items():
                rows[firsts[axis] : firsts[axis] + len(row), at] = row + n_rows
            n_rows += len(block.table)
        return {
            "level": self._levels.level,
            "rows": rows,
            "table": np.concatenate([np.full((1, _WORDS), _EVERYTHING), *(entry.table for entry in blocks)]),
            "width": np.array([block.width for block in blocks], dtype=np.int8),
            "room": np.array([len(block.leaves) // block.n_slots for block in blocks], dtype=np.int32),
        }


@dataclass(frozen=True, slots=True, eq=False)
class _OrderedTrees:
    """Trees in the order of their targets: for each decision its tree, column, integer cut and two words.

    A row that goes left at the decision keeps the bits of ``if_left``, else those of ``if_right``. ``leaves``
    (t, room, w) are in the order of the numbers that words encode.
    """

    tree: Array
    column: Array
    cut: Array
    if_left: Array
    if_right: Array
    width: Array
    target: Array
    leaves: Array


def _ordered_trees(trees: Trees, axes: Axes) -> _OrderedTrees:
    order = np.argsort(trees.target, kind="stable")
    left, right, roots = straight(trees)
    roots = roots[order]
    levels = levels_of(left, right, roots)
    decisions, tree = (np.concatenate(parts) for parts in zip(*levels, strict=True))
    leaf, leaf_tree, number = _number_leaves(left, right, roots, decisions, tree)
    bits = np.zeros(len(trees.leaves), dtype=np.uint64)
    bits[leaf] = np.left_shift(np.uint64(1), number.astype(np.uint64))
    below = np.zeros((2, len(left)), dtype=np.uint64)
    for level, _ in reversed(levels):
        for side, branches in zip(below, (left, right), strict=True):
            branch = branches[level]
            deeper = below[:, np.maximum(branch, 0)]
            side[level] = np.where(branch < 0, bits[np.maximum(~branch, 0)], deeper[0] | deeper[1])
    n_leaves = np.bincount(leaf_tree, minlength=len(roots))
    merged = np.bitwise_or.reduceat(bits[leaf], np.cumsum(n_leaves) - n_leaves)[tree]
    leaves = np.zeros((len(roots), _ROOM[8], 1))
    leaves[leaf_tree, number] = trees.leaves[leaf]
    lone = n_leaves == 1
    leaves[lone, _ROOM[4] - 1] = leaves[lone, 0]  # without a decision the whole word stays set
    return _OrderedTrees(
        tree=tree,
        column=trees.column[decisions],
        cut=axes.whole_cuts(trees)[decisions],
        if_left=merged & ~below[1, decisions],
        if_right=merged & ~below[0, decisions],
        width=np.where(n_leaves > 32, 8, 4),
        target=trees.target[order],
        leaves=leaves,
    )


def _number_leaves(
    left: Array, right: Array, roots: Array, decisions: Array, tree: Array
) -> tuple[Array, Array, Array]:
    """Return all reachable leaves, their trees, and their numbers within the tree."""
    ends = np.concatenate([left[decisions], right[decisions], roots])
    owner = np.concatenate([tree, tree, np.arange(len(roots))])
    leaf, owner = ~ends[ends < 0], owner[ends < 0]
    order = np.argsort(owner, kind="stable")
    leaf, owner = leaf[order], owner[order]
    n_leaves = np.bincount(owner, minlength=len(roots))
    return leaf, owner, np.arange(len(leaf)) - np.repeat(np.cumsum(n_leaves) - n_leaves, n_leaves)


def _ordered_symmetric(trees: Symmetric, axes: Axes) -> _OrderedTrees:
    cut = axes.whole_cuts(trees)
    n_trees, depth = cut.shape
    real = np.isfinite(cut)
    tree, level = np.nonzero(real)
    bit = np.left_shift(np.uint64(1), level.astype(np.uint64))
    leaf_places = ((cut != LEFT) << np.arange(depth)).sum(
        axis=1
    )  # the other levels' bits stay set and are unused
    leaf = trees.first[:, np.newaxis] + (np.arange(1 << depth) & leaf_places[:, np.newaxis])
    last = np.append(trees.first[1:], len(trees.leaves)) - 1
    return _OrderedTrees(
        tree=tree,
        column=trees.column[real],
        cut=cut[real],
        if_left=~bit,
        if_right=np.full(len(bit), _EVERYTHING),
        width=np.full(n_trees, 1 if depth <= 8 else 2),
        target=np.zeros(n_trees, dtype=np.int64),
        leaves=trees.leaves[np.minimum(leaf, last[:, np.newaxis])],
    )


def _summable(leaves: Array) -> Array:
    """Return (t, room, w) leaves whose sums over trees are exact in doubles, in any order."""
    largest = np.abs(leaves).max(axis=(1, 2)).sum()
    unit = 2.0 ** (np.ceil(np.log2(max(largest, 1e-280))) - 50)
    rounded: Array = np.round(leaves / unit) * unit
    return rounded


def _block(
    tree_tables: _OrderedTrees, block_trees: Array, columns: Sequence[Column], levels: Levels
) -> Block:
    width = int(tree_tables.width[block_trees[0]])
    slot_of = np.full(len(tree_tables.width), -1)
    slot_of[block_trees] = np.arange(len(block_trees))
    slots = slot_of[tree_tables.tree]
    indices = np.flatnonzero((slots >= 0) & np.isfinite(tree_tables.cut))
    indices = indices[np.argsort(slots[indices], kind="stable")]
    axes = np.array([levels.axis_of(column) for column in columns] or [0])[tree_tables.column[indices]]
    tables: list[Array] = [np.empty((0, _WORDS), dtype=np.uint64)]
    rows: dict[int, Array] = {}
    n_rows = 0
    for axis in np.unique(axes).tolist():
        decisions = indices[axes == axis]
        pairs = zip(tree_tables.column[decisions].tolist(), tree_tables.cut[decisions].tolist(), strict=True)
        lefts = np.stack([levels.values(columns[column]) <= cut for column, cut in pairs])
        distinct, row = _distinct_columns(lefts)
        tables.append(_rows(tree_tables, decisions, slots[decisions], lefts[:, distinct], width=width))
        rows[axis] = row + n_rows
        n_rows += len(distinct)
    capacity = _ROOM.get(width, tree_tables.leaves.shape[1])
    leaves = np.zeros((_WORDS * 8 // width, capacity, tree_tables.leaves.shape[2]))
    leaves[: len(block_trees)] = tree_tables.leaves[block_trees, :capacity]
    target = tree_tables.target[block_trees]
    runs = [[slot, int(target[slot])] for slot in np.flatnonzero(np.diff(target, prepend=-1)).tolist()]
    return Block(width, np.concatenate(tables), rows, leaves.reshape(-1, leaves.shape[2]), runs, block_trees)


def _distinct_columns(lefts: Array) -> tuple[Array, Array]:
    """Return the places of the distinct columns of ``lefts`` (n, k), and (k,) which of them each column is.

    Columns are compared by a number made of their bits; should two that differ have the same one, by the bits
    themselves, which takes several times as long.
    """
    packed = np.packbits(lefts, axis=0)
    words = np.zeros((-(-len(packed) // 8) * 8, lefts.shape[1]), dtype=np.uint8)
    words[: len(packed)] = packed
    parts = np.ascontiguousarray(words.T).view(np.uint64)
    factors = np.random.default_rng(0).integers(0, 2**63, parts.shape[1], dtype=np.uint64) * 2 + 1
    _, distinct, row = np.unique(parts @ factors, return_index=True, return_inverse=True)
    if np.array_equal(parts[distinct][row], parts):
        return distinct, row
    _, distinct, row = np.unique(packed, axis=1, return_index=True, return_inverse=True)
    return distinct, row.reshape(-1)


def _rows(tree_tables: _OrderedTrees, decisions: Array, slots: Array, lefts: Array, *, width: int) -> Array:
    """Return (rows, words) for the outcomes ``lefts`` (decisions, rows) of the decisions about an axis."""
    rows = np.where(
        lefts, tree_tables.if_left[decisions, np.newaxis], tree_tables.if_right[decisions, np.newaxis]
    )
    firsts = np.flatnonzero(np.diff(slots, prepend=-1))
    words = np.full((lefts.shape[1], _WORDS), _EVERYTHING)
    words.view(f"<u{width}")[:, slots[firsts]] = np.bitwise_and.reduceat(rows, firsts, axis=0).T.astype(
        f"<u{width}"
    )
    return words
