"""Units of a calendar: the names of their columns, and the values they hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from litmus_core.data._time.calendar_names import names_unit, plain, words_in

Floats = NDArray[np.float64]
Sure = Literal["surely", "maybe", "no"]
DAYS_IN = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])  # of each month, from 1 on
THAI = 543  # years that the Buddhist calendar is ahead


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit with values from ``low`` to ``high``; a column of another name needs ``fewest`` of them."""

    name: str
    low: int
    high: int
    fewest: int
    words: frozenset[str]
    compounds: tuple[str, ...] = ()
    letters: str = ""  # directly beside a number: Q1, W05

    def holds(self, values_of: Floats) -> bool:
        """Return whether all values are in the unit's range."""
        return bool(values_of.min() >= self.low and values_of.max() <= self.high)


def _unit(
    name: str, low: int, high: int, fewest: int, words: str, compounds: str = "", *, letters: str = ""
) -> Unit:
    return Unit(name, low, high, fewest, frozenset(words.split()), tuple(compounds.split()), letters)


YEAR = _unit("year", 1900, 2100, 2, "year yr yrs yyyy yy y fy jahr annee anno ano año an rok god y\u0131l év")
HALF = _unit("half", 1, 2, 2, "half hj halbjahr semester semestre sem", letters="hs")
QUARTER = _unit(
    "quarter", 1, 4, 4, "quarter qtr qu q quartal trimestre trimester kwartal kwartaal", letters="qtk"
)
MONTH = _unit(
    "month",
    1,
    12,
    2,
    "month mon mo mth mm mnth m monat mies miesiac maned periode period mes mês ay 月",
    "monthofyear",
    letters="mp",
)
WEEK = _unit("week", 0, 53, 26, "week wk ww kw cw", "weekofyear weeknum isoweek", letters="wv")
WEEKDAY = _unit(
    "weekday", 0, 7, 7, "weekday wkd wd dow wday wochentag", "dayofweek weekday wday dow wochentag"
)
YEARDAY = _unit("yearday", 1, 366, 100, "doy yday jday", "dayofyear yearday yday doy julianday jday")
DAY = _unit("day", 1, 31, 20, "day dy dd d dom mday dia día tag dag jour den gün dzien", "dayofmonth")
HALFDAY = _unit("halfday", 1, 2, 2, "ampm")
HOUR = _unit("hour", 0, 24, 24, "hour hr hrs hh h std uhrzeit time uur ora", "hourofday")
MINUTE = _unit("minute", 0, 59, 8, "minute min mins")
UNITS = (YEAR, HALF, QUARTER, MONTH, WEEK, WEEKDAY, YEARDAY, DAY, HALFDAY, HOUR, MINUTE)  # the coarsest first
_IN_MANY_LANGUAGES = (YEAR, MONTH, WEEK, DAY, HOUR, MINUTE)


def unit_names(name: str) -> frozenset[str]:
    """Return the units in a column's name; a day of the year is neither a day nor a year."""
    spaced = plain(re.sub(r"([a-z])([A-Z])", r"\1 \2", name))
    joined = re.sub(r"[\W\d_]+", "", spaced)
    if any(joined.endswith(compound) for unit in (YEARDAY, WEEKDAY) for compound in unit.compounds):
        return frozenset(
            unit.name
            for unit in (YEARDAY, WEEKDAY)
            if any(joined.endswith(compound) for compound in unit.compounds)
        )
    words = set(words_in(spaced))
    return frozenset(
        unit.name
        for unit in UNITS
        if unit.words & words
        or joined in unit.compounds
        or (unit in _IN_MANY_LANGUAGES and names_unit(name, unit.name))
    )


def named_with_others(word: str) -> frozenset[str]:
    """Return the units named by a word, or a letter, directly beside a number: Q1, W05, 3月."""
    return unit_names(word) | {unit.name for unit in UNITS if len(word) == 1 and word in unit.letters}


def is_called(name: str, unit: Unit) -> bool:
    """Return whether a column's name, in one of several languages, names the unit."""
    return unit.name in unit_names(name)
