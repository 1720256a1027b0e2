"""Convert columns that pandas code produced to our types and values, and compare them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.errors import UsageError
from litmus_core.frame._operations.operation import Dtype
from litmus_core.frame._values import raw_values
from litmus_core.frame._values.moments import to_microseconds

if TYPE_CHECKING:
    import pandas as pd

_MEANT = "A column holds numbers, truth values, texts or dates."


def values_from_pandas(column: pd.Series[Any]) -> tuple[Dtype | None, Any]:
    """Return the type and the n values of a column that pandas code produced; no type if all are missing.

    Values are as the columns layout has them, booleans among missing ones as 1, 0 and NaN. Raises UsageError
    for what no column can hold: lists, complex numbers, values of several types.
    """
    dtype = column.dtype
    if dtype == "category":
        column, dtype = column.astype(object), np.dtype(object)
    kind = getattr(dtype, "kind", "O")
    if kind == "b" and isinstance(dtype, np.dtype):
        return "flag", column.to_numpy()
    if kind in "biuf":
        numbers = column.to_numpy(dtype=np.float64, na_value=np.nan)
        return (None if np.isnan(numbers).all() else "number"), numbers
    if kind == "M":
        moments = raw_values.naive(column).astype("datetime64[us]")
        return (None if np.isnat(moments).all() else "moment"), moments
    if kind != "O":
        raise UsageError(f"The column '{column.name}' holds values of {dtype}.", hint=_MEANT)
    return _of_objects(column)


def _of_objects(column: pd.Series[Any]) -> tuple[Dtype | None, Any]:
    values = [None if _is_missing(value) else value for value in column.astype(object).tolist()]
    present = [value for value in values if value is not None]
    if not present:
        return None, values
    if all(isinstance(value, str) for value in present):
        return "text", [None if value is None else str(value) for value in values]
    if all(isinstance(value, bool | int | float | np.bool_ | np.number) for value in present):
        return "number", np.array([np.nan if value is None else float(value) for value in values])
    try:
        moments = np.array([raw_values.moment(value) for value in values], dtype="datetime64[us]")
    except (TypeError, ValueError):
        odd = next((value for value in present if not isinstance(value, str)), present[0])
        kind = type(odd).__name__
        raise UsageError(f"The column '{column.name}' holds values of {kind}.", hint=_MEANT) from None
    return "moment", moments


def _is_missing(value: Any) -> bool:
    return not isinstance(value, list | dict | tuple | set | np.ndarray) and raw_values.is_missing(value)


def first_mismatch(left: tuple[Dtype | None, Any], right: tuple[Dtype | None, Any]) -> int | None:
    """Return the first of n positions at which two columns differ by a bit; None if they are equal.

    Missing equals missing, whatever the type; a boolean is 1 or 0.
    """
    one, other = _bits(left), _bits(right)
    if one.dtype != other.dtype:
        one, other = one.astype(object), other.astype(object)
    differs = np.flatnonzero(one != other)
    return int(differs[0]) if len(differs) else None


def _bits(pair: tuple[Dtype | None, Any]) -> Any:
    """Return values so that equal ones compare equal: numbers by their bits, None for missing."""
    dtype, values = pair
    if dtype == "text":
        return _objects(values)
    if dtype in ("number", "flag"):
        doubles = np.asarray(values, dtype=np.float64)
        missing = np.isnan(doubles)
        if not missing.any():
            return doubles.view(np.int64)
        return _objects(
            [
                None if gap else bits
                for gap, bits in zip(missing, doubles.view(np.int64).tolist(), strict=True)
            ]
        )
    if dtype == "moment":
        return _objects([us if us is None else ("us", us) for us in to_microseconds(values, missing=None)])
    return _objects([None] * len(values))


def _objects(values: list[Any]) -> Any:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array
