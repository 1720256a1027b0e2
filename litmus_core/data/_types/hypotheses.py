"""Hypotheses about a column of texts from some of its values: its type, unit and surrounding words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import compress

from litmus_core.data._types.addresses import are_addresses
from litmus_core.data._types.counts import without_counted, without_offers
from litmus_core.data._types.date_formats import ISO, possible_forms
from litmus_core.data._types.numbers.clocks import are_times, clock_unit, without_pace
from litmus_core.data._types.numbers.formats import ascii_digits
from litmus_core.data._types.numbers.units import PAIR, Amounts, TextEvidence, inspect_marks, inspect_texts
from litmus_core.data._types.sql_predicates import CODED
from litmus_core.data._types.suffixes import (
    free_labels,
    has_other_digits,
    signs_of_bounds,
    texts_in_ascii_digits,
    without_bounds,
    without_brackets,
    without_tail,
    without_unit_of_power,
    without_words,
    words_for_missing,
)
from litmus_core.frame import (
    BARE,
    COMPOUND_UNITS,
    CURRENCIES,
    FLAGS,
    FOOTNOTES,
    GLUED,
    LATITUDE,
    LONGITUDE,
    MARKS,
    POWER,
    RAISED,
    SECOND,
    SHORT,
    SPREAD,
    NumberForm,
    compound_unit_of,
)
from litmus_core.types import MISSING_WORDS, PLACEHOLDER_WORDS

_NUMBER = re.compile("|".join(marks.shape for marks in MARKS.values()))
_PLAIN_ONES = re.compile(r"(?:-?+\d++(?:\.\d++)?+(?:\n|\Z))++", re.ASCII)  # the most frequent, at once
_CODED = re.compile(CODED)
_DATE = re.compile(r"\d{1,4}([/-])\d{1,2}\1\d{1,4}")
_AMOUNT = re.compile(r"(?<![A-Za-z\d])\d")  # a digit that follows no letter, unlike t5
_PHONE = re.compile(r"(?m)^\+\d+ \d")  # +49 30 1234567
_NINTH = re.compile(r"\d{1,3}\.9", re.ASCII)
_MISSING = frozenset(MISSING_WORDS)
_FEW = 20
_POWER = re.compile(f"{POWER}|tr")
_LETTER_OF_POWER = re.compile(r"[mMbBT]|[mM]n|[bB]n|MM")
_NAME_OF_COUNTS = re.compile(  # of counts and amounts, where 475.8m are no metres
    r"(^|[\W_])(followers?|following|shipped|shipments|(units[\W_]?)?sold|owners|players|subscribers?|subs|views?|likes?|comments|shares|plays|streams|listeners"
    r"|downloads|installs|users|visit(or)?s|votes|reviews|ratings|population|einwohner|inhabitants|habitants"
    r"|habitantes|people|employees|revenues?|sales|turnover|profit|income|budget|gross|box[\W_]?office"
    r"|market[\W_]?(cap|capitali[sz]ation|value)|assets|gdp|funding|valuation|net[\W_]?worth|volume|salary"
    r"|prices?|amount|cost|fee|wages?|abonnenten|aufrufe|umsatz|abonn[ée]s|vues|seguidores|vistas"
    r"|reproducciones|visualiza[cç][oõ]es)($|[\W_])",
    re.IGNORECASE,
)
_CHINESE, _ELECTRIC = re.compile("[\u4e00-\u9fff]"), re.compile("功率|瓦|电|電")
_MAY_HAVE_WORDS = frozenset([*CURRENCIES, "%", BARE, SHORT])


@dataclass(frozen=True, slots=True, kw_only=True)
class Affixes:
    """The words before and after each number of a column, and those in place of one."""

    lead: str = ""
    tail: str = ""
    missing: tuple[str, ...] = ()  # "missing" in this column only
    free: tuple[str, ...] = ()  # nothing to pay


NO_AFFIXES = Affixes()


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnHypotheses:
    """A staged column and the types that some of its values allow."""

    column: str
    name: str
    may_be_number: bool
    may_be_boolean: bool
    date_forms: tuple[str, ...]
    seen: TextEvidence = TextEvidence(None)  # noqa: RUF009 - it is frozen
    example: str = ""
    are_pairs: bool = False
    affixes: Affixes = NO_AFFIXES
    other_digits: bool = False
    counts_on: str = ""  # after the point, as versions do: 10.10 after 10.9
    may_be_codes: bool = False
    may_be_duration: bool = False  # or a time of day
    bound: str = ""  # a bound among the numbers: <0.05

    @property
    def could_be_more_than_text(self) -> bool:
        return self.may_be_number or self.may_be_boolean or bool(self.date_forms)

    @property
    def forms(self) -> tuple[NumberForm, ...]:
        """The formats of numbers with this column's unit, likeliest first."""
        return _forms(self.seen.unit or "", self.affixes, other_digits=self.other_digits)

    @property
    def is_plain(self) -> bool:
        """Whether Python and SQL can read its numbers as they are."""
        return not self.seen.unit and self.affixes == NO_AFFIXES and not self.other_digits

    def digits_in(self, column: str) -> str:
        """Return the SQL of ``column`` (SQL) with digits from 0 to 9."""
        return ascii_digits(column) if self.other_digits else column

    @property
    def digits(self) -> str:
        """The SQL of the column with digits from 0 to 9."""
        return self.digits_in(self.column)


