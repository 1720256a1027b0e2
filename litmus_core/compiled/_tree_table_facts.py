"""Small trees' tables as machine code reads them: ``Tables`` in rows.c."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from litmus_core.compiled._native import NativeFacts, check_within, field

Array = np.ndarray[Any, Any]
Run = tuple[int, int, int, int]  # first slot, end, output, index of its leaves; -1: added up in singles
_WORDS = 32  # WORDS of rows.c
_LEAST_ROOM = {8: 64, 4: 32}  # leaves that a word with one bit a leaf can hold


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotLayout:
    """How the slots of each tree table are laid out: bytes of a word, room for leaves, and bias."""

    widths: Sequence[int]
    rooms: Sequence[int]
    biases: Sequence[int]


def table_facts(
    *, n_ranks: Array, level: Array, rows: Array, table: Array, slots: SlotLayout,
    first: Array, leaves: Sequence[Array], runs: Sequence[Run],
    singles: Sequence[tuple[int, Array, float]], n_outputs: int,
) -> NativeFacts | None:  # fmt: skip
    """Return the struct of the tables; None if rows do not have the width that machine code takes.

    ``first`` (slots,) is the first leaf of each slot. ``leaves`` (m, values) are those of one value, then
    of vectors. ``singles`` are the output, the slots in turn and the base of each. Other arguments are
    :class:`TreeTables`'s. Raises BundleError for an index out of range.
    """
    if table.ndim != 2 or table.shape[1] != _WORDS:
        return None
    widths, rooms, biases = slots.widths, slots.rooms, slots.biases
    n_of = np.array([_WORDS * 8 // width for width in widths], dtype=np.int64)
    n_levels, n_slots = int(n_ranks.sum()), int(n_of.sum())
    check_within(level, len(rows))
    check_within(rows, len(table))
    for width, capacity in zip(widths, rooms, strict=True):
        check_within(capacity, min(2 ** (8 * width), 2**20) + 1, start=_LEAST_ROOM.get(width, 1))
    check_within(n_outputs, 2**31)
    _check_runs(runs, first, first + np.repeat(rooms, n_of), leaves, n_outputs)
    turn = np.full(n_slots, sum(member_level.size for _, member_level, _ in singles))
    n_before = 0
    for output, shape, _ in singles:
        check_within(output, n_outputs)
        check_within(shape, n_slots)
        turn[shape] = np.arange(shape.size) + n_before
        n_before += shape.size
    pieces, pieces_end = _pieces(runs, n_of)
    return NativeFacts(
        n_ranks.size,
        len(widths),
        len(singles),
        n_before + 1,
        np.cumsum(n_ranks, dtype=np.int64) - n_ranks,
        field(level, np.int32, n_levels),
        field(rows, np.int32, len(rows), len(widths)),
        field(table, np.uint64, len(table), _WORDS),
        field(widths, np.int64, len(widths)),
        field(biases, np.int64, len(widths)),
        field(first, np.int64, n_slots),
        pieces,
        pieces_end,
        [field(leaf, np.float64, *leaf.shape) for leaf in leaves],
        np.array([leaf.shape[1] for leaf in leaves], dtype=np.int64),
        field(turn, np.int64, n_slots),
        np.array([(output, member_level.size) for output, member_level, _ in singles], dtype=np.int64),
        np.array([base for _, _, base in singles], dtype=np.float32),
    )


def _check_runs(
    runs: Sequence[Run], first: Array, ends: Array, leaves: Sequence[Array], n_outputs: int
) -> None:
    """Raise BundleError for slots, leaves (from ``first`` to ``ends``) or outputs that do not exist."""
    for leaf in leaves:
        check_within(leaf.ndim, 3, start=2)
    for low, high, output, of in runs:
        leaf_run = leaves[max(of, 0)]
        check_within([low, high], ends.size + 1)
        check_within(first[low:high], len(leaf_run) + 1)
        check_within(ends[low:high], len(leaf_run) + 1)
        check_within([output, output + leaf_run.shape[1] - 1], n_outputs)


def _pieces(runs: Sequence[Run], slots: Array) -> tuple[Array, Array]:
    """Return the runs split at blocks, as rows.c needs them, and where each block's runs end."""
    pieces: list[tuple[int, int, int, int, int]] = []
    pieces_end: list[int] = []
    begin = 0
    for n_slots in slots.tolist():
        for first, end, output, of in runs:
            low, high = max(first, begin), min(end, begin + n_slots)
            if low < high:
                pieces.append((low - begin, high - begin, low, output, of))
        pieces_end.append(len(pieces))
        begin += n_slots
    return np.array(pieces, dtype=np.int64), np.array(pieces_end, dtype=np.int64)
