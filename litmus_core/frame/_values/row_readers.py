"""Faster readers of the values of rows to score, with the same results as :func:`read_rows`.

An unreadable value raises one of ``UNREAD``; callers then call :func:`read_rows` for the full error.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np

from litmus_core.frame._encoders.encoder import encoding_of
from litmus_core.frame._values import raw_values
from litmus_core.frame._values.coercion import is_infinite
from litmus_core.frame._values.formats import codes_width, has_source_format, is_fixed, to_plain_format
from litmus_core.frame._values.moments import from_microseconds, microseconds
from litmus_core.frame._values.raw_values import (
    MOST_WHOLE,
    InexactError,
    check_exact,
    finite_numbers,
    is_inexact,
)
from litmus_core.types import Column

_EPOCH = datetime(1970, 1, 1)  # moments without a zone are UTC

Reader = Callable[[Any], Any]
_FEW = 16  # up to this many values, reading one by one is faster than all at once
UNREAD = (KeyError, TypeError, ValueError, ArithmeticError)  # the errors of an unreadable value


def row_reader(column: Column, *, exact: bool = False, blanks: bool = True) -> Reader:
    """Return the reader of one raw value: number or boolean as float, moment as int, text as str or None.

    ``exact``: a whole number that may not be exact as a double raises InexactError. Without ``blanks`` a
    blank text is missing, as at import. A reader may have an
    attribute ``plain``: an expression that is true for a raw value ``{0}`` that needs no conversion. A reader
    of moments has ``takes_datetimes``: the fields of a plain datetime equal those of its microseconds.
    """
    readers: dict[str, Callable[[Column], Reader]] = {
        "number": _number_reader,
        "boolean": _boolean_reader,
        "date": _moment_reader,
    }
    encoding = encoding_of(column)
    read: Reader
    if exact and encoding == "number":
        read = _number_reader(column, exact=True)
        read.is_exact = True  # type: ignore[attr-defined]
    else:
        read = readers.get(encoding, _text_reader)(column)
    if encoding == "text" and not blanks and not raw_values.stored_as_number(column):
        read = _prose_reader()
    if not has_source_format(column):
        return read

    width = codes_width(column.written_as)
    if width is not None and not is_fixed(column):
        return _code_reader(read, column, width)
    return lambda value: read(to_plain_format([value], column)[0])


def read_column(values: list[Any], column: Column, read: Reader) -> Any:
    """Return n raw values of rows as a column, with the results of ``read``, the column's
    :func:`row_reader`."""
    encoding = encoding_of(column)
    is_many = len(values) > _FEW
    if (
        is_many
        and encoding == "number"
        and not has_source_format(column)
        and raw_values.are_plain_numbers(values)
    ):
        doubles = raw_values.numbers(values, column)
        if getattr(read, "is_exact", False) and (np.abs(doubles) >= MOST_WHOLE).any():
            check_exact(values, column)
        return finite_numbers(doubles, column)
    typed = [read(value) for value in values]
    if encoding == "date":
        return from_microseconds(typed)
    return np.array(typed, dtype=np.float64) if encoding in ("number", "boolean") else typed


def gathered(
    rows: Sequence[Mapping[str, Any]], columns: Sequence[Column], readers: Mapping[str, Reader]
) -> dict[str, Any]:
    """Return dicts as typed columns by name; each value is read as in a single row."""
    return {
        column.name: read_column([row[column.name] for row in rows], column, readers[column.name])
        for column in columns
    }


def _with_plain(read: Any, plain: str) -> Reader:
    plain_reader: Reader = read
    read.plain = plain
    return plain_reader


def _number_reader(column: Column, *, exact: bool = False) -> Reader:
    infinite_is_missing = column.stores_numbers
    reads_booleans = column.traits.is_identifier
    low, high = -float(MOST_WHOLE), float(MOST_WHOLE)

    def read(value: Any) -> float:
        if value.__class__ is float and value - value == 0.0:  # finite
            return value
        if value.__class__ is bool and not reads_booleans:
            raise TypeError
        number = raw_values.number(value)
        if low < number < high:  # the usual case
            return number
        if exact and is_inexact(value):
            raise InexactError(value, column.name)
        return math.nan if infinite_is_missing and math.isinf(number) else number

    return _with_plain(read, "{0}.__class__ is float and {0} - {0} == 0.0")


def _boolean_reader(_: Column) -> Reader:
    def read(value: Any) -> float:
        return 1.0 if value is True else 0.0 if value is False else raw_values.boolean(value)

    return read


def _moment_reader(_: Column) -> Reader:
    def read(value: Any) -> float:
        is_plain = value.__class__ is datetime and value.tzinfo is None
        when = value if is_plain else raw_values.moment(value)
        if when is None:
            return math.nan
        if when.__class__ is datetime:
            since = when - _EPOCH
            return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
        return microseconds(np.datetime64(when).astype("datetime64[us]"))

    moment_reader: Reader = read
    read.takes_datetimes = True  # type: ignore[attr-defined]
    return moment_reader


def _text_reader(column: Column) -> Reader:
    if raw_values.stored_as_number(column):
        return _stored_number_text(column)

    def read(value: Any) -> str | None:
        return value if value.__class__ is str or value is None else raw_values.text(value)

    return _with_plain(read, "{0}.__class__ is str or {0} is None")


def _prose_reader() -> Reader:
    def read(value: Any) -> str | None:
        text = raw_values.text(value)
        return None if raw_values.is_blank(text) else text

    return _with_plain(read, "{0}.__class__ is str and {0} and not {0}.isspace() or {0} is None")


def _code_reader(read: Reader, column: Column, width: int) -> Reader:
    def read_code(value: Any) -> str | None:
        if value.__class__ is str and value.isdigit() and len(value) >= width:
            return value
        code: str | None = read(to_plain_format([value], column)[0])
        return code

    return _with_plain(
        read_code, f"{{0}}.__class__ is str and {{0}}.isdigit() and len({{0}}) >= {width} or {{0}} is None"
    )


def _stored_number_text(column: Column) -> Callable[[Any], str | None]:
    infinite_is_missing = column.stores_numbers

    def spell(value: Any) -> str | None:
        text = raw_values.number_text(value)
        if infinite_is_missing and is_infinite(text):
            return None
        return raw_values.number_text(text)  # coerced values may be read again

    return spell
