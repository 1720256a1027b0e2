"""Places of a season that never have a value: the Sundays of a shop that is closed on them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.errors import RemediableError
from litmus_core.forecasting._series.findings import finding
from litmus_core.forecasting._series.frequency import Frequency, weekday_names
from litmus_core.forecasting._series.times import time_text
from litmus_core.forecasting._texts import of_series, say
from litmus_core.types import Finding

Array = NDArray[Any]
_WEEK = 7
_MOST_CHANCE = 1e-3  # that a place of a season is empty by chance, up to which it counts as never there
_LEAST_MISSED = 0.02  # a part of the values that may be missing, however few are
_MOST_NAMED = 3


def empty_places(places: Array, cycle: int, n_cycles: int) -> tuple[int, ...]:
    """Return which of ``cycle`` places none of ``places`` is at, where that is no chance in so many cycles.

    >>> empty_places(np.tile([0, 1, 2], 4), 4, 4)
    (3,)
    >>> empty_places(np.tile([0, 1, 2], 2), 4, 2)
    ()
    """
    counts = np.bincount(places, minlength=cycle)
    empty = np.flatnonzero(counts == 0)
    if not len(empty) or not n_cycles:
        return ()
    share = counts.sum() / ((cycle - len(empty)) * n_cycles)
    chance = cycle * max(1.0 - share, _LEAST_MISSED) ** n_cycles
    return tuple(empty.tolist()) if chance < _MOST_CHANCE else ()


def open_days(frequency: Frequency, times: Array) -> Frequency:
    """Return daily times as those of the weekdays that have any; the same where all have.

    ``times`` are all of a panel: datetime64[s].
    """
    if (frequency.unit, frequency.every) != ("day", 1) or not len(times):
        return frequency
    days = np.unique(times.astype("datetime64[D]").astype(np.int64))
    n_weeks = int(days[-1] - days[0] + 1) // _WEEK
    closed = empty_places(_weekdays(days.astype("datetime64[D]")), _WEEK, n_weeks)
    return Frequency(unit="workday", offset=frequency.offset, closed=closed) if closed else frequency


def every_day(frequency: Frequency) -> Frequency:
    """Return the days of all weekdays for those of some."""
    return Frequency(unit="day", offset=frequency.offset) if frequency.unit == "workday" else frequency


def closed_findings(frequency: Frequency) -> Iterator[Finding]:
    """Yield which weekdays no forecast has; nothing of working days, whose name says it."""
    if frequency.unit == "workday" and frequency.name != "workdays":
        yield finding("closed_days", "warning", say("closed days", days=weekday_names(frequency.closed)))


def check_closed(name: str, start: int, values: Array, frequency: Frequency, season: int) -> None:
    """Refuse a series with a place of its season that never has a value: it has none to be filled from."""
    at = np.flatnonzero(np.isfinite(values))
    for cycle in _cycles(frequency, season):
        closed = empty_places((start + at) % cycle, cycle, len(values) // cycle)
        if closed:
            first = start + np.sort((np.array(closed) - start) % cycle)
            text = _sentence(name, first, cycle, frequency)
            raise RemediableError(text, hint=say("closed hint"), remedies=[{"gaps": "zero"}])


def _cycles(frequency: Frequency, season: int) -> tuple[int, ...]:
    """Return the seasons that places are counted in, the shorter first."""
    longer = frequency.long_season if frequency.unit == "second" else 0
    return tuple(cycle for cycle in (season, longer) if cycle > 1)


def _sentence(name: str, first: Array, cycle: int, frequency: Frequency) -> str:
    """Return that a series has no values at ``first`` positions and whole cycles from there."""
    times, where = frequency.times(first), of_series(name)
    if (frequency.unit, frequency.every, cycle) == ("day", 1, _WEEK):
        return say("closed", days=weekday_names(sorted(_weekdays(times).tolist())), of_series=where)
    shown = [time_text(time) for time in times[:_MOST_NAMED]]
    more = [f"{len(times) - len(shown)} more"] if len(times) > len(shown) else []
    return say("closed times", times=[*shown, *more], of_series=where)


def _weekdays(times: Array) -> Array:
    return np.asarray((times.astype("datetime64[D]").astype(np.int64) + 3) % _WEEK)
