"""A score as it is written everywhere: its metric, its value, its interval."""

from __future__ import annotations

from app.presenters import humanize
from app.presenters.metrics import metric_words
from litmus_core.types import Score

__all__ = ["interval", "named", "scored"]


def interval(score: Score) -> str:
    """Write a score's interval; empty for one that has none yet.

    >>> interval(Score(metric="accuracy", value=0.9, low=0.881, high=0.912, n_rows=500))
    '0.881 to 0.912'
    """
    if score.n_rows == 0:
        return ""
    return humanize.between(score.low, score.high)


def scored(score: Score) -> str:
    """Write a score with its interval, where its metric is said beside it.

    >>> scored(Score(metric="accuracy", value=0.9, low=0.881, high=0.912, n_rows=500))
    '0.900 (0.881 to 0.912)'
    """
    between = interval(score)
    return f"{humanize.score(score.value)} ({between})" if between else humanize.score(score.value)


def named(score: Score) -> str:
    """Write a score with its metric and interval.

    >>> named(Score(metric="rmse", value=824.4, low=702.13, high=951.0, n_rows=500))
    'RMSE 824.4 (702.1 to 951.0)'
    """
    return f"{metric_words(score.metric).technical} {scored(score)}"
