"""A table from another machine, as a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedTable:
    """A file with a table from another machine; ``notes`` name what was not kept unchanged.

    ``unread`` are the columns with values that the file does not have.
    """

    file: Path
    notes: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
