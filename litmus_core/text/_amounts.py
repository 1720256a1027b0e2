"""Amounts with their units."""

from __future__ import annotations

import re
import unicodedata

NARROW = "\u202f"  # narrow no-break space between a number and its unit
_BEFORE_UNIT = re.compile(r"(?<=\d) (?=(?:%|ms|s|min|h|kB|MB|GB)(?!\w))")
_PLUS_OR_MINUS = ("+", "-", "\u2212")
_SIGNS = {  # of currencies with one of their own
    "EUR": "€", "GBP": "£", "ILS": "₪", "INR": "₹", "KRW": "₩", "KZT": "₸", "NGN": "₦", "PHP": "₱",
    "RUB": "₽", "THB": "฿", "TRY": "₺", "UAH": "₴", "VND": "₫",
}  # fmt: skip
_SIZES = (("kB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12))


def unbroken(sentence: str) -> str:
    """Return a sentence whose numbers stay on one line with their units.

    >>> unbroken("95 % of 20 rows within 20 ms").replace(NARROW, "_")
    '95_% of 20 rows within 20_ms'
    """
    return _BEFORE_UNIT.sub(NARROW, sentence)


def in_unit(amount: str, unit: str) -> str:
    """Return a written number with its unit, a currency's sign in front.

    >>> in_unit("12,300", "EUR"), in_unit("-5", "$"), in_unit("8.13", "km"), in_unit("8.13", "")
    ('€12,300', '-$5', '8.13 km', '8.13')
    """
    sign = _SIGNS.get(unit, unit)
    if not sign or unicodedata.category(sign[0]) != "Sc":
        return f"{amount} {unit}".strip()
    return f"{amount[:1]}{sign}{amount[1:]}" if amount[:1] in _PLUS_OR_MINUS else f"{sign}{amount}"


def format_milliseconds(milliseconds: float) -> str:
    """Format an answering time.

    >>> [format_milliseconds(ms).replace(NARROW, " ") for ms in (0.0437, 0.43, 8.71, 83.2, 2310)]
    ['0.044 ms', '0.43 ms', '8.7 ms', '83 ms', '2.3 s']
    """
    if milliseconds >= 1000:
        return f"{milliseconds / 1000:.1f}{NARROW}s"
    places = next((n for n, least in ((0, 10), (1, 1), (2, 0.1)) if milliseconds >= least), 3)
    return f"{milliseconds:.{places}f}{NARROW}ms"


def format_bytes(n_bytes: float) -> str:
    """Format a size in decimal units.

    >>> [format_bytes(n).replace(NARROW, " ") for n in (512, 20_480, 3_500_000, 2.1e9)]
    ['512 B', '20 kB', '3.5 MB', '2.1 GB']
    """
    if n_bytes < 1000:
        return f"{n_bytes:.0f}{NARROW}B"
    unit, factor = next((unit, factor) for unit, factor in _SIZES if n_bytes < 1000 * factor or unit == "TB")
    value = n_bytes / factor
    return f"{value:.1f}{NARROW}{unit}" if value < 10 else f"{value:,.0f}{NARROW}{unit}"
