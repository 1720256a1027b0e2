"""Evidence from some texts of a column for how its numbers are written: the unit, and the marks."""

# ruff: noqa: RUF001
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from litmus_core.frame import (
    ANY_CASE,
    BARE,
    DOLLARS,
    IN,
    LATITUDE,
    LEDGER,
    LONGITUDE,
    OF_TOKEN,
    POWER,
    POWERS_OF_MONEY,
    POWERS_TOGETHER,
    SHORT,
    TIMES_TEN,
    begins_code,
    family_of,
)

_PARTS = re.compile(
    r"(?P<open>(?:\(-\))?[\s(+\-\u2212\u2013]*)(?P<before>[^\d\s(+\-\u2212\u2013.,'\u2019][^\d\s(+\-\u2212\u2013]{0,3})?"
    r"(?P<gap>[\s(+\-\u2212\u2013]*)(?P<body>[.,]?\d[\d.,'\u2019 \u00a0\u2007\u2009\u202f]*?)"
    r"(?P<no_cents>[.,:][\-\u2013\u2014]{1,2}|/[=-])?"
    r"\s?(?P<behind>[^\d\s)(\-\u2212\u2013.,'\u2019][^\d)(\-\u2212\u2013]{0,19}([23]|100 ?km)?)?"
    r"(?P<close>[\s)\-\u2212\u2013]*)(?P<after>[^\d\s)(\-\u2212\u2013]{1,4})?"
)
_WORD = re.compile(
    r"(?:[^\W\d_]|[°µ℃℉])(?:[^\W\d_]|[/·.²³^°])*( [^\W\d_]+\.?){0,2}|[kcdm]?m[23]|ft[23]|in[23]|[lL]/100 ?km"
    r"|°%|% ?[^\W\d_.]+\.?[^\W\d_]*\.?|[‰″\"㎏㎜㎝㎞㎡㎥]"
)
_POWER = re.compile(POWER)
_NO_UNITS = re.compile(
    r"([ap]\.?m\.?|uhr|st|nd|rd|th|ad|bce?|ce"
    r"|(jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)|(janu|febru)ary|march|april|june|july|august"
    r"|(septem|octo|novem|decem)ber)\b",
    re.IGNORECASE,
)
_SAME_SHAPE = str.maketrans(
    "45678", "99999"
)  # interchangeable digits: not 2 and 3 (m2 and m3 are units), nor 0 (it leads codes)
_DIGITS = str.maketrans("012345678", "999999999")
_LETTERS = '°℃℉‰″"㎏㎜㎝㎞㎡㎥ΩACFJKLNVWbdghlmstxy×'  # are units; others make codes
_MOST_LIKE_MONEY = 0.5  # of the numbers
_SIDES = {"N": LATITUDE, "S": LATITUDE, "E": LONGITUDE, "W": LONGITUDE}
_UNKNOWN = "unknown "  # begins a token before a number that may be a currency or the beginning of a code
_NO_MONEY = frozenset(["v", "ver", "no", "nr", "n°", "fig", "id", "rev"])
_LIKE_MONEY = re.compile(r"\d+[.,]\d{2}|\d{1,3}([., \u00a0\u202f]\d{3})+([.,]\d{2,3})?")
_COUNTERS = frozenset("号番階年月日時分秒回")  # that make a date, a time or an ordinal of a number
_MARKED = "marked"  # read as BARE once all units are known, even where all have it: 349,- and \u22127
_ONE_LETTER = ("k", "K", "M", "B", "T")  # for thousands, millions, billions; m and b beside a k, too
_SHORT_WORDS = re.compile(
    r"[万萬만億亿억兆조]|万亿|萬億|万億|[Tt][ỷỉ]|(?i:lacs?)|[^\W\d_]{4,}|लाख|ह.{3,4}|करो.{1,2}"
)
_TIMES_TEN = re.compile(
    r"[+\u2212\u2013-]?([\d.,]*\d) ?[x×·*] ?10(?:\^|\*\*)?"
    r"[\u2212\u207b-]?[\d\u2070\u00b9\u00b2\u00b3\u2074-\u2079]{1,2}",
    re.ASCII,
)
# Powers of ten if another one occurs, otherwise units.
_POWERS_BESIDE = {"k": ("m", "b"), "K": ("m", "b")}
_LEDGERS = ({"CR", "DR"}, {"CR", "DB"}, {"C", "D"})
_CENTS, _HUNDREDS = re.compile(r".*[.,]\d{2}"), re.compile(r"\d{3}|\d[., ]\d{3}")
_TWO_PARTS = re.compile(  # 1億2,000万
    r"([1-9]\d*)(?:[億亿억] ?\d[\d,]*(?=[万萬만])|[兆조] ?\d[\d,]*(?=[億亿억]))"
)
_BARE_LOWER = re.compile(r"([1-9]\d*억) ?(?:[1-9]\d{2,3}|[1-9],\d{3})$")  # 3억 5,000
_DASH_FOR_ZERO = re.compile(r"(?P<token>\D{1,4}?)\s*[-\u2013\u2014]{1,2}")  # $ -, as accountants write 0
_POWER_OF = "power "  # begins a token that is a power of ten if other units confirm it
_TWO_POINTS, _OPEN_POINT = re.compile(r"\.[^.\n]*\."), re.compile(r"(?m)^[+-]*[1-9]\d{0,2}\.\d{3}$")
_EXACT = re.compile(r"\d+[.,]\d{3,}")  # as coordinates are
_FEWEST_OF_A_UNIT = 3  # distinct texts: two are two categories, unless they are measures
_TIME = re.compile(
    r"(sec(ond)?|min(ute)?|hr|hour|day|week|month|year|yr|mth|mo)s?|(jahr|monat|tag|stunde|minute|sekunde|woche)e?n?"
    r"|mois|an(née)?s?|jours?|heures?|semaines?|meses|mes|años?|días?|horas?|semanas?|anos?|dias?|ore|giorni|mesi|anni",
    re.IGNORECASE,
)
_MOST_UNITS = 5
_MOST_ODD = 0.1  # of the texts, and one where they are few
PAIR = re.compile(r"\(?\s*[+-]?1?\d{1,2}\.\d+\s*[,;]\s*[+-]?1?\d{1,2}\.\d+\s*\)?")


