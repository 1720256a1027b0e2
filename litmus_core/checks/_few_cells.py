"""Pairs of rows that differ in a cell or two: a copy put right by hand, a join that repeats rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Ints = NDArray[np.int64]
Hashes = NDArray[np.uint64]
_FEWEST_COLUMNS, _MOST_COLUMNS, _MOST_FOR_TWO = 4, 60, 24
_FEWEST_PAIRS, _MANY_PAIRS = 3, 0.01  # of the rows, where two cells differ
_OTHERS_TRIED = 8  # columns, beside each
_BY_CHANCE = 0.5  # pairs that differ in one more cell, for each: copies have fewer


def pairs_but_for_few(
    frame: pd.DataFrame, names: Sequence[str], *, seed: int = 0
) -> dict[tuple[str, ...], Ints]:
    """Return, by the one or two columns that they differ in, the pairs of rows (m, 2) equal in all others.

    ``names`` are the columns that are compared, 60 at most; two differ where there are 24 at most. Columns in
    which rows differ by chance are left out: there, more pairs differ in another cell, too.
    """
    if not _FEWEST_COLUMNS <= len(names) <= _MOST_COLUMNS:
        return {}
    cells = _Cells(frame, names, seed)
    places = range(len(names))
    sets: Iterator[tuple[int, ...]] = combinations(places, 1)
    found = {each: cells.pairs(each) for each in sets if cells.are_copies(each, _FEWEST_PAIRS)}
    if not found and len(names) <= _MOST_FOR_TWO:
        fewest = max(_FEWEST_PAIRS, _MANY_PAIRS * len(frame))
        two = combinations(places, 2)
        found = {each: cells.pairs(each) for each in two if cells.are_copies(each, fewest)}
    return {tuple(names[place] for place in each): pairs for each, pairs in found.items()}


class _Cells:
    """A number for each row, from which the share of any column can be taken."""

    def __init__(self, frame: pd.DataFrame, names: Sequence[str], seed: int) -> None:
        import pandas as pd

        self._rng = np.random.default_rng([seed, 31])
        salts = self._rng.integers(1, 1 << 62, len(names)).astype(np.uint64) * np.uint64(2) + np.uint64(1)
        codes = [pd.factorize(frame[name])[0].astype(np.uint64) for name in names]
        self._parts = [pd.util.hash_array(each) * salt for each, salt in zip(codes, salts, strict=True)]
        self._whole: Hashes = np.sum(self._parts, axis=0, dtype=np.uint64)
        self._alike = cache(self._count_alike)

    def are_copies(self, places: tuple[int, ...], fewest: float) -> bool:
        """Say whether ``fewest`` pairs differ in just these columns, and hardly any in one more."""
        n_pairs = self._differing(places)
        if n_pairs < fewest:
            return False
        others = np.delete(np.arange(len(self._parts)), places)
        tried = [int(each) for each in self._rng.permutation(others)[:_OTHERS_TRIED]]
        n_more = sum(self._differing(tuple(sorted((*places, each)))) for each in tried)
        return n_more * len(others) <= _BY_CHANCE * n_pairs * len(tried)

    def pairs(self, places: tuple[int, ...]) -> Ints:
        """Return pairs (m, 2) of neighbours that are equal but in these columns, and not in them."""
        keys = self._without(places)
        order = np.argsort(keys, kind="stable")
        first, second = order[:-1], order[1:]
        are_alike = (keys[first] == keys[second]) & (self._whole[first] != self._whole[second])
        return np.sort(np.column_stack([first, second])[are_alike], axis=1).astype(np.int64)

    def _differing(self, places: tuple[int, ...]) -> float:
        """Return how many pairs differ in each of these columns, and in no other."""
        n_alike = self._alike(places)
        fewer = (each for size in range(len(places)) for each in combinations(places, size))
        return n_alike - sum(self._differing(each) for each in fewer)

    def _count_alike(self, places: tuple[int, ...]) -> float:
        """Return how many pairs are equal whatever is in these columns."""
        sizes = np.unique(self._without(places), return_counts=True)[1].astype(np.float64)
        return float((sizes * (sizes - 1) / 2).sum())

    def _without(self, places: tuple[int, ...]) -> Hashes:
        return self._whole - sum((self._parts[place] for place in places), np.zeros_like(self._whole))
