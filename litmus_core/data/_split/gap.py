"""Gaps in time around the rows that validate: no model learns from rows there, as labels may overlap."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.errors import UsageError
from litmus_core.text import format_count

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.types import Folds

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
_ROWS_HINT = "Give a gap in rows, such as gap=30."


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeGap:
    """The gap around rows that validate: ``n_rows`` rows, and a ``span`` of time, that no model learns from.

    ``span`` is in the unit of the times: microseconds of dates, or a number column's own.
    """

    n_rows: int = 0
    span: float = 0.0

    def too_close(self, times: Floats, learned: Mask, tested: Mask) -> Mask:
        """Return which of the ``learned`` rows (n,) are too close to ``tested`` ones.

        A row without a time never is.

        Rows are counted in order of time among both. Rows of one time are left out together.
        """
        is_dated = ~np.isnan(times)
        rows = np.flatnonzero((learned | tested) & is_dated)
        order = rows[np.argsort(times[rows], kind="stable")]
        judges = np.flatnonzero(tested[order])
        close = np.zeros(len(times), dtype=bool)
        if not len(judges):
            return close
        place, at = np.arange(len(order)), times[order]
        following = np.searchsorted(judges, place)
        for side in (np.minimum(following, len(judges) - 1), np.maximum(following - 1, 0)):
            judge = judges[side]
            n_between = np.abs(judge - place)
            if self.n_rows:
                close[order] |= n_between <= self.n_rows
            if self.span:
                close[order] |= np.abs(at[judge] - at) <= self.span
        return learned & is_dated & np.isin(times, times[close & learned])


def time_gap(folds: Folds | None, times: pd.Series[Any] | None) -> TimeGap:
    """Return the gap of ``folds`` for rows with these ``times``; None if several columns hold them.

    Raises UsageError if that column cannot measure the embargo.
    """
    if folds is None or folds.embargo is None:
        return TimeGap(n_rows=0 if folds is None else folds.gap)
    if times is None or times.dtype.kind not in "iufM":
        raise UsageError(
            "An embargo needs one column of dates or numbers that rows are in order of.", hint=_ROWS_HINT
        )
    span = _span(folds.embargo, is_date=times.dtype.kind == "M", column=str(times.name))
    return TimeGap(n_rows=folds.gap, span=span)


def _span(embargo: str | float | timedelta, *, is_date: bool, column: str) -> float:
    import pandas as pd

    try:
        span = _number(embargo)
        if is_date:
            span = math.nan if not math.isnan(span) else pd.Timedelta(embargo) / pd.Timedelta("1us")
    except ValueError:
        span = math.nan
    if not 0 < span < math.inf:
        example = "'7 days' or '12 hours'" if is_date else "a number above 0"
        kind = "dates" if is_date else "numbers"
        raise UsageError(
            f"An embargo of {embargo!r} is not a time: '{column}' holds {kind}.",
            hint=f"Give {example}. " + _ROWS_HINT.replace("Give a", "Or a"),
        )
    return float(span)


def _number(embargo: str | float | timedelta) -> float:
    try:
        return float(embargo)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return math.nan


def gap_text(folds: Folds) -> str:
    """Describe the gap of ``folds``; "" without one.

    >>> from litmus_core.types import Folds
    >>> gap_text(Folds(5, gap=30)), gap_text(Folds(5, gap=1, embargo="7 days"))
    ('30 rows', '1 row and 7 days')
    """
    rows = [format_count(folds.gap, "row")] if folds.gap else []
    return " and ".join([*rows, *([] if folds.embargo is None else [f"{folds.embargo}"])])
