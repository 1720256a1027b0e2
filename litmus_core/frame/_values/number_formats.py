"""How numbers are written: marks, signs, currencies, percent and units, and the one way to read them.

A form is a shape and a few replacements that leave a plain number. Both are regular expressions that Python
and SQL (RE2) understand alike, so that import and serving read the same text as the same number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from litmus_core.frame._values.digits import with_own_digits

PLAIN = r"[+-]?((\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|[iI]nf(inity)?)"
SPACES = "[ \u00a0\u2007\u2009\u202f]"  # also the fixed, thin and narrow ones that typesetters use
TICKS, MINUS, SIGN = "['\u2019]", "[-\u2212\u2013]", "[+\u2212\u2013-]"  # a dash is a minus, too
BARE = "()"  # the unit of numbers without one whose negatives stand in brackets, or have another minus
SHORT = "k, M, bn"  # the unit of numbers that are shortened: 1.2k, 3.4M
_DASHES = "[-\u2013\u2014]{1,2}"  # in place of cents: 980,- and 980.-- (and 980/- in India)
LATITUDE, LONGITUDE = "°N", "°E"
_UNIT, _LEAD, _TAIL, _DIGITS = "unit ", "after ", "then ", "other digits"
FOOTNOTES, RAISED = "footnotes", "raised footnotes"  # what may stand behind a number: 12*, 12[1]; 12¹
_MARKS_OF_NOTES = {
    FOOTNOTES: rf"({SPACES}?(\[[0-9a-z]{{1,2}}\]|[*†‡§]{{1,3}}|\((e|p|r|est\.?)\)))?",
    RAISED: "[\u00b9\u00b2\u00b3\u2074-\u2079]{0,2}",
}
_PLURAL = re.compile(r"[^\W\d_]{2,}s")  # 1 year, 2 years
# Units that mean the same in any case, as MW and mW do not.
ANY_CASE = frozenset(
    [
        "kg", "kgs", "km", "kms", "cm", "cms", "lb", "lbs", "oz", "ft", "pcs", "hr", "hrs", "min", "mins",
        "sec", "secs", "hour", "hours", "day", "days", "week", "weeks", "month", "months", "year", "years",
    ]
)  # fmt: skip
_CODES = (
    "AED", "ARS", "AUD", "BDT", "BGN", "BHD", "BRL", "CAD", "CHF", "CLP", "CNY", "COP", "CZK", "DKK",
    "EGP", "EUR", "GBP", "GHS", "HKD", "HRK", "HUF", "IDR", "ILS", "INR", "ISK", "JOD", "JPY", "KES",
    "KRW", "KWD", "KZT", "LKR", "MAD", "MXN", "MYR", "NGN", "NOK", "NZD", "OMR", "PEN", "PHP", "PKR",
    "PLN", "PYG", "QAR", "RMB", "RON", "RSD", "RUB", "SAR", "SEK", "SGD", "THB", "TND", "TRY", "TWD", "TZS",
    "UAH", "UGX", "USD", "UYU", "VND", "XAF", "XOF", "ZAR",
)  # fmt: skip
_ALIASES = {  # of a currency, as it is written; what means several currencies (kr, ¥, $) stands for itself
    "EUR": ("€",),
    "GBP": ("£", "￡"),
    "INR": ("₹", "Rs.", "Rs"),
    "BRL": ("R$",),
    "RUB": ("₽",),
    "KRW": ("₩", "￦", "원"),
    "JPY": ("円",),
    "CNY": ("元",),
    "IDR": ("Rp.", "Rp"),
    "MYR": ("RM",),
    "ZAR": ("R",),
    "KES": ("KSh", "KSh."),
    "TZS": ("TSh",),
    "UGX": ("USh",),
    "PEN": ("S/.", "S/"),
    "TRY": ("₺",),
    "UAH": ("₴",),
    "NGN": ("₦",),
    "VND": ("₫", "đ"),
    "PHP": ("₱",),
    "THB": ("฿",),
    "ILS": ("₪",),
    "KZT": ("₸",),
    "PLN": ("zł",),
    "CZK": ("Kč",),
    "HUF": ("Ft",),
    "CHF": ("SFr.", "Fr."),
    "AUD": ("AU$", "A$"),
    "CAD": ("CA$", "C$"),
    "NZD": ("NZ$",),
    "HKD": ("HK$",),
    "SGD": ("S$",),
    "TWD": ("NT$",),
    "MXN": ("MX$",),
    "USD": ("US$",),
}
_SYMBOLS = (
    "$", "¥", "￥", "¢", "kr.", "kr", "₡", "₢", "₣", "₤", "₥", "₨", "₭", "₮", "₯",
    "₰", "₲", "₳", "₵", "₶", "₷", "₼", "₾", "₿", "⃀", "৳", "៛", "﷼",
)  # fmt: skip
CURRENCIES: Mapping[str, tuple[str, ...]] = {
    **{code: (*_ALIASES.get(code, ()), code) for code in _CODES},
    **{symbol: (symbol,) for symbol in _SYMBOLS if symbol != "kr."},
    "kr": ("kr.", "kr"),
}
OF_TOKEN = {token.casefold(): unit for unit, tokens in CURRENCIES.items() for token in tokens}
_POWERS = {
    "e3": r"[kK]|[Tt]sd\.?|тыс\.?",
    "e4": "万|萬|만",
    "e6": r"MM|[Mm]n|[Mm]illions?|[Mm]io\.?|[Mm]ln\.?|млн\.?|triệu|[Jj]uta|[Mm]",
    "e8": "億|亿|억",
    "e9": r"[Bb]n|[Bb]illions?|[Mm]rd\.?|[Bb]ln\.?|млрд\.?|[Mm]iliar|tỷ|[Mm]d|B",
}
POWER = "|".join(f"(?:{letters})" for letters in reversed(_POWERS.values()))
DOLLARS = frozenset(
    ["ARS", "AUD", "CAD", "CLP", "COP", "HKD", "MXN", "NZD", "SGD", "TWD", "USD", "UYU"]
)  # written with $, too


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of a way to write numbers: ``body`` is the shape of one without sign, exponent or padding."""

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
    """One way to write numbers: its marks (a key of ``MARKS``), and a unit, "" for none.

    ``unit`` is a currency's code or symbol, ``%``, the letters behind each number, ``SHORT`` or ``BARE``.
    ``lead`` stands ahead and ``tail`` behind all of it, and they say nothing of the amount: words that always
    are there ("pH", "/month"), or ``FOOTNOTES`` and ``RAISED`` ones, which may be. ``other_digits``: they may
    be of another script.
    """

    marks: str = ""
    unit: str = ""
    tail: str = ""
    other_digits: bool = False
    lead: str = ""

    @cached_property
    def written_as(self) -> str:
        """What a Column calls this form: ``thousands; unit USD``."""
        parts = (
            self.marks,
            f"{_UNIT}{self.unit}" if self.unit else "",
            f"{_LEAD}{self.lead}" if self.lead else "",
            f"{_TAIL}{self.tail}" if self.tail else "",
            _DIGITS if self.other_digits else "",
        )
        return "; ".join(filter(None, parts))

    @property
    def is_money(self) -> bool:
        """Whether the unit is a currency."""
        return self.unit in CURRENCIES

    @cached_property
    def shape(self) -> str:
        """The regular expression of all of a text that is written so, in digits from 0 to 9."""
        if not (self.lead or self.tail):
            return self._amount
        return f"{self._ahead}({self._amount}){self.behind if self.tail else ''}"

    @property
    def _ahead(self) -> str:
        return f"{re.escape(self.lead)}{SPACES}?" if self.lead else ""

    @property
    def behind(self) -> str:
        """The regular expression of the tail, which may be empty where it is of footnotes."""
        if self.tail in _MARKS_OF_NOTES:
            return _MARKS_OF_NOTES[self.tail]
        words = re.split(r"(/)| ", self.tail)
        return f"{SPACES}?" + f"{SPACES}?".join(re.escape(word) for word in words if word)

    @property
    def _amount(self) -> str:
        if not self.unit and (self.lead or self.tail):  # no padding, which makes codes
            return rf"{SIGN}?{MARKS[self.marks].body}"
        if not self.unit:
            return MARKS[self.marks].shape
        body = MARKS[self.marks].body
        if self.unit in (LATITUDE, LONGITUDE):
            ends = "[NSns]" if self.unit == LATITUDE else "[EWew]"
            return rf"{body}{SPACES}?°?{SPACES}?{ends}"
        if self.unit == SHORT:
            return rf"{SIGN}?{body}({SPACES}?({POWER}))?"
        if not (self.is_money or self.unit in ("%", BARE)):
            unit = self._token
            return rf"{SIGN}?({body}{SPACES}?{unit}|{unit}{SPACES}?{SIGN}?{body}|0)"
        if self.unit == "%":
            number = rf"({body}{SPACES}?%|%{SPACES}?{body})"
            return rf"{SIGN}?({number}|0)|\({number}\)|{body}{SPACES}?({MINUS}{SPACES}?%|%{SPACES}?{MINUS})"
        before = behind = ""
        body = rf"{body}({re.escape(MARKS[self.marks].decimal)}{_DASHES}|/[=-])?"
        if self.is_money:
            before, behind = rf"({self._token}{SPACES}?)?", rf"({SPACES}?{self._token})?"
            body = rf"{body}({SPACES}?({POWER}))?"
        nothing = rf"|{self._token}{SPACES}*{_DASHES}" if self.is_money else ""  # as accountants write 0
        return (
            rf"{SIGN}?{before}{body}{behind}"
            rf"|{before}{SIGN}{SPACES}?{body}{behind}"
            rf"|{before}\({SPACES}?{before}{body}{behind}{SPACES}?\){behind}"
            rf"|{before}{body}{behind}{SPACES}?{MINUS}{behind}{nothing}"
        )

    @property
    def _token(self) -> str:
        if not (self.is_money or self.unit == "%"):
            unit = re.escape(self.unit)
            unit = f"{unit}?" if _PLURAL.fullmatch(self.unit) else unit
            return f"(?i:{unit})" if self.unit in ANY_CASE else unit
        tokens = CURRENCIES.get(self.unit, (self.unit,)) + (("$",) if self.unit in DOLLARS else ())
        return f"(?i:{'|'.join(map(re.escape, tokens))})"

    @cached_property
    def steps(self) -> tuple[tuple[str, str], ...]:
        """Replacements (all matches of a pattern, by what) that leave a plain number, in order."""
        marks = MARKS[self.marks]
        steps = [(f"^{self._ahead}", "")] if self.lead else []
        steps += [(f"{self.behind}$", "")] if self.tail else []
        if self.unit in (LATITUDE, LONGITUDE):
            steps += [(rf"^(.*?){SPACES}?°?{SPACES}?[SsWw]$", r"-\1"), (r"[°NEne]", "")]
        elif self.unit not in ("", BARE, SHORT):
            steps.append((self._token, ""))
        if self.is_money or self.unit == BARE:
            steps.append((f"[.,]{_DASHES}|/[=-]", ""))
        if self.unit or self.lead or self.tail:
            steps += [(SPACES, ""), (r"^\((.*)\)$", r"-\1"), (rf"^(.*){MINUS}$", r"-\1"), (f"^{MINUS}", "-")]
        if marks.thousands:
            mark = {" ": SPACES, "'": TICKS, ".": r"\."}.get(marks.thousands, marks.thousands)
            steps.append((mark, ""))
        if marks.decimal == ",":
            steps.append((",", "."))
        if self.is_money or self.unit == SHORT:
            steps += [(rf"({letters})$", power) for power, letters in reversed(_POWERS.items())]
        if self.is_money:
            steps.append(("^-+$", "0"))
        return tuple(steps)

    def plain(self, text: str) -> str:
        """Return ``text`` as a plain number; as it is where it is not written so."""
        found = with_own_digits(text.strip()) if self.other_digits else text.strip()
        if not _compiled(self.shape).fullmatch(found):
            return text
        text = found
        for pattern, replacement in self.steps:
            text = _compiled(pattern).sub(replacement, text)
        return text


@lru_cache(maxsize=512)
def number_form(written_as: str) -> NumberForm | None:
    """Return the form that a Column's ``written_as`` names; None for one of dates.

    >>> number_form("decimal comma; unit EUR").plain("1.234,50 €"), number_form("unit %").plain("(4.5%)")
    ('1234.50', '-4.5')
    """
    parts = written_as.split("; ")
    marks = parts.pop(0) if parts[0] in MARKS else ""
    said: dict[str, Any] = {}
    for part in parts:
        if part == _DIGITS:
            said["other_digits"] = True
        elif part.startswith(_UNIT):
            said["unit"] = part.removeprefix(_UNIT)
        elif part.startswith(_LEAD):
            said["lead"] = part.removeprefix(_LEAD)
        elif part.startswith(_TAIL):
            said["tail"] = part.removeprefix(_TAIL)
        else:
            return None
    return NumberForm(marks, **said)


@lru_cache(maxsize=1_024)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)  # as RE2 takes digits
