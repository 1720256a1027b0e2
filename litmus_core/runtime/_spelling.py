"""Texts from a file, read as its training file was: missing words, dates and numbers in their own form."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from litmus_core.types import MISSING_WORDS, PLACEHOLDER_WORDS, Column

_MISSING = frozenset(MISSING_WORDS)
_PLACEHOLDERS = frozenset(PLACEHOLDER_WORDS)
_DOTS = re.compile(r"[+-]?\d{1,3}(\.\d{3})+")  # 1.234 where the decimal mark is a comma


def read_cells(cells: Sequence[str], column: Column) -> list[Any]:
    """Return a file's cells of one column with None where one of the words for "missing" stands.

    Dates and numbers in the column's own form become ISO text and plain numbers; what is neither stays as
    it is, for the pipeline to name with its row.
    """
    if column.storage == "VARCHAR" or column.kind in ("category", "text"):
        return [None if cell.strip() in _MISSING else cell for cell in cells]
    stripped = [cell.strip() for cell in cells]
    return respell(
        [None if cell in _MISSING or cell.lower() in _PLACEHOLDERS else cell for cell in stripped], column
    )


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
    if "%" not in written_as:
        return None

    def iso(text: str) -> str:
        try:
            return datetime.strptime(text.strip(), written_as).isoformat()
        except ValueError:
            return text

    return lru_cache(maxsize=65_536)(iso)
