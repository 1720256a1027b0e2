"""Latency measurement in a child: `python -m litmus_core.latency.model_worker JOB`, JSON lines on stdout."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.errors import LitmusError
from litmus_core.latency._job import JobResult, LatencyJob, figure_of, plain_row
from litmus_core.types import LatencyFigure

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.runtime import Post, Predictor

_WARM_UP_CALLS = 5
_FEWEST_SINGLE = 20
_STEPS_CALLS = 200
_LONGEST_SINGLE_S = 40.0  # for a model's one-row calls: 200 of them unless one takes more than 200 ms
_MOST_BATCH_CALLS, _MOST_LARGE_CALLS, _LARGE_ROWS = 10, 3, 1000


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the job's models one after another; write each result as soon as it is known."""
    options = sys.argv[1:] if arguments is None else arguments
    job = LatencyJob.read(Path(options[0]))
    with _results_only() as write:
        _measure_all(job, write)


class _results_only:  # noqa: N801 - reads as a sentence where it is used
    """Reserve stdout for results: other output goes to stderr."""

    def __enter__(self) -> Callable[[JobResult], None]:
        sys.stdout.flush()
        self._kept = os.dup(1)
        os.dup2(2, 1)
        return lambda answer: _write_line(self._kept, answer.to_line())

    def __exit__(self, *_: object) -> None:
        sys.stdout.flush()
        os.dup2(self._kept, 1)
        os.close(self._kept)


def _write_line(handle: int, line: str) -> None:
    left = (line + "\n").encode()
    while left:
        left = left[os.write(handle, left) :]


def _measure_all(job: LatencyJob, write: Callable[[JobResult], None]) -> None:
    import pandas as pd

    sample = pd.read_parquet(job.sample)
    left_s = job.soft_s
    for place, (model, threshold) in enumerate(job.models):
        began = time.perf_counter()
        allowed_s = left_s / (len(job.models) - place)
        write(_measure_model(job, model, threshold, sample, allowed_s=allowed_s))
        left_s = max(0.0, left_s - (time.perf_counter() - began))


def _measure_model(
    job: LatencyJob, model: str, threshold: float | None, sample: pd.DataFrame, *, allowed_s: float
) -> JobResult:
    from litmus_core.engine import open_candidate, open_post

    folder = Path(job.folder)
    try:
        post = open_post(folder, job.steps[model], here=True) if model in job.steps else None
        predictor = open_candidate(folder, model, threshold=threshold, custom_in_process=True, post=post)
        return JobResult(
            model=model,
            figures=_figures(predictor, sample, job, allowed_s=allowed_s),
            steps_ms=None if post is None else _steps_ms(predictor, post, sample),
        )
    except LitmusError as error:
        return JobResult(model=model, problem=str(error))
    except Exception as error:  # noqa: BLE001 - one model's bug must not lose the others; the parent reports it
        return JobResult(model=model, problem=f"{type(error).__name__}: {error}")


def _figures(
    predictor: Predictor, sample: pd.DataFrame, job: LatencyJob, *, allowed_s: float
) -> tuple[LatencyFigure, ...]:
    others = [batch for batch in job.batches if batch != 1]
    figures = []
    for batch in sorted(job.batches):
        if batch == 1:
            times = _time_single_rows(predictor, sample, n_calls=job.n_single, allowed_s=_LONGEST_SINGLE_S)
        else:
            times = _time_batches(predictor, sample, batch_rows=batch, allowed_s=allowed_s / len(others))
        figures.append(figure_of(batch, times))
    return tuple(figures)


def _steps_ms(predictor: Predictor, post: Post, sample: pd.DataFrame) -> float:
    """Return the median time that post-processing alone takes for one row, after the first few."""
    import numpy as np

    rows = [plain_row(row) for row in sample.head(_STEPS_CALLS + _WARM_UP_CALLS).to_dict("records")]
    has_classes = predictor.info.task_type.has_classes
    predictions = (
        np.full((1, len(predictor.classes)), 1 / len(predictor.classes)) if has_classes else np.zeros(1)
    )
    times = []
    for row in rows:
        began = time.perf_counter()
        post.apply(predictions, [row])
        times.append(time.perf_counter() - began)
    return 1000.0 * float(np.median(times[_WARM_UP_CALLS:] or times))


def _time_single_rows(
    predictor: Predictor, sample: pd.DataFrame, *, n_calls: int, allowed_s: float
) -> list[float]:
    """Time one-row calls on different rows in rotation, as dicts; the first few are not counted."""
    different = sample.drop_duplicates().head(n_calls + _WARM_UP_CALLS)
    rows = [plain_row(row) for row in different.to_dict("records")]
    for row in rows[-_WARM_UP_CALLS:]:
        predictor.predict([row])
    times: list[float] = []
    for call in range(n_calls):
        times.append(_time(predictor, [rows[call % len(rows)]]))
        if len(times) >= _FEWEST_SINGLE and sum(times) > allowed_s:
            break
    return times


def _time_batches(
    predictor: Predictor, sample: pd.DataFrame, *, batch_rows: int, allowed_s: float
) -> list[float]:
    """Time calls of ``batch_rows`` rows; the first is not counted unless it took all the time."""
    batches = [_batch(sample, batch_rows, at) for at in range(max(1, min(5, len(sample) // batch_rows)))]
    first = _time(predictor, batches[-1])
    most = _MOST_LARGE_CALLS if batch_rows >= _LARGE_ROWS else _MOST_BATCH_CALLS
    times: list[float] = []
    while len(times) < most and first + sum(times) < allowed_s:
        times.append(_time(predictor, batches[len(times) % len(batches)]))
    return times or [first]


def _batch(sample: pd.DataFrame, n_rows: int, at: int) -> pd.DataFrame:
    """Return ``n_rows`` rows from the ``at``-th stretch on; a smaller sample is repeated."""
    import numpy as np

    places = (np.arange(n_rows) + at * n_rows) % len(sample)
    return sample.iloc[places].reset_index(drop=True)


def _time(predictor: Predictor, rows: list[dict[str, Any]] | pd.DataFrame) -> float:
    began = time.perf_counter()
    predictor.predict(rows)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
