"""Names that people enter: one line of limited length."""

from __future__ import annotations

import re

from litmus_core.errors import UsageError

_LONGEST = 200  # letters


def require_name(name: str) -> str:
    """Return a name on one line; raises UsageError for an empty one."""
    trimmed = trim_name(name)
    if not trimmed:
        raise UsageError("A name needs at least one letter.", hint="Nothing was changed.")
    return trimmed


def trim_name(name: str) -> str:
    """Return a name on one line, cut to 200 characters."""
    return " ".join(name.split())[:_LONGEST]


def name_with_version(name: str, number: int) -> str:
    """Return the name of an experiment's successor, on version ``number`` of its table.

    >>> name_with_version("Orders, version 2", 3)
    'Orders, version 3'
    """
    return re.sub(r", version \d+$", "", name) + f", version {number}"
