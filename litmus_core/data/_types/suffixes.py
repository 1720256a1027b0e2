"""What stands behind every number of a column and says nothing of the amount: footnotes, or "/month"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from litmus_core.frame import FOOTNOTES, OTHER_DIGITS, RAISED, NumberForm, with_own_digits

_OTHERS = frozenset(OTHER_DIGITS)
_PERIOD = re.compile(  # $12/month, 12 € / Nacht, 12 € per month
    r"(?P<amount>.*[\d)].*?|.*\d)\s?(?P<tail>/\s?[^\W\d_]{2,12}\.?|(per|pro|par|por|im|al|a|au)\s[^\W\d_]{2,12})"
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
