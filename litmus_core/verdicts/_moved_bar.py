"""Verdicts by a bar that was moved after the score was known, and the best bar that can be promised.

An interval holds the true score or not, whatever bar is chosen afterwards: the model meets every bar up to
its worse end at once. The choice among several scores of the same rows must be allowed for, so the interval
is that of all evaluations so far (docs/adr/0045-a-bar-moved-after-looking.md).
"""

from __future__ import annotations

import math
from dataclasses import replace
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from litmus_core.metrics import get_metric
from litmus_core.text import places_within
from litmus_core.types import Bar, BarMove, BarOp, Task, Verdict
from litmus_core.verdicts._sequential_testing import inflated_interval, interval_inflation
from litmus_core.verdicts._verdict import BY_BAR, FEWEST_ROWS, judged_by_bar

if TYPE_CHECKING:
    from numpy.typing import NDArray

_N_REPLICATES = 2_000
_END = 0.025  # share of the replicates beyond either end of a score's interval
_NORMAL = NormalDist()


def rejudge(judged: Verdict, bar: Bar | None, *, n_evaluations: int, moved: BarMove | None) -> Verdict:
    """Return the verdict by ``bar``, at ``n_evaluations`` evaluations of the test rows.

    Nothing is trained or scored: all that does not depend on the bar stays as ``judged`` has it. Raises
    UsageError if the bar is on another metric than the score.
    """
    again = judged_by_bar(judged, bar, _replicates(judged), n_evaluations=n_evaluations)
    return replace(again, moved=moved)


def with_first_bar(judged: Verdict, first: Verdict) -> Verdict:
    """Return the verdict as it is now, but by the bar of ``first``, which was set before the score."""
    return replace(judged, **{name: getattr(first, name) for name in BY_BAR})


def promised_value(judged: Verdict, *, n_evaluations: int) -> float | None:
    """Return the best bar that this model meets, rounded to the safe side.

    None if a constant prediction meets it too, or if too few rows judged it.

    >>> from litmus_core.types import Score
    >>> score = Score(metric="accuracy", value=0.8911, low=0.8788, high=0.9026, n_rows=2_500)
    >>> judged = Verdict(outcome="undecided", candidate_id="run_1-a", score=score, baseline=0.5)
    >>> promised_value(judged, n_evaluations=1), promised_value(judged, n_evaluations=3)
    (0.878, 0.876)
    >>> error = Score(metric="rmse", value=37_297, low=33_523, high=41_772, n_rows=180)
    >>> promised_value(Verdict(outcome="misses", candidate_id="run_1-a", score=error, baseline=90_000),
    ...     n_evaluations=1)
    41800.0
    """
    score, metric = judged.score, get_metric(judged.score.metric)
    low, high = inflated_interval(score, n_evaluations)
    if n_evaluations == judged.n_evaluations and judged.low is not None and judged.high is not None:
        low, high = judged.low, judged.high
    sign = 1 if (judged.bar.is_floor if judged.bar else metric.greater_is_better) else -1
    worst = sign * (low if sign > 0 else high)
    if score.n_telling < FEWEST_ROWS or not math.isfinite(worst):
        return None
    promised = rounded_down(worst, half_width=(score.high - score.low) / 2)
    return sign * promised if promised > sign * judged.baseline else None


def rounded_down(value: float, *, half_width: float) -> float:
    """Round a score down, to the places within ``half_width``, half the width of its interval."""
    places = places_within(half_width)
    unit = 10.0**places
    rounded = round(math.floor(value * unit) / unit, places)
    return rounded if rounded <= value else rounded - 1 / unit  # the product was rounded up


def _replicates(judged: Verdict) -> NDArray[Any]:
    """Return 2,000 replicates of the score, as at a first evaluation, from the verdict's quantiles."""
    import numpy as np

    score, times = judged.score, interval_inflation(judged.n_evaluations)
    ends = {_END: score.low, 1 - _END: score.high}
    for at, value in enumerate(judged.spread):
        ends[(at + 0.5) / len(judged.spread)] = score.value + (value - score.value) / times
    if not judged.spread:
        ends[0.5] = score.value
    shares = sorted(ends)
    places = np.maximum.accumulate([ends[share] for share in shares])
    errors = np.array([_NORMAL.inv_cdf(share) for share in shares])
    normal = np.array([_NORMAL.inv_cdf((at + 0.5) / _N_REPLICATES) for at in range(_N_REPLICATES)])
    inside: NDArray[Any] = np.interp(normal, errors, places)
    tails = {0: normal < errors[0], -1: normal > errors[-1]}
    for end, is_beyond in tails.items():
        slope = abs(places[end] - score.value) / abs(errors[end])
        inside[is_beyond] = places[end] + slope * (normal[is_beyond] - errors[end])
    return inside


def bar_at(task: Task, value: float) -> Bar:
    """Return a bar on the task's metric that somebody puts at ``value``, in the better direction."""
    if task.bar is not None:
        return replace(task.bar, value=value, is_proposed=False)
    op: BarOp = ">=" if get_metric(task.metric).greater_is_better else "<="
    return Bar(metric=task.metric, op=op, value=value)
