"""Coerce rows from JSON to the column types of the data set."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.errors import RowError
from litmus_core.frame._encoders.encoder import encoding_of
from litmus_core.frame._values import raw_values
from litmus_core.frame._values.formats import has_source_format, to_plain_format
from litmus_core.frame._values.raw_values import Array
from litmus_core.types import Column

if TYPE_CHECKING:
    import pandas as pd


def coerce(rows: Sequence[Mapping[str, Any]], columns: Sequence[Column]) -> pd.DataFrame:
    """Return ``rows`` (n dicts) as a frame of exactly ``columns``, in their order, RangeIndex.

    Numbers become float64 (also from numeric strings), dates datetime64[us] (ISO 8601; with a zone: UTC),
    booleans objects True/False/None, the rest str or None (prose: None if blank); ids that the data set
    stores as numbers become float64. Fields beyond ``columns`` are ignored. Raises RowError for an absent
    field (a missing value is null) and for a value of another type.

    >>> price = Column(name="price", original_name="price", kind="number", storage="DOUBLE")
    >>> coerce([{"price": "2.5"}, {"price": None}], [price])["price"].tolist()
    [2.5, nan]
    """
    import pandas as pd

    return pd.DataFrame(_typed(rows, columns), index=pd.RangeIndex(len(rows)), copy=False)


def read_rows(rows: Sequence[Any], columns: Sequence[Column]) -> dict[str, Array]:
    """Return ``rows`` to score (n dicts) as arrays by name, typed as :func:`coerce` does.

    Dates and numbers may be written as in the training file. Infinite numbers are missing if the column is
    stored as whole numbers or doubles, as at import. Raises RowError for a row that is not a dict, an absent
    field, and a value of another type.
    """
    _check_rows(rows)
    spelled = [column for column in columns if has_source_format(column)]
    if spelled:
        rows = [
            {
                **row,
                **{
                    cell.name: to_plain_format([row[cell.name]], cell)[0]
                    for cell in spelled
                    if cell.name in row
                },
            }
            for row in rows
        ]
    typed = _typed(rows, columns)
    for column in columns:
        if column.stores_numbers:
            typed[column.name] = finite(typed[column.name])
    return typed


def finite(values: Array) -> Array:
    """Return numbers (float64), or texts of numbers (object), with the infinite ones missing."""
    if values.dtype.kind not in "fO":
        return values
    copied = values.copy()
    if values.dtype.kind == "f":
        copied[np.isinf(values)] = np.nan
    else:
        copied[[is_infinite(value) for value in values]] = None
    return copied


def is_infinite(value: Any) -> bool:
    """Return whether a value is infinite, or a text of an infinite number."""
    if not isinstance(value, str | float):
        return False
    try:
        return math.isinf(raw_values.number(value))
    except ValueError:
        return False


def _check_rows(rows: Sequence[Any]) -> None:
    for number, row in enumerate(rows):
        if not isinstance(row, Mapping):
            raise RowError(
                "Row ",
                row=number,
                rest=f" is {type(row).__name__}, not an object with one value per column.",
                hint='Each row is an object such as {"column": value}.',
            )


def _typed(rows: Sequence[Mapping[str, Any]], columns: Sequence[Column]) -> dict[str, Array]:
    return {column.name: _read(_values_of(rows, column), column) for column in columns}


def _values_of(rows: Sequence[Mapping[str, Any]], column: Column) -> list[Any]:
    name = column.name
    try:
        return [row[name] for row in rows]
    except KeyError:
        row = next(i for i, row_values in enumerate(rows) if name not in row_values)
        raise RowError(
            "Row ",
            row=row,
            rest=f" has no field '{name}'.",
            field=name,
            hint="Give every field of the model; null says that a value is missing.",
        ) from None


def _read(values: list[Any], column: Column) -> Any:
    for row, value in enumerate(values):
        if isinstance(value, (dict, list)) or (isinstance(value, bool) and column.traits.is_ordered):
            raise raw_values.wrong_type(column, row, value)
    return _READERS.get(encoding_of(column), _read_texts)(values, column)


def _read_numbers(values: list[Any], column: Column) -> Any:
    return raw_values.numbers(values, column)


def _read_dates(values: list[Any], column: Column) -> Any:
    return raw_values.moments(values, column)


def _read_booleans(values: list[Any], column: Column) -> Any:
    read = raw_values.booleans(values, column).tolist()
    return _object_array([None if value != value else value == 1.0 for value in read])


def _read_texts(values: list[Any], column: Column) -> Any:
    return _object_array(raw_values.texts(values, column))


def _read_prose(values: list[Any], column: Column) -> Any:
    return _object_array(raw_values.prose(values, column))


def _object_array(values: list[Any]) -> Any:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


_READERS: dict[str, Callable[[list[Any], Column], Any]] = {
    "number": _read_numbers,
    "date": _read_dates,
    "boolean": _read_booleans,
    "text": _read_prose,
}
