"""What is on record of a forecast, in its folder: what was asked for, where it is, and what came of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from litmus_core.forecasting import ForecastReport, ForecastSpec

ForecastState = Literal["running", "finished", "failed", "interrupted"]
_STAGES = {
    "validation": "fitting models to validate",
    "test": "fitting models to judge",
    "final": "fitting on all values",
}
_PROGRESS = re.compile(r"Step (?P<stage>\d) of \d, .*: (?P<percent>\d+)% ")
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

    @property
    def share(self) -> float:
        """How much of a running training is done, as its message says."""
        at = _PROGRESS.match(self.message)
        return 0.0 if at is None else (int(at["stage"]) - 1 + int(at["percent"]) / 100) / len(_STAGES)


def progress_message(stage: str, share: float) -> str:
    """Return where a training is: the stage, and how much of it is done.

    >>> progress_message("test", 0.4)
    'Step 2 of 3, fitting models to judge: 40% of the series.'
    """
    number = list(_STAGES).index(stage) + 1
    return f"Step {number} of {len(_STAGES)}, {_STAGES[stage]}: {share:.0%} of the series."
