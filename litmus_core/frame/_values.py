"""One reading of raw values: whatever container they came in, the same value reads the same."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.errors import RowError
from litmus_core.types import Column

if TYPE_CHECKING:
    import pandas as pd

    Raw = pd.Series[Any] | list[Any]  # a column of a frame, or the values of one field of JSON rows

Array = np.ndarray[Any, np.dtype[Any]]
Floats = np.ndarray[Any, np.dtype[np.float64]]

_NUMBER_STORAGE = ("INT", "DOUBLE", "FLOAT", "DECIMAL", "REAL", "NUMERIC")
_TRUE = frozenset(("true", "t", "yes", "y", "1"))
_FALSE = frozenset(("false", "f", "no", "n", "0"))


def is_missing(value: Any) -> bool:
    """Say whether a value stands for "not known": None, NaN, NaT, pandas' NA."""
    if value is None:
        return True
    if type(value) is str:
        return False
    try:
        return bool(value != value)
    except TypeError:  # pandas.NA refuses to be a truth value
        return True


def stored_as_number(column: Column) -> bool:
    """Say whether the data set's file holds the column as a number, whatever it means."""
    return any(word in column.storage.upper() for word in _NUMBER_STORAGE)


def numbers(raw: Raw, column: Column) -> Floats:
    """Return (n,) doubles, NaN where missing; integers beyond 2**53 round to the nearest double."""
    if not isinstance(raw, list) and raw.dtype.kind in "iufb":
        return raw.to_numpy(dtype=np.float64, na_value=np.nan)
    return _each(raw, column, _number, np.float64)


def booleans(raw: Raw, column: Column) -> Floats:
    """Return (n,) doubles: 1 true, 0 false, NaN missing."""
    if not isinstance(raw, list) and raw.dtype.kind == "b":
        return raw.to_numpy(dtype=np.float64, na_value=np.nan)
    return _each(raw, column, _boolean, np.float64)


def moments(raw: Raw, column: Column) -> Array:
    """Return (n,) ``datetime64[us]``, NaT where missing; times with a zone are taken to UTC."""
    if not isinstance(raw, list) and raw.dtype.kind == "M":
        zoned = getattr(raw.dtype, "tz", None) is not None
        naive: Any = raw.dt.tz_convert("UTC").dt.tz_localize(None) if zoned else raw
        return np.asarray(naive.to_numpy()).astype("datetime64[us]")
    return _each(raw, column, _moment, "datetime64[us]")


def texts(raw: Raw, column: Column) -> list[str | None]:
    """Return n strings, None where missing; other values as a file would spell them (3, not 3.0)."""
    values = _listed(raw)
    if stored_as_number(column):
        return [_number_text(value) for value in values]
    return [value if type(value) is str else _text(value) for value in values]


def _listed(raw: Raw) -> list[Any]:
    return raw if isinstance(raw, list) else raw.to_numpy(dtype=object).tolist()


def _each(raw: Raw, column: Column, read: Callable[[Any], Any], dtype: Any) -> Array:
    return np.array(list(_read_all(_listed(raw), column, read)), dtype=dtype)


def _read_all(values: Iterable[Any], column: Column, read: Callable[[Any], Any]) -> Iterable[Any]:
    for row, value in enumerate(values):
        try:
            yield read(value)
        except (TypeError, ValueError) as error:
            raise wrong_type(column, row, value) from error


def wrong_type(column: Column, row: int, value: object) -> RowError:
    """Return the error for a value that does not read as its column's kind."""
    wanted = {"number": "a number", "boolean": "true or false", "date": "a date"}.get(column.kind, "text")
    shown = repr(value) if len(repr(value)) <= 60 else repr(value)[:57] + "..."
    example = {"date": ' like "2024-12-31" or "2024-12-31T18:30:00"'}.get(column.kind, "")
    return RowError(
        f"'{column.name}' should be {wanted}, but row {row} has {shown}.",
        row=row,
        field=column.name,
        hint=f"Give {wanted}{example}, or null where it is missing.",
    )


def _number(value: Any) -> float:
    if is_missing(value) or (isinstance(value, str) and not value.strip()):
        return math.nan
    if isinstance(value, (datetime, date, np.datetime64)):
        raise TypeError
    try:
        return float(value)
    except OverflowError:  # an integer beyond the largest double
        return math.inf if value > 0 else -math.inf


def _boolean(value: Any) -> float:
    if is_missing(value):
        return math.nan
    word = str(value).strip().lower().removesuffix(".0")
    if not word:
        return math.nan
    if word in _TRUE:
        return 1.0
    if word in _FALSE:
        return 0.0
    raise ValueError


def _moment(value: Any) -> Any:
    if is_missing(value):
        return np.datetime64("NaT", "us")
    if isinstance(value, str):
        value = value.strip()
        if not value:
            return np.datetime64("NaT", "us")
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone(UTC).replace(tzinfo=None)
    if not isinstance(value, (date, np.datetime64)):
        raise TypeError
    return np.datetime64(value).astype("datetime64[us]")


def _text(value: Any) -> str | None:
    if type(value) is str:
        return value
    if is_missing(value):
        return None
    if isinstance(value, (bool, np.bool_)):
        return str(value).lower()
    if isinstance(value, (float, np.floating)) and abs(float(value)) < 1e15 and float(value).is_integer():
        return str(int(value))
    return str(value)


def _number_text(value: Any) -> str | None:
    try:
        return _text(float(value) if isinstance(value, str) else value)
    except ValueError:
        return str(value)
