"""An interval or a label set as a phrase."""

from __future__ import annotations

import math
from collections.abc import Sequence

from litmus_core.text import join_names

__all__ = ["present_certainty"]


def present_certainty(
    level: float | None,
    *,
    low: float | None = None,
    high: float | None = None,
    labels: Sequence[str] = (),
) -> str:
    """Return an interval or label set with its level, as a phrase; "" without either."""
    if level is None:
        return ""
    cases = f"in {round(100 * level)} of 100 cases"
    if low is not None and high is not None:
        return f"Between {_short(low, low, high)} and {_short(high, low, high)} {cases}."
    if len(labels) == 1:
        return f"{labels[0]}, and no other label, {cases}."
    return f"One of {join_names(labels)} {cases}." if labels else ""


def _short(end: float, low: float, high: float) -> str:
    """Return an end of an interval, with digits that suit the interval's width."""
    width = high - low
    if width <= 0:
        return f"{end:,.6g}"
    decimals = max(0, 1 - math.floor(math.log10(width)))
    return f"{end:,.{min(decimals, 9)}f}"
