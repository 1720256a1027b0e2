"""Pairs of rows that differ in a cell or two: a corrected copy, or a join that repeats rows."""

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
_FEWEST_COLUMNS = 4
_FEWEST_FOR_TWO, _MOST_FOR_TWO = 6, 24
_MOST_CELLS = 3_000_000
_FEWEST_PAIRS = 3
_MANY_PAIRS = 0.02  # of the rows
_OTHERS_TRIED = 12  # columns tried besides the one that differs
_BY_CHANCE = 0.5  # of the pairs
_MOST_ODDS = 50.0


def nearly_equal_pairs(
    frame: pd.DataFrame, names: Sequence[str], *, seed: int = 0
) -> dict[tuple[str, ...], Ints]:
    """Return the pairs of rows (m, 2) that differ in one or two columns, by these columns.

    ``names`` are the columns to compare; two may differ if there are 6 to 24. Columns in which rows differ
    by chance are left out. The result is empty for a table with more than three million cells.
    """
    if len(names) < _FEWEST_COLUMNS or len(names) * len(frame) > _MOST_CELLS:
        return {}
    cells = _Cells(frame, names, seed)
    places = range(len(names))
    sets: Iterator[tuple[int, ...]] = combinations(places, 1)
    pairs_of = {differing: cells.pairs(differing) for differing in sets if cells.are_copies(differing)}
    if not pairs_of and _FEWEST_FOR_TWO <= len(names) <= _MOST_FOR_TWO:
        pairs_of = {
            combination: cells.pairs(combination)
            for combination in combinations(places, 2)
            if cells.are_copies(combination)
        }
    return {tuple(names[place] for place in group): pairs for group, pairs in pairs_of.items()}


class _Cells:
    """A hash of each row, from which any column's share can be subtracted."""

    def __init__(self, frame: pd.DataFrame, names: Sequence[str], seed: int) -> None:
        import pandas as pd

        self._rng = np.random.default_rng([seed, 31])
        salts = self._rng.integers(1, 1 << 62, len(names)).astype(np.uint64) * np.uint64(2) + np.uint64(1)
        codes = [pd.factorize(frame[name])[0].astype(np.uint64) for name in names]
        self._n_rows, self._odds = len(frame), [_odds_of_agreeing(code) for code in codes]
        self._parts = [pd.util.hash_array(code) * salt for code, salt in zip(codes, salts, strict=True)]
        self._row_hashes: Hashes = np.sum(self._parts, axis=0, dtype=np.uint64)
        self._alike = cache(self._count_alike)

    def are_copies(self, places: tuple[int, ...]) -> bool:
        """Return whether more pairs differ in exactly these columns than chance explains.

        Rows that differ by chance often differ in one more column too. How often two rows agree in that
        column predicts how many of those pairs agree in it by chance. A few pairs are copies if hardly any
        differ in one more column; many pairs are, if chance explains fewer than half of them.
        """
        n_pairs, many = self._differing(places), _MANY_PAIRS * self._n_rows
        if not (_FEWEST_PAIRS if len(places) == 1 else many) <= n_pairs <= self._n_rows:
            return False
        others = np.delete(np.arange(len(self._parts)), places)
        tried = [int(place) for place in self._rng.permutation(others)[:_OTHERS_TRIED]]
        sum_more = chance = 0.0
        for combination in tried:
            n_more = self._differing(tuple(sorted((*places, combination))))
            sum_more, chance = sum_more + n_more, max(chance, n_more * self._odds[combination])
            if chance > _BY_CHANCE * n_pairs:
                return False
        return n_pairs - chance >= many or sum_more * len(others) <= _BY_CHANCE * n_pairs * len(tried)

    def pairs(self, places: tuple[int, ...]) -> Ints:
        """Return pairs (m, 2) of neighbours that are equal except in these columns, and differ in them."""
        keys = self._without(places)
        order = np.argsort(keys, kind="stable")
        first, second = order[:-1], order[1:]
        are_alike = (keys[first] == keys[second]) & (self._row_hashes[first] != self._row_hashes[second])
        return np.sort(np.column_stack([first, second])[are_alike], axis=1).astype(np.int64)

    def _differing(self, places: tuple[int, ...]) -> float:
        """Return how many pairs differ in each of these columns, and in no other."""
        n_alike = self._alike(places)
        fewer = (combination for size in range(len(places)) for combination in combinations(places, size))
        return n_alike - sum(self._differing(place) for place in fewer)

    def _count_alike(self, places: tuple[int, ...]) -> float:
        """Return how many pairs are equal apart from these columns."""
        sizes = np.unique(self._without(places), return_counts=True)[1].astype(np.float64)
        return float((sizes * (sizes - 1) / 2).sum())

    def _without(self, places: tuple[int, ...]) -> Hashes:
        return self._row_hashes - sum(
            (self._parts[place] for place in places), np.zeros_like(self._row_hashes)
        )


def _odds_of_agreeing(codes: Hashes) -> float:
    """Return the odds that two rows agree in a column."""
    sizes = np.unique(codes, return_counts=True)[1].astype(np.float64)
    n_agreeing = float((sizes * (sizes - 1)).sum())
    return min(n_agreeing / max(len(codes) * (len(codes) - 1) - n_agreeing, 1.0), _MOST_ODDS)
