"""Convert dates, numbers and codes from the format of the training file to plain ones."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any

from litmus_core.frame._values.number_formats import number_form
from litmus_core.types import Column

CODES = "codes"  # digits that are not amounts: a ZIP code becomes 94105.0 if the column had gaps
_CODE = re.compile(r"\s*(\d+)\.0*\s*", re.ASCII)


def to_plain_format(values: list[Any], column: Column) -> list[Any]:
    """Return ``values`` with texts converted from the training file's format to the plain one."""
    plain = _reader(column.written_as)
    if plain is None:
        return values
    if column.stores_times:  # 20240531 is a date too
        values = [str(value) if type(value) is int else value for value in values]
    return [plain(value) if isinstance(value, str) else value for value in values]


def has_source_format(column: Column) -> bool:
    """Return whether texts of this column need :func:`to_plain_format`."""
    return bool(column.written_as)


def _digits(text: str) -> str:
    match_ = _CODE.fullmatch(text)
    return text if match_ is None else match_[1]


@lru_cache(maxsize=256)
def _reader(written_as: str) -> Callable[[str], str] | None:
    if not written_as:
        return None
    if written_as == CODES:
        return _digits
    form = number_form(written_as)
    if form is not None:
        return form.plain

    def iso(text: str) -> str:
        try:
            return datetime.strptime(text.strip(), written_as).isoformat()
        except ValueError:
            return text

    return lru_cache(maxsize=65_536)(iso)
