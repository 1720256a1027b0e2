"""Compare results for equality, and measure how strongly one reveals the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

_CLOSE = 1e-9


def first_mismatch_message(one: pd.DataFrame, other: pd.DataFrame) -> str:
    """Return the first column in which two frames differ; "" if they are equal, row by row."""
    if list(one.columns) != list(other.columns):
        return str(next(iter(set(one.columns) ^ set(other.columns)), one.columns[0]))
    for name in one.columns:
        if not same_values(one[name].to_numpy(), other[name].to_numpy()):
            return str(name)
    return ""


def same_values(one: NDArray[Any], other: NDArray[Any]) -> bool:
    """Return whether two arrays are equal up to the last digits; missing values equal each other."""
    if one.shape != other.shape:
        return False
    if one.dtype.kind in "fiub" and other.dtype.kind in "fiub":
        close = np.isclose(
            one.astype(np.float64), other.astype(np.float64), rtol=_CLOSE, atol=_CLOSE, equal_nan=True
        )
        return bool(close.all())
    return all(_same(a, b) for a, b in zip(one.ravel().tolist(), other.ravel().tolist(), strict=True))


def _same(one: Any, other: Any) -> bool:
    return bool(one == other) or (_is_gap(one) and _is_gap(other))


def _is_gap(value: Any) -> bool:
    return value is None or value != value or str(value) in ("NaT", "<NA>")


def truth_correlation(values: NDArray[Any], truth: NDArray[Any]) -> float:
    """Return how strongly values (n,) correlate with the truth (n,), from 0 to 1."""
    numbers = np.nan_to_num(values.astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    if numbers.std() == 0:
        return 0.0
    return float(abs(np.corrcoef(numbers, truth.astype(np.float64))[0, 1]))
