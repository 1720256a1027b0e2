"""Hypotheses about a column of texts from some of its values: its type, unit and surrounding words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import compress

from litmus_core.data._types.dates.formats import ISO, possible_forms
from litmus_core.data._types.dates.notes import ways_note
from litmus_core.data._types.numbers.bounds import signs_of_bounds, without_bounds
from litmus_core.data._types.numbers.clocks import are_times
from litmus_core.data._types.numbers.formats import ascii_digits
from litmus_core.data._types.numbers.inspection import Inspection, are_plain, inspect_column
from litmus_core.data._types.numbers.units import PAIR, Amounts, TextEvidence, inspect_marks
from litmus_core.data._types.sql_predicates import CODED
from litmus_core.data._types.suffixes import (
    free_labels,
    has_other_digits,
    means_free,
    texts_in_ascii_digits,
    words_for_missing,
)
from litmus_core.frame import (
    COMPOUND_UNITS,
    LATITUDE,
    LONGITUDE,
    MARKS,
    PLUS_THEN,
    NumberForm,
)
from litmus_core.types import MISSING_WORDS, PLACEHOLDER_WORDS

_CODED = re.compile(CODED)
_PHONE = re.compile(r"(?m)^\+\d+ \d")  # +49 30 1234567
_NINTH = re.compile(r"\d{1,3}\.9", re.ASCII)
_MISSING = frozenset(MISSING_WORDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Affixes:
    """The words before and after each number of a column, and the words in place of numbers."""

    lead: str = ""
    tail: str = ""
    missing: tuple[str, ...] = ()  # "missing" in this column only
    free: tuple[str, ...] = ()  # words for a price of 0


NO_AFFIXES = Affixes()


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnHypotheses:
    """A staged column and the types that some of its values allow."""

    column: str
    name: str
    may_be_number: bool
    may_be_boolean: bool
    date_forms: tuple[str, ...]
    evidence: TextEvidence = TextEvidence(None)  # noqa: RUF009 - it is frozen
    example: str = ""
    are_pairs: bool = False
    affixes: Affixes = NO_AFFIXES
    other_digits: bool = False
    next_version: str = ""  # after the point, as versions do: 10.10 after 10.9
    may_be_codes: bool = False
    may_be_duration: bool = False  # or a time of day
    bound: str = ""  # a bound among the numbers: <0.05
    dates_note: str = ""  # on what kept it from being dates

    @property
    def could_be_more_than_text(self) -> bool:
        """Whether it may hold numbers, booleans or dates."""
        return self.may_be_number or self.may_be_boolean or bool(self.date_forms)

    @property
    def forms(self) -> tuple[NumberForm, ...]:
        """The formats of numbers with this column's unit, likeliest first."""
        return _forms(self.evidence.unit or "", self.affixes, other_digits=self.other_digits)

    @property
    def is_plain(self) -> bool:
        """Whether Python and SQL can read its numbers as they are."""
        return not self.evidence.unit and self.affixes == NO_AFFIXES and not self.other_digits

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


class StrippedTexts(dict[str | None, str]):
    """Stripped texts by cell; "" for a missing value.

    It caches them, and ``amounts``: columns of a wide table hold the same texts.
    """

    def __init__(self) -> None:
        super().__init__()
        self.amounts = Amounts()

    def __missing__(self, value: str | None) -> str:
        text = "" if value is None else value.strip()
        is_solid = text not in _MISSING and (text[:1].isdigit() or text.lower() not in PLACEHOLDER_WORDS)
        self[value] = pattern = text if is_solid else ""
        return pattern


def hypotheses_of(
    column: str, name: str, values: Sequence[str | None], stripped: StrippedTexts
) -> ColumnHypotheses:
    """Return what a column could be; a few words among numbers count as missing."""
    if plain := _plain_ones(values):
        return _hypotheses_of_plain(column, name, plain)
    hypotheses = _first_hypotheses(column, name, values, stripped)
    if hypotheses.could_be_more_than_text or hypotheses.evidence.differing:
        return hypotheses
    texts = [text for value in values if (text := stripped[value])]
    free = free_labels(texts)
    paid = [text for text in texts if text not in free]
    missing = words_for_missing(paid)
    rest = [text for text in paid if text not in missing]
    if free or missing:
        numbers = _first_hypotheses(column, name, rest, stripped)
        if numbers.may_be_number and (
            not free or means_free(free, numbers.evidence.unit, numbers.affixes.lead)
        ):
            return replace(numbers, affixes=replace(numbers.affixes, missing=missing, free=free))
    return hypotheses if free else _hypotheses_of_bounds(hypotheses, rest, missing, stripped)


