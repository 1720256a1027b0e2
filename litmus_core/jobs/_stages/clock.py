"""A run's clock, which divides the time limit among the stages."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

from litmus_core.jobs._final.plan import fit_share
from litmus_core.jobs._outer.reserve import reserved_share
from litmus_core.types import Compression, RunStage, StageName, Task

if TYPE_CHECKING:
    from litmus_core.jobs._context import RunContext
    from litmus_core.jobs._run_data import RunData

# Time reserved for evaluating, testing and explaining, and for compiling and measuring latency.
_TAIL_SHARE, _TAIL_MIN_S, _TAIL_MAX_S = 0.08, 3.0, 30.0
_LATENCY_SHARE, _LATENCY_MIN_S, _LATENCY_MAX_S = 0.08, 2.0, 30.0
_MUCH_LEFT = 0.1
UnusedTime = Literal["all fitted", "too little"]  # nothing is left to fit, or what is needs more time
_WHY_EARLY: dict[UnusedTime, str] = {
    "all fitted": "Litmus has no more models for this table, so more time would not help",
    "too little": "to train more models, Litmus needs a longer limit",
}
_RESERVED = ", since judging by all rows might have needed the rest"
LEAST_FIT_S, _LEAST_FIT_SHARE = 5.0, 0.25


class RunClock:
    """Times the stages, and reports the run's stage and remaining time to the journal."""

    def __init__(self, context: RunContext) -> None:
        self.context = context
        self.seconds: dict[str, float] = {}
        self.now: StageName = "split"
        self._began = time.monotonic()
        self._outer_share, self._fit_share = 0.0, 1.0
        self.unused: UnusedTime | None = None  # None: the models were not chosen by Litmus

    def share(self, data: RunData) -> None:
        """Reserve the time of the outer folds, as a multiple of the fit's, and time for a final model."""
        self._fit_share = fit_share(self.context, data)
        n_folds = 0 if data.outer is None else int(data.outer.max()) + 1
        self._outer_share = reserved_share(self.context, n_folds) if n_folds else 0.0

    @property
    def fit_deadline(self) -> float:
        """When fitting ends (time.time() seconds), with time left for latency, the tail and outer folds."""
        left = self.deadline - self.tail_s - self.latency_s - time.time()
        return time.time() + max(
            self._fit_share * left / (1 + self._outer_share),
            _least_fit_s(self.context.experiment.task, self._outer_share),
        )

    @property
    def latency_s(self) -> float:
        limit = self.context.experiment.task.time_limit_s
        return min(_LATENCY_MAX_S, max(_LATENCY_MIN_S, _LATENCY_SHARE * limit))

    @property
    def latency_until(self) -> float:
        """When compiling stops (time.time() seconds); never with a budget, so that all are compiled."""
        budget = self.context.experiment.task.budget
        has_budget = budget.has_limit
        if has_budget or self.context.plan.origin_as(Compression) is not None:
            return math.inf
        return time.time() + 2 * self.latency_s

    @property
    def deadline(self) -> float:
        """When the task's limit ends (time.time() seconds)."""
        return self.context.started + self.context.experiment.task.time_limit_s

    @property
    def remaining_s(self) -> float:
        return max(0.0, self.deadline - time.time())

    @property
    def early_end_note(self) -> str:
        """Say why much of the time limit is left, if Litmus chose the models of the run."""
        limit = self.context.experiment.task.time_limit_s
        if self.unused is None or self.remaining_s < _MUCH_LEFT * limit:
            return ""
        reason = _RESERVED if self.unused == "too little" and self._outer_share else ""
        return f"It took {limit - self.remaining_s:.0f} of {limit:.0f} s{reason}: {_WHY_EARLY[self.unused]}."

    @property
    def tail_s(self) -> float:
        limit = self.context.experiment.task.time_limit_s
        return min(_TAIL_MAX_S, max(_TAIL_MIN_S, _TAIL_SHARE * limit))

    @contextmanager
    def stage(self, name: StageName, message: str) -> Iterator[None]:
        self.now = name
        self._began = time.monotonic()
        self.say(message)
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.monotonic() - self._began

    def say(self, message: str, *, training_now: str | None = None) -> None:
        self.context.report(
            RunStage(
                run_id=self.context.run_id,
                stage=self.now,
                message=message,
                remaining_s=self.remaining_s,
                training_now=training_now,
            )
        )


def _least_fit_s(task: Task, outer_share: float) -> float:
    """Return the time that a quick model gets even after a slow start: a run without a model is lost."""
    return max(LEAST_FIT_S, _LEAST_FIT_SHARE * task.time_limit_s / (1 + outer_share))
