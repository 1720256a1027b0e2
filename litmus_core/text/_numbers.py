"""Numbers, counts, shares and chances."""

from __future__ import annotations

import math


def format_count(n: float, noun: str, plural: str = "") -> str:
    """Write a count with its noun.

    >>> format_count(1, "row"), format_count(25000, "row"), format_count(2, "category", "categories")
    ('1 row', '25,000 rows', '2 categories')
    """
    return f"{n:,.0f} {noun if n == 1 else plural or noun + 's'}"


def format_number(value: float) -> str:
    """Write a value of a column: whole numbers without decimals, others with four figures.

    >>> format_number(12.0), format_number(1234567.0), format_number(0.123456), format_number(15321.7)
    ('12', '1,234,567', '0.1235', '15,322')
    """
    if not math.isfinite(value):
        return f"{value:g}"
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def format_share(share: float, *, decimals: int = 0) -> str:
    """Write a share of 1 as a percentage; without decimals, only 0 is 0 % and only 1 is 100 %.

    >>> format_share(0.164), format_share(1 / 3000), format_share(2999 / 3000), format_share(1.0)
    ('16 %', 'less than 1 %', 'more than 99 %', '100 %')
    >>> format_share(0.1644, decimals=1)
    '16.4 %'
    """
    percent = 100.0 * share
    if decimals == 0 and 0 < percent < 1:
        return "less than 1 %"
    if decimals == 0 and 99 < percent < 100:
        return "more than 99 %"
    return f"{percent:.{decimals}f} %"


def format_chance(chance: float) -> str:
    """Write a chance as a percentage, never as certainty.

    >>> format_chance(0.071), format_chance(0.0), format_chance(1.0)
    ('7 %', 'less than 1 %', 'more than 99 %')
    """
    return format_share(min(max(chance, 0.001), 0.999))