@dataclass(frozen=True, slots=True)
class TextEvidence:
    """Evidence from texts: their ``units`` ("" for a bare number), None if a text is not a number.

    ``proven`` is the decimal mark that a text proves ("" for none), ``ambiguous`` the mark that every number
    has and that could be decimal or thousands; ``is_mixed``: both marks occur so, in different texts;
    ``is_torn``: texts prove both to be decimal marks. ``odd`` is a text that is not a number although nearly
    all are.
    """

    units: frozenset[str] | None
    proven: str = ""
    ambiguous: str = ""
    is_mixed: bool = False
    is_torn: bool = False
    odd: str = ""

    @property
    def unit(self) -> str | None:
        """The only unit of the texts, "" for none; None if they have several."""
        units = (self.units or frozenset()) - {""}
        if BARE in units and (len(units) == 2 or "" not in (self.units or ())):
            units -= {BARE}  # brackets around all numbers are not signs
        return "" if not units else next(iter(units)) if len(units) == 1 else None

    @property
    def differing(self) -> tuple[str, ...]:
        """The units, if there are several and few enough to be units."""
        units = tuple(sorted((self.units or frozenset()) - {"", BARE}))
        return units if 2 <= len(units) <= _MOST_UNITS and " " not in "".join(units) else ()


class Amounts(dict[str, "Amount | None"]):
    """A cache of amounts by the shape of a text (None: no number), and of the evidence of their kinds."""

    def __init__(self) -> None:
        super().__init__()
        self.of_kinds: dict[frozenset[Amount | None], TextEvidence] = {}

    def __missing__(self, shape: str) -> Amount | None:
        self[shape] = amount = _amount(shape)
        return amount

    def of(self, texts: Sequence[str]) -> list[Amount | None]:
        """Return the amount of each text."""
        together = "\n".join(texts).translate(_SAME_SHAPE).split("\n")
        alike = together if len(together) == len(texts) else [text.translate(_SAME_SHAPE) for text in texts]
        return [self[shape] for shape in alike]