@lru_cache(maxsize=256)
def _forms(unit: str, affixes: Affixes, *, other_digits: bool) -> tuple[NumberForm, ...]:
    marks = ("",) if unit in (LATITUDE, LONGITUDE, *COMPOUND_UNITS) else MARKS
    return tuple(
        NumberForm(mark, unit, affixes.tail, other_digits, affixes.lead, affixes.missing, affixes.free)
        for mark in marks
    )


class Solid(dict[str | None, str]):
    """Stripped texts by cell; "" for a missing value.

    It remembers them, and ``amounts``: columns of a wide table hold the same texts.
    """

    def __init__(self) -> None:
        super().__init__()
        self.amounts = Amounts()

    def __missing__(self, value: str | None) -> str:
        text = "" if value is None else value.strip()
        is_solid = text not in _MISSING and (text[:1].isdigit() or text.lower() not in PLACEHOLDER_WORDS)
        self[value] = found = text if is_solid else ""
        return found


def question_of(column: str, name: str, values: Sequence[str | None], solid: Solid) -> ColumnHypotheses:
    """Return what a column could be; where a few words alone keep it from numbers, they say "missing"."""
    if plain := _plain_ones(values):
        return _question_of_plain(column, name, plain)
    question = _first_question(column, name, values, solid)
    if question.could_be_more_than_text or question.seen.differing:
        return question
    texts = [text for value in values if (text := solid[value])]
    if free := free_labels(texts):
        money = _first_question(column, name, [text for text in texts if text not in free], solid)
        if money.seen.unit in CURRENCIES and money.may_be_number:
            return replace(money, affixes=replace(money.affixes, free=free))
    words = words_for_missing(texts)
    rest = [text for text in texts if text not in words]
    if words and (numbers := _first_question(column, name, rest, solid)).may_be_number:
        return replace(numbers, affixes=replace(numbers.affixes, missing=words))
    bound, numbers_alone = without_bounds(rest)
    if not bound:
        return question
    numbers = _first_question(column, name, numbers_alone, solid)
    if not numbers.may_be_number:
        return question
    signs = signs_of_bounds(rest) if numbers.affixes == NO_AFFIXES and not numbers.other_digits else None
    if signs is None:
        return replace(question, bound=bound)
    around = Affixes(lead=signs[0], tail=signs[1], missing=words)
    return replace(numbers, affixes=around, example=bound, may_be_codes=False)


def _plain_ones(values: Sequence[str | None]) -> list[str]:
    """Return the different values if all that are there are plain numbers (the most frequent column)."""
    first = next(filter(None, values), "")
    if not (first[-1:].isdigit() and (first[0] == "-" or first[0].isdigit())):
        return []
    texts = [*dict.fromkeys(filter(None, values))]
    return texts if texts and _are_plain(texts) else []


def _question_of_plain(column: str, name: str, texts: Sequence[str]) -> ColumnHypotheses:
    """Return what :func:`_first_question` says of plain numbers, which need none of its looks."""
    return ColumnHypotheses(
        column=column,
        name=name,
        may_be_number=True,
        seen=inspect_marks(texts),
        counts_on=_counts_on(texts),
        may_be_boolean=False,
        date_forms=possible_forms(texts, column=name),
    )


