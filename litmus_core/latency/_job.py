"""The request to the lab's child process, and its results: one JSON line per model."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from litmus_core.types import LatencyFigure, from_plain, to_plain


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyJob:
    """``models`` are (name, decision threshold) in ``folder``; raw feature rows are in ``sample``.

    ``soft_s`` is the time for calls with many rows, divided among the models; some of those calls are left
    out when it runs short. ``steps`` name, by model, the candidate whose post-processing steps are applied.
    """

    folder: str
    models: tuple[tuple[str, float | None], ...]
    sample: str
    batches: tuple[int, ...]
    n_single: int
    soft_s: float
    steps: dict[str, str] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        """Write the job to the file that the child reads."""
        path.write_text(json.dumps(to_plain(self)), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> LatencyJob:
        """Read what :meth:`write` wrote."""
        return from_plain(cls, json.loads(path.read_text(encoding="utf-8")))


@dataclass(frozen=True, slots=True, kw_only=True)
class JobResult:
    """One model's figures, or why there are none; ``steps_ms`` is what post-processing takes for one row."""

    model: str
    figures: tuple[LatencyFigure, ...] = ()
    steps_ms: float | None = None
    problem: str = ""

    def to_line(self) -> str:
        """Return the result as one line."""
        return json.dumps(to_plain(self))

    @classmethod
    def from_line(cls, line: str) -> JobResult:
        """Read what :meth:`to_line` returned."""
        return from_plain(cls, json.loads(line))


def figure_of(batch_rows: int, times_s: Sequence[float]) -> LatencyFigure:
    """Return the figure of one or more calls' wall times; a percentile is a measured time."""
    import numpy as np

    p50, p95, p99 = np.quantile(np.asarray(times_s), (0.5, 0.95, 0.99), method="higher") * 1000.0
    return LatencyFigure(
        batch_rows=batch_rows,
        p50_ms=float(p50),
        p95_ms=float(p95),
        p99_ms=float(p99),
        n_calls=len(times_s),
    )


def plain_row(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Return the row as an HTTP request would contain it: no NumPy values, missing ones None."""
    return {str(name): _plain_value(value) for name, value in row.items()}


def _plain_value(value: Any) -> Any:
    if value is None or value != value:  # NaN and NaT are not equal to themselves
        return None
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value.item() if hasattr(value, "item") else value
