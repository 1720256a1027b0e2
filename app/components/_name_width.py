"""How wide a table's column of names is."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["name_width"]

_WIDEST = 400


def name_width(names: Sequence[str], *, at_most: int = _WIDEST) -> int:
    """Return the width in pixels that shows the longest name whole; a very long one is cut all the same."""
    return min(at_most, round(24 + 6.1 * max((len(name) for name in names), default=0)))
