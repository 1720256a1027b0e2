"""A compression request: faster variants of which candidate, and how fast."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Refined:
    """The source of faster variants: ``model`` of the earlier run in ``folder``.

    ``shares`` are shares of its answering time, with one ensemble chosen for each. ``limit_ms`` is the limit
    for a call of ``batch_rows`` rows, ``limit_bytes`` for a model's size on disk; None: no such limit.
    """

    folder: Path
    model: str
    shares: tuple[float, ...] = (0.5, 0.25, 0.1)
    batch_rows: int = 1
    limit_ms: float | None = None
    limit_bytes: float | None = None
