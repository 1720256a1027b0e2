"""What is asked for: faster variants of which candidate, and how fast."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Refined:
    """What a fit makes faster variants of: ``model`` of the earlier run in ``folder``.

    ``shares`` are of its answering time, for each of which an ensemble is chosen. ``limit_ms`` is what a call
    of ``batch_rows`` rows may take, ``limit_bytes`` what a model may on disk; None: no such limit.
    """

    folder: Path
    model: str
    shares: tuple[float, ...] = (0.5, 0.25, 0.1)
    batch_rows: int = 1
    limit_ms: float | None = None
    limit_bytes: float | None = None
