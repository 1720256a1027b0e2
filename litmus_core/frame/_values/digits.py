"""Convert digits and marks of other scripts, and fractions, to plain numbers."""

from __future__ import annotations

_ZEROS = (  # the zeros of scripts with decimal digits; the digits 1 to 9 follow each of them
    0x0660, 0x06F0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0E50, 0x0ED0,
    0x0F20, 0x1040, 0x17E0, 0xFF10,
)  # fmt: skip
_MARKS = {
    "\u066b": ".", "\u066c": ",", "\u066a": "%", "\uff0e": ".", "\uff0c": ",", "\uff05": "%", "\uff0b": "+",
    "\uff0d": "-", "\u25b3": "-", "\u25b2": "-", "\uff04": "$", "\uffe5": "\u00a5",
}  # fmt: skip
FRACTIONS = {  # after a whole number, or alone: 7½, 7 ½, ½, 7 1/2
    **{f" {two}": value for two, value in (
        ("1/2", ".5"), ("1/4", ".25"), ("3/4", ".75"), ("1/8", ".125"), ("3/8", ".375"), ("5/8", ".625"),
        ("7/8", ".875"), ("1/3", ".3333333333333333"), ("2/3", ".6666666666666666"),
    )},
    **{f"{space}{one}": value for space in (" ", "") for one, value in (
        ("½", ".5"), ("¼", ".25"), ("¾", ".75"), ("⅛", ".125"), ("⅜", ".375"), ("⅝", ".625"),
        ("⅞", ".875"), ("⅓", ".3333333333333333"), ("⅔", ".6666666666666666"),
    )},
}  # fmt: skip
_DIGITS = {chr(zero + place): str(place) for zero in _ZEROS for place in range(10)}
_TABLE = str.maketrans(_DIGITS | _MARKS)
OTHER_DIGITS = "".join((*_DIGITS, *_MARKS))
THEIR_DIGITS = "".join((*_DIGITS.values(), *_MARKS.values()))


def with_ascii_digits(text: str) -> str:
    """Return a text with digits 0 to 9, and . , % for the marks of other scripts; fractions as decimals.

    >>> with_ascii_digits("\\u0661\\u0662\\u066b\\u0665"), with_ascii_digits("\\uff11\\uff12\\uff05")
    ('12.5', '12%')
    >>> with_ascii_digits("7 ½"), with_ascii_digits("7 1/2 in")
    ('7.5', '7.5 in')
    """
    if "/" in text or not text.isascii():
        text = f" {text}"  # 3/4, without a whole number in front
        for fraction, value in FRACTIONS.items():
            text = text.replace(fraction, value)
        text = text.lstrip(" ")
    return text if text.isascii() else text.translate(_TABLE)
