"""The width of a table's name column."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["name_width"]

_WIDEST = 400


def name_width(names: Sequence[str], *, at_most: int = _WIDEST) -> int:
    """Return the width in pixels that fits the longest name, up to a limit."""
    return min(at_most, round(24 + 6.1 * max((len(name) for name in names), default=0)))
