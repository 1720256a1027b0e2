"""A stored cell as people read it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

_MOST_LETTERS = 80


def as_text(value: Any) -> str:
    """Return a cell as people read it: ISO dates, ``true`` and ``false``, 860 not 860.0, long texts cut."""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ").removesuffix(" 00:00:00")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= _MOST_LETTERS else text[: _MOST_LETTERS - 1] + "…"
