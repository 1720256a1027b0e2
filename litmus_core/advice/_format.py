"""Gains and rows in words."""

from __future__ import annotations

import math
from collections.abc import Sequence

from litmus_core.metrics import get_metric
from litmus_core.types import Score, Task

_SHOWN = 3


def gained(task: Task, gain: float, *, signed: bool = True) -> str:
    """Return a gain as people read it: shares in points, all with two digits that mean something.

    >>> from types import SimpleNamespace
    >>> of = SimpleNamespace(metric="accuracy")
    >>> gained(of, 0.0123), gained(of, -0.1), gained(of, 0.0123, signed=False)
    ('+1.2 points', '-10 points', '1.2 points')
    """
    is_share = get_metric(task.metric).unit == "share"
    value = 100 * gain if is_share else gain
    text = f"{abs(value):,.{_digits(value)}f}"
    sign = ("-" if value < 0 else "+") if signed else ""
    return f"{sign}{text}{' points' if is_share else ''}"


def scored(task: Task, value: float, score: Score) -> str:
    """Return a value of the task's metric with the digits that the interval of ``score`` makes meaningful.

    >>> from types import SimpleNamespace
    >>> score = Score(metric="accuracy", value=0.81, low=0.79, high=0.83, n_rows=900)
    >>> scored(SimpleNamespace(metric="accuracy"), 0.95, score)
    '95.0 %'
    """
    is_share = get_metric(task.metric).unit == "share"
    scale = 100 if is_share else 1
    return f"{scale * value:,.{_digits(scale * (score.high - score.low) / 2)}f}{' %' if is_share else ''}"


def _digits(value: float) -> int:
    return 0 if value == 0 else max(0, min(6, 1 - math.floor(math.log10(abs(value)))))


def named(names: Sequence[str]) -> str:
    """Return names in a row, the first few of many.

    >>> named(["a"]), named(["a", "b"]), named(["a", "b", "c", "d", "e"])
    ("'a'", "'a' and 'b'", "'a', 'b', 'c' and 2 more")
    """
    shown = [f"'{name}'" for name in names]
    if len(shown) > _SHOWN:
        return f"{', '.join(shown[:_SHOWN])} and {len(shown) - _SHOWN} more"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def rows_of(n: float) -> str:
    """Return a number of rows in words.

    >>> rows_of(1), rows_of(1200)
    ('1 row', '1,200 rows')
    """
    return "1 row" if n == 1 else f"{n:,.0f} rows"
