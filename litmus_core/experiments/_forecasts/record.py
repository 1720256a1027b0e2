"""What is on record of a forecast, in its folder: what was asked for, where it is, and what came of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from litmus_core.experiments._work import WorkRecord, WorkRequest
from litmus_core.forecasting import ForecastReport, ForecastSpec

_STAGES = {
    "validation": "fitting models to validate",
    "test": "fitting models to judge",
    "final": "fitting on all values",
}
_PROGRESS = re.compile(r"Step (?P<stage>\d) of \d, .*: (?P<percent>\d+)% ")
PAST = "past.npz"


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastRequest(WorkRequest):
    """A forecast that somebody asked for."""

    spec: ForecastSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastRecord(WorkRecord[ForecastRequest, ForecastReport]):
    """A forecast, and where it is."""

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
