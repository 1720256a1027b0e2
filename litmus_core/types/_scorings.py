"""Jobs that score files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ScoringStatus = Literal["waiting", "running", "finished", "stopped", "failed", "interrupted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringProgress:
    """Progress of a scoring. ``n_rows`` is None until the file is read, ``rows_per_s`` before the first.

    ``notes`` name columns that hardly any row has as the model learned them.
    """

    n_done: int = 0
    n_rows: int | None = None
    rows_per_s: float | None = None
    remaining_s: float | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringJob:
    """A file that a separate process scores, and its progress.

    ``source`` and ``to`` are paths; ``table`` is set if ``to`` is an SQLite file; ``for_spreadsheets``
    protects texts in a CSV from being run as formulas. With a ``level`` each prediction has an interval or a
    label set that holds the truth for this share of rows. ``interrupted``: its process died. A waiting job
    has its ``place`` in the queue, from 1; ``turn`` orders them.
    """

    id: str
    bundle_id: str
    bundle: str
    source: str
    to: str
    created_at: str
    table: str | None = None
    for_spreadsheets: bool = False
    level: float | None = None
    status: ScoringStatus = "running"
    progress: ScoringProgress = ScoringProgress()
    message: str = ""
    hint: str = ""
    turn: int = 0
    place: int | None = None
