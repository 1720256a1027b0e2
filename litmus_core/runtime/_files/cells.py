"""Recognise missing values in a file's cells by the same words as import."""

from __future__ import annotations

from collections.abc import Sequence

from litmus_core.frame import says_missing
from litmus_core.types import MISSING_WORDS, Column

_MISSING = frozenset(MISSING_WORDS)


def read_cells(cells: Sequence[str], column: Column) -> list[str | None]:
    """Return a file's cells of one column, with None for the words that mean "missing".

    Others are unchanged, without surrounding spaces unless the column holds text.
    """
    if column.stores_text or column.traits.is_vocabulary or column.traits.is_prose:
        return [None if cell.strip(" ") in _MISSING else cell for cell in cells]
    return [None if says_missing(cell) else cell.strip() for cell in cells]
