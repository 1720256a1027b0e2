"""What stands around every number of a column and says nothing of the amount: "pH", footnotes, "/month"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from litmus_core.frame import FOOTNOTES, OTHER_DIGITS, RAISED, NumberForm, with_own_digits

_OTHERS = frozenset(OTHER_DIGITS)
_PERIOD = re.compile(  # $12/month, 12 € / Nacht, 12 € per month
    r"(?P<amount>.*[\d)].*?|.*\d)\s?(?P<tail>/\s?[^\W\d_]{2,12}\.?|(per|pro|par|por|im|al|a|au)\s[^\W\d_]{2,12})"
)
_ABOUT = frozenset(
    ["ca.", "ca", "circa", "approx.", "approx", "about", "env.", "aprox.", "etwa", "~", "≈", "ph"]
)
_FEWEST, _LONGEST_WORDS = 3, 24
_NO_TAIL = re.compile(  # times, ordinals and months; and what multiplies an amount
    r"([ap]\.?m\.?|uhr|st|nd|rd|th|ad|bce?|ce|[番階年月日時分秒回]"
    r"|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)\b.*|[x\u00d7*·]\s?10\^?\d{0,2}",
    re.IGNORECASE,
)
_MOST_RAISED = 0.5  # of the numbers: where nearly all have one, it is a power


def has_other_digits(texts: Sequence[str]) -> bool:
    """Say whether texts hold digits of other scripts, or marks that go with them."""
    return any(not text.isascii() and not _OTHERS.isdisjoint(text) for text in texts)


def in_own_digits(texts: Sequence[str]) -> list[str]:
    """Return texts with digits from 0 to 9."""
    return [with_own_digits(text) for text in texts]


def without_tail(texts: Sequence[str]) -> tuple[str, list[str]] | None:
    """Return what stands behind numbers, as a NumberForm names it, and the texts without it; None: nothing.

    >>> without_tail(["$5/month", "$7.50 / month"]), without_tail(["8", "7*"])
    (('/month', ['$5', '$7.50']), ('footnotes', ['8', '7']))
    """
    return _periods(texts) or _footnotes(texts)


def _periods(texts: Sequence[str]) -> tuple[str, list[str]] | None:
    tails, amounts = set(), []
    for text in texts:
        found = _PERIOD.fullmatch(text)
        if found is None:
            return None
        tails.add(re.sub(r"/\s", "/", found["tail"]))
        amounts.append(found["amount"].rstrip())
    return (tails.pop(), amounts) if len(tails) == 1 else None


def _footnotes(texts: Sequence[str]) -> tuple[str, list[str]] | None:
    for tail in (FOOTNOTES, RAISED):
        pattern = re.compile(f"(?<=[0-9%)]){NumberForm(tail=tail).behind}$", re.ASCII)
        bare = [pattern.sub("", text) for text in texts]
        n_noted = sum(one != other for one, other in zip(bare, texts, strict=True))
        if n_noted and (tail == FOOTNOTES or n_noted <= _MOST_RAISED * len(texts)):
            return tail, bare
    return None


def without_words(texts: Sequence[str]) -> Iterator[tuple[str, str, list[str]]]:
    """Yield words ahead of and behind all numbers alike, and the texts without them: ahead alone first.

    >>> list(without_words(["7.2 x10^9/L", "4.5 x10^9/L", "12 x10^9/L"]))
    [('', 'x10^9/L', ['7.2', '4.5', '12'])]
    >>> list(without_words(["pH 6.5", "pH 7.1", "pH 7"])), list(without_words(["NU206", "NU207", "NU311"]))
    ([('pH', '', ['6.5', '7.1', '7'])], [])
    """
    if len(texts) < _FEWEST:
        return
    lead = _lead(texts)
    rest = [text.removeprefix(lead).lstrip() for text in texts]
    if lead:
        yield lead, "", rest
    if tail := _tail(rest, is_counted=bool(lead)):
        yield lead, tail, [text.removesuffix(tail).rstrip() for text in rest]


def _lead(texts: Sequence[str]) -> str:
    found = re.match(r"[^\d+\u2212\u2013(-]*", _common(texts))
    lead = "" if found is None else found[0].rstrip()
    is_unseen = bool(lead) and all(unicodedata.category(letter) == "Cf" for letter in lead)
    is_ideographic = 0 < len(lead) <= 4 and all("\u4e00" <= letter <= "\u9fff" for letter in lead)
    return lead if is_unseen or is_ideographic or lead.casefold() in _ABOUT else ""


def _tail(texts: Sequence[str], *, is_counted: bool) -> str:
    common = _common([text[::-1] for text in texts])[::-1]
    tail = re.sub(r"^[\d.,\s€$£¥₽₪]+", "", common)
    is_size = len(tail) == 1 and tail.isascii()  # 5S, 38E
    if not re.search(r"[^\W\d_]", tail) or is_size or len(tail) > _LONGEST_WORDS or "; " in tail:
        return ""
    if _NO_TAIL.fullmatch(tail) and not (is_counted and len(tail) == 1):
        return ""
    ends = {text.removesuffix(tail).rstrip()[-1:] for text in texts}
    return "" if any(not end or end.isalpha() for end in ends) else tail


def _common(texts: Sequence[str]) -> str:
    """Return what all texts begin with."""
    first, last = min(texts), max(texts)
    n_same = next(
        (at for at, pair in enumerate(zip(first, last, strict=False)) if len({*pair}) > 1), len(first)
    )
    return first[: min(n_same, len(last))]
