"""Names that people enter: one line of limited length."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TYPE_CHECKING

from litmus_core.errors import UsageError

if TYPE_CHECKING:
    from litmus_core.types import DatasetVersion

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


def default_name(version: DatasetVersion, target: str, *, existing: Collection[str] = ()) -> str:
    """Return the name of an experiment that nobody named: of its table and target, and a number.

    Numbers count from 2 and go behind the name: "Orders: late (2)".
    """
    name, number = f"{version.name}: {target}", 1
    numbered = name
    while numbered in existing:
        number += 1
        numbered = f"{name} ({number})"
    return numbered


def name_with_version(name: str, number: int) -> str:
    """Return the name of an experiment's successor, on version ``number`` of its table.

    >>> name_with_version("Orders, version 2", 3)
    'Orders, version 3'
    """
    return re.sub(r", version \d+$", "", name) + f", version {number}"
