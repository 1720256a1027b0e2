"""A table from elsewhere, as a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedTable:
    """A file with a table from elsewhere; ``notes`` say what was not kept as it is there."""

    file: Path
    notes: tuple[str, ...] = ()
