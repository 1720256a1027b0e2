"""Number formats: marks, signs, currencies, percent and units, and how to parse them.

A form is a shape and a few replacements that leave a plain number. Both are regular expressions that Python
and SQL (RE2) understand alike, so that import and serving read the same text as the same number.
"""

# ruff: noqa: RUF001
from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from litmus_core.frame._values.compound_units import COMPOUND_UNITS
from litmus_core.frame._values.digits import with_ascii_digits
from litmus_core.frame._values.number_units import (
    ANY_CASE,
    BARE,
    CURRENCIES,
    DASHES,
    DOLLARS,
    IN_TWO,
    LEDGER,
    MINUS,
    SHORT,
    SIGN,
    SPACES,
    TICKS,
    TIMES_TEN,
    power_steps,
    powers_with,
    special_shape,
    special_steps,
)
from litmus_core.frame._values.quantities import IN

PLAIN = r"[+-]?((\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|[iI]nf(inity)?)"
_UNIT, _LEAD, _TAIL, _DIGITS = "unit ", "after ", "then ", "other digits"
_WORDS, _FREE = "missing ", "free "
ABOUT = "about"  # prefixes of approximate numbers: ~12, ca. 12
_MAYBE_ABOUT = rf"(((?i:~|≈|ca\.?|circa|approx\.?|about|around|etwa|rund|env\.|aprox\.?|約)|c\.){SPACES}?)?"
# Suffixes of a number: 12*, 12[1]; 12¹; a laboratory's 9.8 L, a statistical office's 9.8 e.
FOOTNOTES, RAISED, FLAGS = "footnotes", "raised footnotes", "flags"
SECOND = "second in brackets"  # 110 kW (150 PS)
AT_LEAST, LIMITS = "plus for at least", "signs of limits"  # 10,000+; <0.05 and >200
PLUS_THEN = f"{AT_LEAST}, then "  # starts a unit that follows the plus: 10+ years
UNDER_ONE = "signs of limits, under 1 as 0"  # both < 1 year and 1 year
SPREAD = "spread"  # 12.5 ± 3%, but 12.5 ± 0.3 is two numbers
FROM, ONWARDS = "words for from", "words for and up"  # from $5, $5 and up
TERMS = "terms of an offer"  # 1.250 € VB
ANY_OF = "any of: "  # starts a list of words, one of which follows each number: 12 отзывов, 3 отзыва
GLUED = "flags glued: "  # starts a list of letters, one of which follows some of the numbers: 15.0E
_MAYBE_FROM = (
    r"(((?i:ab|from|starting (?:at|from)|starts at|offers (?:over|above|from|in excess of)|oieo|desde|vanaf"
    r"|od|a partire da|mulai dari|alkaen)|[aAàÀ] partir de|[dD][eèÈ]s|[fF]r[aåÅ]n?|[оО]т|[вВ]ід|[tT]ừ):?"
    rf"{SPACES})?"
)
_NOTE = r"\[([A-Za-z]{1,4} )?[0-9a-z]{1,3}\]"  # [12], [nb 3]
_MAYBE_LIMIT = rf"([<>≤≥]=?{SPACES}?)?"
_MARKS_OF_NOTES = {
    AT_LEAST: rf"({SPACES}?\+)?",
    ONWARDS: rf"({SPACES}?([~～〜起]|から|より|부터|(?i:and up|or more|onwards?|alkaen)))?",
    TERMS: rf"({SPACES}(k\.?k\.?|v\.?o\.?n\.?|(?i:vhb|vb|fp|festpreis|o\.?n\.?o\.?|o\.?b\.?o\.?|neg\.?"
    r"|negotiable|negociable|fai|hai)))?",
    FOOTNOTES: rf"({SPACES}?({_NOTE}|[*†‡§]{{1,3}}|\((e|p|r|est\.?)\))|{SPACES}[)\]])?",
    FLAGS: rf"({SPACES}(HH?|LL?|UJ?|J[+-]?|[bcdefnprsuz]{{1,2}}))?",
    SECOND: rf"({SPACES}?[(\[][^()\[\]]*[0-9][^()\[\]]*[)\]]({_NOTE})?"
    rf"|{SPACES}?~{SPACES}?[0-9]+{SPACES}?(?i:crores?|lacs?|lakhs?|thou|hund)\+)?",
    SPREAD: rf"({SPACES}?±{SPACES}?[0-9]+([.,][0-9]+)?{SPACES}?%)?",
    RAISED: "[\u00b9\u00b2\u00b3\u2074-\u2079]{0,2}",
}
_MAYBE_AHEAD = {ABOUT: _MAYBE_ABOUT, FROM: _MAYBE_FROM, LIMITS: _MAYBE_LIMIT, UNDER_ONE: _MAYBE_LIMIT}
_UNITLESS = (BARE, SHORT, TIMES_TEN, LEDGER)
_PLURAL = re.compile(r"[^\W\d_]{2,}s")  # 1 year, 2 years


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of a number format; ``body`` matches a number without sign, exponent or padding."""

    decimal: str
    thousands: str
    shape: str
    body: str
    words: str = ""


def _grouped(mark: str, decimal: str) -> str:
    return rf"[+-]?(\d+|[1-9]\d{{0,2}}({mark}\d{{3}})+)({decimal}\d+)?"


def _body(mark: str, decimal: str) -> str:
    groups = rf"[1-9]\d{{0,2}}({mark}\d{{3}})+"
    if mark == ",":
        groups = rf"{groups}|[1-9]\d?(,\d{{2}})+,\d{{3}}"  # lakhs and crores: 12,34,567
    return rf"((0|[1-9]\d*|{groups})({decimal}\d*)?|{decimal}\d+)"


MARKS: Mapping[str, Marks] = {
    "": Marks(".", "", PLAIN, r"((0|[1-9]\d*)(\.\d*)?|\.\d+)"),
    "thousands": Marks(
        ".", ",", r"[+-]?(\d+|[1-9]\d{0,2}(,\d{3})+|[1-9]\d?(,\d{2})+,\d{3})(\.\d+)?", _body(",", r"\."),
        "Commas in '{}' were read as thousands separators.",
    ),
    "decimal comma": Marks(
        ",", ".", r"[+-]?((\d+|[1-9]\d{0,2}(\.\d{3})+)(,\d+)?|,\d+)([eE][+-]?\d+)?", _body(r"\.", ","),
        "Commas in '{}' were read as decimal marks.",
    ),
    "thousands by spaces": Marks(
        ".", " ", _grouped(SPACES, r"\."), _body(SPACES, r"\."),
        "Spaces in '{}' were read as thousands separators.",
    ),
    "decimal comma, thousands by spaces": Marks(
        ",", " ", _grouped(SPACES, ","), _body(SPACES, ","),
        "Spaces in '{}' were read as thousands separators, commas as decimal marks.",
    ),
    "thousands by apostrophes": Marks(
        ".", "'", _grouped(TICKS, r"\."), _body(TICKS, r"\."),
        "Apostrophes in '{}' were read as thousands separators.",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class NumberForm:
    """A number format: its marks (a key of ``MARKS``), and a unit, "" for none.

    ``unit`` is a currency's code or symbol, ``%``, the letters behind each number, ``SHORT``, ``BARE``, or
    ``IN`` and one of several units of a quantity. ``lead`` precedes and ``tail`` follows it, without changing
    the amount: words that are always present ("pH", "/month"), or optional ``ABOUT``, ``FOOTNOTES`` and
    ``RAISED`` marks. ``missing`` are words in place of a number, ``free`` are words for a price of 0.
    ``other_digits``: digits may be of another script.
    """

    marks: str = ""
    unit: str = ""
    tail: str = ""
    other_digits: bool = False
    lead: str = ""
    missing: tuple[str, ...] = ()
    free: tuple[str, ...] = ()

    @cached_property
    def written_as(self) -> str:
        """The name of this format in a Column: ``thousands; unit USD``."""
        parts = (
            self.marks,
            f"{_UNIT}{self.unit}" if self.unit else "",
            f"{_LEAD}{self.lead}" if self.lead else "",
            f"{_TAIL}{self.tail}" if self.tail else "",
            _DIGITS if self.other_digits else "",
            f"{_WORDS}{'|'.join(self.missing)}" if self.missing else "",
            f"{_FREE}{'|'.join(self.free)}" if self.free else "",
        )
        return "; ".join(filter(None, parts))

    @property
    def is_money(self) -> bool:
        """Whether the unit is a currency."""
        return self.unit in CURRENCIES

    @property
    def measure(self) -> str:
        """What a number is an amount of, such as "EUR" or "$/month"; "" for bare and shortened numbers."""
        unit = "" if self.unit in _UNITLESS else self.unit.removeprefix(IN)
        return f"{unit}{self.tail}" if self.tail.startswith("/") else unit

    @cached_property
    def shape(self) -> str:
        """The regular expression of a whole text in this format, with ASCII digits."""
        shape = self._amount
        if self.lead or self.tail:
            shape = f"{self.ahead}({shape}){self.behind if self.tail else ''}"
        words = (*self.missing, *self.free)
        return f"{shape}|{_any_of(words)}" if words else shape

    @property
    def ahead(self) -> str:
        """The regular expression of the lead, which may match nothing if it is a key of ``_MAYBE_AHEAD``."""
        if self.lead in _MAYBE_AHEAD:
            return _MAYBE_AHEAD[self.lead]
        return f"{re.escape(self.lead)}{SPACES}?" if self.lead else ""

    @property
    def behind(self) -> str:
        """The regular expression of the tail, which may match nothing if it is for footnotes."""
        if self.tail in _MARKS_OF_NOTES:
            return _MARKS_OF_NOTES[self.tail]
        if self.tail.startswith(PLUS_THEN):
            return rf"({SPACES}?\+)?{SPACES}?{_maybe_one(self.tail.removeprefix(PLUS_THEN))}"
        if self.tail.startswith(GLUED):
            return rf"({SPACES}?({'|'.join(self.tail.removeprefix(GLUED).split(','))}))?"
        if self.tail.startswith(ANY_OF):
            words = sorted(self.tail.removeprefix(ANY_OF).split("|"), key=len, reverse=True)
            return f"{SPACES}?({'|'.join(map(_any_ending, words))})"
        if self.unit == SHORT and self.tail.removeprefix("de ").isalpha():
            return f"{SPACES}?{_any_ending(self.tail)}"
        words = re.split(r"(/)| ", self.tail)
        return f"{SPACES}?" + f"{SPACES}?".join(re.escape(word) for word in words if word)

    @property
    def _amount(self) -> str:
        if not self.unit and (self.lead or self.tail):  # no padding, which makes codes
            return rf"{SIGN}?{MARKS[self.marks].body}"
        if not self.unit:
            return MARKS[self.marks].shape
        body = MARKS[self.marks].body
        if (shape := special_shape(self.unit, body)) is not None:
            return shape
        if not (self.is_money or self.unit in ("%", BARE)):
            unit = self._token
            return rf"{SIGN}?({body}{SPACES}?{unit}|{unit}{SPACES}?{SIGN}?{body}|0)"
        if self.unit == "%":
            number = rf"({body}{SPACES}?%|%{SPACES}?{SIGN}?{body})"
            behind = rf"{body}{SPACES}?({MINUS}{SPACES}?%|%{SPACES}?{MINUS})"
            return rf"{SIGN}?({number}|0)|\({number}\)|\({body}\){SPACES}?%|{behind}"
        before = behind = ""
        body = rf"{body}({re.escape(MARKS[self.marks].decimal)}{DASHES}|:{DASHES}|/[=-])?"
        if self.is_money:
            before, behind = rf"({self._token}{SPACES}?)?", rf"({SPACES}?{self._token})?"
            body = rf"({body}({SPACES}?({powers_with(self.unit)}))?|{IN_TWO})"
        nothing = rf"|{self._token}{SPACES}*{DASHES}" if self.is_money else ""  # an accountant's 0
        return (
            rf"{SIGN}?{before}{body}{behind}"
            rf"|{before}{SIGN}{SPACES}?{body}{behind}"
            rf"|{before}\({SPACES}?{before}{body}{behind}{SPACES}?\){behind}"
            rf"|{before}{body}{behind}{SPACES}?{MINUS}{behind}{nothing}"
        )

    @property
    def _token(self) -> str:
        if not (self.is_money or self.unit == "%"):
            unit = _maybe_one(self.unit)
            return f"(?i:{unit})" if self.unit in ANY_CASE else unit
        tokens = CURRENCIES.get(self.unit, (self.unit,)) + (("$",) if self.unit in DOLLARS else ())
        return f"(?i:{'|'.join(map(re.escape, tokens))})"

    @cached_property
    def steps(self) -> tuple[tuple[str, str], ...]:
        """Regular expressions and their replacements, in order, that leave a plain number."""
        return (*self._steps_of_marks, *self._last_steps)

    @cached_property
    def _steps_of_marks(self) -> tuple[tuple[str, str], ...]:
        marks = MARKS[self.marks]
        steps = [*self.first_steps]
        special = special_steps(self.unit)
        steps += [(self._token, "")] if special is None else special
        if self.is_money or self.unit == BARE:
            steps.append((f"[.,:]{DASHES}|/[=-]", ""))
        if self.unit or self.lead or self.tail:
            steps += [
                (SPACES, ""),
                (r"^\(-\)", "-"),
                (r"^\((.*)\)$", r"-\1"),
                (rf"^(.*){MINUS}$", r"-\1"),
                (f"^{MINUS}", "-"),
            ]
        if marks.thousands:
            mark = {" ": SPACES, "'": TICKS, ".": r"\."}.get(marks.thousands, marks.thousands)
            steps.append((mark, ""))
        if marks.decimal == ",":
            steps.append((",", "."))
        return tuple(steps)

    @cached_property
    def _last_steps(self) -> tuple[tuple[str, str], ...]:
        """The steps for words after a number; money that ends in a digit has none."""
        zero = [("^-+$", "0")] if self.is_money else []
        return (*power_steps(self.unit, is_money=self.is_money), *zero)

    @cached_property
    def first_steps(self) -> tuple[tuple[str, str], ...]:
        """The first of :attr:`steps`, which leave the amount with its unit, or "" if it is missing."""
        steps = [(f"^{_any_of(self.missing)}$", "")] if self.missing else []
        steps += [(f"^{_any_of(self.free)}$", "0")] if self.free else []
        steps += [(rf"^<{SPACES}?1([^0-9.,].*)?$", r"0\1")] if self.lead == UNDER_ONE else []
        steps += [(f"^{self.ahead}", "")] if self.lead else []
        steps += [(f"{self.behind}$", "")] if self.tail else []
        return tuple(steps)

    def plain(self, text: str) -> str:
        """Return ``text`` as a plain number; unchanged if it does not have this format."""
        stripped = with_ascii_digits(text.strip()) if self.other_digits else text.strip()
        if not _compiled(self.shape).fullmatch(stripped):
            return text
        is_compound = self.unit in COMPOUND_UNITS
        if is_compound:
            text = _replaced(stripped, self.first_steps)
            return COMPOUND_UNITS[self.unit].plain(text) if text else text
        text = _replaced(stripped, self._steps_of_marks)
        is_done = self.is_money and text[-1:].isdigit()
        return text if is_done else _replaced(text, self._last_steps)


def _replaced(text: str, steps: Iterable[tuple[str, str]]) -> str:
    for pattern, replacement in steps:
        text = _compiled(pattern).sub(replacement, text)
    return text


def _maybe_one(unit: str) -> str:
    """Return the regular expression of a unit, in the singular after 1: 1 year, 2 years."""
    return f"{re.escape(unit)}?" if _PLURAL.fullmatch(unit) else re.escape(unit)


def _any_of(words: Iterable[str]) -> str:
    return f"(?i:{'|'.join(map(re.escape, words))})"


def _any_ending(word: str) -> str:
    """Return the regular expression of a counted word, in other grammatical cases and numbers too.

    >>> [bool(re.fullmatch(_any_ending("Aufrufe"), each)) for each in ("Aufruf", "Aufrufe", "Ausrufe")]
    [True, True, False]
    """
    letters = word.removeprefix("de ")
    n_cut = next((n for least, n in ((10, 4), (7, 2), (4, 1)) if len(letters) >= least), 0)
    if not n_cut or not letters.isalpha() or max(letters) > "\u052f":  # other scripts have no endings
        return re.escape(word)
    return rf"{re.escape(word[:-n_cut])}[^0-9\s.,;|+/-]{{0,{n_cut}}}"


@lru_cache(maxsize=512)
def number_form(written_as: str) -> NumberForm | None:
    """Return the number format that a Column's ``written_as`` names; None for a date format.

    >>> number_form("decimal comma; unit EUR").plain("1.234,50 €"), number_form("unit %").plain("(4.5%)")
    ('1234.50', '-4.5')
    """
    parts = written_as.split("; ")
    marks = parts.pop(0) if parts[0] in MARKS else ""
    fields: dict[str, Any] = {}
    for part in parts:
        if part == _DIGITS:
            fields["other_digits"] = True
        elif part.startswith(_UNIT):
            fields["unit"] = part.removeprefix(_UNIT)
        elif part.startswith(_LEAD):
            fields["lead"] = part.removeprefix(_LEAD)
        elif part.startswith(_TAIL):
            fields["tail"] = part.removeprefix(_TAIL)
        elif part.startswith(_WORDS):
            fields["missing"] = tuple(part.removeprefix(_WORDS).split("|"))
        elif part.startswith(_FREE):
            fields["free"] = tuple(part.removeprefix(_FREE).split("|"))
        else:
            return None
    return NumberForm(marks, **fields)


@lru_cache(maxsize=1_024)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)  # RE2's digits are ASCII
