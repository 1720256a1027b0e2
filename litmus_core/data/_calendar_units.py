"""Units of a calendar: what columns are called, which values they hold, and the names of months and days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
_MOST_NAMES = 60  # different texts that may be names of months, weekdays or quarters


@dataclass(frozen=True, slots=True)
class Unit:
    """Whole numbers from ``low`` to ``high``; without a name that says so, ``fewest`` different ones."""

    name: str
    low: int
    high: int
    fewest: int
    words: frozenset[str]
    compounds: tuple[str, ...] = ()

    def holds(self, known: Floats) -> bool:
        """Say whether all values lie in the unit's range."""
        return bool(known.min() >= self.low and known.max() <= self.high)


def _unit(name: str, low: int, high: int, fewest: int, words: str, compounds: str = "") -> Unit:
    return Unit(name, low, high, fewest, frozenset(words.split()), tuple(compounds.split()))


YEAR = _unit("year", 1900, 2100, 2, "year yr yrs yyyy yy y jahr année annee an anno ano año jaar rok år")
QUARTER = _unit("quarter", 1, 4, 4, "quarter qtr qu q quartal trimestre trimester kwartal kwartaal")
MONTH = _unit(
    "month", 1, 12, 2, "month mon mo mth mm m monat mois mes mês mese maand miesiac måned", "monthofyear"
)
WEEK = _unit("week", 0, 53, 26, "week wk ww kw woche semaine semana settimana", "weekofyear weeknum isoweek")
WEEKDAY = _unit("weekday", 0, 7, 7, "weekday dow wday wochentag", "dayofweek weekday wday dow wochentag")
YEARDAY = _unit("yearday", 1, 366, 100, "doy yday jday", "dayofyear yearday yday doy julianday jday")
DAY = _unit("day", 1, 31, 20, "day dy dd d dom mday tag jour dia día giorno dag dzien", "dayofmonth")
HOUR = _unit("hour", 0, 24, 24, "hour hr hrs hh h stunde std heure hora ora uur godzina time", "hourofday")
MINUTE = _unit("minute", 0, 59, 8, "minute min mins minuten minuto")
UNITS = (YEAR, QUARTER, MONTH, WEEK, WEEKDAY, YEARDAY, DAY, HOUR, MINUTE)

_MONTH_NAMES = (
    "jan january januar janvier janv enero ene gennaio gen januari janeiro",
    "feb february februar février fevrier févr fevr febrero febbraio februari fevereiro fev",
    "mar march märz maerz mrz mär mars marzo maart mrt março marco",
    "apr april avril avr abril abr aprile",
    "may mai mayo maggio mag mei maio",
    "jun june juni juin junio giugno giu junho",
    "jul july juli juillet juil julio luglio lug julho",
    "aug august août aout agosto ago augustus",
    "sep sept september septembre septiembre settembre set setembro",
    "oct october oktober okt octobre octubre ottobre ott outubro out",
    "nov november novembre noviembre novembro",
    "dec december dezember dez décembre decembre diciembre dic dicembre dezembro",
)
_WEEKDAY_NAMES = (
    "mon monday montag lundi lun lunes lunedì lunedi maandag segunda",
    "tue tues tuesday dienstag die mardi martes martedì martedi dinsdag terça",
    "wed weds wednesday mittwoch mit mercredi mer miércoles miercoles mercoledì mercoledi woensdag quarta",
    "thu thur thurs thursday donnerstag don jeudi jeu jueves giovedì giovedi donderdag quinta",
    "fri friday freitag fre vendredi ven viernes venerdì venerdi vrijdag sexta",
    "sat saturday samstag sam samedi sábado sabado sabato zaterdag",
    "sun sunday sonntag son dimanche dim domingo domenica zondag",
)


def _places(names: tuple[str, ...]) -> dict[str, float]:
    return {word: place for place, words in enumerate(names, start=1) for word in words.split()}


_NAMED = (
    (MONTH, _places(_MONTH_NAMES)),
    (WEEKDAY, _places(_WEEKDAY_NAMES)),
    (QUARTER, {f"q{place}": place for place in range(1, 5)}),
)
_NUMBERED = re.compile(r"^(.*?)(\d+)$", re.DOTALL)


def unit_names(name: str) -> frozenset[str]:
    """Return the units that a column is called after; the day of a year is no day, and no year."""
    spaced = re.sub(r"([a-z])([A-Z])", r"\1 \2", name).lower()
    joined = re.sub(r"[\W\d_]+", "", spaced)
    if any(joined.endswith(each) for unit in (YEARDAY, WEEKDAY) for each in unit.compounds):
        return frozenset(
            unit.name for unit in (YEARDAY, WEEKDAY) if any(joined.endswith(each) for each in unit.compounds)
        )
    words = set(re.split(r"[\W\d_]+", spaced))
    return frozenset(unit.name for unit in UNITS if unit.words & words or joined in unit.compounds)


def is_called(name: str, unit: Unit) -> bool:
    """Say whether a column's name, in one of several languages, names the unit."""
    return unit.name in unit_names(name)


def named_unit(values: pd.Series[Any]) -> tuple[Unit, Floats] | None:
    """Return the unit whose names all texts are (months, weekdays, quarters), and (n,) its numbers."""
    texts = values.dropna().unique()
    if not 2 <= len(texts) <= _MOST_NAMES or not all(isinstance(each, str) for each in texts):
        return None
    plain = {each: each.strip().rstrip(".").lower() for each in texts}
    for unit, places in _NAMED:
        if all(each in places for each in plain.values()):
            numbers = values.map({text: places[each] for text, each in plain.items()})
            return unit, numbers.to_numpy(dtype=np.float64)
    return None


def trailing_numbers(values: pd.Series[Any]) -> Floats | None:
    """Return (n,) the numbers at the ends of texts with one beginning ("A-000123"); None of other texts."""
    known = values.dropna()
    if not len(known) or not all(isinstance(each, str) for each in known):
        return None
    found = [_NUMBERED.match(each) for each in known]
    if not all(found) or len({each.group(1) for each in found if each}) != 1:
        return None
    numbers = np.full(len(values), np.nan)
    numbers[values.notna().to_numpy()] = [float(each.group(2)) for each in found if each]
    return numbers
