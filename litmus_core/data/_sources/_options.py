"""Read options: normalise what people write, and check which options a kind of file has."""

from __future__ import annotations

import codecs
from collections.abc import Collection
from dataclasses import fields, replace

from litmus_core.errors import UsageError
from litmus_core.types import DATE_ORDERS, ReadOptions

_DELIMITERS = {
    "tab": "\t",
    "\\t": "\t",
    "comma": ",",
    "semicolon": ";",
    "pipe": "|",
    "space": " ",
    "none": "",
}
_QUOTES = {"none": "", "double": '"', "single": "'"}
_THOUSANDS = {"none": "", "space": " ", "comma": ",", "dot": ".", "apostrophe": "'"}
_DECIMALS = {"comma": ",", "dot": ".", "point": "."}
_ORDERS = {
    "d/m": "day first", "dmy": "day first", "day": "day first", "m/d": "month first", "mdy": "month first",
    "month": "month first", "y/m/d": "year first", "ymd": "year first", "year": "year first",
}  # fmt: skip


def checked_options(options: ReadOptions) -> ReadOptions:
    """Return ``options`` with words such as "tab" or "d/m" normalised; raises UsageError for invalid ones.

    >>> checked_options(ReadOptions(delimiter="tab", date_order="d/m")).delimiter
    '\\t'
    """
    plain = replace(
        options,
        delimiter=_plain(options.delimiter, _DELIMITERS),
        quote=_plain(options.quote, _QUOTES),
        thousands=_plain(options.thousands, _THOUSANDS),
        decimal=_plain(options.decimal, _DECIMALS),
        date_order=_plain(options.date_order, _ORDERS),  # type: ignore[arg-type]
    )
    _check_letters(plain)
    _check_numbers(plain)
    if plain.date_order not in (None, *DATE_ORDERS):
        raise UsageError(
            f"'{plain.date_order}' is not an order of dates.", hint=f"Choose {_any(DATE_ORDERS)}."
        )
    if plain.header_row is not None and plain.header_row < 0:
        raise UsageError("The header's row counts from 1.", hint="Use 0 where there is no header.")
    return plain


def _plain(value: str | None, words: dict[str, str]) -> str | None:
    return value if value is None else words.get(value.strip().lower(), value)


def _check_letters(options: ReadOptions) -> None:
    for option, value in (("delimiter", options.delimiter), ("quote", options.quote)):
        if value and (len(value) > 1 or value in "\r\n\x00" or ord(value) > 127):
            raise UsageError(
                f"The {option} has to be one plain character, not '{value}'.",
                hint="Use one such as , ; | or the word tab.",
            )
    if options.delimiter and options.delimiter == options.quote:
        raise UsageError("The delimiter and the quote cannot be the same.", hint="Change one of them.")
    if options.encoding is not None:
        try:
            codecs.lookup(options.encoding).incrementaldecoder("strict").decode(b"")
            is_text = codecs.lookup(options.encoding)._is_text_encoding
        except (LookupError, TypeError, ValueError, UnicodeError):
            is_text = False
        if not is_text:
            raise UsageError(
                f"'{options.encoding}' is not an encoding that Litmus knows.",
                hint="Common ones are utf-8, cp1252, latin-1, utf-16, cp1251, shift_jis and gb18030.",
            )


def _check_numbers(options: ReadOptions) -> None:
    if options.decimal not in (None, ".", ","):
        raise UsageError(f"'{options.decimal}' is not a decimal mark.", hint="Choose . or ,")
    if options.thousands not in (None, "", ",", ".", " ", "'"):
        raise UsageError(
            f"'{options.thousands}' is not a thousands separator.", hint="Choose , . ' space or none."
        )
    if options.thousands and options.thousands == options.decimal:
        raise UsageError(
            f"'{options.decimal}' cannot stand for both decimals and thousands.", hint="Change one of them."
        )


def refuse_others(options: ReadOptions, names: Collection[str], *, name: str, subject: str) -> None:
    """Raise UsageError if ``options`` has one that files of this kind (``subject``) do not support."""
    for option in fields(options):
        if getattr(options, option.name) is not None and option.name not in names:
            option_title = option.name.replace("_", " ")
            raise UsageError(
                f"'{name}' is {subject}, for which there is no {option_title} to choose.",
                hint=f"Leave the {option_title} out.",
            )


def _any(values: Collection[str]) -> str:
    *first, last = (f"'{value}'" for value in values)
    return f"{', '.join(first)} or {last}"
