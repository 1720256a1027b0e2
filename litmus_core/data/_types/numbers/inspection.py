"""Inspect the texts of a column: which numbers, units and marks they show without the words around them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from litmus_core.data._types.addresses import are_addresses
from litmus_core.data._types.counts import without_counted, without_offers
from litmus_core.data._types.numbers.clocks import clock_unit, without_pace
from litmus_core.data._types.numbers.units import (
    Amounts,
    TextEvidence,
    inspect_marks,
    inspect_texts,
    is_measure,
)
from litmus_core.data._types.suffixes import (
    without_brackets,
    without_label,
    without_tail,
    without_unit_of_power,
    without_words,
)
from litmus_core.frame import (
    BARE,
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
    compound_unit_of,
)

_NUMBER = re.compile("|".join(marks.shape for marks in MARKS.values()))
_PLAIN_ONES = re.compile(r"(?:-?+\d++(?:\.\d++)?+(?:\n|\Z))++", re.ASCII)  # the most frequent, at once
_DATE = re.compile(r"\d{1,4}([/-])\d{1,2}\1\d{1,4}")
_AMOUNT = re.compile(r"(?<![A-Za-z\d])\d")  # a digit that follows no letter, unlike t5
_FIRST_TEXTS = 20
_POWER = re.compile(f"{POWER}|tr")
_LETTER_OF_POWER = re.compile(r"[mMbBT]|[mM]n|[bB]n|MM")
_NAME_OF_COUNTS = re.compile(  # of counts and amounts, where 475.8m are not metres
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
class Inspection:
    """Evidence from texts without the words around them; ``noted`` are the indexes of texts with words."""

    evidence: TextEvidence
    are_bare: bool
    lead: str = ""
    tail: str = ""
    noted: tuple[int, ...] = ()


def inspect_column(texts: Sequence[str], name: str, amounts: Amounts) -> Inspection:
    """Inspect at least one text, with digits from 0 to 9, in the likeliest way to read them."""
    if are_addresses(texts, name):
        return Inspection(evidence=TextEvidence(None), are_bare=False)
    if pace := without_pace(texts):
        return Inspection(evidence=TextEvidence(frozenset(["mm:ss"])), are_bare=False, tail=pace)
    if unit := clock_unit(texts, name):
        return Inspection(evidence=TextEvidence(frozenset([unit])), are_bare=False)
    inner = _inspect_inner(texts, amounts)
    if inner.are_bare or (inner.evidence.unit in CURRENCIES):
        return inner
    if _is_shortened(inner.evidence, texts, name):
        return replace(inner, evidence=replace(inner.evidence, units=frozenset([SHORT])))
    inspected = _inspect_bracketed(texts, amounts) or _inspect_powers(texts, amounts)
    if inspected is not None:
        return inspected
    if "" in (inner.evidence.units or ()) and (flagged := _inspect_tailed(texts, amounts)) is not None:
        return flagged  # 57s beside 54: a flag
    if not inner.evidence.unit and (all(map(_DATE.fullmatch, texts)) or not any(map(_AMOUNT.search, texts))):
        return inner
    if not inner.evidence.unit:
        inspectors = (_inspect_tailed, _inspect_worded, _inspect_counts, _inspect_labelled)
        return next(
            (inspected for inspector in inspectors if (inspected := inspector(texts, amounts)) is not None),
            inner,
        )
    is_short = _LETTER_OF_POWER.fullmatch(inner.evidence.unit) and _NAME_OF_COUNTS.search(name)
    return replace(inner, evidence=replace(inner.evidence, units=frozenset([SHORT]))) if is_short else inner


def _inspect_inner(texts: Sequence[str], amounts: Amounts) -> Inspection:
    are_bare = _are_bare(texts)
    if not are_bare and (compound := compound_unit_of(texts)):
        return Inspection(evidence=TextEvidence(frozenset([compound])), are_bare=False)
    return Inspection(evidence=_inspect(texts, amounts, are_bare=are_bare), are_bare=are_bare)


def _inspect_bracketed(texts: Sequence[str], amounts: Amounts) -> Inspection | None:
    """Return the evidence of texts that are all in brackets: counts, since not all can be negative."""
    rest = without_brackets(texts)
    inner = None if rest is None else _inspect_inner(rest, amounts)
    if inner is None or not inner.evidence.unit or inner.evidence.unit in (*CURRENCIES, "%", BARE):
        return None
    return replace(inner, lead="(", tail=")")


def _inspect_powers(texts: Sequence[str], amounts: Amounts) -> Inspection | None:
    """Return the evidence of texts with a unit after a word for a power of ten: 1.2 Mio. t."""
    powers = without_unit_of_power(texts)
    if powers is None:
        return None
    inner = _inspect_inner(powers[1], amounts)
    is_short = inner.evidence.unit == SHORT or (inner.evidence.unit and _POWER.fullmatch(inner.evidence.unit))
    if not is_short:
        return None
    return replace(inner, evidence=replace(inner.evidence, units=frozenset([SHORT])), tail=powers[0])


def _is_shortened(evidence: TextEvidence, texts: Sequence[str], name: str) -> bool:
    """Return whether letters that usually are units abbreviate counts: 345 mil and 1,2 M, 1.2w and 3456."""
    units = evidence.units or frozenset()
    if units - {""} == {"mil", SHORT}:
        return True
    is_chinese = _CHINESE.search(name) is not None and not _ELECTRIC.search(name)
    are_whole = all("w" in text or text.isdigit() or _CHINESE.search(text) for text in texts)
    return is_chinese and are_whole and units - {"", SHORT} == {"w"} and len(units) > 1


def _inspect_counts(texts: Sequence[str], amounts: Amounts) -> Inspection | None:
    """Return the evidence of counts and prices with words around them: 987 Aufrufe, ab 89,90 €."""
    for lead, tail, rest in without_offers(texts):
        inner = _inspect_inner(rest, amounts)
        if inner.evidence.unit in CURRENCIES:
            return replace(inner, lead=lead, tail=tail, noted=_changed_indexes(texts, rest))
    for lead, tail, rest in without_counted(texts):
        inner = _inspect_inner(rest, amounts)
        units = (inner.evidence.units or frozenset()) - {""}
        is_short = all(unit in ("mil", SHORT) or (len(unit) > 1 and _POWER.fullmatch(unit)) for unit in units)
        if inner.are_bare and tail:
            return replace(inner, tail=tail)
        if units and is_short:
            return replace(
                inner, evidence=replace(inner.evidence, units=frozenset([SHORT])), lead=lead, tail=tail
            )
    return None


def _inspect_labelled(texts: Sequence[str], amounts: Amounts) -> Inspection | None:
    """Return the evidence of money or a measure with one label: Area: 47,50 m², pledged of $5 goal."""
    for lead, tail, rest in without_label(texts):
        inner = _inspect_inner(rest, amounts)
        unit = inner.evidence.unit or ""
        if unit in CURRENCIES or (not tail and is_measure(unit)):
            return replace(inner, lead=lead, tail=tail)
    return None


def _changed_indexes(texts: Sequence[str], rest: Sequence[str]) -> tuple[int, ...]:
    return tuple(at for at, (text, left) in enumerate(zip(texts, rest, strict=True)) if text != left)


def _inspect_tailed(texts: Sequence[str], amounts: Amounts) -> Inspection | None:
    for tail, rest in without_tail(texts):
        inner = _inspect_inner(rest, amounts)
        if _may_have_tail(tail, inner.evidence, inner.are_bare):
            return replace(inner, tail=tail, noted=_changed_indexes(texts, rest))
    return None


def _inspect_worded(texts: Sequence[str], amounts: Amounts) -> Inspection | None:
    for ahead, behind, rest in without_words(texts):
        inner = _inspect_inner(rest, amounts)
        unit = inner.evidence.unit
        if inner.evidence.differing and unit != SHORT:
            continue  # 5 km beside 6 mi, but not 1.2万人 beside 950人
        if inner.are_bare or unit in _MAY_HAVE_WORDS or (unit and not behind):
            return replace(inner, lead=ahead, tail=behind)
    return None


def _are_bare(texts: Sequence[str]) -> bool:
    """Return whether all texts are numbers without a unit."""
    return are_plain(texts) or all(map(_NUMBER.fullmatch, texts))


def are_plain(texts: Sequence[str]) -> bool:
    together = "\n".join(texts)
    return _PLAIN_ONES.fullmatch(together) is not None and together.count("\n") < len(texts)


def _may_have_tail(tail: str, evidence: TextEvidence, are_bare: bool) -> bool:
    """Return whether texts without ``tail`` are numbers that may have it (money per month)."""
    if tail[:1] == "/" and tail[1:].strip().isdigit():
        return are_bare
    if tail.startswith(GLUED):
        return are_bare
    if tail in (FOOTNOTES, FLAGS, RAISED, SECOND, SPREAD):
        return are_bare or (bool(evidence.unit) and evidence.unit not in (LATITUDE, LONGITUDE))
    return evidence.unit in CURRENCIES


def _inspect(texts: Sequence[str], amounts: Amounts, *, are_bare: bool) -> TextEvidence:
    """Return the units and marks in the texts; plain whole numbers have none."""
    return inspect_marks(texts) if are_bare else inspect_texts(texts, amounts, n_first=_FIRST_TEXTS)
