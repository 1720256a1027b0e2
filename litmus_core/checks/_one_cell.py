"""Pairs of rows that differ in one cell alone: a copy put right by hand, or a join that repeats rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Ints = NDArray[np.int64]
Hashes = NDArray[np.uint64]
_FEWEST_COLUMNS, _MOST_COLUMNS = 4, 60
_FEWEST_PAIRS = 3
_OTHERS_TRIED = 8  # columns, beside each
_BY_CHANCE = (
    0.5  # pairs that differ in one more cell, for each that differs in one: of copies there are fewer
)


def pairs_but_for_one(frame: pd.DataFrame, names: Sequence[str], *, seed: int = 0) -> dict[str, Ints]:
    """Return, by the column that they differ in, the pairs of rows (m, 2) that are equal but for one cell.

    ``names`` are the columns that are compared, 60 at most. Columns in which rows differ by chance are left
    out: there, more pairs differ in another cell, too.
    """
    import pandas as pd

    if not _FEWEST_COLUMNS <= len(names) <= _MOST_COLUMNS:
        return {}
    rng = np.random.default_rng([seed, 31])
    salts = rng.integers(1, 1 << 62, len(names)).astype(np.uint64) * np.uint64(2) + np.uint64(1)
    codes = [pd.factorize(frame[name])[0].astype(np.uint64) for name in names]
    parts = [pd.util.hash_array(each) * salt for each, salt in zip(codes, salts, strict=True)]
    whole: Hashes = np.sum(parts, axis=0, dtype=np.uint64)
    n_equal = _count(whole)
    n_one = [_count(whole - part) - n_equal for part in parts]
    found = {}
    for place, name in enumerate(names):
        if n_one[place] < _FEWEST_PAIRS:
            continue
        others = np.delete(np.arange(len(names)), place)
        tried = rng.choice(others, min(_OTHERS_TRIED, len(others)), replace=False)
        without = whole - parts[place]
        n_two = sum(_count(without - parts[each]) - n_equal - n_one[place] - n_one[each] for each in tried)
        if n_two * len(others) / len(tried) <= _BY_CHANCE * n_one[place]:
            found[name] = _pairs(without, whole)
    return found


def _count(keys: Hashes) -> float:
    """Return how many pairs of rows have one key."""
    sizes = np.unique(keys, return_counts=True)[1].astype(np.float64)
    return float((sizes * (sizes - 1) / 2).sum())


def _pairs(keys: Hashes, whole: Hashes) -> Ints:
    """Return pairs (m, 2) of neighbours that have one key, and are not equal in the ``whole``."""
    order = np.argsort(keys, kind="stable")
    first, second = order[:-1], order[1:]
    are_alike = (keys[first] == keys[second]) & (whole[first] != whole[second])
    return np.sort(np.column_stack([first, second])[are_alike], axis=1).astype(np.int64)
