"""Convert dates, numbers and codes from the format of the training file to plain ones, fixes included."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

import numpy as np

from litmus_core.frame._values.number_formats import number_form
from litmus_core.frame._values.raw_values import text
from litmus_core.types import Column

CODES = "codes"  # digits that are not amounts: a ZIP code becomes 94105.0 if the column had gaps
_CODE = re.compile(r"\s*(-?\d+)\.0*\s*", re.ASCII)
_WIDE = re.compile(r"codes of (\d+) digits")
DURATIONS = "unit h:mm:ss"  # the format of durations, which are read as seconds
LISTS = "lists"  # the format of lists and objects that became texts
SHORTEST_FOLDED = 3  # in shorter texts case may matter: m and M, kb and kB
_NUMBERS = (int, float, np.integer, np.floating)
GERMAN = " with German months"  # behind a strptime format: its dates are read by :func:`in_english`
GERMAN_DATE = r"(\d{1,2})(?:\. ?|[ -])([a-zäöü]+)\.?[ -](\d{4}|\d{2})( .*)?"  # in lower case
GERMAN_MONTHS = {
    name: month
    for month, names in (
        ("Jan", "januar jänner jan jän"),
        ("Feb", "februar feber feb"),
        ("Mar", "märz maerz mär mrz"),
        ("Apr", "april apr"),
        ("May", "mai"),
        ("Jun", "juni jun"),
        ("Jul", "juli jul"),
        ("Aug", "august aug"),
        ("Sep", "september sept sep"),
        ("Oct", "oktober okt"),
        ("Nov", "november nov"),
        ("Dec", "dezember dez"),
    )
    for name in names.split()
}
_GERMAN_DATE = re.compile(GERMAN_DATE)
_NESTED = (list, tuple, dict, np.ndarray)


def codes_of_width(width: int) -> str:
    """Return the format of codes that all have ``width`` digits, the first of them 0 in some.

    >>> codes_of_width(5), codes_width(codes_of_width(5))
    ('codes of 5 digits', 5)
    """
    return f"codes of {width} digits"


def codes_width(written_as: str) -> int | None:
    """Return the width of codes that all have one, 0 if they differ; None for another format."""
    match_ = _WIDE.fullmatch(written_as)
    return int(match_[1]) if match_ else 0 if written_as == CODES else None


def to_plain_format(values: list[Any], column: Column) -> list[Any]:
    """Return ``values`` with texts converted from the training file's format, and fixed as its table was."""
    if holds_durations(column):
        values = [_in_seconds(value) for value in values]
    if column.written_as == LISTS:
        values = [list_text(value) if isinstance(value, _NESTED) else value for value in values]
    plain = _reader(column.written_as)
    if plain is not None:
        if codes_width(column.written_as):  # 1067 is the code 01067 that lost its 0
            values = [text(value) if isinstance(value, _NUMBERS) else value for value in values]
        if column.stores_times:  # 20240531 is a date too
            values = [str(value) if type(value) is int else value for value in values]
        values = [plain(value) if isinstance(value, str) else value for value in values]
    if not is_fixed(column):
        return values
    fixes = cell_fixes(column)
    if column.stores_text:
        values = [text(value) if isinstance(value, _NUMBERS) else value for value in values]
    return [fixes.of(value) for value in values]


def list_text(value: Any) -> str:
    """Return a list or an object as the text that import makes of it.

    >>> list_text([1, "a"]), list_text({"a": None})
    ('[1,"a"]', '{"a":null}')
    """
    pairs = value if isinstance(value, list | tuple) else ()
    if pairs and all(isinstance(pair, tuple) and len(pair) == 2 and type(pair[0]) is str for pair in pairs):
        value = dict(pairs)  # a map of Arrow
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return [value.item(place) for place in range(value.size)] if value.dtype != object else list(value)
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat(*(" ",) * isinstance(value, datetime)) if isinstance(value, date) else str(value)


def has_source_format(column: Column) -> bool:
    """Return whether values of this column need :func:`to_plain_format`."""
    return bool(column.written_as) or is_fixed(column)


def holds_durations(column: Column) -> bool:
    """Return whether a column has seconds, from texts of durations or from typed ones."""
    return column.written_as == DURATIONS


