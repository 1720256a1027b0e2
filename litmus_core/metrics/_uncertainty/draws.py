"""Row weights: all rows once give the score; resampled rows give its bootstrap replicates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from litmus_core.metrics._case import Floats, Ints
from litmus_core.metrics._weights import effective_rows

_CHUNK_CELLS = 4_000_000  # replicates x rows in memory at a time: 32 MB of float64
_ROWS_DRAWN_SINGLY = 20_000
_RANDOM_BLOCKS = 5_000


class Draws(Protocol):
    """R weightings of n rows."""

    def sums(self, columns: Floats) -> Floats:
        """Return (R, m) weighted sums of ``columns`` (n, m)."""
        ...

    def units(self, columns: Floats) -> Floats:
        """Return (u, m): sums of ``columns`` (n, m) over each drawn unit, a row or a block."""
        ...

    def of_units(self, values: Floats) -> Floats:
        """Return (R, m) weighted sums of the units' ``values`` (u, m)."""
        ...

    def counts(self, codes: Ints, n_codes: int, *, row_weights: Floats | None = None) -> Floats:
        """Return (R, n_codes): how often each code of ``codes`` (n,) was drawn, weighted by row."""
        ...

    def weights(self) -> Iterator[Floats]:
        """Yield (r, n) row weights, a chunk of replicates at a time; in all R."""
        ...


class EveryRow:
    """One replicate: each of ``n_rows`` rows once."""

    def __init__(self, n_rows: int) -> None:
        self.n_rows = n_rows

    def sums(self, columns: Floats) -> Floats:
        return self.of_units(columns)

    def units(self, columns: Floats) -> Floats:
        return columns

    def of_units(self, values: Floats) -> Floats:
        total: Floats = values.sum(axis=0, keepdims=True)
        return total

    def counts(self, codes: Ints, n_codes: int, *, row_weights: Floats | None = None) -> Floats:
        return np.bincount(codes, weights=row_weights, minlength=n_codes).astype(np.float64)[None, :]

    def weights(self) -> Iterator[Floats]:
        yield np.ones((1, self.n_rows))


class RowDraws:
    """``n`` bootstrap replicates that draw rows one by one; the same seed draws the same rows."""

    def __init__(self, n_rows: int, *, n: int, seed: int) -> None:
        self.n_rows, self.n, self.seed = n_rows, n, seed

    def sums(self, columns: Floats) -> Floats:
        return self.of_units(columns)

    def units(self, columns: Floats) -> Floats:
        return columns

    def of_units(self, values: Floats) -> Floats:
        return np.concatenate([weights @ values for weights in self.weights()])

    def counts(self, codes: Ints, n_codes: int, *, row_weights: Floats | None = None) -> Floats:
        if row_weights is not None:
            return _counted(self.weights(), codes, n_codes, row_weights)
        # Rows of the same code are interchangeable, so the counts by code are one multinomial draw.
        rng = np.random.default_rng(self.seed)
        shares = np.bincount(codes, minlength=n_codes) / self.n_rows
        return rng.multinomial(self.n_rows, shares, size=self.n).astype(np.float64)

    def weights(self) -> Iterator[Floats]:
        rng = np.random.default_rng(self.seed)
        for n_chunk in _chunks(self.n, self.n_rows):
            yield _draw(rng, n_units=self.n_rows, n_replicates=n_chunk)


class BlockDraws:
    """``n`` bootstrap replicates that draw whole blocks: ``blocks`` (n_rows,) are codes from 0."""

    def __init__(self, blocks: Ints, *, n: int, seed: int) -> None:
        self.blocks, self.n, self.seed = blocks, n, seed
        self.n_blocks = int(blocks.max()) + 1

    def sums(self, columns: Floats) -> Floats:
        return self.of_units(self.units(columns))

    def units(self, columns: Floats) -> Floats:
        return np.stack(
            [np.bincount(self.blocks, weights=column, minlength=self.n_blocks) for column in columns.T],
            axis=1,
        )

    def of_units(self, values: Floats) -> Floats:
        return np.concatenate([drawn @ values for drawn in self._drawn(self.n_blocks)])

    def counts(self, codes: Ints, n_codes: int, *, row_weights: Floats | None = None) -> Floats:
        if self.n_blocks * n_codes <= _CHUNK_CELLS:
            place = self.blocks * n_codes + codes
            cells = np.bincount(place, weights=row_weights, minlength=self.n_blocks * n_codes)
            return self.of_units(cells.reshape(self.n_blocks, n_codes).astype(np.float64))
        return _counted(self.weights(), codes, n_codes, row_weights)

    def weights(self) -> Iterator[Floats]:
        for drawn in self._drawn(len(self.blocks)):
            yield drawn[:, self.blocks]

    def _drawn(self, width: int) -> Iterator[Floats]:
        rng = np.random.default_rng(self.seed)
        for n_chunk in _chunks(self.n, width):
            yield _draw(rng, n_units=self.n_blocks, n_replicates=n_chunk)


