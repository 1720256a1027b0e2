"""The source of a warm start: a model that an earlier run trained."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from litmus_core.engine._fit.compression import CompressionSource


@dataclass(frozen=True, slots=True, kw_only=True)
class WarmStartSource:
    """The source of a warm start: ``model`` of the earlier run in ``folder``.

    Rows whose label is ``n_before`` or more are new to it. It learns from ``old_per_new`` times as many
    randomly chosen old rows as new ones. ``refined`` says which faster variants are made of it.
    """

    folder: Path
    model: str
    n_before: int
    old_per_new: float = 1.0
    refined: CompressionSource | None = None
