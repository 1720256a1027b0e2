"""Format gains."""

from __future__ import annotations

import math

from litmus_core.metrics import get_metric
from litmus_core.text import in_unit
from litmus_core.types import Task


def format_gain(task: Task, gain: float, *, signed: bool = True) -> str:
    """Return a gain as text: in points for shares, with two significant digits.

    >>> from types import SimpleNamespace
    >>> of = SimpleNamespace(metric="accuracy")
    >>> format_gain(of, 0.0123), format_gain(of, -0.1), format_gain(of, 0.0123, signed=False)
    ('+1.2 points', '-10 points', '1.2 points')
    """
    return format_metric_gain(task.metric, gain, signed=signed)


def format_metric_gain(metric: str, gain: float, *, signed: bool = True, unit: str = "") -> str:
    """Return a gain by ``metric``, in points or in the target's ``unit``.

    >>> format_metric_gain("mae", 233.6, unit="$"), format_metric_gain("mae", -1010.0, signed=False)
    ('+$234', '1,010')
    """
    is_share = get_metric(metric).unit == "share"
    value = 100 * gain if is_share else gain
    text = f"{abs(value):,.{_digits(value)}f}"
    sign = ("-" if value < 0 else "+") if signed else ""
    return f"{sign}{text} points" if is_share else in_unit(f"{sign}{text}", unit)


def _digits(value: float) -> int:
    return 0 if value == 0 else max(0, min(6, 1 - math.floor(math.log10(abs(value)))))
