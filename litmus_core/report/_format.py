"""Numbers as a report writes them, each with its unit."""

from __future__ import annotations

import math

from litmus_core.types import Score

NARROW = "\u202f"  # the space between a number and its unit


def value_of(value: float) -> str:
    """Write a metric's value.

    >>> value_of(0.8912), value_of(34.567), value_of(1508.2)
    ('0.891', '34.57', '1,508')
    """
    largest = abs(value)
    places = next((n for n, below in ((3, 10), (2, 100), (1, 1000)) if largest < below), 0)
    return f"{value:,.{places}f}"


def between(low: float, high: float) -> str:
    """Write an interval of metric values.

    >>> between(0.881, 0.9124)
    '0.881 to 0.912'
    """
    return f"{value_of(low)} to {value_of(high)}"


def scored(score: Score) -> str:
    """Write a score with its interval; one without rows has none yet.

    >>> scored(Score(metric="accuracy", value=0.9, low=0.881, high=0.912, n_rows=500))
    '0.900 (0.881 to 0.912)'
    """
    said = value_of(score.value)
    return f"{said} ({between(score.low, score.high)})" if score.n_rows else said


def share(value: float, *, places: int = 0) -> str:
    """Write a share of 1 as a percentage.

    >>> share(0.164) == f"16{NARROW}%"
    True
    """
    return f"{100 * value:.{places}f}{NARROW}%"


def chance(value: float) -> str:
    """Write a chance as a percentage, never as certainty.

    >>> [chance(each).replace(NARROW, "_") for each in (0.071, 0.0, 0.999)]
    ['7_%', 'less than 1_%', 'more than 99_%']
    """
    said = "more than 99" if value > 0.99 else "less than 1" if value < 0.01 else f"{100 * value:.0f}"
    return f"{said}{NARROW}%"


def milliseconds(value: float) -> str:
    """Write an answering time.

    >>> [milliseconds(each).replace(NARROW, "_") for each in (0.0437, 8.71, 83.2, 2310)]
    ['0.044_ms', '8.7_ms', '83_ms', '2.3_s']
    """
    if value >= 1000:
        return f"{value / 1000:.1f}{NARROW}s"
    places = next((n for n, least in ((0, 10), (1, 1), (2, 0.1)) if value >= least), 3)
    return f"{value:.{places}f}{NARROW}ms"


def size(n_bytes: float) -> str:
    """Write a size in decimal units.

    >>> [size(each).replace(NARROW, "_") for each in (512, 20_480, 3_500_000, 2.1e9)]
    ['512_B', '20_kB', '3.5_MB', '2.1_GB']
    """
    if n_bytes < 1000:
        return f"{n_bytes:.0f}{NARROW}B"
    for unit, factor in (("kB", 1e3), ("MB", 1e6), ("GB", 1e9)):
        if n_bytes < 1000 * factor or unit == "GB":
            break
    value = n_bytes / factor
    return f"{value:.1f}{NARROW}{unit}" if value < 10 else f"{value:,.0f}{NARROW}{unit}"


def dollars(value: float) -> str:
    """Write a price with three figures, never as a power of ten.

    >>> [dollars(each).replace(NARROW, "_") for each in (0.00000561, 0.125, 12.63)]
    ['0.00000561_USD', '0.125_USD', '12.6_USD']
    """
    places = 2 if value <= 0 else max(0, 2 - math.floor(math.log10(value)))
    return f"{value:,.{places}f}{NARROW}USD"


def counted(n: int, noun: str) -> str:
    """Write a count with its noun.

    >>> counted(1, "row"), counted(2000, "row")
    ('1 row', '2,000 rows')
    """
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def day(at: str) -> str:
    """Write a moment (UTC, ISO 8601) to the minute.

    >>> day("2026-11-25T15:00:12+00:00")
    '2026-11-25 15:00'
    """
    return at[:16].replace("T", " ")