def inspect_texts(texts: Sequence[str], amounts: Amounts, *, n_first: int) -> TextEvidence:
    """Return the evidence of texts (stripped, distinct); of ``n_first`` if most of those are not numbers."""
    read = amounts.of(texts)
    kinds = frozenset(read)
    if cached := amounts.of_kinds.get(kinds) if len(texts) >= _FEWEST_OF_A_UNIT else None:
        return cached
    if None not in kinds:
        evidence = _inspect_amounts([amount for amount in read if amount is not None])
        if len(texts) >= _FEWEST_OF_A_UNIT and _are_of_one_unit(kinds):
            amounts.of_kinds[kinds] = evidence
        return evidence
    first = _inspect_some(texts[:n_first], read[:n_first])
    if len(texts) <= n_first or (first.units is None and not first.odd):
        return first
    return _inspect_some(texts, read)


def _are_of_one_unit(kinds: Set[Amount | None]) -> bool:
    """Return whether the evidence of amounts does not depend on how many texts there are of each."""
    units = {amount.unit for amount in kinds if amount is not None} - {""}
    return len(units) <= 1 and not any(unit.startswith(_UNKNOWN) for unit in units)


def _inspect_some(texts: Sequence[str], amounts: Sequence[Amount | None]) -> TextEvidence:
    """Return the evidence of texts; if a few are not numbers, only the first of these."""
    read = [amount for amount in amounts if amount is not None]
    n_odd = len(amounts) - len(read)
    evidence = _inspect_amounts(read) if n_odd - 1 < _MOST_ODD * len(texts) else TextEvidence(None)
    if not n_odd:
        return evidence
    is_nearly = 2 * n_odd < len(texts) and evidence.units is not None
    return TextEvidence(None, odd=texts[amounts.index(None)]) if is_nearly else TextEvidence(None)


def _inspect_amounts(amounts: Sequence[Amount]) -> TextEvidence:
    """Return the evidence of texts that are all amounts."""
    units: Counter[str] = Counter()
    marks, bodies = set(), Counter[str]()
    for amount, n_texts in Counter(amounts).items():
        units[amount.unit] += n_texts
        marks.add(amount.mark)
        bodies[amount.body] += n_texts
    unambiguous = _settle_units({*units}, bodies)
    if unambiguous is None:
        return TextEvidence(None)
    measured = unambiguous - {""}
    if len(measured) > 1 and family_of(measured):  # 350 m beside 1.2 km
        if units[""] or len(amounts) < _FEWEST_OF_A_UNIT:
            return TextEvidence(frozenset(unambiguous))
        unambiguous = {IN + max(measured, key=lambda unit: (units[unit], unit))}
    are_two = len(amounts) > 1 and all(map(is_measure, measured))
    if any(map(_is_word, unambiguous)) and len(amounts) < _FEWEST_OF_A_UNIT and not are_two:
        return TextEvidence(None)
    return _evidence_of_marks(frozenset(unambiguous), set(filter(None, marks)))


class Amount(NamedTuple):
    """A text's unit; its number with all digits as 9, and the sign for cents; its mark."""

    unit: str
    body: str
    mark: tuple[str, str] | None


@lru_cache(maxsize=1 << 14)
def _amount(text: str) -> Amount | None:
    if (dash := _DASH_FOR_ZERO.fullmatch(text)) and dash["token"].casefold() in OF_TOKEN:
        return Amount(OF_TOKEN[dash["token"].casefold()], "9", None)
    if power := _TIMES_TEN.fullmatch(text):
        return Amount(TIMES_TEN, power[1].translate(_DIGITS), _mark(power[1]))
    parts = _PARTS.fullmatch(_BARE_LOWER.sub(r"\1", _TWO_PARTS.sub(r"\1", text)))
    unit = None if parts is None else _unit(parts)
    if parts is None or unit is None:
        return None
    body = parts["body"].strip() + (parts["no_cents"] or "")[:1]
    return Amount(unit, body.translate(_DIGITS), _mark(body))


