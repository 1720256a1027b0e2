"""Parse numbers and dates in texts, as pandas' ``to_numeric`` and ``to_datetime`` do."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache

from litmus_core.errors import RowError
from litmus_core.frame._values.number_parsing import shown

ISO, ANY_ISO = "", "ISO8601"  # date formats besides those of strptime; pandas itself guesses ISO
_NUMBER = re.compile(r"[ \t\n\r\f\v]*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[ \t\n\r\f\v]*", re.ASCII)
_INFINITE = re.compile(r"[+-]?inf(?:inity)?", re.ASCII | re.IGNORECASE)
_MOMENT = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?)?", re.ASCII)
_NO_MOMENT = frozenset(("", "NaT", "nat", "NAT", "nan", "NaN", "NAN"))
_EPOCH, _US = datetime(1970, 1, 1), timedelta(microseconds=1)
_FIRST, _LAST = datetime(1677, 9, 22), datetime(2262, 4, 11)  # the range of dates in all versions of pandas
_HINT = "Say format='%d.%m.%Y' or the like, and errors='coerce' where other texts are missing dates."


class DateParseError(RowError, ValueError):
    """Raised for a text that is not a date of the requested format; a ValueError, as in pandas."""


def number_or_missing(text: str | None) -> float:
    """Return a text as a number, NaN if it is not a number.

    >>> number_or_missing(" 1e3 "), number_or_missing("1,000")
    (1000.0, nan)
    """
    if text is None:
        return math.nan
    if _NUMBER.fullmatch(text):
        number = float(text)
        return number if math.isfinite(number) else math.nan
    return float(text) if _INFINITE.fullmatch(text) else math.nan


def moment_reader(form: str, *, coerces: bool) -> Callable[[str | None], float]:
    """Return a function from a text to microseconds since 1970, NaN where it is missing.

    ``form`` is strptime's, ISO or ANY_ISO. ``coerces``: other texts are missing; else they raise
    DateParseError.
    """
    read = _iso if form in (ISO, ANY_ISO) else _by_format(form)

    def of_text(text: str | None) -> float:
        if text is None or text in _NO_MOMENT:
            return math.nan
        when = read(text)
        if when is None:
            if not coerces:
                raise DateParseError(f"The text {shown(text)} is not a date{_of(form)}.", hint=_HINT)
            if form in (ISO, ANY_ISO):
                _check_nowhere(text)
            return math.nan
        if not _FIRST <= when < _LAST:
            raise DateParseError(f"The date {shown(text)} is outside the years 1678 to 2261.", hint=_HINT)
        return (when - _EPOCH) // _US

    return lru_cache(maxsize=16_384)(of_text)


def iso_shape(text: str | None) -> int:
    """Return which parts an ISO date has; 0 for other texts. pandas reads only one such shape in a column."""
    match = None if text is None else _MOMENT.fullmatch(text)
    return 0 if match is None else 1 + sum(part is not None for part in match.groups()[3:])


def check_one_shape(texts: list[str | None]) -> None:
    """Raise DateParseError for dates with and without a time in one column, which pandas cannot read
    either."""
    shapes = {iso_shape(text) for text in texts} - {0}
    if len(shapes) > 1:
        raise DateParseError(
            "to_datetime without a format reads dates of one form, and some have a time and some none.",
            hint="Say format='ISO8601'.",
        )


def _of(form: str) -> str:
    return " such as 2024-12-31" if form in (ISO, ANY_ISO) else f" of the form {form}"


def _iso(text: str) -> datetime | None:
    match = _MOMENT.fullmatch(text)
    if match is None:
        return None
    *parts, fraction = match.groups()
    try:
        return datetime(*(int(part or 0) for part in parts), int((fraction or "0").ljust(6, "0")))  # type: ignore[call-arg,arg-type]
    except ValueError:
        return None


def _by_format(form: str) -> Callable[[str], datetime | None]:
    def read(text: str) -> datetime | None:
        try:
            when = datetime.strptime(text, form)
        except ValueError:
            return None
        return None if when.tzinfo else when

    return read


def _check_nowhere(text: str) -> None:
    """Raise DateParseError for a text that pandas could read as a date of another format."""
    import warnings

    import pandas as pd

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        when = pd.to_datetime([text], errors="coerce")[0]
    if not pd.isna(when):
        raise DateParseError(
            f"The text {shown(text)} could be a date: without a format to_datetime reads 2024-12-31 only.",
            hint=_HINT,
        )
