"""Formats of a score: its metric, value and interval."""

from __future__ import annotations

from app.presenters.metrics import metric_messages
from litmus_core.text import format_interval, format_measured
from litmus_core.types import Score

__all__ = ["interval", "named"]


def interval(score: Score, unit: str = "") -> str:
    """Format a score's interval in the target's ``unit``; "" for a score that has none yet.

    >>> interval(Score(metric="accuracy", value=0.9, low=0.881, high=0.912, n_rows=500))
    '0.881 to 0.912'
    """
    if score.n_rows == 0:
        return ""
    return format_interval(score.low, score.high, unit)


def named(score: Score, unit: str = "") -> str:
    """Format a score with its metric and interval, in the target's ``unit``.

    >>> named(Score(metric="rmse", value=824.4, low=702.13, high=951.0, n_rows=500))
    'RMSE 824.4 (702.1 to 951.0)'
    >>> named(Score(metric="rmse", value=28019.0, low=25868.0, high=30553.0, n_rows=500), "EUR")
    'RMSE €28,019 (€25,868 to €30,553)'
    """
    return f"{metric_messages(score.metric).technical} {format_measured(score, unit)}"
