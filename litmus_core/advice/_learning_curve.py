"""The score by number of training rows: each doubling brings a fixed share of the previous one's gain."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from litmus_core.advice._trials.runner import TrialDifference, TrialResults
from litmus_core.metrics import get_metric
from litmus_core.types import LearningCurve, Statement

USUAL_SHARE = 0.65
_LEAST_SHARE, _MOST_SHARE = 0.3, 0.95
_PULL = 1.0  # pull of noise towards the usual share, in variances of the last doubling


def next_doubling_share(trials: TrialResults) -> tuple[float, float]:
    """Return the next doubling's gain as a share of the last doubling's, and its standard error.

    For errors that fall with a power of the rows this share is 2 ** -power. If the tried doublings brought no
    more than chance, the usual share is used.
    """
    first, second = trials.better("half", "quarter"), trials.better("single", "half")
    if first is None or second is None:
        return USUAL_SHARE, 0.2
    noise = first.spread**2 + second.spread**2
    square = first.value**2
    weight = square / (square + _PULL * noise) if square + noise > 0 else 0.0
    ratio = second.value / first.value if first.value > 0 else USUAL_SHARE
    ratio = float(np.clip(ratio, _LEAST_SHARE, _MOST_SHARE))
    return weight * ratio + (1 - weight) * USUAL_SHARE, 0.1 + 0.15 * (1 - weight)


def doublings(last: TrialDifference, share: float, n: float) -> TrialDifference:
    """Return the gain of ``n`` more doublings (possibly fractional), given the ``last`` one's."""
    series = share * (1 - share**n) / (1 - share)
    return last.times(series)


def extrapolate_gain(
    gained: TrialDifference, trials: TrialResults, share: float, *, n_rows: int
) -> TrialDifference:
    """Return a gain measured on some rows, scaled to all ``n_rows``: each doubling leaves a share of it."""
    return gained.times(share ** max(0.0, math.log2(n_rows / len(trials.surrogate.data.frame))))


def extrapolate_doublings(
    last: TrialDifference, trials: TrialResults, share: float, unsure: float, *, n_rows: int, n: float
) -> tuple[TrialDifference, float]:
    """Return the gain of ``n`` more doublings of all rows, given the gain of the ``last`` one on some rows.

    The second value is the spread from not knowing the share: it grows with the distance between some and all
    rows.
    """

    def grown(share: float) -> TrialDifference:
        return doublings(extrapolate_gain(last, trials, share, n_rows=n_rows), share, n)

    expected = grown(share)
    return expected, abs(grown(min(share + unsure, _MOST_SHARE)).value - expected.value)


def learning_curve(trials: TrialResults, share: float) -> LearningCurve | None:
    """Return scores by number of training rows, with expected ones for twice and four times as many."""
    ways = ("quarter", "half", "single")
    return _curve(
        trials, share, ways, n_rows=trials.n_rows, x_title=Statement.of("curve", "all"), ahead=(1.0, 2.0)
    )


def group_learning_curve(
    trials: TrialResults, share: float, way_of: Callable[[int], str], *, n_group_rows: int, of: Statement
) -> LearningCurve | None:
    """Return scores by number of rows of a class or a segment, and the gain of twice as many.

    ``n_group_rows`` of the trial rows belong to the group. ``way_of`` names the trial with a half (2) or a
    quarter (4) of them. None if there was no time for a quarter.
    """
    n_learned = round(n_group_rows * trials.n_rows / len(trials.surrogate.data.frame))
    ways = (way_of(4), way_of(2), "single")
    return _curve(trials, share, ways, n_rows=n_learned, x_title=of, ahead=(1.0,))


def _curve(
    trials: TrialResults,
    share: float,
    ways: tuple[str, str, str],
    *,
    n_rows: int,
    x_title: Statement,
    ahead: Sequence[float],
) -> LearningCurve | None:
    sign = 1.0 if get_metric(trials.surrogate.data.task.metric).greater_is_better else -1.0
    gains, last = trials.common_scores(ways), trials.better("single", ways[1])
    if gains is None or last is None:
        return None
    x = [n_rows / 4, n_rows / 2, float(n_rows)]
    for n in ahead:
        x.append(n_rows * 2.0**n)
        gains.append(gains[2] + doublings(last, share, n).drawn)
    ends = [np.nanquantile(gain[1:], [0.1, 0.9]) for gain in gains]
    pairs = [sorted((sign * low, sign * high)) for low, high in ends]
    return LearningCurve(
        x_title=x_title,
        x=tuple(x),
        y=tuple(float(sign * gain[0]) for gain in gains),
        low=tuple(float(low) for low, _ in pairs),
        high=tuple(float(high) for _, high in pairs),
        n_predicted=len(ahead),
    )