def _first_question(column: str, name: str, values: Sequence[str | None], solid: Solid) -> ColumnHypotheses:
    texts = list(dict.fromkeys(filter(None, map(solid.__getitem__, values))))
    other_digits = has_other_digits(texts, name)
    bare = texts_in_ascii_digits(texts) if other_digits else texts
    look = (
        _looked_at(bare, name, solid.amounts)
        if texts
        else _Look(seen=_seen([], solid.amounts, are_bare=True), are_bare=True)
    )
    seen = look.seen
    is_noted = bool(seen.unit or look.lead or look.tail or other_digits)
    return ColumnHypotheses(
        column=column,
        name=name,
        may_be_number=(look.are_bare or bool(seen.unit)) and not _PHONE.search("\n".join(texts)),
        seen=seen,
        example=_longest([texts[at] for at in look.noted] or texts) if is_noted else "",
        counts_on=_counts_on(texts),
        may_be_codes=look.are_bare and bool(texts) and all(_CODED.fullmatch(text) for text in texts),
        affixes=Affixes(lead=look.lead, tail=look.tail),
        other_digits=other_digits,
        are_pairs=bool(texts) and all(PAIR.fullmatch(text) for text in texts),
        may_be_duration=not seen.unit and are_times(bare, name),
        may_be_boolean=all(text.lower() in ("true", "false") for text in texts),
        # With nothing to go by, the commonest form is asked for; rows not seen may still hold dates.
        date_forms=possible_forms(texts, column=name) if texts else (ISO,),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """Evidence from texts without the words around them; ``noted`` are the indexes of texts with words."""

    seen: TextEvidence
    are_bare: bool
    lead: str = ""
    tail: str = ""
    noted: tuple[int, ...] = ()


def _looked_at(texts: Sequence[str], name: str, amounts: Amounts) -> _Look:
    """Return what texts (one and more, of digits from 0 to 9) show, read in the likeliest way."""
    if are_addresses(texts, name):
        return _Look(seen=TextEvidence(None), are_bare=False)
    if pace := without_pace(texts):
        return _Look(seen=TextEvidence(frozenset(["mm:ss"])), are_bare=False, tail=pace)
    if unit := clock_unit(texts, name):
        return _Look(seen=TextEvidence(frozenset([unit])), are_bare=False)
    look = _inner(texts, amounts)
    if look.are_bare or (look.seen.unit in CURRENCIES):
        return look
    if _is_shortened(look.seen, texts, name):
        return replace(look, seen=replace(look.seen, units=frozenset([SHORT])))
    found = _bracketed(texts, amounts) or _of_powers(texts, amounts)
    if found is not None:
        return found
    if "" in (look.seen.units or ()) and (flagged := _with_tail(texts, amounts)) is not None:
        return flagged  # 57s beside 54: a flag
    if not look.seen.unit and (all(map(_DATE.fullmatch, texts)) or not any(map(_AMOUNT.search, texts))):
        return look
    if not look.seen.unit:
        return _with_tail(texts, amounts) or _with_words(texts, amounts) or _counted(texts, amounts) or look
    is_short = _LETTER_OF_POWER.fullmatch(look.seen.unit) and _NAME_OF_COUNTS.search(name)
    return replace(look, seen=replace(look.seen, units=frozenset([SHORT]))) if is_short else look


def _inner(texts: Sequence[str], amounts: Amounts) -> _Look:
    are_bare = _are_bare(texts)
    if not are_bare and (compound := compound_unit_of(texts)):
        return _Look(seen=TextEvidence(frozenset([compound])), are_bare=False)
    return _Look(seen=_seen(texts, amounts, are_bare=are_bare), are_bare=are_bare)


def _bracketed(texts: Sequence[str], amounts: Amounts) -> _Look | None:
    """Return the evidence of texts that are all in brackets: counts, since not all can be negative."""
    rest = without_brackets(texts)
    look = None if rest is None else _inner(rest, amounts)
    if look is None or not look.seen.unit or look.seen.unit in (*CURRENCIES, "%", BARE):
        return None
    return replace(look, lead="(", tail=")")


def _of_powers(texts: Sequence[str], amounts: Amounts) -> _Look | None:
    """Return the evidence of texts with a unit after a word for a power of ten: 1.2 Mio. t."""
    found = without_unit_of_power(texts)
    if found is None:
        return None
    look = _inner(found[1], amounts)
    is_short = look.seen.unit == SHORT or (look.seen.unit and _POWER.fullmatch(look.seen.unit))
    if not is_short:
        return None
    return replace(look, seen=replace(look.seen, units=frozenset([SHORT])), tail=found[0])


def _is_shortened(seen: TextEvidence, texts: Sequence[str], name: str) -> bool:
    """Return whether letters that usually are units abbreviate counts: 345 mil and 1,2 M, 1.2w and 3456."""
    units = seen.units or frozenset()
    if units - {""} == {"mil", SHORT}:
        return True
    is_chinese = _CHINESE.search(name) is not None and not _ELECTRIC.search(name)
    are_whole = all("w" in text or text.isdigit() or _CHINESE.search(text) for text in texts)
    return is_chinese and are_whole and units - {"", SHORT} == {"w"} and len(units) > 1


def _counted(texts: Sequence[str], amounts: Amounts) -> _Look | None:
    """Return the evidence of counts and prices with words around them: 987 Aufrufe, ab 89,90 €."""
    for lead, tail, rest in without_offers(texts):
        look = _inner(rest, amounts)
        if look.seen.unit in CURRENCIES:
            return replace(look, lead=lead, tail=tail, noted=_changed(texts, rest))
    for lead, tail, rest in without_counted(texts):
        look = _inner(rest, amounts)
        units = (look.seen.units or frozenset()) - {""}
        is_short = all(unit in ("mil", SHORT) or (len(unit) > 1 and _POWER.fullmatch(unit)) for unit in units)
        if look.are_bare and tail:
            return replace(look, tail=tail)
        if units and is_short:
            return replace(look, seen=replace(look.seen, units=frozenset([SHORT])), lead=lead, tail=tail)
    return None


def _changed(texts: Sequence[str], rest: Sequence[str]) -> tuple[int, ...]:
    return tuple(at for at, (text, left) in enumerate(zip(texts, rest, strict=True)) if text != left)


def _with_tail(texts: Sequence[str], amounts: Amounts) -> _Look | None:
    for tail, rest in without_tail(texts):
        look = _inner(rest, amounts)
        if _takes(tail, look.seen, look.are_bare):
            return replace(look, tail=tail, noted=_changed(texts, rest))
    return None


def _with_words(texts: Sequence[str], amounts: Amounts) -> _Look | None:
    for ahead, behind, rest in without_words(texts):
        look = _inner(rest, amounts)
        unit = look.seen.unit
        if look.seen.differing and unit != SHORT:
            continue  # 5 km beside 6 mi, but not 1.2万人 beside 950人
        if look.are_bare or unit in _MAY_HAVE_WORDS or (unit and not behind):
            return replace(look, lead=ahead, tail=behind)
    return None


def _are_bare(texts: Sequence[str]) -> bool:
    """Return whether all texts are numbers without a unit."""
    return _are_plain(texts) or all(map(_NUMBER.fullmatch, texts))


def _are_plain(texts: Sequence[str]) -> bool:
    together = "\n".join(texts)
    return _PLAIN_ONES.fullmatch(together) is not None and together.count("\n") < len(texts)


def _counts_on(texts: Sequence[str]) -> str:
    """Return a number that follows on one with 9 behind its point, as a version does; "" where none does.

    Numbers do not: where 10.9 is written, 10.10 would be 10.1.

    >>> _counts_on(["10.9", "10.10", "11.2"]), _counts_on(["10.9", "11.10"]), _counts_on(["10.90", "10.10"])
    ('10.10', '', '')
    """
    together = "\n".join(texts)
    if ".9\n" not in together and not together.endswith(".9"):
        return ""
    there = {*texts}
    follows = (f"{text[:-1]}10" for text in texts if _NINTH.fullmatch(text))
    return next((text for text in follows if text in there), "")


def _takes(tail: str, seen: TextEvidence, are_bare: bool) -> bool:
    """Return whether texts without ``tail`` are numbers that may have it (money per month)."""
    if tail[:1] == "/" and tail[1:].strip().isdigit():
        return are_bare
    if tail.startswith(GLUED):
        return are_bare
    if tail in (FOOTNOTES, FLAGS, RAISED, SECOND, SPREAD):
        return are_bare or (bool(seen.unit) and seen.unit not in (LATITUDE, LONGITUDE))
    return seen.unit in CURRENCIES


def _longest(texts: Sequence[str]) -> str:
    lengths = [*map(len, texts)]
    return max(compress(texts, map(max(lengths, default=0).__eq__, lengths)), default="")


def _seen(texts: Sequence[str], amounts: Amounts, *, are_bare: bool) -> TextEvidence:
    """Return what texts show of units and marks; plain whole numbers show nothing."""
    return inspect_marks(texts) if are_bare else inspect_texts(texts, amounts, n_first=_FEW)
