"""Cells of a file: which of them say "missing", in the words that import knows."""

from __future__ import annotations

from collections.abc import Sequence

from litmus_core.types import MISSING_WORDS, PLACEHOLDER_WORDS, Column

_MISSING = frozenset(MISSING_WORDS)
_PLACEHOLDERS = frozenset(PLACEHOLDER_WORDS)


def read_cells(cells: Sequence[str], column: Column) -> list[str | None]:
    """Return a file's cells of one column with None where one of the words for "missing" stands.

    Others stay as they are spelled, without blanks around them where they are no text.
    """
    if column.storage == "VARCHAR" or column.kind in ("category", "text"):
        return [None if cell.strip() in _MISSING else cell for cell in cells]
    stripped = [cell.strip() for cell in cells]
    return [None if cell in _MISSING or cell.lower() in _PLACEHOLDERS else cell for cell in stripped]
