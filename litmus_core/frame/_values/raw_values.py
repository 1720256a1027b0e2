"""Parse raw values, in the same way in every container."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.errors import RowError
from litmus_core.types import MISSING_WORDS, PLACEHOLDER_WORDS, Column

if TYPE_CHECKING:
    import pandas as pd

    # A column of a frame or of a table without pandas, or the values of one field of JSON rows.
    Raw = pd.Series[Any] | np.ndarray[Any, Any] | list[Any]

MOST_WHOLE = 2**53  # a double does not hold every whole number beyond it
_WHOLE_TEXT = re.compile(r"\s*[+-]?\d{16,}\s*", re.ASCII)
Array = np.ndarray[Any, np.dtype[Any]]
Floats = np.ndarray[Any, np.dtype[np.float64]]

_NUMBER_STORAGE = ("INT", "DOUBLE", "FLOAT", "DECIMAL", "REAL", "NUMERIC")
_TRUE = frozenset(("true", "t", "yes", "y", "1"))
_PLAIN_NUMBERS = frozenset((float, int, type(None)))
_PLAIN_TEXTS = frozenset((str, type(None)))
_FALSE = frozenset(("false", "f", "no", "n", "0"))
_MISSING, _PLACEHOLDERS = frozenset(MISSING_WORDS), frozenset(PLACEHOLDER_WORDS)
_NO_TEXTS = (list, dict, tuple, set, np.ndarray, bytes, bytearray, memoryview)


def is_missing(value: Any) -> bool:
    """Return whether a value means "missing": None, NaN, NaT, pandas' NA."""
    if value is None:
        return True
    if type(value) is str:
        return False
    try:
        return bool(value != value)
    except TypeError:  # pandas.NA has no truth value
        return True


def says_missing(text: str) -> bool:
    """Return whether a text means "missing" among numbers, dates or truth values.

    Import and every other way to read rows use this rule.

    >>> says_missing("n/a"), says_missing(" - "), says_missing("0")
    (True, True, False)
    """
    word = text.strip()
    return word in _MISSING or word.lower() in _PLACEHOLDERS


def stored_as_number(column: Column) -> bool:
    """Return whether the data set's file stores the column as a number, whatever its kind."""
    return _holds_numbers(column.storage)


@lru_cache(maxsize=64)
def _holds_numbers(storage: str) -> bool:
    return any(word in storage.upper() for word in _NUMBER_STORAGE)


def are_plain_numbers(values: list[Any]) -> bool:
    """Return whether all values are floats, integers (no booleans) or None."""
    return _PLAIN_NUMBERS.issuperset(map(type, values))


def check_exact(raw: Raw, column: Column) -> None:
    """Raise InexactError for whole numbers, or texts of them, that may not be exact as a double."""
    kind = _kind(raw)
    if kind in "fbM":
        return
    if kind in "iu":
        present: Any = raw.dropna() if hasattr(raw, "dropna") else raw
        if len(present) and (int(present.max()) > MOST_WHOLE or int(present.min()) < -MOST_WHOLE):
            check_exact(_listed(present), column)
        return
    for value in _listed(raw):
        if value.__class__ is not float and is_inexact(value):
            raise InexactError(value, column.name)


def is_inexact(value: Any) -> bool:
    """Return whether a value is a whole number, or a text of one, too large for an exact double."""
    if isinstance(value, str):
        value = int(value) if _WHOLE_TEXT.fullmatch(value) else 0
    return isinstance(value, int | np.integer) and not -MOST_WHOLE <= value <= MOST_WHOLE


class InexactError(RowError):
    """Raised for a whole number that a double cannot hold exactly."""

    def __init__(self, value: Any, name: str) -> None:
        super().__init__(
            f"'{name}' holds {value}, and numbers here hold whole ones up to 2**53 for sure.",
            field=name,
            hint=f"Read it as a text, by types={{'{name}': 'text'}} or a Column of that kind.",
        )


def finite_numbers(values: Floats, column: Column) -> Floats:
    """Return numbers with infinite ones missing if the column's file holds none."""
    if not column.stores_numbers or not np.isinf(values).any():
        return values
    return np.where(np.isinf(values), np.nan, values)


def numbers(raw: Raw, column: Column) -> Floats:
    """Return (n,) doubles, NaN where missing; integers beyond 2**53 round to the nearest double."""
    if _kind(raw) in "iufb":
        return _doubles(raw)
    values = _listed(raw)
    if are_plain_numbers(values):
        try:
            return np.array(values, dtype=np.float64)
        except OverflowError:  # an integer beyond the largest double
            pass
    return _read_each(values, column, number, np.float64)


def booleans(raw: Raw, column: Column) -> Floats:
    """Return (n,) doubles: 1 true, 0 false, NaN missing."""
    if _kind(raw) == "b":
        return _doubles(raw)
    return _read_each(_listed(raw), column, boolean, np.float64)


def moments(raw: Raw, column: Column) -> Array:
    """Return (n,) ``datetime64[us]``, NaT where missing; times with a zone are converted to UTC."""
    if _kind(raw) == "M":
        return naive(raw).astype("datetime64[us]")
    return _read_each(_listed(raw), column, moment, "datetime64[us]")


def texts(raw: Raw, column: Column) -> list[str | None]:
    """Return n strings, None where missing; other values as a file would write them (3, not 3.0).

    Raises RowError for a list, a dict or bytes.
    """
    values = _listed(raw)
    try:
        if stored_as_number(column):
            return [number_text(value) for value in values]
        if _PLAIN_TEXTS.issuperset(map(type, values)):
            return values
        return [value if type(value) is str or value is None else text(value) for value in values]
    except TypeError:
        return list(_read_all(values, column, text))  # raises the error that names the value


