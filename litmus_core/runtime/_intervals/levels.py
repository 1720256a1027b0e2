"""Levels that can be promised, and the conformal quantile of each."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.errors import UsageError

Floats = NDArray[np.float64]
_PERCENTS = range(50, 100)
LEVELS: tuple[float, ...] = tuple(percent / 100 for percent in _PERCENTS)
DEFAULT_LEVEL = 0.9
_NEAR = 1e-9


def conformal_quantiles(scores: Floats) -> tuple[float | None, ...]:
    """Return, for each of LEVELS, the smallest score that new rows exceed no more often than promised.

    For n exchangeable ``scores`` (n,) it is the ⌈(n + 1) · level⌉-th smallest; None if that is more than n,
    too few rows for the level.

    >>> conformal_quantiles(np.arange(1.0, 10.0))[LEVELS.index(0.9)]
    9.0
    >>> conformal_quantiles(np.arange(1.0, 9.0))[LEVELS.index(0.9)] is None
    True
    """
    ordered = np.sort(scores)
    places = [_place(len(ordered), percent) for percent in _PERCENTS]
    return tuple(float(ordered[place - 1]) if place <= len(ordered) else None for place in places)


def largest_level(n_rows: int) -> float | None:
    """Return the largest level that ``n_rows`` can promise; None if not even 50 %."""
    promised = [percent for percent in _PERCENTS if _place(n_rows, percent) <= n_rows]
    return promised[-1] / 100 if promised else None


def rows_needed(level: float) -> int:
    """Return the number of rows that ``level`` needs."""
    percent = _PERCENTS[level_place(level)]
    return -(-percent // (100 - percent))


def level_place(level: Any) -> int:
    """Return the position of ``level`` in LEVELS; raises UsageError for another number."""
    is_number = isinstance(level, (int, float)) and not isinstance(level, bool)
    percent = 100 * level if is_number else float("nan")
    nearest = round(percent) if percent == percent and abs(percent) < 1e6 else 0
    if nearest not in _PERCENTS or abs(percent - nearest) > _NEAR:
        raise UsageError(
            f"{level!r} is not a level for an interval.",
            hint="Name whole per cents from 0.5 to 0.99, such as 0.9 or 0.95.",
        )
    return nearest - _PERCENTS[0]


def _place(n_rows: int, percent: int) -> int:
    """Return ⌈(n + 1) · level⌉, in whole numbers: 0.9 is not a binary fraction."""
    return -(-(n_rows + 1) * percent // 100)
