"""Whole numbers: computed as float64, and returned as integers wherever none is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import polars as pl

_EXACT = 2.0**53  # beyond it float64 does not hold every whole number
_EXPRESSIONS = {
    "whole": f"int({{0}}) if -{_EXACT!r} < {{0}} < {_EXACT!r} else {{0}}",
    "where integral": f"int({{0}}) if -{_EXACT!r} < {{0}} < {_EXACT!r} and {{0}} % 1 == 0 else {{0}}",
    "no": "{0}",
}


def expression(value: str, kind: str) -> str:
    """Return the expression of one output called ``value``; missing and infinite numbers stay unchanged."""
    return _EXPRESSIONS[kind].format(value)


def whole_array(values: Any) -> Any:
    """Return n whole numbers as int64; unchanged if one is missing, infinite or not exact.

    >>> whole_array(np.array([3.0, 4.0])).tolist(), whole_array(np.array([3.0, np.nan])).tolist()
    ([3, 4], [3.0, nan])
    """
    is_exact = bool(((np.abs(values) < _EXACT) & (values % 1 == 0)).all())
    return values.astype(np.int64) if is_exact else values


def whole_list(values: Any) -> list[Any]:
    """Return n whole numbers as Python ints, missing ones as NaN."""
    return [int(value) if -_EXACT < value < _EXACT and value % 1 == 0 else value for value in values.tolist()]


def whole_series(values: pl.Series) -> pl.Series:
    """Return n whole numbers of Polars as Int64, missing ones null; unchanged if one is not exact."""
    import polars as pl

    is_exact = bool(((values.abs() < _EXACT) & (values % 1 == 0)).all())
    return values.cast(pl.Int64) if is_exact else values
