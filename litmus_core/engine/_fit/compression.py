"""A compression request: faster variants of which candidate, and how fast."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True)
class CompressionSource:
    """The source of faster variants: ``model`` of the earlier run in ``folder``.

    ``shares`` are shares of its prediction time, with one ensemble chosen for each. ``limit_ms`` is the
    limit for a call of ``batch_rows`` rows, ``limit_bytes`` for a model's size on disk; None: no such
    limit. ``members`` are the variants' AutoGluon settings, once they are chosen.
    """

    folder: Path
    model: str
    shares: tuple[float, ...] = (0.5, 0.25, 0.1)
    batch_rows: int = 1
    limit_ms: float | None = None
    limit_bytes: float | None = None
    members: Mapping[Any, Any] = field(default_factory=dict)
