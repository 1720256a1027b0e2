"""Sample size: the number of further test rows that would settle an undecided verdict."""

from __future__ import annotations

import math
from statistics import NormalDist

from litmus_core.types import Bar, Score
from litmus_core.verdicts._sequential_testing import standard_errors

SETTLES = 0.8  # the chance that the stated number of rows settles it
_MOST_TIMES, _MOST_ROWS = 25, 20_000  # beyond both limits, score and bar are practically equal
_OUTER_WIDER = 1.2  # factor over the interval of as many test rows
_NORMAL = NormalDist()


def rows_to_settle(score: Score, bar: Bar, *, n_evaluations: int = 1) -> int | None:
    """Return how many further test rows would settle it four times in five, to two digits.

    The true score is assumed to lie around ``score`` as its interval says; further rows are like the present
    ones, and both are judged together. None if :func:`most_rows` rows would not do: the score is then
    practically at the bar.

    >>> score = Score(metric="accuracy", value=0.891, low=0.879, high=0.903, n_rows=2_500)
    >>> rows_to_settle(score, Bar(metric="accuracy", op=">=", value=0.9))
    17000
    """
    half = score.value - score.low if score.value > bar.value else score.high - score.value
    error = half / standard_errors(1)
    if not (math.isfinite(error) and error > 0):
        return None
    distance = abs(score.value - bar.value) / error
    low, high = 0.0, most_rows(score.n_rows) / score.n_rows
    if _settles(high, distance, n_evaluations) < SETTLES:
        return None
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (low, middle) if _settles(middle, distance, n_evaluations) >= SETTLES else (middle, high)
    return _two_digits(high * score.n_rows)


def chance_to_settle(score: Score, bar: Bar, *, n_rows: int, n_evaluations: int) -> float:
    """Return the chance that ``n_rows`` in outer folds, including the rows of ``score``, settle a verdict.

    Their interval is wider than that of as many test rows (docs/adr/0043-intervals-of-nested-folds.md).

    >>> score = Score(metric="accuracy", value=0.87, low=0.78, high=0.94, n_rows=69)
    >>> bar = Bar(metric="accuracy", op=">=", value=0.9)
    >>> round(chance_to_settle(score, bar, n_rows=344, n_evaluations=2), 2)
    0.34
    """
    half = score.value - score.low if score.value > bar.value else score.high - score.value
    error = half / standard_errors(1)
    times = n_rows / _OUTER_WIDER**2 / score.n_rows - 1.0
    if not (math.isfinite(error) and error > 0):
        return 0.0
    return _settles(times, abs(score.value - bar.value) / error, n_evaluations)


def most_rows(n_rows: int) -> int:
    """Return the largest practical number of rows to add to ``n_rows``: 25 times as many, or 20,000."""
    return max(_MOST_ROWS, _MOST_TIMES * n_rows)


def _settles(times: float, distance: float, n_evaluations: int) -> float:
    """Return the chance that ``times`` as many further rows put a score further from the bar than its error.

    ``distance`` is the distance of score and bar, in present standard errors of the score.
    """
    if times <= 0:
        return 0.0
    limit = standard_errors(n_evaluations) / math.sqrt(1.0 + times)  # the error of the score on all rows
    moves = math.sqrt(times / (1.0 + times))  # how far the score may move
    return _NORMAL.cdf((distance - limit) / moves) + _NORMAL.cdf((-distance - limit) / moves)


def _two_digits(rows: float) -> int:
    n_rows = max(1, math.ceil(rows))
    unit = int(10 ** max(0, len(str(n_rows)) - 2))
    return math.ceil(n_rows / unit) * unit
