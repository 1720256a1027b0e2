"""Pairs of rows that are equal, or nearly equal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.data import as_numbers, looks_like_id

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.types import Column

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
TOLERANCE = 0.02  # of a number's spread
_FARTHER = 4.0
_DENSE = 0.3  # of the pairs within four times the tolerance: by chance a quarter or (for two numbers) less
_PROJECTIONS, _NEIGHBOURS = 4, 6
_CROWD_ROWS = 200  # whose near rows are counted
_SHINGLE = 4  # letters
_HASHES, _BANDS = 48, 12
_ALIKE = 0.8  # share of shingles that two texts have in common
_LETTERS = 300
_PRIME = (1 << 31) - 1


class ComparedRows:
    """A table's rows in comparable form: numbers (in spreads), codes, texts."""

    def __init__(self, frame: pd.DataFrame, columns: Sequence[Column], *, seed: int = 0) -> None:
        import pandas as pd

        self.n_rows, self.seed = len(frame), seed
        raw = frame[[other.name for other in columns]]
        self.exact: Ints = pd.util.hash_pandas_object(raw, index=False).to_numpy().view(np.int64)
        numbers, codes = [], []
        for column in columns:
            values = frame[column.name].to_numpy()
            if column.traits.is_ordered and not looks_like_id(column.name):
                numbers.append(_standardize(as_numbers(values)))
                codes.append(np.isnan(numbers[-1]).astype(np.int64))
            elif not column.traits.is_prose:
                codes.append(pd.factorize(_normalize(frame[column.name]))[0].astype(np.int64))
        empty = np.empty((self.n_rows, 0))
        self.numbers: Floats = np.nan_to_num(np.column_stack(numbers)) if numbers else empty
        self.codes: Ints = np.column_stack(codes) if codes else empty.astype(np.int64)
        self.texts = [_normalize(frame[other.name]) for other in columns if other.traits.is_prose]
        self.signatures = [_signatures(texts, seed) for texts in self.texts]

    def pairs(self, *, wider: float = 1.0) -> Ints:
        """Return pairs (m, 2), first < second, of nearly equal rows, at most a few for each row."""
        check = [self._check_pairs(pairs, wider) for pairs in self._candidates()]
        both = np.concatenate([np.empty((0, 2), dtype=np.int64), *check])
        return np.unique(np.sort(both, axis=1), axis=0)

    def differ(self, pairs: Ints) -> NDArray[np.bool_]:
        """Return, for each pair (m, 2), whether its rows are not exactly equal."""
        return np.asarray(self.exact[pairs[:, 0]] != self.exact[pairs[:, 1]])

    def _candidates(self) -> list[Ints]:
        """Return neighbours in several orders in which nearly equal rows are adjacent."""
        rng = np.random.default_rng([self.seed, 13])
        # One number for all codes of a row: equal rows, equal numbers.
        bucket = (self.codes * rng.integers(1, _PRIME, self.codes.shape[1])).sum(axis=1)
        orders = []
        if not self.texts:
            weights = rng.normal(size=(self.numbers.shape[1], _PROJECTIONS))
            orders = [np.lexsort((line, bucket)) for line in (self.numbers @ weights).T]
        for signature in self.signatures:
            width = _HASHES // _BANDS
            for band in range(_BANDS):
                keys = [signature[:, band * width + place] for place in range(width)]
                orders.append(np.lexsort((*keys, bucket)))
        return [
            np.column_stack([order[:-step], order[step:]])
            for order in orders
            for step in range(1, _NEIGHBOURS + 1)
            if step < len(order)
        ]

    def _check_pairs(self, pairs: Ints, wider: float) -> Ints:
        pairs = pairs[(self.codes[pairs[:, 0]] == self.codes[pairs[:, 1]]).all(axis=1)]
        distances = np.abs(self.numbers[pairs[:, 0]] - self.numbers[pairs[:, 1]])
        pairs = pairs[(distances <= wider * TOLERANCE).all(axis=1)]
        least = 1 - wider * (1 - _ALIKE)
        for signature in self.signatures:
            alike = (signature[pairs[:, 0]] == signature[pairs[:, 1]]).mean(axis=1)
            pairs = pairs[alike >= least]
        return pairs

    def is_by_chance(self, n_pairs: int) -> bool:
        """Return whether all rows are so close that nearness means nothing."""
        if self.texts or not self.numbers.shape[1]:
            return False
        wide = self.pairs(wider=_FARTHER)
        return n_pairs < _DENSE * int(self.differ(wide).sum()) or self._are_crowded()

    def _are_crowded(self) -> bool:
        """Return whether most rows have near ones, and no more of them than chance brings."""
        rng = np.random.default_rng([self.seed, 53])
        bucket = (self.codes * rng.integers(1, _PRIME, self.codes.shape[1])).sum(axis=1)
        n_near = n_wide = 0
        drawn = rng.permutation(self.n_rows)[:_CROWD_ROWS]
        for row in drawn:
            others = np.flatnonzero((bucket == bucket[row]) & (self.exact != self.exact[row]))
            farthest = np.abs(self.numbers[others] - self.numbers[row]).max(axis=1, initial=0.0)
            n_near += int((farthest <= TOLERANCE).sum())
            n_wide += int((farthest <= _FARTHER * TOLERANCE).sum())
        return n_wide > len(drawn) and n_near < _DENSE * n_wide


