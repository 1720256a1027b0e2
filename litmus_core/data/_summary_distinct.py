"""How many different values a long column has, in bounded memory: by 64-bit keys of its values."""

from __future__ import annotations

from typing import Any

import numpy as np

_KEPT = 1 << 22  # keys
_BITS = 64


class Distinct:
    """Counts different values. Beyond four million rows only those of a share of all keys are counted.

    While that share is all of them (``is_exact``), the count is exact: that two values share a key is one
    chance in a million.
    """

    def __init__(self, *, n_kept: int = _KEPT) -> None:
        self._n_kept = n_kept
        self._blocks: list[np.ndarray[Any, Any]] = []
        self._halvings = 0

    @property
    def is_exact(self) -> bool:
        return self._halvings == 0

    def add(self, values: Any) -> None:
        """Take more values: a NumPy array of numbers or an Arrow array, none of them missing."""
        import polars as pl

        series = pl.Series(values) if isinstance(values, np.ndarray) else pl.from_arrow(values)
        self._blocks.append(self._share_of(series.hash().to_numpy()))  # type: ignore[union-attr]
        while sum(map(len, self._blocks)) > self._n_kept:
            kept = np.unique(np.concatenate(self._blocks))
            if len(kept) > self._n_kept // 2:
                self._halvings += 1
                kept = self._share_of(kept)
            self._blocks = [kept]

    def count(self) -> int:
        """Return how many different values there were, or about how many."""
        if not self._blocks:
            return 0
        keys = np.concatenate(self._blocks)
        keys.sort()
        n_keys = int(len(keys) > 0) + int(np.count_nonzero(keys[1:] != keys[:-1]))
        return n_keys << self._halvings

    def _share_of(self, keys: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Return the keys whose first bits are 0: half of all, a quarter …"""
        if not self._halvings:
            return keys
        kept: np.ndarray[Any, Any] = keys[keys >> np.uint64(_BITS - self._halvings) == 0]
        return kept
