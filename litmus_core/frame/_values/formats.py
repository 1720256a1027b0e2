"""Convert dates, numbers and codes from the format of the training file to plain ones."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any

import numpy as np

from litmus_core.frame._values.number_formats import number_form
from litmus_core.frame._values.raw_values import text
from litmus_core.types import Column

CODES = "codes"  # digits that are not amounts: a ZIP code becomes 94105.0 if the column had gaps
_CODE = re.compile(r"\s*(-?\d+)\.0*\s*", re.ASCII)
_WIDE = re.compile(r"codes of (\d+) digits")
_NUMBERS = (int, float, np.integer, np.floating)


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
    """Return ``values`` with texts converted from the training file's format to the plain one."""
    plain = _reader(column.written_as)
    if plain is None:
        return values
    if codes_width(column.written_as):  # 1067 is the code 01067 that lost its 0
        values = [text(value) if isinstance(value, _NUMBERS) else value for value in values]
    if column.stores_times:  # 20240531 is a date too
        values = [str(value) if type(value) is int else value for value in values]
    return [plain(value) if isinstance(value, str) else value for value in values]


def has_source_format(column: Column) -> bool:
    """Return whether texts of this column need :func:`to_plain_format`."""
    return bool(column.written_as)


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
    if not written_as:
        return None
    if (width := codes_width(written_as)) is not None:
        return _codes_reader(width)
    form = number_form(written_as)
    if form is not None:
        return form.plain

    def iso(text: str) -> str:
        try:
            return datetime.strptime(text.strip(), written_as).isoformat()
        except ValueError:
            return text

    return lru_cache(maxsize=65_536)(iso)
