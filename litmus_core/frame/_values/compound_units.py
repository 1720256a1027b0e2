"""Convert amounts with several units to one of them: 1h 25m, 5'11", 7 lb 3 oz."""

# ruff: noqa: RUF001
from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
_CAPITAL = re.compile(rf"{_NUMBER} ?[A-Z]", re.ASCII)
_SUM = re.compile(r"[\d,]+\.\d\d ?[a-z]", re.ASCII)
_GAP = r"[ ,]{0,2}(?:and |und |et |y )?"


@dataclass(frozen=True)
class CompoundUnit:
    """Units of one quantity, largest first: the regular expression of each, and its factor.

    ``below`` is an upper limit of the last of two units in every text, 0 without a limit. ``clock`` is the
    regular expression of a whole text in clock format, in which each of ``units`` finds a number (its first
    group). ``is_signed``: a leading minus makes the sum negative.
    """

    words: str
    units: tuple[tuple[str, float], ...]
    below: int = 0
    clock: str = ""
    is_signed: bool = False

    @cached_property
    def parts(self) -> tuple[tuple[str, float], ...]:
        """For each unit, the regular expression whose first group is its number, and its factor."""
        if self.clock:
            return self.units
        return tuple((rf"({_NUMBER}) ?(?:{unit})(?:[^A-Za-z]|$)", worth) for unit, worth in self.units)

    @cached_property
    def shape(self) -> str:
        """The regular expression of a whole text: at least one unit, each at most once, in order."""
        if self.clock:
            return self.clock
        units = [unit.replace("|$", "|") for unit, _ in self.units]  # a tail may follow
        patterns = [rf"{_NUMBER} ?(?:{unit})" for unit in units]
        return "|".join(
            patterns[first] + "".join(f"(?:{_GAP}{part})?" for part in patterns[first + 1 :])
            for first in range(len(patterns))
        )

    def numbers(self, text: str) -> dict[float, float]:
        """Return the number of each unit in a text of this shape, by the unit's factor."""
        matches = ((re.search(pattern, text, re.ASCII), worth) for pattern, worth in self.parts)
        return {worth: float(match[1].replace(",", "")) for match, worth in matches if match is not None}

    def plain(self, text: str) -> str:
        """Return the amount in a text of this shape as a plain number."""
        amount = sum(number * worth for worth, number in self.numbers(text).items())
        return repr(-amount if self.is_signed and text.startswith(("-", "\u2212")) else amount)