def _hypotheses_of_bounds(
    hypotheses: ColumnHypotheses, texts: Sequence[str], missing: tuple[str, ...], stripped: StrippedTexts
) -> ColumnHypotheses:
    """Return what a column of numbers and bounds could be; ``hypotheses`` if it has no bounds."""
    bound, numbers_alone = without_bounds(texts)
    numbers = (
        _first_hypotheses(hypotheses.column, hypotheses.name, numbers_alone, stripped)
        if bound
        else hypotheses
    )
    if not numbers.may_be_number:
        return hypotheses
    unit = numbers.evidence.unit or ""
    signs = None if numbers.affixes.lead or numbers.other_digits else signs_of_bounds(texts, unit)
    if signs is None or (signs[1] and numbers.affixes.tail):
        return replace(hypotheses, bound=bound)
    lead, tail = signs
    around = Affixes(lead=lead, tail=tail or numbers.affixes.tail, missing=missing)
    evidence = (
        replace(numbers.evidence, units=frozenset([""])) if tail.startswith(PLUS_THEN) else numbers.evidence
    )
    return replace(numbers, evidence=evidence, affixes=around, example=bound, may_be_codes=False)


def _plain_ones(values: Sequence[str | None]) -> list[str]:
    """Return the distinct values if all values are plain numbers, as in most columns."""
    first = next(filter(None, values), "")
    if not (first[-1:].isdigit() and (first[0] == "-" or first[0].isdigit())):
        return []
    texts = [*dict.fromkeys(filter(None, values))]
    return texts if texts and are_plain(texts) else []


def _hypotheses_of_plain(column: str, name: str, texts: Sequence[str]) -> ColumnHypotheses:
    """Return what :func:`_first_hypotheses` returns for plain numbers, which need no inspection."""
    return ColumnHypotheses(
        column=column,
        name=name,
        may_be_number=True,
        evidence=inspect_marks(texts),
        next_version=_version_after_9(texts),
        may_be_boolean=False,
        date_forms=possible_forms(texts, column=name),
    )


def _first_hypotheses(
    column: str, name: str, values: Sequence[str | None], stripped: StrippedTexts
) -> ColumnHypotheses:
    texts = list(dict.fromkeys(filter(None, map(stripped.__getitem__, values))))
    other_digits = has_other_digits(texts, name)
    bare = texts_in_ascii_digits(texts) if other_digits else texts
    look = (
        inspect_column(bare, name, stripped.amounts)
        if texts
        else Inspection(evidence=inspect_marks([]), are_bare=True)
    )
    evidence = look.evidence
    is_noted = bool(evidence.unit or look.lead or look.tail or other_digits)
    # Without any value the commonest form is counted: rows outside the sample may still hold dates.
    date_forms = possible_forms(texts, column=name) if texts else (ISO,)
    return ColumnHypotheses(
        column=column,
        name=name,
        may_be_number=(look.are_bare or bool(evidence.unit)) and not _PHONE.search("\n".join(texts)),
        evidence=evidence,
        example=_longest([texts[at] for at in look.noted] or texts) if is_noted else "",
        next_version=_version_after_9(texts),
        may_be_codes=look.are_bare and bool(texts) and all(_CODED.fullmatch(text) for text in texts),
        affixes=Affixes(lead=look.lead, tail=look.tail),
        other_digits=other_digits,
        are_pairs=bool(texts) and all(PAIR.fullmatch(text) for text in texts),
        may_be_duration=not evidence.unit and are_times(bare, name),
        may_be_boolean=all(text.lower() in ("true", "false") for text in texts),
        date_forms=date_forms,
        dates_note="" if date_forms else ways_note(name, texts),
    )


def _version_after_9(texts: Sequence[str]) -> str:
    """Return the text that follows one with 9 behind its point, as versions do; "" if none does.

    Numbers do not: 10.10 would be written 10.1.

    >>> _version_after_9(["10.9", "10.10", "11.2"]), _version_after_9(["10.9", "11.10"])
    ('10.10', '')
    """
    together = "\n".join(texts)
    if ".9\n" not in together and not together.endswith(".9"):
        return ""
    present = {*texts}
    follows = (f"{text[:-1]}10" for text in texts if _NINTH.fullmatch(text))
    return next((text for text in follows if text in present), "")


def _longest(texts: Sequence[str]) -> str:
    lengths = [*map(len, texts)]
    return max(compress(texts, map(max(lengths, default=0).__eq__, lengths)), default="")
