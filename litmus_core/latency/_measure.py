"""Measure latency: one fresh child process for all of a run's models."""

from __future__ import annotations

import logging
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.latency._child import LatencyProcess
from litmus_core.latency._job import JobResult, LatencyJob
from litmus_core.types import LatencyFigure

if TYPE_CHECKING:
    import pandas as pd

_log = logging.getLogger(__name__)
_N_SINGLE = 200  # calls with one row
_PATIENCE = 3.0  # times its share that a model may take before it counts as hanging
_LEAST_PATIENCE_S = 90.0
_PROBE = ("-m", "litmus_core.latency.model_worker")
Models = Sequence[tuple[str, float | None]]


def measure(
    folder: Path,
    models: Models,
    sample: pd.DataFrame,
    *,
    batches: Sequence[int] = (1, 100, 10_000),
    batches_s: float = 60.0,
    timeout_s: float = 600.0,
    on_measured: Callable[[str, tuple[LatencyFigure, ...]], None],
    should_stop: Callable[[], bool] = lambda: False,
    steps: Mapping[str, str] | None = None,
    on_steps: Callable[[str, float], None] = lambda *_: None,
) -> dict[str, tuple[LatencyFigure, ...]]:
    """Return figures per model of a run's folder; ``models`` are (name, decision threshold).

    ``sample`` holds raw feature rows. One-row calls get 200 different ones in rotation, as dicts, as
    in a request; larger batches get frames, the sample repeated if it has fewer rows. Threads are the
    libraries' default, as in serving. Warm-up calls are not counted. A model whose one-row calls take more
    than 40 s in all gets fewer of them. ``batches_s`` is for the larger batches of all models: where it is
    short, each is called once. ``n_calls`` has the number. All stay within ``timeout_s``.

    A model that fails, hangs or ends the process is left out with a log line; the rest continue in a new
    process. ``on_measured`` receives figures as they come; ``should_stop`` is called between models.
    ``steps`` name, by model, the candidate of the folder whose post-processing is applied; ``on_steps``
    receives the milliseconds that it alone takes for one row (median).
    """
    measured: dict[str, tuple[LatencyFigure, ...]] = {}

    def store(result: JobResult) -> None:
        if result.problem:
            _log.warning("%s could not be measured: %s", result.model, result.problem)
            return
        measured[result.model] = result.figures
        if result.steps_ms is not None:
            on_steps(result.model, result.steps_ms)
        on_measured(result.model, result.figures)

    with tempfile.TemporaryDirectory(prefix="litmus-latency-") as scratch:
        rows = Path(scratch) / "sample.parquet"
        sample.reset_index(drop=True).to_parquet(rows, index=False)
        job = LatencyJob(
            folder=str(folder),
            models=tuple(models),
            sample=str(rows),
            batches=tuple(batches),
            n_single=_N_SINGLE,
            soft_s=batches_s,
            steps=dict(steps or {}),
        )
        until = time.monotonic() + timeout_s
        _work_through(job, Path(scratch) / "job.json", until=until, store=store, should_stop=should_stop)
    return measured


def _work_through(
    job: LatencyJob,
    path: Path,
    *,
    until: float,
    store: Callable[[JobResult], None],
    should_stop: Callable[[], bool],
) -> None:
    """Run child processes over the job's models; skip one that does not respond."""
    left = job.models
    while left and time.monotonic() < until and not should_stop():
        next_job = replace(job, models=left, soft_s=job.soft_s * len(left) / len(job.models))
        answered = _run_child(next_job, path, until=until, store=store, should_stop=should_stop)
        if answered < len(left) and not should_stop():
            _log.warning("%s could not be measured: its process ended or hung.", left[answered][0])
            answered += 1
        left = left[answered:]
    if left:
        reason = "the run was stopped" if should_stop() else "the time was up"
        _log.warning("%s could not be measured: %s.", ", ".join(model for model, _ in left), reason)


def _run_child(
    job: LatencyJob,
    path: Path,
    *,
    until: float,
    store: Callable[[JobResult], None],
    should_stop: Callable[[], bool],
) -> int:
    """Run one child over the job's models; return how many it measured before it ended or was stopped."""
    job.write(path)
    share_s = _PATIENCE * job.soft_s / len(job.models)
    answered = 0
    with LatencyProcess([sys.executable, *_PROBE, str(path)]) as child:
        while answered < len(job.models) and not should_stop():
            line = child.line(min(max(share_s, _LEAST_PATIENCE_S), until - time.monotonic()))
            if line is None:
                break
            answered += 1
            store(JobResult.from_line(line))
    return answered