def _settle_units(units: set[str], bodies: Mapping[str, int]) -> set[str] | None:
    """Replace letters that are units only beside the others; None if one is not a unit.

    5W are watts, 73.935W is a longitude, as it is beside 5E; 12M are metres, or millions if 9K stands beside
    it.
    """
    if _MARKED in units:
        units = units - {_MARKED} | {BARE, ""}
    if _are_entries(units, bodies):
        return {LEDGER}
    unknown = {unit for unit in units if unit.startswith(_UNKNOWN)}
    if unknown:
        token, *others = sorted(unknown)
        n_like = sum(n for body, n in bodies.items() if _LIKE_MONEY.fullmatch(body))
        if others or len(units) > 1 or n_like < _MOST_LIKE_MONEY * sum(bodies.values()):
            return None
        return {token.removeprefix(_UNKNOWN)}
    if "$" in units and len(units & DOLLARS) == 1:
        units = units - {"$"}
    units = {unit.casefold() if unit.casefold() in ANY_CASE else unit for unit in units}
    units = {unit for unit in units if not unit or f"{unit}s" not in units}  # 1 year beside 2 years
    units = {
        f"{_POWER_OF}{unit.removeprefix(_POWER_OF)}" if unit in _country_powers(units) else unit
        for unit in units
    }
    powers_too = {
        letter
        for power, letters in _POWERS_BESIDE.items()
        if _POWER_OF + power in units
        for letter in letters
    }
    units = {f"{_POWER_OF}{unit}" if unit in powers_too else unit for unit in units}
    powers = {unit for unit in units if unit.startswith(_POWER_OF)}
    rest = units - powers
    is_cut = any(set(body) & set(".,") for body in bodies)  # 12B beside 15 are houses, 1.2K beside 950 is not
    is_word = any(_SHORT_WORDS.fullmatch(power.removeprefix(_POWER_OF)) for power in powers)
    if powers and (is_word or len(powers) > 1 or (rest - {BARE} and is_cut) or powers == {f"{_POWER_OF}k"}):
        return rest - {"", BARE} | {SHORT}
    rest |= {power.removeprefix(_POWER_OF) for power in powers}
    for sides in ({"N", "S"}, {"E", "W"}):
        named = {mark_text for mark_text in rest if mark_text in sides}
        kind = _SIDES[min(sides)]
        if named == sides or kind in rest or (named and all(map(_EXACT.search, bodies))):
            rest = rest - sides | ({kind} if named or kind in rest else set())
    is_counted = is_cut and bool(rest & {"", SHORT})  # 1.2w beside 3456
    return None if any(mark_text in tuple("SEBD" if is_counted else "SEBDw") for mark_text in rest) else rest


def _are_entries(units: Set[str], bodies: Iterable[str]) -> bool:
    """Return whether numbers are credits and debits; single letters mean that only behind sums of money."""
    sides = {unit.upper().strip(".") for unit in units}
    if sides not in _LEDGERS or "CR" in sides:
        return sides in _LEDGERS
    return sides == units and all(map(_CENTS.fullmatch, bodies)) and any(map(_HUNDREDS.match, bodies))


def _country_powers(units: Set[str]) -> Set[str]:
    """Return the units that are powers of ten as one country writes them: Lac beside Cr, tr beside tỷ."""
    if {"b", "m"} <= units:  # 8.8b beside 654.4m
        return {"b", "m"}
    plain = {unit: unit.removeprefix(_POWER_OF).casefold().strip(".") for unit in units}
    for lower, upper in POWERS_TOGETHER:
        named = {word for word in plain.values() if word in lower | upper}
        if len(named) > 1 and named & upper:
            return {token for token, word in plain.items() if word in named}
    return frozenset()


def inspect_marks(texts: Sequence[str]) -> TextEvidence:
    """Return the marks of numbers without a unit."""
    together = "\n".join(texts)
    marks = _marks_of_points(together) if together.isascii() and "," not in together else None
    if marks is None:
        marks = set(filter(None, (_mark(text.lstrip("+-")) for text in texts)))
    return _evidence_of_marks(frozenset([""]), marks)


