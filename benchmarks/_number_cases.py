"""Columns of numbers as people of many places write them, each with the numbers that are meant.

Written from how locales, ledgers and exports spell amounts (CLDR patterns, accounting formats, spreadsheets),
not from Litmus' own rules: a rule that is wrong shows here as a wrong value.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

NBSP, THIN = "\u00a0", "\u202f"


@dataclass(frozen=True, slots=True)
class NumberCase:
    """A column: its name, its cells, what they mean, the file's separator, and the locale's name.

    ``is_open``: nobody could tell from these cells alone which number is meant.
    """

    name: str
    style: str
    cells: tuple[str, ...]
    values: tuple[float, ...]
    separator: str
    is_open: bool = False


def _grouped(whole: int, mark: str, *, indian: bool = False) -> str:
    digits = str(whole)
    head, tail = digits[:-3], digits[-3:]
    step, groups = (2 if indian else 3), []
    while head:
        groups.insert(0, head[-step:])
        head = head[:-step]
    return mark.join([*groups, tail]) if groups else tail


@dataclass(frozen=True, slots=True)
class _Style:
    thousands: str
    decimal: str
    wrap: Callable[[str], str]
    negative: Callable[[str], str] = lambda text: f"-{text}"
    digits: int = 2
    indian: bool = False
    separator: str = ","
    name: str = "amount"

    def spell(self, value: float) -> str:
        whole, fraction = f"{abs(value):.{self.digits}f}".partition(".")[::2]
        text = _grouped(int(whole), self.thousands, indian=self.indian)
        text = self.wrap(f"{text}{self.decimal}{fraction}" if self.digits else text)
        return self.negative(text) if value < 0 else text


def _before(unit: str) -> Callable[[str], str]:
    return lambda text: f"{unit}{text}"


def _behind(unit: str) -> Callable[[str], str]:
    return lambda text: f"{text}{unit}"


def _brackets(text: str) -> str:
    return f"({text})"


def _trailing(text: str) -> str:
    return f"{text}-"


STYLES: dict[str, _Style] = {
    "en-US": _Style(",", ".", _before("$")),
    "en-US accounting": _Style(",", ".", _before("$"), _brackets),
    "en-US whole": _Style(",", ".", _before("$"), digits=0),
    "en-GB": _Style(",", ".", _before("£")),
    "en-IN": _Style(",", ".", _before("₹"), indian=True),
    "en-IN code": _Style(",", ".", _before(f"INR{NBSP}"), indian=True),
    "de-DE": _Style(".", ",", _behind(f"{NBSP}€"), separator=";"),
    "de-DE in commas": _Style(".", ",", _behind(" €")),
    "de-CH": _Style("\u2019", ".", _before("CHF ")),
    "de-CH typed": _Style("'", ".", _before(f"CHF{NBSP}")),
    "fr-FR": _Style(THIN, ",", _behind(f"{NBSP}€"), separator=";"),
    "fr-CA": _Style(NBSP, ",", _behind(f"{NBSP}$"), separator=";"),
    "sv-SE": _Style(NBSP, ",", _behind(f"{NBSP}kr"), lambda text: f"\u2212{text}", separator=";"),
    "pl-PL": _Style(NBSP, ",", _behind(" zł"), separator=";"),
    "pt-BR": _Style(".", ",", _before(f"R${NBSP}"), separator=";"),
    "es-ES": _Style(".", ",", _behind(" EUR"), separator="\t"),
    "nl-NL": _Style(".", ",", _before("€ "), lambda text: text.replace("€ ", "€ -"), separator=";"),
    "ja-JP": _Style(",", ".", _before("¥"), digits=0),
    "ko-KR": _Style(",", ".", _before("₩"), digits=0),
    "SAP": _Style(",", ".", _behind(" USD"), _trailing),
    "SAP in Germany": _Style(".", ",", _behind(""), _trailing, separator=";"),
    "ledger": _Style(",", ".", _behind(""), _brackets),
    "code before": _Style("", ".", _before("EUR ")),
    "percent": _Style("", ".", _behind("%"), digits=1),
    "percent de": _Style("", ",", _behind(f"{NBSP}%"), digits=1, separator=";"),
    "percent brackets": _Style("", ".", _behind("%"), _brackets, digits=1),
    "km": _Style(",", ".", _behind(" km"), digits=1),
    "kg": _Style("", ".", _behind("kg"), digits=2),
    "months": _Style("", ".", _behind(" months"), digits=0),
    "sq ft": _Style(",", ".", _behind(" sq ft"), digits=0),
    "degrees": _Style("", ".", _behind(" °C"), digits=1),
    "plain de": _Style(".", ",", _behind(""), separator=";"),
    "plain spaces": _Style(" ", ".", _behind("")),
}


def number_case(style: str, seed: int) -> NumberCase:
    """Return the column of a style and a seed: 5 to 60 cells of one size, some below zero."""
    rng = random.Random(f"{style} {seed}")
    chosen, size = STYLES[style], rng.choice([50, 5_000, 900_000, 40_000_000])
    if style in ("percent", "percent de", "percent brackets", "degrees", "months"):
        size = 100
    has_negatives = rng.random() < 0.6 and style not in ("months", "sq ft", "km", "kg")
    values = []
    for _ in range(rng.randint(5, 60)):
        value = round(rng.random() * size, chosen.digits) + (10 if size > 100 else 1)
        values.append(-value if has_negatives and rng.random() < 0.3 else value)
    values = [round(value, chosen.digits) for value in values]
    cells = tuple(map(chosen.spell, values))
    return NumberCase(chosen.name, style, cells, tuple(values), chosen.separator, is_open=_is_open(cells))


def _is_open(cells: tuple[str, ...]) -> bool:
    """Return whether each mark of the cells could be a decimal or a thousands mark."""
    marks = {(letter, cell) for cell in cells for letter in cell if letter in ".,"}
    return bool(marks) and all(
        sum(letter in ".," for letter in cell) <= 1
        and len(cell.rpartition(letter)[2].rstrip("%€ -)kmft")) == 3
        for letter, cell in marks
    )


FIXED = (
    NumberCase("price", "open", ("€1.234", "€5.678", "€2.345"), (1234.0, 5678.0, 2345.0), ",", is_open=True),
    NumberCase("x", "open", ("1.234", "5.678", "2.345"), (1.234, 5.678, 2.345), ",", is_open=True),
    NumberCase("p", "shorthand", ("$1.2M", "$300K", "$2B"), (1.2e6, 3e5, 2e9), ","),
    NumberCase("p", "shorthand", ("€110.5M", "€565K", "€0"), (110.5e6, 565e3, 0.0), ","),
    NumberCase("p", "code behind", ("1,200.00 usd", "USD 5.00", "7 USD"), (1200.0, 5.0, 7.0), ","),
    NumberCase("lat", "places", ("40.7128° N", "33.9° S", "12.5° N"), (40.7128, -33.9, 12.5), ","),
)
