"""TF-IDF of n-grams: texts in, sparse rows of length 1 out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from litmus_core.frame import Ngrams

_CHUNK_CHARACTERS = 1_000_000
_LEARN_CHARACTERS = 6_000_000


class NgramTfidf:
    """Sublinear TF-IDF over the n-grams from ``cut`` that occur in at least ``min_rows`` texts.

    ``fit`` learns the vocabulary from a random part of the texts if they are very long in total. Rows are
    independent: one text gives exactly what it gives within a batch.
    """

    def __init__(
        self, cut: Callable[[Sequence[str]], Ngrams], *, min_rows: int, max_features: int, seed: int
    ) -> None:
        self.cut, self.min_rows, self.max_features, self.seed = cut, min_rows, max_features, seed

    def fit(self, texts: Sequence[str]) -> NgramTfidf:
        """Learn ``keys_`` (sorted, at most ``max_features``, the most frequent ones) and ``idf_``."""
        learned = self._sample(texts)
        terms = self.cut(learned)
        keys, column = np.unique(terms.key, return_inverse=True)
        n_rows_with = np.diff(_counts(terms.row, column, (len(learned), keys.size)).tocsc().indptr)
        positions = np.flatnonzero(n_rows_with >= self.min_rows)
        if positions.size > self.max_features:
            order = np.argsort(-n_rows_with[positions], kind="stable")[: self.max_features]
            positions = np.sort(positions[order])
        self.keys_ = keys[positions]
        self.idf_ = np.log((1.0 + len(learned)) / (1.0 + n_rows_with[positions])) + 1.0
        return self

    def transform(self, texts: Sequence[str]) -> Any:
        """Return a (n, k) CSR matrix; a text without a known n-gram is a row of zeros."""
        from scipy import sparse

        parts = [self._transform(texts[start:stop]) for start, stop in _chunks(texts)]
        return sparse.vstack(parts, format="csr") if len(parts) != 1 else parts[0]

    def _transform(self, texts: Sequence[str]) -> Any:
        terms = self.cut(texts)
        place = np.searchsorted(self.keys_, terms.key)
        is_listed = place < self.keys_.size
        is_listed[is_listed] = self.keys_[place[is_listed]] == terms.key[is_listed]
        matrix = _counts(terms.row[is_listed], place[is_listed], (len(texts), self.keys_.size))
        matrix.data = (1.0 + np.log(matrix.data)) * self.idf_[matrix.indices]
        row = np.repeat(np.arange(len(texts)), np.diff(matrix.indptr))
        length = np.sqrt(np.bincount(row, weights=matrix.data**2, minlength=len(texts)))
        matrix.data /= length[row]
        return matrix

    def _sample(self, texts: Sequence[str]) -> Sequence[str]:
        lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
        if lengths.sum() <= _LEARN_CHARACTERS:
            return texts
        order = np.random.default_rng(self.seed).permutation(len(texts))
        n = max(1, int(np.searchsorted(np.cumsum(lengths[order]), _LEARN_CHARACTERS)))
        return [texts[place] for place in np.sort(order[:n])]


def _counts(row: Any, column: Any, shape: tuple[int, int]) -> Any:
    from scipy import sparse

    matrix = sparse.coo_matrix((np.ones(row.size), (row, column)), shape=shape).tocsr()
    matrix.sum_duplicates()
    return matrix


def _chunks(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield (start, stop) of runs of texts with about a million characters each; one run if none."""
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    part = np.cumsum(lengths) // _CHUNK_CHARACTERS
    edges = [0, *(np.flatnonzero(np.diff(part)) + 1).tolist(), len(texts)]
    yield from pairwise(edges)
