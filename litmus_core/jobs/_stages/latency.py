"""Between validation and choice: compile each model into its production form, and time it."""

from __future__ import annotations

import logging
import math
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from litmus_core.text import join_names
from litmus_core.types import Candidate, CandidateMeasured, LatencyFigure, Resources

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from litmus_core.jobs._context import RunContext
    from litmus_core.jobs._run_data import RunData

_log = logging.getLogger(__name__)
_LATENCY_ROWS = 10_000
_BATCHES = (1, 100, 1_000, 10_000)
_BATCHES_SHARE, _BATCHES_MIN_S = 0.05, 1.0  # share of the time limit, for calls with many rows
COMPARED_ROWS = 200  # rows on which a compiled form must predict like the trained model
_STOPPED = "The run was stopped before it was compiled."
_LATE = "There was no time to compile it."


def measure(
    context: RunContext,
    data: RunData,
    candidates: list[Candidate],
    *,
    until: float = math.inf,
    say: Callable[[str], None],
) -> list[Candidate]:
    """Compile each candidate and measure its latency in a new process, on rows outside the test set.

    The best by validation score come first. After a stop request the others stay unmeasured; after ``until``
    (time.time() seconds) all but the best do.
    """
    from litmus_core.advice import ranked

    sample = latency_sample(data, seed=context.experiment.task.seed)
    plain = [candidate for candidate in candidates if not candidate.postprocess]
    measuring = _Measuring(
        context,
        ranked(plain),
        say,
        stopped_before=context.stop_requested(),
        until=until,
        first=ranked(candidates)[0].model,
    )
    measuring.compile(sample.head(COMPARED_ROWS))
    _time(measuring, sample)
    measured = measuring.measured
    stepped = [candidate for candidate in candidates if candidate.postprocess]
    if stepped:  # the same models with post-processing, in a separate process
        again = replace(measuring, candidates=ranked(stepped), measured={})
        _time(again, sample)
        measured = measured | again.measured
    return [measured.get(candidate.id, candidate) for candidate in candidates]


def unmeasured(candidates: Sequence[Candidate]) -> tuple[str, ...]:
    """Return a sentence about the candidates whose latency was not measured for lack of time, if any."""
    names = [candidate.name for candidate in candidates if not candidate.latency]
    return (f"There was no time to measure the speed of {join_names(names)}.",) if names else ()


def _time(measuring: _Measuring, sample: pd.DataFrame) -> None:
    time_models(
        measuring.context,
        [one for one in measuring.candidates if measuring.native.get(one.model) != _LATE],
        sample,
        folder=measuring.context.folder,
        on_measured=measuring.report,
        should_stop=measuring.should_stop,
        on_steps=measuring.report_steps,
    )


def time_models(
    context: RunContext,
    candidates: Sequence[Candidate],
    sample: pd.DataFrame,
    *,
    folder: Path,
    on_measured: Callable[[str, tuple[LatencyFigure, ...]], None],
    should_stop: Callable[[], bool],
    on_steps: Callable[[str, float], None],
) -> None:
    """Measure the latency of the candidates' models in ``folder``, one after the other in one process."""
    from litmus_core.latency import measure as measure_latency

    with _processors_limited(context.plan.compute.predict):
        measure_latency(
            folder,
            [(candidate.model, candidate.threshold) for candidate in candidates],
            sample,
            batches=tuple(sorted({*_BATCHES, context.experiment.task.budget.batch_rows})),
            batches_s=max(_BATCHES_MIN_S, _BATCHES_SHARE * context.experiment.task.time_limit_s),
            on_measured=on_measured,
            should_stop=should_stop,
            steps={candidate.model: candidate.id for candidate in candidates if candidate.postprocess},
            on_steps=on_steps,
        )


@contextmanager
def _processors_limited(resources: Resources | None) -> Iterator[None]:
    """Limit the processes started in the block to this many processors."""
    if resources is None or resources.cpus is None or not hasattr(os, "sched_setaffinity"):
        yield
        return
    processors = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(processors)[: resources.cpus])
    try:
        yield
    finally:
        os.sched_setaffinity(0, processors)


def latency_sample(data: RunData, *, seed: int) -> pd.DataFrame:
    """Return up to 10,000 rows to predict: validation rows, and training rows if these are few."""
    import pandas as pd

    rows = pd.concat([data.features("validation"), data.features("train")])
    sample = rows.head(max(_LATENCY_ROWS, len(data.index("validation"))))
    return sample.sample(n=min(_LATENCY_ROWS, len(sample)), random_state=seed)


@dataclass
class _Measuring:
    """The candidates, best first, one for each model, with their results.

    ``native`` says by model why it is native ("": it is compiled); ``measured`` has candidates with their
    figures.
    """

    context: RunContext
    candidates: list[Candidate]
    say: Callable[[str], None]
    stopped_before: bool  # the stop request was for the fit
    until: float  # in time.time() seconds
    first: str  # the model of the best candidate, which is always compiled
    native: dict[str, str] = field(default_factory=dict)
    measured: dict[str, Candidate] = field(default_factory=dict)

    def should_stop(self) -> bool:
        return not self.stopped_before and self.context.stop_requested()

    def compile(self, rows: pd.DataFrame) -> None:
        """Compile each model; keep only a form that predicts ``rows`` like the trained model."""
        for number, candidate in enumerate(self.candidates, start=1):
            if self.should_stop():
                self.native[candidate.model] = _STOPPED
                continue
            if candidate.model != self.first and time.time() > self.until:
                self.native[candidate.model] = _LATE
                continue
            self.say(f"Compiling the models for production: {number} of {len(self.candidates)}")
            self.native[candidate.model] = self._compile_model(candidate.model, rows)

    def _compile_model(self, model: str, rows: pd.DataFrame) -> str:
        """Return why the model stays native, "" if it does not.

        An unexpected error loses the compiled form, not the run.
        """
        from litmus_core.engine import store_compiled

        try:
            return store_compiled(self.context.folder, model, rows)
        except Exception as error:  # noqa: BLE001 - after any error the trained model remains
            _log.exception("%s could not be compiled.", model)
            return f"Compiling it failed ({type(error).__name__}, see worker.log)."

    def report(self, model: str, latency: tuple[LatencyFigure, ...]) -> None:
        """Record a model's figures."""
        from litmus_core.advice import keeps_budget
        from litmus_core.engine import candidate_bytes

        candidate = next(one for one in self.candidates if one.model == model)
        size = candidate_bytes(self.context.folder, model)
        inside = keeps_budget(self.context.experiment.task.budget, latency=latency, size_bytes=size)
        measured = replace(
            candidate,
            latency=latency,
            size_bytes=size,
            in_budget=inside,
            form="native" if self.native[model] else "compiled",
            native_reason=self.native[model],
        )
        self.context.report(
            CandidateMeasured(
                candidate_id=measured.id,
                latency=latency,
                size_bytes=size,
                in_budget=inside,
                form=measured.form,
                native_reason=measured.native_reason,
            )
        )
        self.measured[measured.id] = measured
        n_all = len(self.candidates)
        self.say(f"Measuring how fast each model answers: {len(self.measured)} of {n_all} done")

    def report_steps(self, model: str, steps_ms: float) -> None:
        """Store the time that a candidate's post-processing alone takes."""
        from litmus_core.engine import post_report, store_report

        candidate = next(one for one in self.candidates if one.model == model)
        report = post_report(self.context.folder, candidate.id)
        if report is not None:
            store_report(self.context.folder, replace(report, steps_ms=steps_ms))
