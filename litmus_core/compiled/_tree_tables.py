"""Small trees without walking: tables say which leaves each input leaves possible.

A tree of up to 64 leaves is a word with one bit a leaf. For each axis and rank, a table's row holds the words
of a *block* of trees: the leaves that this rank does not rule out. The rows of all axes ANDed leave one bit,
the leaf. A symmetric tree's word has one bit a level instead, and the result is the leaf's index. (Lucchese
et al., "QuickScorer", SIGIR 2015, mask decision by decision; here all decisions about one input are one row.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from litmus_core.compiled._native import NativeFacts
from litmus_core.compiled._tree_table_facts import SlotLayout, table_facts

Array = np.ndarray[Any, Any]
_TREE_WIDTHS = (8, 4)  # bytes of a word with one bit a leaf; narrower words belong to symmetric trees
_ALL = np.uint64(2**64 - 1)  # all leaves are possible
_EXPONENT = 1023  # of the double 1.0
_SLOTS = 64  # trees whose leaves are looked up at a time


@dataclass(frozen=True, slots=True, eq=False)
class _Piece:
    """Trees of a group that add to the same output; in singles also ``turns``, their order."""

    trees: slice
    output: int
    turns: Array | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    """Some trees of a block: their words and leaves, and which output each adds to."""

    words: slice
    leaves: list[tuple[Array, list[_Piece]]]


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """Trees that share rows: the axes they read, with the row of each level.

    ``width`` is the bytes of a word, ``start`` (slots,) where each tree's leaves begin in its group, less the
    word of the first leaf.
    """

    axes: list[tuple[int, Array]]
    width: int
    start: Array
    groups: list[_Group]


@dataclass(frozen=True, slots=True)
class _Section:
    """Words of one width, side by side in a row of all blocks, and their slots."""

    words: slice
    dtype: str
    slots: slice


class TreeTables:
    """Sums of all trees' leaves by output, exact in whatever order they are added.

    Outputs in ``singles`` are added up in float32 instead, as their library does: a base, then tree after
    tree.

    ``arrays``: ``level`` (ranks of all axes,) maps a rank to its level, ``rows`` (levels, blocks) a level to
    its row of ``table`` (rows, words) in each block. ``width`` (blocks,) is the bytes of a tree's word,
    ``room`` (blocks,) how many leaves of each tree are in ``leaves`` (m,), slot after slot, or for trees of k
    values in ``vectors<i>`` (m, k), whose blocks come last. ``settings``: ``segments`` [[first slot, output],
    ...] of single values, ``vectors`` [[first slot, end, first output], ...], ``n_outputs``, ``singles``
    [[output, base], ...] with the slots of ``singles<output>`` (trees,) in order.
    """

    def __init__(self, settings: Mapping[str, Any], arrays: Mapping[str, Array], n_ranks: Array) -> None:
        self.n_outputs: int = settings["n_outputs"]
        self._table = np.ascontiguousarray(arrays["table"], dtype=np.uint64)
        self._level = arrays["level"].astype(np.intp)
        self._n_ranks = n_ranks
        self._start = np.cumsum(n_ranks) - n_ranks
        self._rows = arrays["rows"].astype(np.intp)
        self._leaves = np.ascontiguousarray(arrays["leaves"], dtype=np.float64)
        self._vectors = [
            (slice(start, stop), output, np.ascontiguousarray(arrays[f"vectors{at}"]))
            for at, (start, stop, output) in enumerate(settings["vectors"])
        ]
        self._ones = [np.ones(slots.stop - slots.start) for slots, _, _ in self._vectors]
        self._singles = [
            _Singles(output, base, arrays[f"singles{output}"].astype(np.intp))
            for output, base in settings.get("singles", ())
        ]
        self._widths, self._rooms = arrays["width"].tolist(), arrays["room"].tolist()
        self._lay_offsets(self._widths, self._rooms)
        self._n_single = self._vectors[0][0].start if self._vectors else self._offset.size
        self._segments_read: Sequence[Sequence[int]] = settings["segments"]
        self._lay_segments(settings["segments"])
        self._lay_sections(self._widths)

    def facts(self) -> NativeFacts | None:
        """Return what machine code needs to look up leaves; None if rows do not have the width it takes."""
        return table_facts(
            n_ranks=self._n_ranks,
            level=self._level,
            rows=self._rows,
            table=self._table,
            slots=SlotLayout(
                widths=self._widths,
                rooms=self._rooms,
                biases=[
                    _bias(width, capacity) for width, capacity in zip(self._widths, self._rooms, strict=True)
                ],
            ),
            first=self._first,
            leaves=[self._leaves.reshape(-1, 1), *(values for _, _, values in self._vectors)],
            runs=self._runs(),
            singles=[(single.output, single.slots, single.base) for single in self._singles],
            n_outputs=self.n_outputs,
        )

    @property
    def n_singles(self) -> int:
        """The number of trees added up in float32."""
        return sum(single.slots.size for single in self._singles)

    def _runs(self) -> list[tuple[int, int, int, int]]:
        """Return the slots that add to the same output: first, end, output, index of its leaves.

        The index is 0 for leaves of one value, 1 and up for vectors, -1 for outputs in singles.
        """
        ends = [*self._segments.tolist()[1:], self._n_single]
        of_singles = {single.output for single in self._singles}
        runs = [
            (start, end, output, -1 if output in of_singles else 0)
            for (start, output), end in zip(self._segments_read, ends, strict=False)
        ]
        vectors = enumerate(self._vectors, start=1)
        return runs + [(slots.start, slots.stop, output, at) for at, (slots, output, _) in vectors]

    def _lay_offsets(self, widths: Sequence[int], rooms: Sequence[int]) -> None:
        """Set the offsets from a slot's number to its leaf; leaves of vectors count from 0 again."""
        rooms_of_slots = np.repeat(rooms, [self._n_slots(width) for width in widths])
        self._first = np.cumsum(rooms_of_slots) - rooms_of_slots
        for slots, _, _ in self._vectors:
            self._first[slots] -= self._first[slots.start]
        biases = [_bias(width, capacity) for width, capacity in zip(widths, rooms, strict=True)]
        self._offset = self._first - np.repeat(biases, [self._n_slots(width) for width in widths])

    def _n_slots(self, width: int) -> int:
        return int(self._table.shape[1]) * 8 // width

    def _lay_segments(self, segments: Sequence[Sequence[int]]) -> None:
        self._segments = np.array([start for start, _ in segments], dtype=np.intp)
        outputs = [output for _, output in segments]
        self._gather: Array | None = None
        if outputs != list(range(self.n_outputs)):
            self._gather = np.zeros((len(segments), self.n_outputs))
            self._gather[range(len(segments)), outputs] = 1.0

    def _lay_sections(self, widths: Sequence[int]) -> None:
        n_words = self._table.shape[1]
        self._sections: list[_Section] = []
        slot, at = 0, 0
        while at < len(widths):
            same = at
            while same < len(widths) and widths[same] == widths[at]:
                same += 1
            stop = slot + (same - at) * n_words * 8 // widths[at]
            words = slice(at * n_words, same * n_words)
            self._sections.append(_Section(words, f"<u{widths[at]}", slice(slot, stop)))
            slot, at = stop, same
        self._n_trees = max(
            (section.slots.stop for section in self._sections if int(section.dtype[2:]) in _TREE_WIDTHS),
            default=0,
        )

    @property
    def n_leaves(self) -> int:
        """The number of leaves looked up for a row."""
        return int(self._offset.size)

    def sum_few_rows(self, ranks: Array) -> Array:
        """Return (n, n_outputs) sums for (n, axes) ranks of few rows."""
        rows = self._rows.take(self._level.take(ranks + self._start), axis=0)  # (n, axes, blocks)
        words = np.bitwise_and.reduce(self._table.take(rows, axis=0), axis=1).reshape(len(ranks), -1)
        place = np.empty((len(ranks), self._offset.size), dtype=np.int64)
        exact = place.view(np.float64)
        n_trees = self._n_trees
        for section in self._sections:
            into = exact if section.slots.stop <= n_trees else place
            into[:, section.slots] = words[:, section.words].view(section.dtype)
        if n_trees:
            bits = place[:, :n_trees]
            np.right_shift(bits, 52, out=bits)  # a power of two's exponent
        place += self._offset
        return self._add_leaves(place)

    def _add_leaves(self, place: Array) -> Array:
        sums = np.zeros((len(place), 0))
        if self._segments.size:
            values = self._leaves.take(place[:, : self._n_single])
            sums = np.add.reduceat(values, self._segments, axis=1)
        if self._gather is not None:
            sums = sums @ self._gather
        for (slots, output, vectors), ones in zip(self._vectors, self._ones, strict=True):
            sums[:, output : output + vectors.shape[1]] = ones @ vectors.take(place[:, slots], axis=0)
        for single in self._singles:
            sums[:, single.output] = single.of_few(values)
        return sums

    def sum_many_rows(self, ranks: Sequence[Array]) -> Array:
        """Return (n, n_outputs) sums for (n,) ranks of each axis."""
        n_rows = len(ranks[0])
        sums = np.zeros((self.n_outputs, n_rows))
        levels = [level.take(rank) for level, rank in zip(self._levels, ranks, strict=True)]
        words = np.empty((n_rows, self._table.shape[1]), dtype=np.uint64)
        others, row = np.empty_like(words), np.empty(n_rows, dtype=np.intp)
        places, values = np.empty(n_rows * _SLOTS, dtype=np.int64), np.empty(n_rows * _SLOTS)
        starts = _Starts(n_rows)
        singles = {
            single.output: np.empty((single.slots.size, n_rows), np.float32) for single in self._singles
        }
        for block in self._blocks:
            if not block.axes:
                words.fill(_ALL)
            for at, (axis, rows) in enumerate(block.axes):
                rows.take(levels[axis], out=row, mode="clip")
                self._table.take(row, axis=0, out=others if at else words, mode="clip")
                if at:
                    np.bitwise_and(words, others, out=words)
            words_of_trees, start = words.view(f"<u{block.width}"), starts.of(block)
            place, value = (
                places[: start.size].reshape(start.shape),
                values[: start.size].reshape(start.shape),
            )
            for group in block.groups:
                _decode(words_of_trees[:, group.words], into=place, trees=block.width in _TREE_WIDTHS)
                place += start
                for leaves, pieces in group.leaves:
                    leaves.take(place, out=value, mode="clip")
                    for piece in pieces:
                        leaf_values = value[:, piece.trees]
                        if piece.turns is None:
                            sums[piece.output] += np.einsum("ij->i", leaf_values)  # twice as fast as sum()
                        else:
                            singles[piece.output][piece.turns] = leaf_values.T
        for one in self._singles:
            sums[one.output] = one.of_many(singles[one.output])
        return sums.T

    @cached_property
    def _levels(self) -> list[Array]:
        """Return each axis's levels by rank, relative to the axis's first."""
        return [level - level.min() for level in np.split(self._level, self._start[1:])]

    @cached_property
    def _blocks(self) -> list[_Block]:
        """Return the blocks in the order in which many rows go through them."""
        spans = [slice(level.min(), level.max() + 1) for level in np.split(self._level, self._start[1:])]
        columns = [np.ascontiguousarray(vectors.T) for _, _, vectors in self._vectors]
        blocks: list[_Block] = []
        slot = 0
        for at, (width, capacity) in enumerate(zip(self._widths, self._rooms, strict=True)):
            rows = [np.ascontiguousarray(self._rows[span, at]) for span in spans]
            axes = [(axis, row) for axis, row in enumerate(rows) if row.any()]
            n_slots = self._n_slots(width)
            size = min(_SLOTS, n_slots)
            groups = [
                _Group(slice(start, start + size), self._leaves_of(slot + start, size, capacity, columns))
                for start in range(0, n_slots, size)
            ]
            blocks.append(_Block(axes, width, np.arange(size) * capacity - _bias(width, capacity), groups))
            slot += n_slots
        return blocks

    def _leaves_of(
        self, first: int, size: int, capacity: int, columns: Sequence[Array]
    ) -> list[tuple[Array, list[_Piece]]]:
        """Return the leaves of ``size`` trees from the slot ``first`` on, and which trees add to which
        output.

        ``columns`` (k, m) are the vectors' values, one after the other.
        """
        begin = int(self._first[first])
        block = slice(begin, begin + size * capacity)
        for (slots, output, _), vectors in zip(self._vectors, columns, strict=True):
            if slots.start <= first < slots.stop:
                everything = slice(0, size)
                return [
                    (vector[block], [_Piece(everything, output + at)]) for at, vector in enumerate(vectors)
                ]
        ends = [*(place for place, _ in self._segments_read[1:]), self._n_single]
        pieces = [
            self._piece(slice(max(place - first, 0), min(end - first, size)), output, first)
            for (place, output), end in zip(self._segments_read, ends, strict=False)
            if place < first + size and end > first
        ]
        return [(self._leaves[block], pieces)]

    def _piece(self, trees: slice, output: int, first: int) -> _Piece:
        for single in self._singles:
            if single.output == output:
                turns = single.turns(slice(first + trees.start, first + trees.stop))
                return _Piece(slice(trees.start, trees.start + len(turns)), output, turns)
        return _Piece(trees, output)