def prose(raw: Raw, column: Column) -> list[str | None]:
    """Return n texts as :func:`texts` does; blank ones are missing, as at import."""
    return [None if is_blank(value) else value for value in texts(raw, column)]


def is_blank(value: str | None) -> bool:
    """Return whether a text has no character but white space."""
    return value is not None and (not value or value.isspace())


def _kind(raw: Any) -> str:
    """Return NumPy's letter for the column's type; "O" for a list."""
    return str(raw.dtype.kind) if hasattr(raw, "dtype") else "O"


def _doubles(raw: Any) -> Floats:
    if isinstance(raw, np.ndarray):
        return raw.astype(np.float64)
    doubles: Floats = raw.to_numpy(dtype=np.float64, na_value=np.nan)
    return doubles


def naive(raw: Any) -> Array:
    """Return moments of a datetime dtype without a zone, converted to UTC if they have one."""
    if isinstance(raw, np.ndarray):
        return raw
    zoned = getattr(raw.dtype, "tz", None) is not None
    return np.asarray((raw.dt.tz_convert("UTC").dt.tz_localize(None) if zoned else raw).to_numpy())


def _listed(raw: Any) -> list[Any]:
    if isinstance(raw, np.ndarray):
        if raw.dtype.kind in "mM":  # moments in nanoseconds would become ints as objects
            raw = raw.astype(f"{raw.dtype.kind}8[us]")
        values: list[Any] = raw.astype(object).tolist()
        return values
    return raw.to_numpy(dtype=object).tolist() if hasattr(raw, "dtype") else list(raw)


def _read_each(values: list[Any], column: Column, read: Callable[[Any], Any], dtype: Any) -> Array:
    return np.array(list(_read_all(values, column, read)), dtype=dtype)


def _read_all(values: Iterable[Any], column: Column, read: Callable[[Any], Any]) -> Iterable[Any]:
    for row, value in enumerate(values):
        try:
            yield read(value)
        except (TypeError, ValueError) as error:
            raise wrong_type(column, row, value) from error


def wrong_type(column: Column, row: int, value: object) -> RowError:
    """Return the error for a value that cannot be read as its column's kind."""
    kind = column.traits
    shown = repr(value) if len(repr(value)) <= 60 else repr(value)[:57] + "..."
    form = column.written_as if column.stores_times else ""
    spelled = f" written as in training, {describe_format(form)}, or" if form else ""
    return RowError(
        f"'{column.name}' should be {kind.asks_for}, but row ",
        row=row,
        rest=f" has {shown}.",
        field=column.name,
        hint=f"Give {kind.asks_for}{spelled}{kind.example}, or null where it is missing.",
    )


def describe_format(form: str) -> str:
    """Return a strptime format of dates as people write it.

    >>> describe_format("%m/%d/%Y %H:%M")
    'month/day/year'
    """
    words = {"%m": "month", "%d": "day", "%Y": "year", "%y": "year", "%b": "month", "%B": "month"}
    return re.sub(r"%[mdYybB]", lambda part: words[part.group()], form.split(" %H")[0].split(" %I")[0])


def number(value: Any) -> float:
    """Return one value as a double, NaN where missing; raises TypeError or ValueError for others."""
    if is_missing(value):
        return math.nan
    if isinstance(value, (datetime, date, timedelta, np.datetime64, np.timedelta64)):
        raise TypeError
    if isinstance(value, str):
        try:
            return plain_number(value)
        except ValueError:
            if says_missing(value):
                return math.nan
            raise
    try:
        return float(value)
    except OverflowError:  # an integer beyond the largest double
        return math.inf if value > 0 else -math.inf


def plain_number(text: str) -> float:
    """Return a text as a double; raises ValueError if import would not read it as a number.

    Python also reads ``1_000`` and digits of other scripts, which mean something else in files.
    """
    if not text.isascii():
        text = text.strip()  # strips fixed and thin spaces, as import does
    if "_" in text or not text.isascii():
        raise ValueError(text)
    return float(text)


def boolean(value: Any) -> float:
    """Return one value as 1 or 0, NaN where missing; raises ValueError for other values."""
    if is_missing(value):
        return math.nan
    word = str(value).strip().lower().removesuffix(".0")
    if word in _TRUE:
        return 1.0
    if word in _FALSE:
        return 0.0
    if isinstance(value, str) and says_missing(value):
        return math.nan
    raise ValueError


def moment(value: Any) -> datetime | date | np.datetime64 | None:
    """Return one value as a moment without a zone, converted to UTC if it has one; None where missing.

    Raises TypeError or ValueError if it is not a moment."""
    if is_missing(value):
        return None
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            if says_missing(value):
                return None
            raise
    if isinstance(value, datetime):
        return value if value.tzinfo is None else _in_utc(value)
    if not isinstance(value, (date, np.datetime64)):
        raise TypeError
    return value.astype("datetime64[us]") if isinstance(value, np.datetime64) else value


def _in_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC).replace(tzinfo=None)
    except OverflowError as error:  # the year 0 or 10000 in UTC
        raise ValueError from error


def text(value: Any) -> str | None:
    """Return one value as a file would write it, None where missing; raises TypeError for bytes and lists."""
    if type(value) is str:
        return value
    if isinstance(value, _NO_TEXTS):
        raise TypeError(value)
    if is_missing(value):
        return None
    if isinstance(value, (bool, np.bool_)):
        return str(value).lower()
    if isinstance(value, (float, np.floating)) and abs(float(value)) < 1e15 and float(value).is_integer():
        return str(int(value))
    return str(value)


def number_text(value: Any) -> str | None:
    """Return one value of a column stored as numbers as a file would write it."""
    try:
        return text(plain_number(value) if isinstance(value, str) else value)
    except ValueError:
        return None if says_missing(value) else str(value)
