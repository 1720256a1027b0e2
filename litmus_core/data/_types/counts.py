"""Words around counts and prices: "1,2 Mio. Aufrufe" and "987 Aufrufe", "ab 89,90 €", "1.250 € VB"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from litmus_core.frame import ANY_OF, FROM, ONWARDS, SHORT, TERMS, NumberForm, powers_with

_FEWEST, _MOST_KINDS, _LONGEST = 3, 4, 24
_POWER = rf"(?:[万萬億亿억만兆조]|(?:{powers_with(SHORT)})(?![^\W\d_]))"
_NUMBER = r"\d(?:[\d.,'\u2019\s]*\d)?"
_COUNT = re.compile(
    rf"(?P<amount>{_NUMBER}(?P<power>\s?{_POWER})?)(?P<words>\s?\+\s?[^\W\d_][^\d;|]*|\s?[^\W\d_][^\d;|]*)"
)
_LEAD = re.compile(rf"(?P<words>[^\W\d_][^\d;|]*[^\W\d_])\s(?P<amount>{_NUMBER}(?P<power>\s?{_POWER})?)")
_CUT = re.compile(r"\d[.,]\d{1,2}(?!\d)")
_CODED = re.compile(  # things that numbers distinguish
    r"(id|lot|no|nr|num|room|version|ver|rev|release|part|model|art|ref|sku|gate|flight|class|unit|apt|type"
    r"|item)\.?",
    re.IGNORECASE,
)
_NO_COUNT = re.compile(  # dates, ordinals and addresses
    r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|uhr|st|nd|rd|th)[a-z]*\b"
    r"|.*(str|strasse|straße|weg|gasse|platz|allee|street|road|rd|ave|avenue|laan|straat|vej|gatan|utca|ulica)\.?$",
    re.IGNORECASE,
)
_FROM, _ONWARDS, _TERMS = (
    re.compile(f"^{NumberForm(lead=FROM).ahead}"),
    re.compile(f"{NumberForm(tail=ONWARDS).behind}$"),
    re.compile(f"{NumberForm(tail=TERMS).behind}$"),
)


def without_counted(texts: Sequence[str]) -> Iterator[tuple[str, str, list[str]]]:
    """Yield the words before and after counts, and the counts without them; some counts are abbreviated.

    >>> list(without_counted(["1,2 Mio. Aufrufe", "987 Aufrufe", "1 Aufruf"]))
    [('', 'any of: Aufruf|Aufrufe', ['1,2 Mio.', '987', '1'])]
    >>> list(without_counted(["Sold 1.2k", "Sold 345", "Sold 67"]))
    [('Sold', '', ['1.2k', '345', '67'])]
    >>> list(without_counted(["12 Main", "14 Main", "9 Maple"]))
    []
    """
    if len(texts) < _FEWEST:
        return
    if (matched := _matches(_COUNT, texts)) and _are_one_word(matched):
        kinds = sorted({match["words"].strip() for match in matched})
        yield "", ANY_OF + "|".join(kinds), [match["amount"] for match in matched]
    matched = _matches(_LEAD, texts)
    words = {match["words"] for match in matched}
    if (
        len(words) == 1
        and not _CODED.fullmatch(min(words))
        and any(match["power"] and _CUT.search(match["amount"]) for match in matched)
    ):
        yield words.pop(), "", [match["amount"] for match in matched]


def without_offers(texts: Sequence[str]) -> Iterator[tuple[str, str, list[str]]]:
    """Yield the words that mark a lowest or negotiable price, and the prices without them.

    >>> list(without_offers(["from $5", "$7", "$9"])), list(without_offers(["5 € VB", "7 €"]))
    ([('words for from', '', ['$5', '$7', '$9'])], [('', 'terms of an offer', ['5 €', '7 €'])])
    """
    bare = [_FROM.sub("", text) for text in texts]
    lead = FROM if bare != [*texts] else ""
    for tail, pattern in ((ONWARDS, _ONWARDS), (TERMS, _TERMS)):
        rest = [pattern.sub("", text) for text in bare]
        if rest != bare:
            yield lead, tail, rest
    if lead:
        yield lead, "", bare


def _matches(pattern: re.Pattern[str], texts: Sequence[str]) -> list[re.Match[str]]:
    """Return the matches of all texts; an empty list if one does not match or is a decimal count."""
    matched = [match for text in texts if (match := pattern.fullmatch(text)) is not None]
    are_counts = all(match["power"] or not _CUT.search(match["amount"]) for match in matched)
    return matched if len(matched) == len(texts) and are_counts else []


def _are_one_word(matched: Sequence[re.Match[str]]) -> bool:
    """Return whether the words are forms of one word and more than a unit."""
    kinds = {item["words"].strip() for item in matched}
    plain = sorted({kind.lstrip("+ ").removeprefix("de ") for kind in kinds}, key=len)
    n_powers = sum(1 for item in matched if item["power"])
    is_single = all(" " not in text for text in plain)
    if len(kinds) > _MOST_KINDS or len(plain[-1]) > _LONGEST or any(map(_NO_COUNT.match, plain)):
        return False
    if not n_powers and (len(kinds) == 1 or not is_single or any("+" in kind for kind in kinds)):
        return False
    return all(_are_forms(plain[0], other) for other in plain[1:])


def _are_forms(short: str, long: str) -> bool:
    """Return whether two words differ only in their endings, as просмотр and просмотров do."""
    n_same = next(
        (at for at, pair in enumerate(zip(short, long, strict=False)) if len({*pair}) > 1), len(short)
    )
    if not (short + long).isascii() and n_same == 3 and max(len(short), len(long)) <= 6:
        return True  # pokój, pokoje
    most = 4 if n_same >= 8 else 2
    return n_same >= min(4, len(short)) and len(long) - n_same <= most and n_same > 2
