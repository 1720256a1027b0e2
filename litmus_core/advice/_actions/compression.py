"""Compress the best model to fit the budget, with the expected loss in score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from litmus_core.advice._budget_gap import (
    BudgetGap,
    Limited,
    Overrun,
    closest_to_budget,
    overruns_of,
    worst_overrun,
)
from litmus_core.advice._frontier import signed_score
from litmus_core.advice._gain_calibration import interpolate_gain
from litmus_core.types import Action, ActionCost, Budget, Candidate, Statement, Task

if TYPE_CHECKING:
    from litmus_core.advice._situation import Situation

_FAR = 10.0  # times the budget: beyond that, compression cannot be enough
_SHARE_OF_RUN = 0.3  # share of the training time that making variants takes; the time limit is the run's


def propose_compression(situation: Situation) -> Iterator[Action]:
    """Propose faster variants if a run's best model by validation score exceeds the budget.

    Without a plan that makes them (``situation.faster``) nothing can be left out. The expected score lies
    between two measured candidates: the best within the budget, or else the nearest to it (the fastest or the
    smallest), and the best overall.
    """
    task, chosen, plan = situation.task, situation.chosen, situation.faster
    budget = task.budget
    candidates = [
        candidate
        for candidate in situation.candidates
        if candidate.validation is not None and worst_overrun(budget, candidate)
    ]
    if plan is None or not candidates:
        return
    best = max(candidates, key=signed_score)
    excess, near = worst_overrun(budget, best), closest_to_budget(budget, candidates)
    if excess is None or excess.times <= 1:
        return
    floor = _best_inside(budget, candidates) if near is None else near.candidate
    least, most = (signed_score(candidate) - signed_score(chosen) for candidate in (floor, best))
    if floor is best:  # no second model shows what speed costs: assume half the score's interval
        least -= _score_margin(best)
    yield Action(
        key="faster",
        kind="faster",
        title=Statement.of("faster", "title", model=best.name, is_time=excess.spent == "time"),
        statements=(Statement.of("faster", "do"),),
        evidence=(_evidence(task, floor, best, excess), *_budget_statements(near)),
        gain=interpolate_gain("faster", least, most, situation.outcomes),
        cost=ActionCost(
            minutes=max(_SHARE_OF_RUN * situation.time.fit_s, 20.0) / 60,
            latency_factor=_cost_factor(budget, best, chosen, "time"),
            size_factor=_cost_factor(budget, best, chosen, "size"),
        ),
        plan=replace(plan, action=None),
    )


def _evidence(task: Task, floor: Candidate, best: Candidate, excess: Overrun) -> Statement:
    if floor is best:
        return Statement.of("faster", "unknown")
    return Statement.of(
        "faster",
        "between",
        model=floor.name,
        share=_cost_share(task.budget, floor, excess),
        limited=excess.spent,
        loss=float(signed_score(best) - signed_score(floor)),
        metric=task.metric,
    )


def _budget_statements(near: BudgetGap | None) -> Iterator[Statement]:
    """Yield how far the nearest model is from a budget that no model meets, and what else to do."""
    if near is None:
        return
    yield Statement.plain(near.sentence)
    if near.excess.times >= _FAR:
        yield Statement.of("faster", "larger budget", is_time=near.excess.spent == "time")


def _score_margin(candidate: Candidate) -> float:
    score = candidate.validation
    return 0.0 if score is None else (score.high - score.low) / 2


def _best_inside(budget: Budget, candidates: Sequence[Candidate]) -> Candidate:
    inside = [
        candidate for candidate in candidates if all(one.times <= 1 for one in overruns_of(budget, candidate))
    ]
    return max(inside, key=signed_score)


def _cost_share(budget: Budget, floor: Candidate, excess: Overrun) -> float:
    """Return the cost of the lower model as a share of the best one's, for the exceeded limit."""
    part_overrun = next(overrun for overrun in overruns_of(budget, floor) if overrun.spent == excess.spent)
    return float(part_overrun.value / excess.value)


def _cost_factor(budget: Budget, best: Candidate, chosen: Candidate, spent: Limited) -> float | None:
    """Return the largest cost within the budget, as a multiple of the chosen model's cost.

    None if there is no limit, or the best model meets it already.
    """
    rest_overrun, now = (
        next((overrun for overrun in overruns_of(budget, one) if overrun.spent == spent), None)
        for one in (best, chosen)
    )
    if rest_overrun is None or now is None or rest_overrun.times <= 1:
        return None
    return rest_overrun.value / rest_overrun.times / now.value
