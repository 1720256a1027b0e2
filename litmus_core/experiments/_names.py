"""Names that people give: on one line, and not endless."""

from __future__ import annotations

from litmus_core.errors import UsageError

_LONGEST = 200  # letters


def require_name(name: str) -> str:
    """Return a name on one line; raises UsageError where nothing is left of it."""
    trimmed = trim_name(name)
    if not trimmed:
        raise UsageError("A name needs at least one letter.", hint="Nothing was changed.")
    return trimmed


def trim_name(name: str) -> str:
    """Return a name on one line, of 200 letters at most."""
    return " ".join(name.split())[:_LONGEST]
