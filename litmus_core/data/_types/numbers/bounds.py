"""Bounds among numbers: 10,000+, 90+ where no number is larger, and <0.05 from a laboratory."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set

from litmus_core.frame import AT_LEAST, LIMITS, PLUS_THEN, UNDER_ONE

_BOUND = re.compile(r"^[<>≤≥]=? ?(\d.*)$|^(.*\d[^\d+]{0,3})\+$|^(\d+)\+( ?[^\W\d_]{3,})$")
_UNDER_ONE, _AT_LEAST = re.compile(r"< ?(1(?![\d.,]).*)"), re.compile(r"\+( ?[^\W\d_]{3,})?$")
_FEWEST = 3
_LARGE = re.compile(r"\d[.,' ]?\d{3}")
_SIGNS_OF_BOUNDS = re.compile("[<>≤≥+]")


def without_bounds(texts: Sequence[str]) -> tuple[str, list[str]]:
    """Return a text that is a bound ("" for none), and all texts without the signs of bounds.

    >>> without_bounds(["0.8", "<0.05", "90+"]), without_bounds(["0.8"])
    (('<0.05', ['0.8', '0.05', '90']), ('', ['0.8']))
    """
    if not _SIGNS_OF_BOUNDS.search("\n".join(texts)):
        return "", [*texts]
    values = [_BOUND.sub(r"\1\2\3\4", text) for text in texts]
    bound = next((text for text, value in zip(texts, values, strict=True) if text != value), "")
    return bound, values


def signs_of_bounds(texts: Sequence[str], unit: str) -> tuple[str, str] | None:
    """Return the signs before and after numbers some of which are bounds that stand for their number.

    Such bounds are 10,000+ among counts; 250,000+, 90+ and 10+ years if no number is larger; <0.05 and >60
    beside three other numbers (or as many as bounds); and < 1, as 0, beside whole numbers that include 1.
    None for grades such as 2+ and ages such as 4+ and 12+, which are categories.

    >>> signs_of_bounds(["10,000+", "500+", "0"], ""), signs_of_bounds(["0.12", "<0.05", "1.8", "2.5"], "")
    (('', 'plus for at least'), ('signs of limits', ''))
    >>> signs_of_bounds(["35", "90+"], ""), signs_of_bounds(["4+", "12+", "9+"], "")
    (('', 'plus for at least'), None)
    >>> signs_of_bounds(["10+ years", "< 1 year", "1 year", "3 years", "8 years"], "years")
    ('signs of limits, under 1 as 0', 'plus for at least, then years')
    """
    different = {*texts}
    limits = {text for text in different if text[0] in "<>≤≥"}
    least = {text for text in different if _AT_LEAST.search(text)}
    n_numbers = len(different - limits - least)
    if limits and n_numbers < min(_FEWEST, max(2, len(limits))):
        return None
    if least and not (any(map(_LARGE.search, least)) or _are_capped(different, least)):
        return None
    lead = UNDER_ONE if limits and _distinguish_one(different, limits) else LIMITS if limits else ""
    is_inside = any(not text.endswith("+") for text in least)
    return lead, f"{PLUS_THEN}{unit}" if is_inside else AT_LEAST if least else ""


def _distinguish_one(texts: Set[str], limits: Set[str]) -> bool:
    """Return whether whole numbers hold both 1 and less than 1."""
    under = {match[1] for text in limits if (match := _UNDER_ONE.fullmatch(text))}
    return bool(under & texts) and not any("." in text or "," in text for text in texts)


def _are_capped(texts: Set[str], least: Set[str]) -> bool:
    """Return whether the only "at least" of some numbers is the largest of them."""
    try:
        values = {text: float(re.sub(r"[^\d.]", "", text)) for text in texts}
    except ValueError:
        return False
    return len(least) == 1 and len(values) > 1 and values[min(least)] >= max(values.values())
