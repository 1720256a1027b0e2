"""Numbers as reports write them, with their units."""

from __future__ import annotations

import math

from litmus_core.text import NARROW, format_share, unbroken


def share(value: float, *, places: int = 0) -> str:
    """Write a share of 1 as a percentage without a line break.

    >>> share(0.164) == f"16{NARROW}%"
    True
    """
    return unbroken(format_share(value, decimals=places))


def dollars(value: float) -> str:
    """Write a price with three significant figures, never as a power of ten.

    >>> [dollars(each).replace(NARROW, "_") for each in (0.00000561, 0.125, 12.63)]
    ['0.00000561_USD', '0.125_USD', '12.6_USD']
    """
    places = 2 if value <= 0 else max(0, 2 - math.floor(math.log10(value)))
    return f"{value:,.{places}f}{NARROW}USD"


def day(at: str) -> str:
    """Write a time (UTC, ISO 8601) to the minute.

    >>> day("2026-11-25T15:00:12+00:00")
    '2026-11-25 15:00'
    """
    return at[:16].replace("T", " ")
