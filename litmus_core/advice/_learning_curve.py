"""How a score grows with the rows that are learned from: each doubling brings a share of the one before."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from litmus_core.advice._trials.runner import TrialDifference, TrialResults
from litmus_core.metrics import get_metric
from litmus_core.types import Curve

USUAL_SHARE = 0.65
_LEAST_SHARE, _MOST_SHARE = 0.3, 0.95
_PULL = 1.0  # how strongly noise pulls the share to the usual one, in variances of the last doubling


def share_of(tried: TrialResults) -> tuple[float, float]:
    """Return which share of a doubling's gain the next one brings, and how uncertain that is (a spread).

    Errors that fall with a power of the rows have such a share: 2 ** -power. Where the doublings that were
    tried say little, because they brought less than chance does, it is the usual one.
    """
    first, second = tried.better("half", "quarter"), tried.better("single", "half")
    if first is None or second is None:
        return USUAL_SHARE, 0.2
    noise = first.spread**2 + second.spread**2
    told = first.value**2
    weight = told / (told + _PULL * noise) if told + noise > 0 else 0.0
    ratio = second.value / first.value if first.value > 0 else USUAL_SHARE
    ratio = float(np.clip(ratio, _LEAST_SHARE, _MOST_SHARE))
    return weight * ratio + (1 - weight) * USUAL_SHARE, 0.1 + 0.15 * (1 - weight)


def doublings(last: TrialDifference, share: float, n: float) -> TrialDifference:
    """Return what ``n`` more doublings bring (a half one, too), when the last one brought ``last``."""
    series = share * (1 - share**n) / (1 - share)
    return last.times(series)


def at_all_rows(
    gained: TrialDifference, tried: TrialResults, share: float, *, n_rows: int
) -> TrialDifference:
    """Return what a gain measured on some rows is on all ``n_rows``: each doubling leaves a share of it."""
    return gained.times(share ** max(0.0, math.log2(n_rows / len(tried.probe.known.frame))))


def beyond_all_rows(
    last: TrialDifference, tried: TrialResults, share: float, unsure: float, *, n_rows: int, n: float
) -> tuple[TrialDifference, float]:
    """Return what ``n`` more doublings of all rows bring, when the last one of some brought ``last``.

    Beside it the spread that not knowing the share gives it: the more, the further all are from some.
    """

    def grown(share: float) -> TrialDifference:
        return doublings(at_all_rows(last, tried, share, n_rows=n_rows), share, n)

    expected = grown(share)
    return expected, abs(grown(min(share + unsure, _MOST_SHARE)).value - expected.value)


def drawn(tried: TrialResults, share: float) -> Curve | None:
    """Return scores by the rows learned from, and what twice and four times as many should bring."""
    ways = ("quarter", "half", "single")
    return _drawn(tried, share, ways, n_rows=tried.n_rows, x_title="rows learned from", ahead=(1.0, 2.0))


def drawn_of(
    tried: TrialResults, share: float, way_of: Callable[[int], str], *, n_own: int, of: str
) -> Curve | None:
    """Return scores by the rows of a class or a segment, and what twice as many bring.

    ``n_own`` of the rows that were tried with are of it. ``way_of`` says what the trial with a half (2) or a
    quarter (4) of them is called. None where there was no time for a quarter.
    """
    n_learned = round(n_own * tried.n_rows / len(tried.probe.known.frame))
    ways = (way_of(4), way_of(2), "single")
    return _drawn(tried, share, ways, n_rows=n_learned, x_title=f"{of} learned from", ahead=(1.0,))


def _drawn(
    tried: TrialResults,
    share: float,
    ways: tuple[str, str, str],
    *,
    n_rows: int,
    x_title: str,
    ahead: Sequence[float],
) -> Curve | None:
    sign = 1.0 if get_metric(tried.probe.known.task.metric).greater_is_better else -1.0
    found, last = tried.alike(ways), tried.better("single", ways[1])
    if found is None or last is None:
        return None
    x = [n_rows / 4, n_rows / 2, float(n_rows)]
    for n in ahead:
        x.append(n_rows * 2.0**n)
        found.append(found[2] + doublings(last, share, n).drawn)
    ends = [np.nanquantile(each[1:], [0.1, 0.9]) for each in found]
    pairs = [sorted((sign * low, sign * high)) for low, high in ends]
    return Curve(
        x_title=x_title,
        x=tuple(x),
        y=tuple(float(sign * each[0]) for each in found),
        low=tuple(float(low) for low, _ in pairs),
        high=tuple(float(high) for _, high in pairs),
        n_predicted=len(ahead),
    )
