"""Date formats, and which of them fit some examples."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from litmus_core.frame import GERMAN, GERMAN_MONTHS
from litmus_core.types import DateOrder

ISO = "iso"  # what DuckDB's own cast reads: 2024-05-31, 2024/05/31, with or without a time
ISO_ZONED = "iso with zone"  # the same with Z or +02:00 behind it, converted to UTC

_MONTH_NAMES = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DAYS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"\d{1,2}/\d{1,2}/\d{4}", ("%m/%d/%Y", "%d/%m/%Y")),
    (r"\d{1,2}-\d{1,2}-\d{4}", ("%d-%m-%Y", "%m-%d-%Y")),
    (r"\d{1,2}\.\d{1,2}\.\d{4}", ("%d.%m.%Y", "%m.%d.%Y")),
    (r"\d{1,2}/\d{1,2}/\d{2}", ("%m/%d/%y", "%d/%m/%y", "%y/%m/%d")),
    (r"\d{1,2}\.\d{1,2}\.\d{2}", ("%d.%m.%y",)),
    (r"\d{4}\.\d{1,2}\.\d{1,2}", ("%Y.%m.%d",)),
    (r"\d{4}-\d{1,2}", ("%Y-%m",)),
    (rf"\d{{1,2}}-({_MONTH_NAMES})-\d{{4}}", ("%d-%b-%Y",)),
    (rf"\d{{1,2}}-({_MONTH_NAMES})-\d{{2}}", ("%d-%b-%y",)),
    (rf"\d{{1,2}} ({_MONTH_NAMES}) \d{{4}}", ("%d %b %Y",)),
    (rf"({_MONTH_NAMES}) \d{{1,2}}, ?\d{{4}}", ("%b %d, %Y",)),
    (rf"({_MONTH_NAMES}) \d{{1,2}} \d{{4}}", ("%b %d %Y",)),
    (r"\d{1,2} [a-z]{3,9} \d{4}", ("%d %B %Y",)),
    (r"[a-z]{3,9} \d{1,2}, ?\d{4}", ("%B %d, %Y",)),
    (r"[a-z]{3,9} \d{1,2} \d{4}", ("%B %d %Y",)),
)
_TIMES: tuple[tuple[str, str], ...] = (
    ("", ""),
    (r" \d{1,2}:\d{2}", " %H:%M"),
    (r" \d{1,2}:\d{2}:\d{2}", " %H:%M:%S"),
    (r" \d{1,2}:\d{2}:\d{2}\.\d+", " %H:%M:%S.%f"),
    (r" \d{1,2}:\d{2} [ap]m", " %I:%M %p"),
    (r" \d{1,2}:\d{2}:\d{2} [ap]m", " %I:%M:%S %p"),
)
_GERMAN = rf"\d{{1,2}}(\. ?|[ -])({'|'.join(GERMAN_MONTHS)})\.?[ -]"
_GERMAN_DAYS = ((rf"{_GERMAN}\d{{4}}", "%d %b %Y"), (rf"{_GERMAN}\d{{2}}", "%d %b %y"))
_FORMS = (
    *(
        (re.compile(shape + time_shape), tuple(form + time_form for form in forms))
        for shape, forms in _DAYS
        for time_shape, time_form in _TIMES
    ),
    *(
        (re.compile(shape + time_shape), (form + time_form + GERMAN,))
        for shape, form in _GERMAN_DAYS
        for time_shape, time_form in _TIMES
    ),
)
_ANY = re.compile("|".join(f"(?:{shape.pattern})" for shape, _ in _FORMS))
_MARK = re.compile(r"[/ -]|\..*\.")  # all of these forms have one
_ISO = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}([ t]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)?")
ZONE = r"(?i).*:\d{2}(\.\d+)? ?(z|utc|[+-]\d{2}(:?\d{2})?)"
_ISO_ZONED = re.compile(_ISO.pattern + r" ?(z|utc|[+-]\d{2}(:?\d{2})?)")
_COMPACT = re.compile(r"(1[89]|20|21)\d{2}(0[1-9]|1[0-2])([0-2]\d|3[01])")
_BEGIN = re.compile("|".join(f"(?:{form.pattern})" for form in (_ISO, _ISO_ZONED, _COMPACT, _ANY)))
_SAME_SHAPE = str.maketrans("012345678", "999999999")  # no form depends on which digit it is
_FEWEST_UNNAMED = 5
_DATE_NAME = re.compile(r"date|datum|day|_dt\b|\bdt\b|time", re.IGNORECASE)


def possible_forms(values: Sequence[str], *, column: str) -> tuple[str, ...]:
    """Return the forms that every one of ``values`` could be written in, likeliest first.

    A form is a strptime format or one of the two ISO words. Eight digits (20240531) count as a date only if
    the column's name says so, or if five or more are all days.

    >>> possible_forms(["5/10/2024", "12/31/2024"], column="Listing Date")
    ('%m/%d/%Y', '%d/%m/%Y')
    """
    first = values[0].strip().lower() if values else ""
    if not _BEGIN.fullmatch(first):
        return ()
    tidy = [value.strip().lower() for value in values]
    if _all(_ISO, tidy):
        return (ISO,)
    if all(_ISO.fullmatch(value) or _ISO_ZONED.fullmatch(value) for value in tidy):
        return (ISO_ZONED,)
    is_named = (
        may_be_compact(column) or len(set(tidy)) >= _FEWEST_UNNAMED
    )  # so many are not all days by chance
    if is_named and _all(_COMPACT, tidy):
        return ("%Y%m%d",)
    if not _MARK.search(first.lstrip("+-")) or not _ANY.fullmatch(first):
        return ()
    fitting = _fitting(first.translate(_SAME_SHAPE))
    return tuple(form for shape, forms in fitting if _all(shape, tidy) for form in forms)


def likeliest_form(text: str) -> str:
    """Return the likeliest form of one date; "" if the text is none, or eight digits.

    >>> likeliest_form("31/01/2024"), likeliest_form("2024-01-31"), likeliest_form("20240131")
    ('%m/%d/%Y', 'iso', '')
    """
    tidy = text.strip().lower()
    if _ISO.fullmatch(tidy):
        return ISO
    if _ISO_ZONED.fullmatch(tidy):
        return ISO_ZONED
    fitting = _fitting(tidy.translate(_SAME_SHAPE)) if _MARK.search(tidy) else ()
    return fitting[0][1][0] if fitting else ""


@lru_cache(maxsize=1_024)
def _fitting(shape_of_text: str) -> tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]:
    """Return the shapes, with their forms, of a text that has only the digit 9."""
    return tuple((shape, forms) for shape, forms in _FORMS if shape.fullmatch(shape_of_text))


def may_be_compact(column: str) -> bool:
    """Return whether eight digits (20240531) in a column of this name count as a date."""
    return bool(_DATE_NAME.search(column))


def is_day_first(form: str) -> bool | None:
    """Return whether a form puts the day before the month; None if the form has no such order.

    >>> is_day_first("%d.%m.%Y"), is_day_first("%m/%d/%y"), is_day_first("%y/%m/%d")
    (True, False, None)
    """
    day, month = form.find("%d"), form.find("%m")
    if day < 0 or month < 0 or "%y" in form[: max(day, month)].lower():
        return None
    return day < month


def order_of(form: str) -> DateOrder | None:
    """Return which part comes first in a form's dates; None if no other part could.

    >>> order_of("%d/%m/%Y"), order_of("%y/%m/%d"), order_of("%Y-%m-%d"), order_of("%d %b %Y")
    ('day first', 'year first', None, None)
    """
    if form.startswith("%y"):
        return "year first"
    first = is_day_first(form)
    if first is None:
        return None
    return "day first" if first else "month first"


def doubt_of_order(form: str, fitting: Sequence[str]) -> str:
    """Return what else dates in ``form`` could be, of the forms that fit them; "" if nothing.

    >>> doubt_of_order("%m/%d/%y", ["%m/%d/%y", "%d/%m/%y", "%y/%m/%d"])
    '; they could also be day first or year first'
    """
    orders = [order for order in map(order_of, fitting) if order not in (None, order_of(form))]
    return f"; they could also be {' or '.join(dict.fromkeys(map(str, orders)))}" if orders else ""


def swapped(form: str) -> str:
    """Return a form with day and month in the other order.

    >>> swapped("%d/%m/%Y")
    '%m/%d/%Y'
    """
    return form.replace("%d", "%\0").replace("%m", "%d").replace("%\0", "%m")


def _all(shape: re.Pattern[str], values: Sequence[str]) -> bool:
    return all(map(shape.fullmatch, values))