def _in_seconds(value: Any) -> Any:
    if isinstance(value, timedelta):
        return value.total_seconds()
    return float(value / np.timedelta64(1, "s")) if isinstance(value, np.timedelta64) else value


def is_fixed(column: Column) -> bool:
    """Return whether fixes of the table changed values of the column."""
    return bool(column.replaced or column.tidied)


@dataclass(frozen=True, kw_only=True)
class CellFixes:
    """What fixes of a table put in the place of values: of texts, of other spellings, of numbers or times.

    ``by_value`` has floats for a column of numbers, and datetimes for one of times.
    """

    tidied: str
    by_text: Mapping[str, Any]
    by_spelling: Mapping[str, str]
    by_value: Mapping[Any, Any]
    reads: Callable[[Any], Any]

    def of(self, value: Any) -> Any:
        """Return the fixed value; any other as it is."""
        if isinstance(value, str):
            return self._of_text(value)
        if not self.by_value or value is None:
            return value
        return self._found(self.reads(value), value)

    def _of_text(self, value: str) -> Any:
        if value in self.by_text:
            return self.by_text[value]
        tidy = value.strip() if self.tidied else value
        if tidy != value and (not tidy or tidy in self.by_text):
            return self.by_text.get(tidy)
        if self.tidied == "folded" and len(tidy) >= SHORTEST_FOLDED:
            return self.by_spelling.get(tidy.lower(), tidy)
        return self._found(self.reads(tidy), tidy) if self.by_value else tidy

    def _found(self, key: Any, value: Any) -> Any:
        return self.by_value[key] if key is not None and key in self.by_value else value


def in_english(text: str) -> str:
    """Return a date with its month's English name, any other text as it is.

    >>> in_english("3. März 2024 14:00"), in_english("03-Okt-23"), in_english("3 May 2024")
    ('3 Mar 2024 14:00', '03 Oct 23', '3 May 2024')
    """
    parts = _GERMAN_DATE.fullmatch(text.strip().lower())
    if parts is None or parts[2] not in GERMAN_MONTHS:
        return text
    return f"{parts[1]} {GERMAN_MONTHS[parts[2]]} {parts[3]}{parts[4] or ''}"


@lru_cache(maxsize=1_024)
def cell_fixes(column: Column) -> CellFixes:
    """Return what the fixes of the table put in the place of a column's values."""
    reads = _as_float if column.stores_numbers else _as_moment if column.stores_times else _nothing
    changed = [(old, new) for old, new in column.replaced if old != new]
    spelled = dict.fromkeys(new for _, new in column.replaced if new is not None)
    return CellFixes(
        tidied=column.tidied,
        by_text={old: new if new is None or reads is _nothing else reads(new) for old, new in changed},
        by_spelling={text.lower(): text for text in spelled},
        by_value={
            key: None if new is None else reads(new)
            for old, new in changed
            if (key := reads(old)) is not None
        },
        reads=reads,
    )


def _as_float(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _as_moment(value: Any) -> datetime | None:
    try:
        when = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return None
    return when if isinstance(when, datetime) else None


def _nothing(_: Any) -> None:
    return None


def _codes_reader(width: int) -> Callable[[str], str]:
    def digits(text: str) -> str:
        if text.isdigit() and len(text) >= width:
            return text
        match_ = _CODE.fullmatch(text)
        code = text if match_ is None else match_[1]
        return code.zfill(width) if 0 < len(code) < width and _is_number(code) else code

    return digits


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


@lru_cache(maxsize=256)
def _reader(written_as: str) -> Callable[[str], str] | None:
    if written_as in ("", LISTS):
        return None
    if (width := codes_width(written_as)) is not None:
        return _codes_reader(width)
    number = number_form(written_as)
    if number is not None:
        return number.plain

    form, is_german = written_as.removesuffix(GERMAN), written_as.endswith(GERMAN)

    def iso(text: str) -> str:
        try:
            return datetime.strptime((in_english(text) if is_german else text).strip(), form).isoformat()
        except ValueError:
            return text

    return lru_cache(maxsize=65_536)(iso)