def clusters(pairs: Ints, n_rows: int) -> Ints:
    """Return each row's cluster (n,): rows joined by pairs are in one."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    graph = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(n_rows, n_rows))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def share_of_all(cluster: Ints, *, read: float) -> float:
    """Return the share of a table's rows that have a copy, from a sample: ``read`` is its share of the rows.

    Many copies are not in the sample. How many others a row has in its cluster (n,) tells how many it has in
    the table, and so how often none of them is in the sample.
    """
    sizes = np.bincount(cluster)
    n_joined = int(sizes[sizes > 1].sum())
    if read >= 1 or not n_joined:
        return n_joined / len(cluster)
    others = float((sizes * (sizes - 1)).sum()) / n_joined
    possible = np.geomspace(1.0, max(1.0, others / read), 1_000)
    met = 1 - (1 - read) ** possible
    odds = float(met[np.argmin(np.abs(read * possible / met - others))])
    return min(1.0, n_joined / len(cluster) / odds)


def _standardize(numbers: Floats) -> Floats:
    present = numbers[~np.isnan(numbers)]
    if not len(present):
        return np.zeros(len(numbers)) * np.nan
    low, high = np.quantile(present, [0.05, 0.95])
    spread = float(high - low) / 3.3 or float(present.std()) or 1.0
    return np.asarray(numbers / spread)


def _normalize(values: Any) -> NDArray[Any]:
    """Return texts in lower case with single spaces and without signs; other values unchanged."""
    if values.dtype != object:
        return np.asarray(values)
    texts = values.where(values.notna(), "").astype(str).str.slice(0, _LETTERS).str.casefold()
    return np.asarray(texts.str.replace(r"[\W_]+", " ", regex=True).str.strip(), dtype=object)


def _signatures(texts: NDArray[Any], seed: int) -> Ints:
    """Return 48 hashes (n, 48) for each text: two texts share as many of them as shingles."""
    from sklearn.feature_extraction.text import HashingVectorizer

    shingles = HashingVectorizer(
        analyzer="char", ngram_range=(_SHINGLE, _SHINGLE), n_features=2**20, norm=None, alternate_sign=False
    )
    matrix = shingles.transform([f"  {text} " for text in texts])
    rng = np.random.default_rng([seed, 17])
    factors, shifts = rng.integers(1, _PRIME, _HASHES), rng.integers(0, _PRIME, _HASHES)
    signatures = np.full((len(texts), _HASHES), -1, dtype=np.int64)
    filled = np.diff(matrix.indptr) > 0
    starts = matrix.indptr[:-1][filled]
    indices = matrix.indices.astype(np.int64)
    for place in range(_HASHES):
        row_hash = (indices * factors[place] + shifts[place]) % _PRIME
        signatures[filled, place] = np.minimum.reduceat(row_hash, starts) if len(starts) else []
    return signatures
