"""Time order of texts: "2007-Q1", "janvier 2007", "INV-2007-00012", "A-000123"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.data._time import calendar_units as units
from litmus_core.data._time.calendar_names import month_names, plain, weekday_names
from litmus_core.data._time.calendar_units import Floats, Sure, Unit

if TYPE_CHECKING:
    import pandas as pd

_TOKEN = re.compile(r"\d+|[^\W\d_]+")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
_ORDINAL = re.compile(r"(\d)(?:st|nd|rd|th)\b")
_SEASON = re.compile(r"(?<!\d)((?:19|20)\d\d)\s?[/-]\s?(\d{4}|\d\d)(?!\d)")
_ROMAN_NUMBERS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_ROMAN = {number: place + 1.0 for place, number in enumerate(_ROMAN_NUMBERS)}
_HALF_DAYS = {"am": 1.0, "pm": 2.0, "a.m": 1.0, "p.m": 2.0}
_MOST_NAMES = 40  # distinct words of one language that may be names of months or weekdays
_FEWEST_ROMAN = 8
_MOST_SHORT_YEARS = 40
_MOST_PARTS = 8
_FEWEST_CODES = 20  # in alphabetical order
_LONGEST = 60  # characters: anything longer is not a time
_NAMES_ROWS = 0.9  # share of distinct texts that name rows
_WITHIN_YEARS = (units.HALF, units.QUARTER, units.MONTH, units.WEEK)


@dataclass(frozen=True, slots=True)
class TextOrder:
    """Each text's position (n,) in an order; NaN where there is none.

    ``units`` are the calendar units in the texts, the coarsest first; ``counts`` whether there is a number,
    or a word, besides them. ``is_number``: the texts are only digits ("07").
    """

    numbers: Floats
    units: tuple[Unit, ...] = ()
    counts: bool = False
    is_number: bool = False

    @property
    def unit(self) -> Unit | None:
        """The only calendar unit in the texts; None if there are several, or a counter."""
        return self.units[0] if len(self.units) == 1 and not self.counts else None

    @property
    def tells_time(self) -> Sure:
        """Whether the texts alone date a row: a year with a part of it does."""
        if units.YEAR in self.units:
            return "surely" if len(self.units) > 1 else "maybe"
        in_one_year = {units.WEEK, units.YEARDAY}.intersection(self.units) or {units.MONTH, units.DAY} <= {
            *self.units
        }
        return "maybe" if in_one_year else "no"


@dataclass(frozen=True, slots=True)
class _Part:
    """The same part of all texts: its numbers (n_texts,), and their unit.

    ``is_short_year``: they could be two-digit years.
    """

    numbers: Floats
    unit: Unit | None
    is_short_year: bool = False


def text_order(values: pd.Series[Any], name: str = "") -> TextOrder | None:
    """Return the time order of the texts of a column called ``name``; None if they have none.

    Texts are read by their parts: month names in many languages, years, numbers after letters that name a
    unit (Q1, W05, KW 5, H1), other numbers in ascending order. Texts without common parts, all of one length
    and nearly all distinct, are in alphabetical order.
    """
    import pandas as pd

    codes, levels = pd.factorize(values)
    texts = [level for level in levels if isinstance(level, str)]
    if len(texts) != len(levels) or len(texts) < 2 or max(map(len, texts)) > _LONGEST:
        return None
    order = _order(texts, name)
    if order is None and len(texts) >= _NAMES_ROWS * int((codes >= 0).sum()):
        order = _by_alphabet(texts)
    if order is None:
        return None
    numbers = np.append(order.numbers, np.nan)[codes]
    return replace(order, numbers=numbers, is_number=all(map(str.isdecimal, texts)))


def _order(texts: Sequence[str], name: str) -> TextOrder | None:
    """Return the order of distinct texts."""
    clocks = [_CLOCK.fullmatch(text.strip()) for text in texts]
    if all(clocks):
        hours = [int(clock[1]) + int(clock[2]) / 60 + int(clock[3] or 0) / 3600 for clock in clocks if clock]
        return TextOrder(np.array(hours), (units.HOUR,))
    written = _without_second_years([_ORDINAL.sub(r"\1", plain(text)) for text in texts])
    named = _months_or_weekdays(written)
    if named and named.unit:
        return TextOrder(named.numbers, (named.unit,))
    tokens = [_TOKEN.findall(text) for text in written]
    kinds = {tuple(cell[0].isdecimal() for cell in map(str, row)) for row in tokens}
    if len(kinds) != 1 or not 1 <= len(tokens[0]) <= _MOST_PARTS:
        return None
    parts = list(_parts([list(column) for column in zip(*tokens, strict=True)], name))
    return _compose_order(_settle_units(parts))


def _without_second_years(texts: Sequence[str]) -> list[str]:
    """Return "2007/08" as "2007" if every such pair is a year and the next one."""
    pairs = {match.groups() for text in texts for match in _SEASON.finditer(text)}
    follow = all((int(first) + 1) % 100 == int(second) % 100 for first, second in pairs)
    return [_SEASON.sub(r"\1", text) for text in texts] if len(pairs) > 1 and follow else list(texts)


def _months_or_weekdays(words: Sequence[str]) -> _Part | None:
    """Return the months, weekdays or half-days that all ``words`` name."""
    different = set(words)
    if not 2 <= len(different) <= _MOST_NAMES or any(any(map(str.isdecimal, text)) for text in different):
        return None
    if different <= _HALF_DAYS.keys():
        return _ordered_part(words, _HALF_DAYS, units.HALFDAY)
    if different <= _ROMAN.keys() and len(different) >= _FEWEST_ROMAN:
        return _ordered_part(words, _ROMAN, units.MONTH)
    for unit, languages in ((units.MONTH, month_names()), (units.WEEKDAY, weekday_names())):
        for names in languages:
            if different <= names.keys():
                return _ordered_part(words, names, unit)
    return None


def _ordered_part(words: Sequence[str], names: Mapping[str, float], unit: Unit) -> _Part:
    return _Part(np.array([names[word] for word in words]), unit)


def _parts(columns: Sequence[list[str]], name: str) -> Iterator[_Part]:
    """Yield the parts that vary among the texts, without words that name no unit."""
    is_constant = [len(set(column)) == 1 for column in columns]
    is_number = [column[0].isdecimal() for column in columns]
    n_numbers = sum(number and not constant for number, constant in zip(is_number, is_constant, strict=True))
    for place, words in enumerate(columns):
        if is_constant[place]:
            continue
        if is_number[place]:
            around = [at for at in (place - 1, place + 1) if 0 <= at < len(columns) and not is_number[at]]
            called = [units.named_with_others(columns[at][0]) for at in around if is_constant[at]]
            yield _number(words, [*called, *[units.unit_names(name)] * (n_numbers == 1)])
        elif named := _months_or_weekdays(words):
            yield named
        elif n_numbers and len(set(words)) <= _MOST_NAMES:
            yield _Part(np.unique(words, return_inverse=True)[1].astype(np.float64), None)


def _number(words: Sequence[str], called: Sequence[frozenset[str]]) -> _Part:
    """Return numbers, with the first unit that they are ``called`` after and could be."""
    numbers = np.array([float(word) for word in words])
    if {len(word) for word in words} == {4}:
        for ahead in (0, units.THAI):
            if units.YEAR.holds(numbers - ahead):
                return _Part(numbers - ahead, units.YEAR)
    for names in called:
        for unit in units.UNITS[1:]:
            if unit.name in names and unit.holds(numbers):
                return _Part(numbers, unit)
        if units.YEAR.name in names and _are_short_years(words, numbers):
            return _Part(numbers, units.YEAR)
    return _Part(numbers, None, is_short_year=_are_short_years(words, numbers))


def _are_short_years(words: Sequence[str], numbers: Floats) -> bool:
    n_different = len(set(words))
    return (
        {len(word) for word in words} == {2}
        and n_different == np.ptp(numbers) + 1
        and n_different <= _MOST_SHORT_YEARS
    )


def _settle_units(parts: Sequence[_Part]) -> list[_Part]:
    """Return the parts with units that only their neighbours reveal: "Jan-07", "7 Jan", "05.03."."""
    merged = list(parts)
    has = {part.unit for part in merged}
    open_places = [place for place, part in enumerate(merged) if part.unit is None]
    if units.YEAR not in has and has & set(_WITHIN_YEARS) and len(open_places) == 1:
        at = open_places[0]
        is_before_month = at == 0 and merged[-1].unit is units.MONTH
        if is_before_month and units.DAY.holds(merged[at].numbers):
            merged[at] = replace(merged[at], unit=units.DAY)
        elif merged[at].is_short_year:
            merged[at] = replace(merged[at], unit=units.YEAR)
    if len(merged) == len(open_places) == 2:
        for month, day in ((0, 1), (1, 0)):
            if units.MONTH.holds(merged[month].numbers) and 12 < merged[day].numbers.max() <= units.DAY.high:
                merged[month] = replace(merged[month], unit=units.MONTH)
                merged[day] = replace(merged[day], unit=units.DAY)
                break
    return merged


def _compose_order(parts: Sequence[_Part]) -> TextOrder | None:
    """Return the order by the coarsest unit, then the finer ones, then counters."""
    ordered = [other for unit in units.UNITS for other in parts if other.unit is unit]
    others = [other for other in parts if other.unit is None]
    if not ordered and len(others) > 1 and _is_different(others[-1].numbers):
        others = others[-1:]  # an earlier counter names the device, not the time
    both = [*ordered, *others]
    if not both:
        return None
    numbers: Floats = both[0].numbers
    for part in both[1:]:
        values, places = np.unique(part.numbers, return_inverse=True)
        coarser = np.unique(numbers, return_inverse=True)[1]
        numbers = np.unique(coarser * len(values) + places, return_inverse=True)[1].astype(np.float64)
    return TextOrder(numbers, tuple(part.unit for part in ordered if part.unit), counts=bool(others))


def _is_different(numbers: Floats) -> bool:
    return len(np.unique(numbers)) >= _NAMES_ROWS * len(numbers)


def _by_alphabet(texts: Sequence[str]) -> TextOrder | None:
    """Return the alphabetical order of codes of equal length; None for words and sentences."""
    if (
        len(texts) < _FEWEST_CODES
        or len({len(text) for text in texts}) != 1
        or not all(text.strip().isalnum() for text in texts)
    ):
        return None
    return TextOrder(np.unique(texts, return_inverse=True)[1].astype(np.float64))
