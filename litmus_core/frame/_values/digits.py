"""Digits of other scripts, full-width ones among them, with their marks, as those of a plain number."""

from __future__ import annotations

_ZEROS = (  # of scripts whose digits stand for 0 to 9 in decimal places; their digits follow one another
    0x0660, 0x06F0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0E50, 0x0ED0,
    0x0F20, 0x1040, 0x17E0, 0xFF10,
)  # fmt: skip
_MARKS = {
    "\u066b": ".", "\u066c": ",", "\u066a": "%", "\uff0e": ".", "\uff0c": ",", "\uff05": "%", "\uff0b": "+",
    "\uff0d": "-", "\uff04": "$", "\uffe5": "\u00a5",
}  # fmt: skip
_DIGITS = {chr(zero + place): str(place) for zero in _ZEROS for place in range(10)}
_TABLE = str.maketrans(_DIGITS | _MARKS)
OTHER_DIGITS = "".join((*_DIGITS, *_MARKS))
THEIR_DIGITS = "".join((*_DIGITS.values(), *_MARKS.values()))


def with_own_digits(text: str) -> str:
    """Return a text with digits 0 to 9, and . , % for the marks of other scripts.

    >>> with_own_digits("\\u0661\\u0662\\u066b\\u0665"), with_own_digits("\\uff11\\uff12\\uff05")
    ('12.5', '12%')
    """
    return text if text.isascii() else text.translate(_TABLE)
