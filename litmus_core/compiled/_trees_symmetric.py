"""Trees whose levels each ask one question: the answers' bits say which leaf, and nothing is walked."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
_BLOCK_CELLS = 200_000  # answers that lie side by side while many rows are looked up
_PAIR_LEVELS, _PAIR_CELLS = 12, 6_000_000  # what leaves of two trees may take together


class SymmetricTrees:
    """Sums of leaves over the encoded columns; few rows go row by row, many go level by level."""

    def __init__(self, arrays: Mapping[str, Array], name: str) -> None:
        column, cut = arrays[f"{name}.column"].astype(np.intp), arrays[f"{name}.cut"]
        n_levels = 8 if column.shape[1] <= 8 else 16
        lacking = ((0, 0), (0, n_levels - column.shape[1]))
        self._column = np.pad(column, lacking).ravel()
        self._cut = np.pad(cut, lacking, constant_values=np.inf).ravel()
        self._dtype = f"<u{n_levels // 8}"
        self._first = arrays[f"{name}.first"].astype(np.intp)
        self._leaves = list(arrays[f"{name}.leaves"])  # by output
        self._lay_levels(column, cut)

    def _lay_levels(self, column: Array, cut: Array) -> None:
        """Number the different questions, by column; pair trees where their leaves' sums stay small."""
        pairs, question = np.unique(
            np.stack([column.ravel(), cut.ravel()]).astype(np.float64), axis=1, return_inverse=True
        )
        self._question = question.reshape(column.shape).T.astype(np.intp)  # (levels, t)
        self._asked, first = np.unique(pairs[0].astype(np.intp), return_index=True)
        cuts = pairs[1].astype(np.float32)
        edges = [*first.tolist(), len(cuts)]
        self._answers = [
            (slice(start, stop), cuts[start:stop, np.newaxis]) for start, stop in itertools.pairwise(edges)
        ]
        self._n_questions = len(cuts)
        self._tables = self._leaf_tables(len(self._question))

    def _leaf_tables(self, n_levels: int) -> list[Array]:
        """Return each output's tables of leaves by what trees (or pairs of trees) answer."""
        n_trees, n_leaves = len(self._first), 1 << n_levels
        place = self._first[:, np.newaxis] + np.arange(n_leaves)
        np.minimum(place, np.append(self._first[1:], len(self._leaves[0]))[:, np.newaxis] - 1, out=place)
        tables = [values.take(place).astype(np.float64) for values in self._leaves]
        cells = n_trees // 2 << 2 * n_levels
        self._paired = 2 * n_levels <= _PAIR_LEVELS and cells * len(tables) <= _PAIR_CELLS and n_trees > 1
        if not self._paired:
            return tables
        self._question = np.pad(self._question, ((0, 0), (0, n_trees % 2)))  # a last tree's mate is always 0
        both: list[Array] = []
        for table in tables:
            mate = np.zeros((n_trees % 2, n_leaves))
            whole = np.concatenate([table, mate])
            joined = whole[1::2, :, np.newaxis] + whole[::2, np.newaxis, :]
            both.append(joined.reshape(len(joined), -1))
        return both

    def sums(self, encoded: Array) -> list[Array]:
        """Return (n, 1) sums of leaves, one for each output; for few rows."""
        parts = [self._few(encoded[start : start + 32]) for start in range(0, len(encoded), 32)]
        return [np.concatenate(sums) for sums in zip(*parts, strict=True)] if len(parts) > 1 else parts[0]

    def _few(self, encoded: Array) -> list[Array]:
        bits = encoded.take(self._column, axis=1) > self._cut
        leaf = np.packbits(bits, axis=1, bitorder="little").view(self._dtype) + self._first
        return [values.take(leaf).sum(axis=1, dtype=np.float64, keepdims=True) for values in self._leaves]

    def asked(self, encoded: Array) -> Array:
        """Return the columns that questions are about, for :meth:`sums_of_many`."""
        asked: Array = encoded.take(self._asked, axis=1)
        return asked

    def sums_of_many(self, asked: Array) -> list[Array]:
        """Return (n, 1) sums of leaves, one for each output, of thousands of rows."""
        n_rows, n_trees = len(asked), self._question.shape[1]
        answers = np.empty((self._n_questions, n_rows), dtype=np.bool_)
        for values, (questions, cuts) in zip(asked.T.copy(), self._answers, strict=True):
            np.greater(values, cuts, out=answers[questions])
        bits = answers.view(np.uint8)
        sums = np.zeros((len(self._leaves), n_rows))
        size = max(2, _BLOCK_CELLS // n_rows // 2 * 2)
        for start in range(0, n_trees, size):
            leaf = self._leaf_of(bits, self._question[:, start : start + size])
            begin = start // 2 if self._paired else start
            place = leaf.astype(np.intp)
            place += np.arange(begin, begin + len(leaf))[:, np.newaxis] * self._tables[0].shape[1]
            for total, tables in zip(sums, self._tables, strict=True):
                total += tables.take(place, mode="clip").sum(axis=0)
        return list(sums[:, :, np.newaxis])

    def _leaf_of(self, bits: Array, question: Array) -> Array:
        """Return (trees or pairs, n) which leaf rows come to."""
        n_levels = len(question)
        leaf: Array = bits.take(question[-1], axis=0)
        if n_levels > 8:
            leaf = leaf.astype(np.uint16)
        for level in range(n_levels - 2, -1, -1):
            leaf += leaf
            leaf |= bits.take(question[level], axis=0)
        if not self._paired:
            return leaf
        both: Array = leaf[1::2].astype(np.uint16)
        both <<= n_levels
        both |= leaf[::2]
        return both
