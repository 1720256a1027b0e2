"""What a fit starts from: a model that an earlier run trained, or one whose settings are fitted again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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


@dataclass(frozen=True, kw_only=True)
class RefitSource:
    """The judged ``model`` of the run in ``folder``, of which a final model is fitted on all rows.

    ``members`` is what AutoGluon is told of its members.
    """

    folder: Path
    model: str
    members: Mapping[Any, Any]
