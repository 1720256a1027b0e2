"""Dates and numbers in the form that the training file had them in, made plain."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any

from litmus_core.types import Column

_DOTS = re.compile(r"[+-]?\d{1,3}(\.\d{3})+")  # 1.234 where the decimal mark is a comma
_SPACES = str.maketrans("", "", " \u00a0\u202f")
_MARKS = {  # what stands between thousands, and the decimal mark
    "thousands by spaces": (_SPACES, "."),
    "decimal comma, thousands by spaces": (_SPACES, ","),
    "thousands by apostrophes": (str.maketrans("", "", "'\u2019"), "."),
}


def respell(values: list[Any], column: Column) -> list[Any]:
    """Return ``values`` with texts that are written as the training file wrote them in the plain form."""
    plain = _reader(column.written_as)
    if plain is None:
        return values
    if "%" in column.written_as:  # 20240531 is a date too
        values = [str(value) if type(value) is int else value for value in values]
    return [plain(value) if isinstance(value, str) else value for value in values]


def is_spelled(column: Column) -> bool:
    """Say whether texts of this column need :func:`respell`."""
    return bool(column.written_as)


@lru_cache(maxsize=256)
def _reader(written_as: str) -> Callable[[str], str] | None:
    if written_as == "thousands":
        return lambda text: text.replace(",", "")
    if written_as == "decimal comma":
        return lambda text: (
            text.replace(".", "").replace(",", ".") if "," in text or _DOTS.fullmatch(text.strip()) else text
        )
    if written_as in _MARKS:
        marks, decimal = _MARKS[written_as]
        return lambda text: text.translate(marks).replace(decimal, ".")
    if "%" not in written_as:
        return None

    def iso(text: str) -> str:
        try:
            return datetime.strptime(text.strip(), written_as).isoformat()
        except ValueError:
            return text

    return lru_cache(maxsize=65_536)(iso)
