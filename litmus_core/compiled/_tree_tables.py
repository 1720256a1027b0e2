"""Small trees that are never walked: tables say which leaves each input leaves possible.

A tree of up to 64 leaves is a word with one bit a leaf. For each axis and rank, a table's row holds the
words of a *block* of trees: the leaves that this rank does not rule out. The rows of all axes ANDed leave one
bit, the leaf. A symmetric tree's word has one bit a level instead, and what is left says which leaf at once.
(Lucchese et al., "QuickScorer", SIGIR 2015, mask decision by decision; here all decisions about one input are
one row.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
_TREE_WIDTHS = (8, 4)  # bytes of a word with one bit a leaf; narrower ones are symmetric trees'
_ALL = np.uint64(2**64 - 1)  # all leaves are possible
_SLOTS = 64  # trees whose leaves are looked up at a time


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    """Some trees of a block: ``offset`` of each, and which of them add to which output."""

    slots: slice
    offset: Array
    pieces: list[tuple[slice, int]]
    vectors: list[tuple[int, Array]]


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """Trees of words of ``width`` bytes that share rows: the axes they read, with the row of each level."""

    width: int
    axes: list[tuple[int, Array]]
    groups: list[_Group]


@dataclass(frozen=True, slots=True)
class _Section:
    """Words of one width side by side in a row of all blocks, and the slots they are."""

    words: slice
    dtype: str
    slots: slice


class TreeTables:
    """Sums of leaves of all trees by output. All sums are exact, in whatever order they are added up.

    ``arrays``: ``level`` (ranks of all axes,) says which level a rank is, ``rows`` (levels, blocks) which row
    of ``table`` (rows, words) a level is in each block. ``width`` (blocks,) is the bytes of a tree's word,
    those with one value a leaf first, wide ones first among them. ``offset`` (slots,) is added to what a
    word says, which makes places in ``leaves`` (m,), or for trees of k values in ``vectors<i>`` (k, m).
    ``settings``: ``segments`` [[first slot, output], ...] of single values, ``vectors`` [[first slot, end,
    first output], ...], ``n_outputs``.
    """

    def __init__(self, settings: Mapping[str, Any], arrays: Mapping[str, Array], n_ranks: Array) -> None:
        self.n_outputs: int = settings["n_outputs"]
        self._table = np.ascontiguousarray(arrays["table"], dtype=np.uint64)
        self._level = arrays["level"].astype(np.intp)
        self._start = np.cumsum(n_ranks) - n_ranks
        self._rows = arrays["rows"].astype(np.intp)
        self._offset = arrays["offset"].astype(np.intp)
        self._leaves = np.ascontiguousarray(arrays["leaves"], dtype=np.float64)
        self._vectors = [
            (slice(start, stop), slice(output, output + len(leaves)), np.ascontiguousarray(leaves))
            for (start, stop, output), leaves in (
                (each, arrays[f"vectors{at}"]) for at, each in enumerate(settings["vectors"])
            )
        ]
        self._n_single = self._vectors[0][0].start if self._vectors else self._offset.size
        self._lay_segments(settings["segments"])
        self._lay_blocks(arrays["width"].tolist(), settings["segments"])
        self._lay_sections(arrays["width"].tolist())

    def _lay_segments(self, segments: Sequence[Sequence[int]]) -> None:
        self._segments = np.array([start for start, _ in segments], dtype=np.intp)
        outputs = [output for _, output in segments]
        self._gather: Array | None = None
        if outputs != list(range(self.n_outputs)):
            self._gather = np.zeros((len(segments), self.n_outputs))
            self._gather[range(len(segments)), outputs] = 1.0

    def _lay_blocks(self, widths: Sequence[int], segments: Sequence[Sequence[int]]) -> None:
        self._levels: list[Array] = []
        spans: list[tuple[int, int]] = []
        for own in np.split(self._level, self._start[1:]):
            spans.append((int(own.min()), int(own.max()) + 1))
            self._levels.append(own - own.min())
        self._blocks: list[_Block] = []
        slot = 0
        for at, width in enumerate(widths):
            rows = self._rows[:, at]
            axes = [
                (axis, np.ascontiguousarray(rows[first:stop]))
                for axis, (first, stop) in enumerate(spans)
                if rows[first:stop].any()
            ]
            n_slots = self._table.shape[1] * 8 // width
            groups = [
                self._group(slot, start, min(start + _SLOTS, n_slots), segments)
                for start in range(0, n_slots, _SLOTS)
            ]
            self._blocks.append(_Block(width, axes, groups))
            slot += n_slots

    def _group(self, block: int, start: int, stop: int, segments: Sequence[Sequence[int]]) -> _Group:
        """Return the group of the block that begins with the slot ``block``."""
        first, end = block + start, block + stop
        ends = [*(place for place, _ in segments[1:]), self._n_single]
        pieces = [
            (slice(max(place - first, 0), min(until, end) - first), output)
            for (place, output), until in zip(segments, ends, strict=False)
            if place < end and until > first
        ]
        vectors = [
            (output, leaves)
            for slots, outputs, own in self._vectors
            if slots.start <= first < slots.stop
            for output, leaves in zip(range(outputs.start, outputs.stop), own, strict=True)
        ]
        return _Group(slice(start, stop), self._offset[first:end], pieces, vectors)

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
            (each.slots.stop for each in self._sections if int(each.dtype[2:]) in _TREE_WIDTHS), default=0
        )

    def few(self, ranks: Array) -> Array:
        """Return (n, n_outputs) sums for (n, axes) ranks of few rows."""
        rows = self._rows.take(self._level.take(ranks + self._start), axis=0)  # (n, axes, blocks)
        words = np.bitwise_and.reduce(self._table.take(rows, axis=0), axis=1).reshape(len(ranks), -1)
        place = np.empty((len(ranks), self._offset.size), dtype=np.int64)
        exact = place.view(np.float64)
        n_trees = self._n_trees
        for each in self._sections:
            into = exact if each.slots.stop <= n_trees else place
            into[:, each.slots] = words[:, each.words].view(each.dtype)
        if n_trees:
            bits = place[:, :n_trees]
            np.right_shift(bits, 52, out=bits)  # a power of two's exponent
        place += self._offset
        return self._added(place)

    def _added(self, place: Array) -> Array:
        sums = np.zeros((len(place), 0))
        if self._segments.size:
            values = self._leaves.take(place[:, : self._n_single])
            sums = np.add.reduceat(values, self._segments, axis=1)
        if self._gather is not None:
            sums = sums @ self._gather
        for slots, outputs, vectors in self._vectors:
            own = place[:, slots]
            for output, leaves in zip(range(outputs.start, outputs.stop), vectors, strict=True):
                sums[:, output] = leaves.take(own).sum(axis=1)
        return sums

    def many(self, ranks: Sequence[Array]) -> Array:
        """Return (n, n_outputs) sums for (n,) ranks of each axis."""
        n_rows = len(ranks[0])
        sums = np.zeros((self.n_outputs, n_rows))
        levels = [own.take(rank) for own, rank in zip(self._levels, ranks, strict=True)]
        words = np.empty((n_rows, self._table.shape[1]), dtype=np.uint64)
        others, row = np.empty_like(words), np.empty(n_rows, dtype=np.intp)
        place, values = np.empty((n_rows, _SLOTS), dtype=np.int64), np.empty((n_rows, _SLOTS))
        for block in self._blocks:
            if not block.axes:
                words.fill(_ALL)
            for at, (axis, rows) in enumerate(block.axes):
                rows.take(levels[axis], out=row, mode="clip")
                self._table.take(row, axis=0, out=others if at else words, mode="clip")
                if at:
                    np.bitwise_and(words, others, out=words)
            told = words.view(f"<u{block.width}")
            for group in block.groups:
                n_slots = group.offset.size
                own = _places(told[:, group.slots], group.offset, out=place[:, :n_slots], width=block.width)
                for output, leaves in group.vectors:
                    sums[output] += leaves.take(own).sum(axis=1)
                if group.pieces:
                    found = self._leaves.take(own, out=values[:, :n_slots], mode="clip")
                    for piece, output in group.pieces:
                        sums[output] += found[:, piece].sum(axis=1)
        return sums.T


def _places(words: Array, offset: Array, *, out: Array, width: int) -> Array:
    """Return the places of the leaves that ``words`` say."""
    if width not in _TREE_WIDTHS:
        np.add(words, offset, out=out)
        return out
    out.view(np.float64)[...] = words
    np.right_shift(out, 52, out=out)  # a power of two's exponent
    out += offset
    return out
