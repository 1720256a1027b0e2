"""Readiness of experiments: their order, and their progress towards their own bars.

Scores of different metrics cannot be compared. Progress from guessing (the best constant prediction) to the
bar can: 0 is guessing, 1 is the bar, for every metric and direction.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from litmus_core.metrics import get_metric
from litmus_core.text import format_score, in_unit
from litmus_core.types import ExperimentSummary, RunStatus, Verdict
from litmus_core.verdicts._cases import judged_by, unit_of
from litmus_core.verdicts._grades import all_grades, grade_of, is_untrusted

_BEFORE_A_VERDICT: dict[RunStatus, int] = {
    "running": 0,
    "queued": 0,
    "stopped": 0,
    "finished": 1,
    "interrupted": 1,
    "failed": 1,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BarProgress:
    """A score and its interval as progress from guessing (0) to the bar (1)."""

    point: float
    low: float
    high: float


def bar_progress(verdict: Verdict) -> BarProgress | None:
    """Return a verdict's progress from guessing to the bar, with the interval that decided.

    None without a bar, if guessing reaches the bar, or if a figure is not finite.

    >>> from litmus_core.types import Bar, Score
    >>> score = Score(metric="rmse", value=700.0, low=650.0, high=800.0, n_rows=500)
    >>> bar = Bar(metric="rmse", op="<=", value=600.0)
    >>> bar_progress(Verdict(outcome="misses", candidate_id="run_1-a", score=score, baseline=1600.0, bar=bar))
    BarProgress(point=0.9, low=0.8, high=0.95)
    """
    score, bar = judged_by(verdict), verdict.bar
    figures = (score.value, score.low, score.high, verdict.baseline)
    if bar is None or not all(map(math.isfinite, figures)) or bar.lead(verdict.baseline) >= 0:
        return None
    distance = bar.value - verdict.baseline
    point, *ends = ((value - verdict.baseline) / distance for value in (score.value, score.low, score.high))
    return BarProgress(point=point, low=min(ends), high=max(ends))


def bar_distance_text(verdict: Verdict) -> str:
    """Return a score's distance to its bar, in the metric's unit; "" without a bar.

    >>> from litmus_core.types import Bar, Score
    >>> score = Score(metric="rmse", value=700.0, low=650.0, high=800.0, n_rows=500)
    >>> bar = Bar(metric="rmse", op="<=", value=600.0)
    >>> facts = {"candidate_id": "a", "score": score, "baseline": 900.0, "gap": 100.0, "bar": bar}
    >>> bar_distance_text(Verdict(outcome="misses", **facts))
    '100 short of the bar'
    """
    if verdict.gap is None:
        return ""
    score, gap = verdict.score, verdict.gap
    unit = get_metric(score.metric).unit
    # The gap of a share is in points: people would read "1.2 %" as a part of the score.
    half = (score.high - score.low) / 2
    distance = format_score(abs(gap), unit=unit, half_width=half).replace(" %", " points")
    if not any(digit in distance for digit in "123456789"):
        return "exactly at the bar"
    distance = in_unit(distance, unit_of(verdict))
    return f"{distance} short of the bar" if gap > 0 else f"{distance} better than the bar"


def status_rank(status: RunStatus | None) -> int:
    """Return the rank of an experiment without a verdict, after all grades; ``status`` None: no run yet."""
    return len(all_grades()) + (2 if status is None else _BEFORE_A_VERDICT[status])


def readiness(summary: ExperimentSummary) -> tuple[int, bool, float, float]:
    """Return the key that sorts experiments, the most ready first; those without a verdict are last."""
    if summary.verdict is None:
        return status_rank(summary.status), False, 0.0, _newest_first(summary.updated_at)
    return verdict_readiness(summary.verdict, at=summary.updated_at)


def verdict_readiness(verdict: Verdict, *, at: str) -> tuple[int, bool, float, float]:
    """Return the key that sorts verdicts, the most ready first; ``at`` is the time of each.

    The order is: the grade, then no exceeded budget and no data that flatter the score, then the chance to
    pass the bar, then the newest.
    """
    flagged = bool(verdict.excesses) or is_untrusted(verdict)
    return grade_of(verdict).rank, flagged, -(verdict.probability_passes or 0.0), _newest_first(at)


def _newest_first(at: str) -> float:
    return -datetime.fromisoformat(at).timestamp()
