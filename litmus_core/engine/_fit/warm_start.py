"""Sources of a fit: an earlier model to continue, or a judged model to fit again."""

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
    randomly chosen old rows as new ones. ``refined`` describes the faster variants to make of it, if any.
    """

    folder: Path
    model: str
    n_before: int
    old_per_new: float = 1.0
    refined: CompressionSource | None = None


@dataclass(frozen=True, kw_only=True)
class RefitSource:
    """The judged ``model`` of the run in ``folder``, to be fitted again on all rows.

    ``members`` are the AutoGluon settings of its members.
    """

    folder: Path
    model: str
    members: Mapping[Any, Any]
