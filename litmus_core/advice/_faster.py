"""Making it faster: what it should cost in score to bring the best model inside the budget."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from litmus_core.advice._choice import keeps_budget
from litmus_core.advice._frontier import signed_score
from litmus_core.advice._words import gained
from litmus_core.types import Action, Budget, Candidate, Gain, RunPlan, Task

_FAR = 10.0  # times too slow: then it is said
_SHARE_OF_RUN = 0.3  # that making variants takes of the time that training took; its own limit is the run's


def faster(
    task: Task,
    chosen: Candidate,
    candidates: Sequence[Candidate],
    plan: RunPlan | None,
    *,
    fit_s: float,
) -> Iterator[Action]:
    """Yield making faster variants where the best by validation of a run is outside the budget.

    ``plan`` is that of the run that makes them; None: nothing can be left out. What it should bring lies
    between two candidates that are measured: the best that is inside, or else the quickest, and the best.
    """
    known = [each for each in candidates if each.validation is not None and each.latency]
    if plan is None or not known:
        return
    best = max(known, key=signed_score)
    if keeps_budget(task.budget, latency=best.latency, size_bytes=best.size_bytes) is not False:
        return
    floor = _floor(task.budget, known)
    least, most = (signed_score(each) - signed_score(chosen) for each in (floor, best))
    if floor is best:  # no second model says what quickness costs: as much as may not show
        least -= _unsure(best)
    middle = (least + most) / 2
    yield Action(
        key="faster",
        kind="faster",
        title=f"Make {best.name} faster",
        sentence=(
            "Models that bring little are dropped, trees are cut, and folds become one model, until it keeps "
            "the budget."
        ),
        evidence=f"{_evidence(task, floor, best)}{_beyond(task.budget, floor)}",
        gain=Gain(value=middle, low=least, high=most, measured=middle),
        minutes=max(_SHARE_OF_RUN * fit_s, 20.0) / 60,
        latency=_ratio(task.budget, best),
        size=None,
        plan=replace(plan, follows=None),
    )


def _evidence(task: Task, floor: Candidate, best: Candidate) -> str:
    if floor is best:
        return "No model here is quicker: what it costs in score shows when it is tried."
    return (
        f"{floor.name}, which takes {_part(task.budget, floor, best)}, scores "
        f"{gained(task, signed_score(best) - signed_score(floor), signed=False)} worse: "
        "what is made should lie between both."
    )


def _beyond(budget: Budget, floor: Candidate) -> str:
    """Say how far the quickest is from a budget that no model keeps."""
    times = 0.0 if budget.max_latency_ms is None else _ms(budget, floor) / budget.max_latency_ms
    if not _FAR <= times < math.inf:
        return ""
    return (
        f" {floor.name}, the quickest here, is {times:,.0f} times too slow: "
        "where this does not get there, give a larger budget, or ask for more rows a call."
    )


def _unsure(candidate: Candidate) -> float:
    score = candidate.validation
    return 0.0 if score is None else (score.high - score.low) / 2


def _floor(budget: Budget, known: Sequence[Candidate]) -> Candidate:
    """Return the best that keeps the budget; the quickest where none does."""
    inside = [
        each
        for each in known
        if keeps_budget(budget, latency=each.latency, size_bytes=each.size_bytes) is not False
    ]
    if inside:
        return max(inside, key=signed_score)
    return min(known, key=lambda each: _ms(budget, each))


def _ms(budget: Budget, candidate: Candidate) -> float:
    figure = candidate.latency_at(budget.batch_rows)
    return float("inf") if figure is None else figure.p95_ms


def _part(budget: Budget, one: Candidate, other: Candidate) -> str:
    ratio = _ms(budget, one) / _ms(budget, other)
    return f"{ratio:.0%} of its time".replace("%", " %")


def _ratio(budget: Budget, candidate: Candidate) -> float | None:
    """Return how many times slower the answer gets: as much as the budget asks for."""
    if budget.max_latency_ms is None:
        return None
    return min(1.0, budget.max_latency_ms / _ms(budget, candidate))
