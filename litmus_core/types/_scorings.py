"""The scoring of a file as a job of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ScoringStatus = Literal["waiting", "running", "finished", "stopped", "failed", "interrupted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringProgress:
    """How far a scoring is. ``n_rows`` is None until the file is read, ``rows_per_s`` until rows are done."""

    n_done: int = 0
    n_rows: int | None = None
    rows_per_s: float | None = None
    remaining_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringJob:
    """A file being scored by a process of its own, and how far it is.

    ``source`` and ``to`` are paths; ``table`` is set where ``to`` is an SQLite file;
    ``for_spreadsheets`` guards texts of a CSV that people open. ``interrupted``: its process is gone. One
    that waits has its ``place`` among those that wait, from 1; ``turn`` orders them.
    """

    id: str
    bundle_id: str
    bundle: str
    source: str
    to: str
    created_at: str
    table: str | None = None
    for_spreadsheets: bool = False
    status: ScoringStatus = "running"
    progress: ScoringProgress = ScoringProgress()
    message: str = ""
    hint: str = ""
    turn: int = 0
    place: int | None = None
