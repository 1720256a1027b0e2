"""Names of months, weekdays and units of time in many languages, from the Unicode CLDR."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache

_LANGUAGES = (
    "en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "nb", "fi", "pl", "cs", "sk", "hu", "ro", "tr",
    "ru", "uk", "bg", "el", "hr", "sl", "ca", "id", "ms", "vi", "th", "ja", "ko", "zh",
)  # fmt: skip
_SPELLINGS = {  # common spellings that are not in the CLDR
    "en": ({"sept": 9.0}, {"tues": 2.0, "weds": 3.0, "thur": 4.0, "thurs": 4.0}),
    "de": ({"maerz": 3.0, "mrz": 3.0}, {"mit": 3.0, "don": 4.0, "fre": 5.0, "die": 2.0}),
}
_WIDTHS = ("wide", "abbreviated")
_SHORT = 3
_ENGLISH = frozenset({"time"})  # an hour in Danish


def plain(text: str) -> str:
    """Return a text for comparison: lower case, without surrounding spaces and final full stops.

    >>> plain(" Févr. ")
    'févr'
    """
    return unicodedata.normalize("NFKC", text).strip().rstrip(".").casefold()


def words_in(text: str) -> list[str]:
    """Return the words of a text: letters with their marks, which many scripts use for vowels.

    >>> words_in("jour_du mois 2"), words_in("ปี_เดือน")
    (['jour', 'du', 'mois'], ['ปี', 'เดือน'])
    """
    letters = (letter if unicodedata.category(letter)[0] in "LM" else " " for letter in text)
    return "".join(letters).split()


@cache
def month_names() -> tuple[Mapping[str, float], ...]:
    """Return each language's month names, from 1 on, as :func:`plain` writes them."""
    return tuple(
        _with_initials(dict(_months(language)), 3) | _SPELLINGS.get(language, ({}, {}))[0]
        for language in _LANGUAGES
    )


@cache
def weekday_names() -> tuple[Mapping[str, float], ...]:
    """Return each language's weekday names, from Monday as 1 on, as :func:`plain` writes them."""
    return tuple(
        _with_initials(dict(_weekdays(language)), 2, 3) | _SPELLINGS.get(language, ({}, {}))[1]
        for language in _LANGUAGES
    )


@cache
def words_for(unit: str) -> frozenset[str]:
    """Return the words for "year", "month", "week", "day", "hour" or "minute" in many languages.

    Words of up to three Latin letters, and those with another meaning in English, are left out.
    """
    from babel.units import format_unit

    names = (format_unit(1, f"duration-{unit}", "long", locale=language) for language in _LANGUAGES)
    words = {word for name in names for word in words_in(plain(name))}
    return frozenset(word for word in words if not word.isascii() or len(word) > _SHORT) - _ENGLISH


@cache
def names_unit(name: str, unit: str) -> bool:
    """Return whether a name contains a word for the unit; scripts without spaces join it to others."""
    words = words_for(unit)
    if not words.isdisjoint(words_in(plain(name))):
        return True
    return any(word in name for word in words if not _has_spaces(word))


def _has_spaces(word: str) -> bool:
    """Return whether the word's script separates words by spaces, unlike Chinese, Japanese and Thai."""
    return not any(script in unicodedata.name(word[0], "") for script in ("CJK", "THAI", "HIRAGANA"))


def _with_initials(names: dict[str, float], *lengths: int) -> dict[str, float]:
    """Return the names, and their first letters if these are unique (SEP beside sept)."""
    numbers_of: dict[str, set[float]] = {}
    for name, number in names.items():
        for length in lengths:
            if name[:length].isalpha():
                numbers_of.setdefault(name[:length], set()).add(number)
    return {short: numbers.pop() for short, numbers in numbers_of.items() if len(numbers) == 1} | names


def _months(language: str) -> Iterator[tuple[str, float]]:
    from babel import Locale

    months = Locale.parse(language).months
    for context in ("format", "stand-alone"):
        for width in _WIDTHS:
            for number, name in months[context][width].items():
                yield from _spellings(name, float(number))


def _weekdays(language: str) -> Iterator[tuple[str, float]]:
    from babel import Locale

    days = Locale.parse(language).days
    for context in ("format", "stand-alone"):
        for width in (*_WIDTHS, "short"):
            for place, name in days[context].get(width, {}).items():
                yield from _spellings(name, place + 1.0)
                yield from _spellings(name.split("-")[0], place + 1.0)


def _spellings(name: str, number: float) -> Iterator[tuple[str, float]]:
    yield plain(name), number
    without = "".join(
        letter for letter in unicodedata.normalize("NFD", name) if not unicodedata.combining(letter)
    )
    yield plain(without), number