class RandomBlockDraws(BlockDraws):
    """``n`` bootstrap replicates of more than 20,000 rows, divided at random into 5,000 blocks."""

    def __init__(self, n_rows: int, *, n: int, seed: int) -> None:
        super().__init__(_random_blocks(n_rows, seed=seed), n=n, seed=seed)


class WeightedDraws:
    """Draws of rows with ``row_weights`` (n,): a row counts with its weight each time it is drawn."""

    def __init__(self, draws: Draws, row_weights: Floats) -> None:
        self.draws, self.row_weights = draws, row_weights

    def sums(self, columns: Floats) -> Floats:
        return self.draws.sums(columns * self.row_weights[:, None])

    def units(self, columns: Floats) -> Floats:
        return self.draws.units(columns * self.row_weights[:, None])

    def of_units(self, values: Floats) -> Floats:
        return self.draws.of_units(values)

    def counts(self, codes: Ints, n_codes: int, *, row_weights: Floats | None = None) -> Floats:
        weights = self.row_weights if row_weights is None else row_weights * self.row_weights
        return self.draws.counts(codes, n_codes, row_weights=weights)

    def weights(self) -> Iterator[Floats]:
        for drawn in self.draws.weights():
            yield drawn * self.row_weights


def are_random_blocks(draws: Draws) -> bool:
    """Return whether these are draws of so many rows that ranking metrics use sums over rows."""
    return isinstance(draws.draws if isinstance(draws, WeightedDraws) else draws, RandomBlockDraws)


def _counted(drawn: Iterator[Floats], codes: Ints, n_codes: int, row_weights: Floats | None) -> Floats:
    rows = (row if row_weights is None else row * row_weights for weights in drawn for row in weights)
    return np.stack([np.bincount(codes, weights=row, minlength=n_codes) for row in rows])


def _random_blocks(n_rows: int, *, seed: int) -> Ints:
    return np.random.default_rng(seed).permutation(np.arange(n_rows) % _RANDOM_BLOCKS)


def bootstrap(n_rows: int, blocks: NDArray[np.generic] | None, *, n: int, seed: int) -> Draws:
    """Return ``n`` replicates over ``blocks`` (n_rows,), or over rows without blocks (or with only one).

    One block does not show how blocks differ; drawing single rows then understates the spread, which the
    caller has to report.

    Above 20,000 rows without blocks, rows are divided at random into 5,000 blocks of nearly equal size: the
    same spread in a fraction of the time.
    """
    if blocks is not None:
        groups, codes = np.unique(np.asarray(blocks), return_inverse=True)
        if len(groups) > 1:
            return BlockDraws(codes.astype(np.int64), n=n, seed=seed)
    if n_rows <= _ROWS_DRAWN_SINGLY:
        return RowDraws(n_rows, n=n, seed=seed)
    return RandomBlockDraws(n_rows, n=n, seed=seed)


def paired(n_rows: int, blocks: NDArray[np.generic] | None, *, n: int, seed: int) -> Draws:
    """Return ``n`` replicates that draw the same rows for every case, for comparisons."""
    if blocks is not None and len(np.unique(np.asarray(blocks))) > 1:
        return bootstrap(n_rows, blocks, n=n, seed=seed)
    if n_rows > _ROWS_DRAWN_SINGLY:
        return RandomBlockDraws(n_rows, n=n, seed=seed)
    return BlockDraws(_random_blocks(n_rows, seed=seed), n=n, seed=seed)


def divide(top: Floats, bottom: Floats) -> Floats:
    """Divide; NaN where ``bottom`` is 0."""
    return np.asarray(np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom > 0))


def n_blocks(blocks: NDArray[np.generic] | None) -> int | None:
    """Return the number of blocks that the bootstrap draws as wholes; None if it draws rows."""
    n = 0 if blocks is None else len(np.unique(np.asarray(blocks)))
    return n if n > 1 else None


def n_units(n_rows: int, blocks: NDArray[np.generic] | None, *, weights: Floats | None = None) -> int | float:
    """Return the number of independent units that the bootstrap draws; with ``weights``, the effective
    one."""
    units, codes = np.arange(n_rows), np.arange(n_rows)
    if n_blocks(blocks) is not None:
        units, codes = np.unique(np.asarray(blocks), return_inverse=True)
    if weights is None:
        return len(units)
    return effective_rows(np.bincount(codes, weights=weights).astype(np.float64))


def _chunks(n: int, width: int) -> Iterator[int]:
    size = max(1, _CHUNK_CELLS // max(1, width))
    for start in range(0, n, size):
        yield min(size, n - start)


def _draw(rng: np.random.Generator, *, n_units: int, n_replicates: int) -> Floats:
    """Return (n_replicates, n_units): how often each unit was drawn in n_units draws with replacement."""
    drawn = rng.integers(0, n_units, size=(n_replicates, n_units), dtype=np.int64)
    drawn += np.arange(n_replicates, dtype=np.int64)[:, None] * n_units
    counts = np.bincount(drawn.ravel(), minlength=n_replicates * n_units)
    return counts.reshape(n_replicates, n_units).astype(np.float64)
