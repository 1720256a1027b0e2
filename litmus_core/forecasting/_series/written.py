"""Times as texts: one order of day and month for a whole column, never value by value."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.forecasting._series.times import EARLIEST_YEAR, LATEST_YEAR

Array = NDArray[Any]
_CLOCK = r"(?P<clock>(?:t| +|, *)\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[ap]m)?)?"
_MONTHS = {name: place for place, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
)}  # fmt: skip
_MONTHS |= {"jän": 1, "mär": 3, "mae": 3, "mrz": 3, "mai": 5, "okt": 10, "dez": 12}  # as Germans write them
_NAME = rf"(?P<name>{'|'.join(_MONTHS)})[a-zä]*\.?"
_NAMED_DAY = re.compile(rf"(?P<day>\d{{1,2}})(?:\. ?|[ -])?{_NAME}[ -]?(?P<year>\d{{4}}|\d{{2}}){_CLOCK}")
_YEAR_FIRST = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_CLOCK}")
_YEAR_LAST = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}|\d{{2}}){_CLOCK}")
_COMPACT = re.compile(rf"(\d{{4}})(\d{{2}})(\d{{2}}){_CLOCK}")
_MONTH = tuple(map(re.compile, (  # a month or a quarter of a year, which has no day
    r"(?P<year>\d{4})[-/. ]?(?P<month>\d{2})",
    r"(?P<month>\d{1,2})[-/. ](?P<year>\d{4})",
    rf"{_NAME}[-/ .']*(?P<year>\d{{4}}|\d{{2}})",
    rf"(?P<year>\d{{4}})[-/ .]*{_NAME}",
    r"(?P<year>\d{4})[-/ ]*q(?P<quarter>[1-4])",
    r"q(?P<quarter>[1-4])[-/ ]*'?(?P<year>\d{4}|\d{2})",
    r"(?P<quarter>[1-4])[-. ]?q[-/ ]*(?P<year>\d{4})",
    r"(?P<year>\d{4})",
)))  # fmt: skip
_WEEK = re.compile(r"(\d{4})[- ]?w(\d{1,2})")
_WITH_YEAR = re.compile(r".*\d{4}.*|\d{1,2}[- ]?[a-z]{3,}[- ]?\d{2}")  # else pandas takes today's
_PLACES = {"day first": (3, 1, 0), "month first": (3, 0, 1), "year first": (0, 1, 3)}  # year, month, day
ORDERS = tuple(_PLACES)


def written_times(texts: Sequence[str]) -> Mapping[str, Array]:
    """Return what ``texts`` (n,) mean by each order of the parts of a date, datetime64[s], NaT for no time.

    Texts whose parts can have one order alone are read once, under "".
    """
    tidy = [text.strip().lower() for text in texts]
    if not any(map(_YEAR_LAST.fullmatch, tidy)):
        return {"": _read(tidy, "day first")}
    readings = {order: _read(tidy, order) for order in ORDERS}
    fewest = min(int(np.isnat(times).sum()) for times in readings.values())
    return {order: times for order, times in readings.items() if np.isnat(times).sum() == fewest}


def _read(texts: Sequence[str], order: str) -> Array:
    """Return ``texts`` as times by one order."""
    import pandas as pd

    plain = [_plain(text, order) for text in texts]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        times = pd.to_datetime(pd.Series(plain, dtype=object), errors="coerce", format="mixed")
    return np.asarray(times.to_numpy().astype("datetime64[s]"))


def _plain(text: str, order: str) -> str | None:
    """Return a time as 2026-01-31 14:00 or with the month's name, which pandas reads in one way."""
    if parts := _YEAR_FIRST.fullmatch(text):
        return _iso(parts[1], parts[3], parts[4], parts["clock"])
    if parts := _YEAR_LAST.fullmatch(text):
        pieces = (parts[1], parts[3], "", parts[4])
        year, month, day = (pieces[place] for place in _PLACES[order])
        return _iso(year, month, day, parts["clock"])
    if parts := _COMPACT.fullmatch(text):
        return _iso(parts[1], parts[2], parts[3], parts["clock"])
    if parts := _NAMED_DAY.fullmatch(text):
        return _iso(parts["year"], str(_MONTHS[parts["name"]]), parts["day"], parts["clock"])
    for form in _MONTH:
        if parts := form.fullmatch(text):
            return _iso(*_month(parts.groupdict()), "1", None)
    if parts := _WEEK.fullmatch(text):
        return _monday(int(parts[1]), int(parts[2]))
    return text if _WITH_YEAR.fullmatch(text) else None


def _month(parts: Mapping[str, str | None]) -> tuple[str, str]:
    """Return the year and the month of what has no day."""
    month = parts.get("month") or str(_MONTHS.get(parts.get("name") or "", 1))
    if quarter := parts.get("quarter"):
        month = str(3 * int(quarter) - 2)
    return parts["year"] or "", month


def _iso(year: str, month: str, day: str, clock: str | None) -> str | None:
    """Return a date as ISO 8601 has it; None where there is no such date."""
    n_year = int(year)
    if len(year) <= 2:
        n_year += 2000 if n_year < 69 else 1900  # as strptime does
    try:
        text = date(n_year, int(month), int(day)).isoformat()
    except ValueError:
        return None
    if not EARLIEST_YEAR <= n_year <= LATEST_YEAR:
        return None
    return f"{text} {clock.lstrip('t, ')}" if clock else text


def _monday(year: int, week: int) -> str | None:
    try:
        return date.fromisocalendar(year, week, 1).isoformat()
    except ValueError:
        return None
