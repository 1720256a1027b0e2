"""Units of numbers: currencies, words for powers of ten, and units with their own format."""

# ruff: noqa: RUF001
from __future__ import annotations

import re
from collections.abc import Mapping

from litmus_core.frame._values.compound_units import COMPOUND_UNITS
from litmus_core.frame._values.quantities import IN, relative_powers
from litmus_core.types import CURRENCY_CODES, CURRENCY_SYMBOLS

SPACES = "[ \u00a0\u2007\u2009\u202f]"  # also the fixed, thin and narrow ones that typesetters use
TICKS, MINUS = "['\u2019]", "[-\u2212\u2013]"  # a dash means minus, too
SIGN = "(?:[+\u2212\u2013-]|\\(-\\))"  # Tally writes (-)25
BARE = "()"  # the unit of unitless numbers whose negatives are in brackets, or have another minus sign
SHORT = "k, M, bn"  # the unit of shortened numbers: 1.2k, 3.4M
DASHES = "[-\u2013\u2014]{1,2}"  # in place of cents: 980,-, 980:- and 980.-- (and 980/- in India)
TIMES_TEN = "x 10^n"  # the unit of numbers with written-out powers of ten: 1.2 x 10^3
LEDGER = "CR, DR"  # the unit of amounts followed by a mark for credit or debit
_CREDIT, _DEBIT = r"[Cc][Rr]\.?|C", r"[Dd][RrBb]\.?|D"
LATITUDE, LONGITUDE = "°N", "°E"
# Units that mean the same in any case, as MW and mW do not.
ANY_CASE = frozenset(
    [
        "kg", "kgs", "km", "kms", "cm", "cms", "lb", "lbs", "oz", "ft", "pcs", "hr", "hrs", "min", "mins",
        "sec", "secs", "hour", "hours", "day", "days", "week", "weeks", "month", "months", "year", "years",
    ]
)  # fmt: skip
_ALIASES = {  # currencies by their symbols; a symbol of several currencies (kr, ¥, $) is its own currency
    "EUR": ("€",),
    "GBP": ("£", "￡"),
    "INR": ("₹", "Rs.", "Rs"),
    "BRL": ("R$",),
    "RUB": ("₽", "руб.", "руб", "р."),
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
    "TRY": ("₺", "TL"),
    "UAH": ("₴", "грн.", "грн"),
    "NGN": ("₦",),
    "VND": ("₫", "đ"),
    "PHP": ("₱",),
    "THB": ("฿",),
    "ILS": ("₪",),
    "KZT": ("₸",),
    "PLN": ("zł", "zl"),
    "RON": ("lei",),
    "BGN": ("лв.", "лв"),
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
CURRENCIES: Mapping[str, tuple[str, ...]] = {
    **{code: (*_ALIASES.get(code, ()), code) for code in CURRENCY_CODES},
    **{symbol: (symbol,) for symbol in CURRENCY_SYMBOLS if symbol != "kr."},
    "kr": ("kr.", "kr"),
}
_SPELLED = {token for tokens in CURRENCIES.values() for token in tokens} - {"R", "RM"}
OF_TOKEN = {token.casefold(): unit for unit, tokens in CURRENCIES.items() for token in tokens}
_POWERS = (  # the last ones are tried first: T is also the start of Tsd., and 万 of 万亿
    ("e12", "T"),
    ("e3", r"[kK]|[Tt]sd\.?|тыс\.?|[Tt]ausend|[Tt]housand|nghìn|ngàn|[Rr]ibu|हज़ार|हज़ार|हजार"),
    ("e4", "万|萬|만"),
    ("e5", "(?i:lakhs?|lacs?)|लाख"),
    (
        "e6",
        r"MM|[Mm]n|[Mm]illion(?:en|s)?|[Mm]illones|[Mm]ill[oó]n|[Mm]ilh(?:ões|ão)|[Mm]ilioni|[Mm]io\.?"
        r"|[Mm]ln\.?|млн\.?|[Tt]riệu|[Jj]uta|[Mm]",
    ),
    ("e7", r"(?i:crores?)|[Cc]r\.?|करोड़|करोड़|करोड"),
    ("e8", "億|亿|억"),
    (
        "e9",
        r"[Bb]n|[Bb]illions?|[Mm]illiard(?:en|s)?|[Mm]iliardi|[Mm]iljard(?:er)?"
        r"|[Bb]ilh(?:ões|ão)|[Mm]rd\.?|[Bb]ln\.?|млрд\.?|[Mm]iliar|[Tt][ỷỉ]|[Mm]d|[Bb]",
    ),
    ("e12", "[Tt]rillions?|[Tt]n|万亿|萬億|万億|兆|조"),
)
# Letters that are a power of ten only together with others of their country, or after its currency.
_OTHER_POWERS = (
    ("e3", "rb|mil"),
    ("e4", "[wW]"),
    ("e6", "jt|tr|mi"),
    ("e5", "L"),
    ("e7", "CR"),
    ("e9", "bi"),
)
POWERS_OF_MONEY: Mapping[str, Mapping[str, str]] = {"INR": {"L": "e5"}, "VND": {"tr": "e6"}}
POWERS_TOGETHER = (  # by country, in lower case: powers of ten if two words occur, one of the second set
    (frozenset(["k", "l", "lac", "lacs", "lakh", "lakhs"]), frozenset(["cr", "crore", "crores"])),
    (frozenset(["k", "tr", "nghìn", "ngàn"]), frozenset(["triệu", "tỷ", "tỉ"])),
    (frozenset(["k", "rb", "ribu"]), frozenset(["jt", "juta"])),
    (frozenset(["mil"]), frozenset(["mi", "bi", "milhão", "milhões", "millón", "millones"])),
)
# 1億2,000万 is 12000万: the second number has four digits; leading ones may be left out.
_LOWER = (("[兆조]", "[億亿억]"), ("[億亿억]", "[万萬만]"))
IN_TWO = "|".join(
    rf"[1-9]\d{{0,4}}{high} ?[1-9]\d{{0,3}}{low}|[1-9]\d{{0,4}}{high} ?[1-9],\d{{3}}{low}"
    for high, low in _LOWER
)
# 3억 5,000 of a price in Korea is 3억 5,000만; only where no unit follows, and no colloquial 3억 5.
_BARE_LOWER = r"[1-9]\d{0,4}억 ?[1-9]\d{2,3}|[1-9]\d{0,4}억 ?[1-9],\d{3}"
_JOINED = [
    step
    for high, low in _LOWER
    for step in (
        (rf"{high}(\d),(\d{{3}}{low})$", r"\1\2"),
        *(
            (rf"{high}(\d{{{n}}}{low})$", rf"{zeros}\1")
            for n, zeros in ((4, ""), (3, "0"), (2, "00"), (1, "000"))
        ),
    )
]
_TIMES_TEN = rf"{SPACES}?[x×·*]{SPACES}?10(?:\^|\*\*)?([−⁻-]?[0-9⁰¹²³⁴-⁹]{{1,2}})"
_RAISED_DIGITS = [
    *(
        (raised, str(place))
        for place, raised in enumerate("\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079")
    ),
    ("[\u2212\u207b]", "-"),
]
POWER = "|".join(f"(?:{letters})" for _, letters in reversed(_POWERS))
DOLLARS = frozenset(
    ["ARS", "AUD", "CAD", "CLP", "COP", "HKD", "MXN", "NZD", "SGD", "TWD", "USD", "UYU"]
)  # written with $, too


def begins_code(word: str) -> bool:
    """Return whether digits right behind a currency's letters are a code: R101 and try2 are, Rs500 is not.

    >>> [begins_code(word) for word in ("r", "rs", "Rs", "R", "USD", "$")]
    [True, True, False, True, False, False]
    """
    return word.isalpha() and word not in _SPELLED and word.casefold() in OF_TOKEN


def special_shape(unit: str, body: str) -> str | None:
    """Return the regular expression of a number with a unit of special shape; None for other units.

    ``body`` is the expression of a number without sign and unit.
    """
    if unit in COMPOUND_UNITS:
        return COMPOUND_UNITS[unit].shape
    if unit in (LATITUDE, LONGITUDE):
        ends = "[NSns]" if unit == LATITUDE else "[EWew]"
        return rf"{body}{SPACES}?°?{SPACES}?{ends}"
    if unit.startswith(IN):
        return rf"{SIGN}?({body}{SPACES}?({'|'.join(map(re.escape, _sibling_units(unit)))})|0)"
    shapes = {
        TIMES_TEN: rf"{SIGN}?{body}{_TIMES_TEN}",
        LEDGER: rf"{body}{SPACES}?({_CREDIT}|{_DEBIT})",
        SHORT: rf"{SIGN}?({body}({SPACES}?({powers_with(unit)}))?|{IN_TWO}|{_BARE_LOWER})",
    }
    return shapes.get(unit)


def powers_with(unit: str) -> str:
    """Return the regular expression of the words for a power of ten after numbers with a unit."""
    others = [letters for _, letters in _OTHER_POWERS] if unit == SHORT else POWERS_OF_MONEY.get(unit, ())
    return "|".join((POWER, *others))


def special_steps(unit: str) -> list[tuple[str, str]] | None:
    """Return the replacements that remove a unit of special shape, before signs and marks; None for
    others."""
    if unit in (LATITUDE, LONGITUDE):
        return [(rf"^(.*?){SPACES}?°?{SPACES}?[SsWw]$", r"-\1"), (r"[°NEne]", "")]
    if unit == TIMES_TEN:
        return [(_TIMES_TEN, r"e\1"), *_RAISED_DIGITS]
    if unit == LEDGER:
        return [(rf"^(.*?){SPACES}?({_DEBIT})$", r"-\1"), (rf"({_CREDIT})$", "")]
    return [] if unit in ("", BARE, SHORT) or unit.startswith(IN) else None


def power_steps(unit: str, *, is_money: bool) -> list[tuple[str, str]]:
    """Return the replacements of words for a power of ten, after a number, by that power."""
    if is_money or unit == SHORT:
        of_money = ((power, letters) for letters, power in POWERS_OF_MONEY.get(unit, {}).items())
        others = _OTHER_POWERS if unit == SHORT else of_money
        powers = (*others, *reversed(_POWERS))
        lower = [(r"억(\d),?(\d{2,3})$", r"억\1\2만")] if unit == SHORT else []
        return [*lower, *_JOINED, *((rf"({letters})$", power) for power, letters in powers)]
    return [(f"{re.escape(name)}$", f"e{power}") for name, power in _sibling_units(unit).items()]


def _sibling_units(unit: str) -> Mapping[str, int]:
    """Return the powers of ten of units relative to the target unit, longest name first."""
    powers = relative_powers(unit.removeprefix(IN)) if unit.startswith(IN) else {}
    return dict(sorted(powers.items(), key=lambda pair: -len(pair[0])))
