"""What is on record of a forecast, in its folder: what was asked for, where it is, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from litmus_core.forecasting import ForecastReport, ForecastSpec

ForecastState = Literal["running", "finished", "failed", "interrupted"]
REQUEST, REPORT, MODEL, PAST = "request.json", "report.json", "model", "past.npz"


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastRequest:
    """A forecast that somebody asked for, of one version of a table."""

    id: str
    name: str
    created_at: str
    dataset_version_id: str
    spec: ForecastSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastRecord:
    """A forecast, and where it is: ``message`` says what it does now, or why it failed."""

    request: ForecastRequest
    state: ForecastState
    message: str = ""
    report: ForecastReport | None = None
    model: Path | None = None

    @property
    def id(self) -> str:
        """Its id."""
        return self.request.id