COMPOUND_UNITS: Mapping[str, CompoundUnit] = {
    "h and min": CompoundUnit(
        words="durations, in minutes",
        units=(
            (r"(?i:d|days?)", 1440.0),
            (r"(?i:h|hrs?|hours?|std\.?|stunden?|heures?|horas?)|[чЧ]ас(?:а|ов)?|ч\.?", 60.0),
            (r"(?i:m|mins?\.?|minuten?|minutes?|minutos?)|[мМ]инут[аы]?|[мМ]ин\.?", 1.0),
            (r"(?i:s|secs?\.?|seconds?|sek\.?|sekunden?|secondes?|segundos?)", 1 / 60),
        ),
    ),
    "years and months": CompoundUnit(
        words="years and months, in years",
        units=((r"(?i:y|yrs?\.?|years?|jahre?)", 1.0), (r"(?i:m|mos?\.?|mths?\.?|months?|monate?)", 1 / 12)),
    ),
    "ft and in": CompoundUnit(
        words="feet and inches, in inches",
        units=(
            (r"(?i:'|’|′|ft\.?|feet|foot)", 12.0),
            (r"(?i:''|\"|”|″|in\.?|inch(?:es)?|$)", 1.0),
        ),
        below=12,
    ),
    "lb and oz": CompoundUnit(
        words="pounds and ounces, in ounces", units=((r"(?i:lbs?\.?)", 16.0), (r"(?i:oz\.?)", 1.0)), below=16
    ),
    "st and lb": CompoundUnit(
        words="stones and pounds, in pounds", units=((r"(?i:st\.?)", 14.0), (r"(?i:lbs?\.?)", 1.0)), below=14
    ),
    "years to days": CompoundUnit(
        words="ages or times, in days",
        units=(
            (r"(?i:years?|yrs?\.?)", 365.25),
            (r"(?i:months?|mos?\.?)", 30.4375),
            (r"(?i:weeks?|wks?\.?)", 7.0),
            (r"(?i:days?)", 1.0),
        ),
    ),
    "h:mm:ss": CompoundUnit(
        words="durations, in seconds",
        units=(
            (r"^(\d+) days?", 86400.0),
            (r"(?:^| )(\d+):\d\d:", 3600.0),
            (r"(\d+):\d\d(?:\.\d+)?$", 60.0),
            (r":(\d\d(?:\.\d+)?)$", 1.0),
        ),
        clock=r"(?:\d+ days?,? )?\d{1,4}:[0-5]\d:[0-5]\d(?:\.\d+)?|\d{1,4}:[0-5]\d(?:\.\d+)?",
    ),
    "mm:ss": CompoundUnit(
        words="minutes and seconds, in seconds (60 times as much, if they are hours and minutes)",
        units=((r"^(\d+):", 60.0), (r":(\d\d(?:\.\d+)?)$", 1.0)),
        clock=r"\d{1,4}:[0-5]\d(?:\.\d+)?",
    ),
    "h:mm": CompoundUnit(
        words="hours and minutes, in seconds",
        units=((r"^(\d+):", 3600.0), (r":(\d\d)$", 60.0)),
        clock=r"\d{1,4}:[0-5]\d",
    ),
    "±h:mm": CompoundUnit(
        words="hours and minutes with a sign, in seconds",
        units=((r"^[+−-]?(\d+):", 3600.0), (r":(\d\d)$", 60.0)),
        clock=r"[+−-]?\d{1,4}:[0-5]\d",
        is_signed=True,
    ),
    "s or m:ss": CompoundUnit(
        words="times, in seconds",
        units=((r"^(\d+):", 60.0), (r"(?:^|:)(\d+\.\d+)$", 1.0)),
        clock=r"\d{1,3}:[0-5]\d\.\d{1,3}|[0-5]?\d\.\d{1,3}",
    ),
    "h ' ''": CompoundUnit(
        words="durations, in seconds",
        units=((r"(\d+)h", 3600.0), (r"(\d+)['’′] ?\d", 60.0), (r"(\d+)(?:''|[\"”″])$", 1.0)),
        clock=r"(?:\+ ?)?(?:\d{1,3}h ?)?\d{1,2}['’′] ?\d{1,2}(?:''|[\"”″])",
    ),
    "KiB to bytes": CompoundUnit(
        words="sizes, in bytes (1,024 to a KiB)",
        units=(
            ("TiB", 1024.0**4),
            ("GiB", 1024.0**3),
            ("MiB", 1024.0**2),
            ("KiB", 1024.0),
            ("(?:[Bb]ytes?|B)", 1.0),
        ),
    ),
    "Kanal and Marla": CompoundUnit(
        words="areas, in Marla (20 to a Kanal, 160 to an acre)",
        units=((r"(?i:acres?)", 160.0), (r"(?i:kanals?)", 20.0), (r"(?i:marlas?)", 1.0)),
    ),
    "Bigha and Biswa": CompoundUnit(
        words="areas, in Biswa (20 to a Bigha)",
        units=((r"(?i:bighas?|beeghas?)", 20.0), (r"(?i:biswas?)", 1.0)),
    ),
    "Bigha and Katha": CompoundUnit(
        words="areas, in Katha (20 to a Bigha)",
        units=(
            (r"(?i:bighas?)", 20.0),
            (r"(?i:kath+as?|kott?ahs?|cott?ahs?)", 1.0),
            (r"(?i:ch?h?atta?c?ks?)", 1 / 16),
        ),
    ),
    "Ropani and Aana": CompoundUnit(
        words="areas, in Aana (16 to a Ropani)",
        units=((r"(?i:ropanis?)", 16.0), (r"(?i:aanas?|annas?)", 1.0), (r"(?i:paisas?)", 0.25)),
    ),
    "rai and wah": CompoundUnit(
        words="areas, in square wah (400 to a rai)",
        units=((r"(?i:rai)", 400.0), (r"(?i:ngan)", 100.0), (r"(?i:sq\.? ?wah|wah)", 1.0)),
    ),
    "Feddan and Kirat": CompoundUnit(
        words="areas, in Kirat (24 to a Feddan)",
        units=((r"(?i:feddans?)", 24.0), (r"(?i:kirats?|qirats?)", 1.0)),
    ),
    "acres and sq ft": CompoundUnit(
        words="areas, in square feet",
        units=((r"(?i:acres?|ac\.?)", 43560.0), (r"(?i:sq\.? ?ft\.?|square feet|sf|ft²|ft2)", 1.0)),
    ),
    "sq yd and sq ft": CompoundUnit(
        words="areas, in square feet (9 to a square yard or Gaz)",
        units=(
            (r"(?i:acres?|ac\.?)", 43560.0),
            (r"(?i:sq\.? ?y(?:a?r)?ds?\.?|square yards?|gaj|gaz)", 9.0),
            (r"(?i:sq\.? ?ft\.?|square feet|sqft)", 1.0),
        ),
    ),
    "miles to feet": CompoundUnit(
        words="lengths, in feet",
        units=((r"(?i:mi\.?|miles?)", 5280.0), (r"(?i:yds?\.?|yards?)", 3.0), (r"(?i:ft\.?|feet|foot)", 1.0)),
    ),
}
_FEWEST = 3
_ANY = re.compile("|".join(unit.shape for unit in COMPOUND_UNITS.values() if not unit.clock), re.ASCII)


def compound_unit_of(texts: Sequence[str]) -> str:
    """Return the compound unit of all texts, with more than one unit in all; "" for none or a clock.

    >>> compound_unit_of(["1h 25m", "45m", "2h"]), compound_unit_of(["45m", "50m", "5m"])
    ('h and min', '')
    >>> compound_unit_of(["5'11\\"", "6'2\\"", "5'9\\""]), compound_unit_of(["5'11\\"", "6'42\\"", "5'9\\""])
    ('ft and in', '')
    """
    if len(texts) < _FEWEST or not _ANY.fullmatch(texts[0]):
        return ""
    return next((name for name, unit in COMPOUND_UNITS.items() if not unit.clock and _fits(unit, texts)), "")


def _fits(unit: CompoundUnit, texts: Sequence[str]) -> bool:
    """Return whether all texts have these units, and more than one unit occurs."""
    used, n_most = set(), 0
    for text in texts:
        if re.fullmatch(unit.shape, text, re.ASCII) is None:
            return False
        parts = unit.numbers(text)
        used |= {*parts}
        n_most = max(n_most, len(parts))
        if unit.below and len(parts) > 1 and [*parts.values()][-1] >= unit.below:
            return False
    return len(used) > 1 and (n_most > 1 or not _have_codes(texts))


def _have_codes(texts: Sequence[str]) -> bool:
    """Return whether the letter after each number is a code: a capital, or after amounts such as 1,234.56.

    >>> _have_codes(["980.10 S", "12 H", "5 S"]), _have_codes(["2h", "45m"])
    (True, False)
    """
    if all(map(_CAPITAL.fullmatch, texts)):
        return True
    return all(map(_SUM.fullmatch, texts)) and any("," in text for text in texts)
