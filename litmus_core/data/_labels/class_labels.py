"""Targets as labels: the values that classes consist of, in their original type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd


def as_labels(values: pd.Series[Any] | NDArray[Any]) -> NDArray[np.object_]:
    """Return a target's values (n,) as Python objects: str, int, float, bool, or None where missing.

    Whole numbers that became floats because one was missing become whole again, so that a class is called 1
    with and without missing rows.

    >>> as_labels(np.array([1.0, np.nan, 0.0])).tolist()
    [1, None, 0]
    """
    array = np.asarray(values)
    if array.dtype.kind == "f":
        missing = np.isnan(array)
        present = array[~missing]
        labels = np.empty(len(array), dtype=object)
        is_integral = bool((present == np.floor(present)).all()) and bool((np.abs(present) < 2**53).all())
        labels[~missing] = present.astype(np.int64).tolist() if is_integral else present.tolist()
        return labels
    objects = np.empty(len(array), dtype=object)
    objects[:] = array.tolist()
    return objects


def codes_of(labels: NDArray[np.object_]) -> tuple[NDArray[np.int64], list[Any]]:
    """Return a code (n,) for each label, -1 where missing, and the classes, most frequent first."""
    import pandas as pd

    codes, levels = pd.factorize(labels, use_na_sentinel=True)
    counts = np.bincount(codes[codes >= 0], minlength=len(levels))
    order = np.argsort(-counts, kind="stable")
    place = np.empty(len(levels) + 1, dtype=np.int64)
    place[order], place[-1] = np.arange(len(levels)), -1
    return place[codes], [levels[at] for at in order]
