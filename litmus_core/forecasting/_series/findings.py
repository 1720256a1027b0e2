"""What a table says of its series besides their values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.errors import DataError, RemediableError
from litmus_core.forecasting._series.frequency import Frequency, step_noun
from litmus_core.forecasting._series.panel import Series
from litmus_core.forecasting._series.times import time_text
from litmus_core.forecasting._texts import of_series, say
from litmus_core.types import Finding, Severity, Statement

Array = NDArray[Any]
_MOST_MISSING = 0.5
_MOST_NAMED = 4
_FAR = 1e6  # times the usual size


def finding(kind: str, severity: Severity, text: str, *, n_rows: int | None = None) -> Finding:
    """Return a finding about series."""
    return Finding(kind=kind, severity=severity, statement=Statement.plain(text), n_rows=n_rows)


def incomplete_findings(left_out: Sequence[Sequence[int]], frequency: Frequency) -> Iterator[Finding]:
    """Yield which periods at the ends of series are left out."""
    positions = sorted(set(chain.from_iterable(left_out)))
    if positions:
        noun, shown = step_noun(frequency.name), positions[:_MOST_NAMED]
        periods = [f"the {noun} of {time_text(time)}" for time in frequency.times(np.array(shown))]
        more = [f"{len(positions) - len(shown)} more"] if len(positions) > len(shown) else []
        n_series = sum(map(bool, left_out))
        text = say("incomplete", n_series=n_series, periods=[*periods, *more])
        yield finding("incomplete_periods", "warning", text)


def gap_findings(series: Sequence[Series], gaps: str) -> Iterator[Finding]:
    """Yield how many values are missing; raise DataError where most of a series are."""
    for one in series:
        if gaps == "past" and one.is_filled.mean() > _MOST_MISSING:
            share = float(one.is_filled.mean())
            text = say("holes", share=share, frequency="expected", of_series=of_series(one.name))
            raise DataError(text, hint=say("holes hint"))
    n = int(sum(one.is_filled.sum() for one in series))
    if n:
        n_series = sum(bool(one.is_filled.any()) for one in series)
        text = say("gaps", n=n, n_series=n_series, how=say(f"gaps {gaps}"))
        yield finding("gaps", "warning", text, n_rows=n)


def negative_findings(values: Array, column: str) -> Iterator[Finding]:
    """Yield that a few of many whole numbers are negative."""
    values = values[np.isfinite(values)]
    negative = values[values < 0]
    if len(negative) and (values == np.round(values)).all() and len(negative) <= 0.05 * len(values):
        text = say("negative", n=len(negative), column=column, example=float(negative[0]))
        yield finding("negative_counts", "warning", text, n_rows=len(negative))


def check_scale(times: Array, values: Array, name: str) -> None:
    """Refuse values that are far larger than all others: an error beside them would count as none.

    MASE divides errors by the usual change from season to season, which one such value decides.
    """
    sizes = np.abs(values)
    usual = np.median(sizes[sizes > 0]) if (sizes > 0).any() else np.inf
    far = np.flatnonzero(sizes > _FAR * usual)
    if len(far):
        example, time = float(values[far[0]]), time_text(times[far[0]])
        text = say("far", n=len(far), example=example, time=time, of_series=of_series(name))
        raise DataError(text, hint=say("far hint"))


def check_regular(times: Array, frequency: Frequency, name: str) -> None:
    """Refuse times that are none of their frequency."""
    wrong = times[~frequency.has(times)]
    if len(wrong):
        nearest = {"month": "monthly", "day": "weekly", "workday": "daily"}.get(frequency.unit, "daily")
        text = say(
            "irregular",
            n=len(wrong),
            frequency=frequency.name,
            example=time_text(wrong[0]),
            of_series=of_series(name),
        )
        remedies = [{"frequency": nearest, "duplicates": how} for how in ("sum", "mean")]
        raise RemediableError(text, hint=say("irregular hint", nearest=nearest), remedies=remedies)