def _marks_of_points(together: str) -> set[tuple[str, str]] | None:
    """Return the marks of numbers without commas, one a line; None if one has more than one point.

    >>> sorted(_marks_of_points("1.5\\n1.500\\n7")), _marks_of_points("1.500.000")
    ([('open', '.'), ('proven', '.')], None)
    """
    if _TWO_POINTS.search(together):
        return None
    n_points, n_open = together.count("."), len(_OPEN_POINT.findall(together))
    proven = {("proven", ".")} if n_points > n_open else set()
    return proven | {("open", ".")} if n_open else proven


def _evidence_of_marks(units: frozenset[str], marks: Set[tuple[str, str]]) -> TextEvidence:
    proven, open_ = ([mark for kind, mark in marks if kind == wanted] for wanted in ("proven", "open"))
    return TextEvidence(
        units,
        is_mixed=len(open_) == 2 and not proven,
        is_torn=len(proven) == 2,
        proven=proven[0] if len(proven) == 1 else "",
        ambiguous=open_[0] if len(open_) == 1 and not proven else "",
    )


def is_measure(unit: str) -> bool:
    """Return whether a unit of several letters is one of time or has powers of ten: two texts prove it."""
    return len(unit) > 1 and (_TIME.fullmatch(unit) is not None or family_of({unit}) is not None)


def _is_word(unit: str) -> bool:
    return (
        unit not in ("", "%", BARE, SHORT, TIMES_TEN, LEDGER, LATITUDE, LONGITUDE)
        and unit.casefold() not in OF_TOKEN
    )


def _unit(parts: re.Match[str]) -> str | None:
    """Return the unit of a text, "" for none; None if the text around the number is not a unit."""
    around = [word.strip() for word in (parts["before"], parts["behind"], parts["after"]) if word]
    if not parts["gap"] and parts["body"].isdigit() and begins_code(parts["before"] or ""):
        return None
    units = set()
    money = next((OF_TOKEN[word.casefold()] for word in around if word.casefold() in OF_TOKEN), "")
    for place, word in enumerate(around):
        if word in POWERS_OF_MONEY.get(money, ()):
            continue
        unit = _token_unit(word, is_behind=place > 0 or not parts["before"], is_money=len(around) > 1)
        if unit is None:
            return None
        units |= {unit} - {""}
    if "$" in units and len(units) == 2 and units & DOLLARS:
        units -= {"$"}  # $5 MXN
    if len(units) > 1:
        return None
    if units:
        return units.pop()
    if not (parts["no_cents"] or parts["close"].strip() or set(parts["open"]) & set("( \u2212\u2013")):
        return ""
    return BARE if ")" in parts["close"] else _MARKED


def _token_unit(text: str, *, is_behind: bool, is_money: bool) -> str | None:
    if text == "%":
        return text
    if text.casefold() in OF_TOKEN:
        return OF_TOKEN[text.casefold()]
    if not is_behind:
        is_token = not is_money and text.strip(".").casefold() not in _NO_MONEY
        return _UNKNOWN + text if is_token else None
    power = _POWER.match(text)
    if power is not None:
        rest = text[power.end() :].strip()
        if not rest and is_money:
            return ""
        if rest.casefold() in OF_TOKEN:
            return OF_TOKEN[rest.casefold()]
        if not rest and (text in _ONE_LETTER or _SHORT_WORDS.fullmatch(text)):
            return _POWER_OF + text
    side = text.lstrip("° ")
    side = side.upper() if "°" in text else side  # 5 s are seconds
    if side in _SIDES:
        return _SIDES[side] if "°" in text else side
    if len(text) == 1 and text not in _LETTERS + "Dw" and (text < "\u2e80" or text in _COUNTERS):
        return None
    return text if _WORD.fullmatch(text) and not _NO_UNITS.match(text) else None


def _mark(body: str) -> tuple[str, str] | None:
    """Return ("proven", decimal mark) or ("open", mark) of a number; None if it has no mark."""
    marks = [letter for letter in body if letter in ".,"]
    if not marks:
        return None
    last = marks[-1]
    other = "," if last == "." else "."
    before, _, behind = body.rpartition(last)
    if len(set(marks)) == 2:
        return "proven", last
    if len(marks) > 1:
        return "proven", other
    if len(behind) != 3 or not 1 <= len(before) <= 3 or before.startswith("0") or not before.isdigit():
        return "proven", last
    return "open", last
