"""Periods at the ends of a history that its rows fill only in part."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.forecasting._series.frequency import Frequency, detect_frequency

_USUAL = 0.95  # share of the distances between rows that are usual


def incomplete_periods(times: NDArray[Any], frequency: Frequency) -> tuple[int, ...]:
    """Return the positions of the first and the last period of ``frequency`` that lack rows outwards.

    ``times`` (n,) ascend and are all different. A period is whole where the row before its first, or after
    its last, would lie in another one, at the distances that rows have. Whole are all of one row each.

    >>> days = np.arange("2026-01-03", "2026-03-01", dtype="datetime64[D]").astype("datetime64[s]")
    >>> incomplete_periods(days, Frequency(unit="month"))  # January; February ends with its last day
    (672,)
    """
    positions = frequency.positions(times)
    if len(times) < 3 or len(np.unique(positions)) == len(times):
        return ()
    native = detect_frequency(times)
    places = native.positions(times)
    usual = max(int(np.ceil(np.quantile(np.diff(places), _USUAL))), 1)
    around = frequency.positions(native.times(np.array([places[0] - usual, places[-1] + usual])))
    ends = ((positions[0], around[0]), (positions[-1], around[1]))
    return tuple(sorted({int(position) for position, beyond in ends if position == beyond}))
