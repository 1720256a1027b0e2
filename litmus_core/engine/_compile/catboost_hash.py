"""CatBoost's hashes of categories: of their texts, which here are the codes in decimal."""

from __future__ import annotations

from typing import Any

import numpy as np

from litmus_core.compiled import MIX

Array = np.ndarray[Any, Any]
_ALL = 2**64 - 1
_K2, _K3 = 0x9AE16A3B2F90404F, 0xC949D7C7509E6557
_MIX = 0x9DDFEA08EB382D69


def hash_of_code(code: int) -> int:
    """Return the 32-bit hash of a code >= 0 of at most eight digits (CityHash64 of its text, truncated).

    >>> hash_of_code(0) != hash_of_code(1)
    True
    """
    text = str(code).encode()
    n = len(text)
    if n >= 4:
        first, last = int.from_bytes(text[:4], "little"), int.from_bytes(text[-4:], "little")
        return _combined(n + (first << 3) & _ALL, last) & 0xFFFFFFFF
    y = text[0] + (text[n >> 1] << 8)
    z = n + (text[-1] << 2)
    mixed = (y * _K2 & _ALL) ^ (z * _K3 & _ALL)
    return (mixed ^ mixed >> 47) * _K2 & 0xFFFFFFFF


def signed(name: int) -> int:
    """Return a 32-bit hash as CatBoost combines it: one bit is its sign."""
    return name - 2**32 if name >= 2**31 else name


def hash_of_combination(*names: int) -> int:
    """Return the 64-bit key of categories' hashes in CatBoost's tables of statistics."""
    key = 0
    for name in names:
        key = MIX * (key + MIX * signed(name)) & _ALL
    return key


def numbered(keys: Array, number: int) -> Array:
    """Return ``keys`` (n,) combined with one more number, as in ``compiled._steps.combinations``."""
    hashes: Array = (keys + np.array([(number + 1) * MIX & _ALL], dtype=np.uint64)) * np.uint64(MIX)
    return hashes


def _combined(low: int, high: int) -> int:
    mixed = (low ^ high) * _MIX & _ALL
    mixed ^= mixed >> 47
    mixed = (high ^ mixed) * _MIX & _ALL
    mixed ^= mixed >> 47
    return mixed * _MIX & _ALL
