"""Bounds among numbers: 10,000+, 90+ where nothing is larger, and <0.05 of a laboratory."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set

from litmus_core.frame import AT_LEAST, LIMITS

_BOUND = re.compile(r"^[<>≤≥]=? ?(\d.*)$|^(.*\d[^\d+]{0,3})\+$")
_LARGE = re.compile(r"\d[.,' ]?\d{3}")
_SIGNS_OF_BOUNDS = re.compile("[<>≤≥+]")


def without_bounds(texts: Sequence[str]) -> tuple[str, list[str]]:
    """Return a text that is a bound ("" for none), and all texts without what makes some of them bounds.

    >>> without_bounds(["0.8", "<0.05", "90+"]), without_bounds(["0.8"])
    (('<0.05', ['0.8', '0.05', '90']), ('', ['0.8']))
    """
    if not _SIGNS_OF_BOUNDS.search("\n".join(texts)):
        return "", [*texts]
    values = [_BOUND.sub(r"\1\2", text) for text in texts]
    bound = next((text for text, value in zip(texts, values, strict=True) if text != value), "")
    return bound, values


def signs_of_bounds(texts: Sequence[str]) -> tuple[str, str] | None:
    """Return what may stand ahead of and behind numbers some of which are bounds that stand for their number.

    10,000+ does among counts, 250,000+ and 90+ where nothing is larger, <0.05 where at least half are no
    bounds; None for grades such as 2+ and ages such as 4+ and 12+, which are categories.

    >>> signs_of_bounds(["10,000+", "500+", "0"]), signs_of_bounds(["0.12", "<0.05", "1.8"])
    (('', 'plus for at least'), ('signs of limits', ''))
    >>> signs_of_bounds(["35", "90+"]), signs_of_bounds(["4+", "12+", "9+"]), signs_of_bounds(["2+", "3"])
    (('', 'plus for at least'), None, None)
    """
    limits = [text for text in texts if text[0] in "<>≤≥"]
    least = [text for text in texts if text.endswith("+")]
    if 2 * len(limits) > len(texts) or not (limits or least):
        return None
    if least and not (any(map(_LARGE.search, least)) or _are_capped(texts, {*least})):
        return None
    return LIMITS if limits else "", AT_LEAST if least else ""


def _are_capped(texts: Sequence[str], least: Set[str]) -> bool:
    """Return whether the only "at least" of some numbers is the largest of them."""
    try:
        values = {text: float(text.rstrip("+ ").replace(",", "")) for text in {*texts}}
    except ValueError:
        return False
    return len(least) == 1 and len(values) > 1 and values[min(least)] >= max(values.values())