@dataclass(frozen=True, slots=True, eq=False)
class _Singles:
    """An output added up in float32: its ``base``, then the leaves of ``slots`` (trees,), in order."""

    output: int
    base: float
    slots: Array

    def of_few(self, values: Array) -> Array:
        """Return (n,) sums of (n, all slots) leaves."""
        singles = np.empty((len(values), self.slots.size + 1), dtype=np.float32)
        singles[:, 0] = self.base
        singles[:, 1:] = values.take(self.slots, axis=1)
        total: Array = np.add.accumulate(singles, axis=1)[:, -1]
        return total

    def of_many(self, singles: Array) -> Array:
        """Return (n,) sums of (trees, n) leaves in order."""
        total = np.full(singles.shape[1], self.base, dtype=np.float32)
        for single in singles:
            total += single
        return total

    def turns(self, slots: slice) -> Array:
        """Return the order of those of ``slots`` that hold a tree; they are the first ones of a block."""
        order = np.argsort(self.slots)
        order_of = self.slots[order]
        return order[np.searchsorted(order_of, slots.start) : np.searchsorted(order_of, slots.stop)]


class _Starts:
    """Leaf positions, repeated for each of n rows: much faster to add than broadcasting."""

    def __init__(self, n_rows: int) -> None:
        self._n_rows = n_rows
        self._known: dict[tuple[int, int], Array] = {}

    def of(self, block: _Block) -> Array:
        """Return (n, slots of a group)."""
        key = block.width, int(block.start[-1])
        if key not in self._known:
            self._known[key] = np.broadcast_to(block.start, (self._n_rows, block.start.size)).copy()
        return self._known[key]


def _decode(words: Array, *, into: Array, trees: bool) -> None:
    """Write the numbers that the words encode into ``into``."""
    if not trees:
        into[...] = words
        return
    into.view(np.float64)[...] = words
    np.right_shift(into, 52, out=into)  # a power of two's exponent


def _bias(width: int, capacity: int) -> int:
    """Return the code of a tree's first leaf in a word; bits that symmetric trees lack stay set."""
    return _EXPONENT if width in _TREE_WIDTHS else (1 << 8 * width) - capacity
