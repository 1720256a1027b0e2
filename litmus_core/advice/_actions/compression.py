"""Making it faster or smaller: what it should cost in score to bring the best model inside the budget."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from litmus_core.advice._budget_gap import Excess, Limited, Nearest, against, nearest, worst_of
from litmus_core.advice._format import gained
from litmus_core.advice._frontier import signed_score
from litmus_core.advice._gain_calibration import between
from litmus_core.types import Action, ActionCost, ActionOutcome, Budget, Candidate, RunPlan, Task

_FAR = 10.0  # times too slow or too big: then something else is called for
_SHARE_OF_RUN = 0.3  # that making variants takes of the time that training took; its own limit is the run's


def faster(
    task: Task,
    chosen: Candidate,
    candidates: Sequence[Candidate],
    plan: RunPlan | None,
    *,
    fit_s: float,
    outcomes: Sequence[ActionOutcome] = (),
) -> Iterator[Action]:
    """Yield making faster variants where the best by validation of a run is outside the budget.

    ``plan`` is that of the run that makes them; None: nothing can be left out. What it should bring lies
    between two candidates that are measured: the best that is inside, or else the nearest to it (the quickest
    or the smallest), and the best.
    """
    budget = task.budget
    known = [each for each in candidates if each.validation is not None and worst_of(budget, each)]
    if plan is None or not known:
        return
    best = max(known, key=signed_score)
    excess, near = worst_of(budget, best), nearest(budget, known)
    if excess is None or excess.times <= 1:
        return
    floor = _best_inside(budget, known) if near is None else near.candidate
    least, most = (signed_score(each) - signed_score(chosen) for each in (floor, best))
    if floor is best:  # no second model says what quickness costs: as much as may not show
        least -= _unsure(best)
    yield Action(
        key="faster",
        kind="faster",
        title=f"Make {best.name} {'faster' if excess.spent == 'time' else 'smaller'}",
        sentence=(
            "Models that bring little are dropped, trees are cut, and folds become one model, to come inside "
            "the budget."
        ),
        evidence=_evidence(task, floor, best, excess) + ("" if near is None else f" {_beyond(near)}"),
        gain=between("faster", least, most, outcomes),
        cost=ActionCost(
            minutes=max(_SHARE_OF_RUN * fit_s, 20.0) / 60,
            latency_factor=_ratio(budget, best, chosen, "time"),
            size_factor=_ratio(budget, best, chosen, "size"),
        ),
        plan=replace(plan, follows=None),
    )


def _evidence(task: Task, floor: Candidate, best: Candidate, excess: Excess) -> str:
    if floor is best:
        return "No model here comes nearer to the budget: what it costs in score shows when it is tried."
    return (
        f"{floor.name}, which takes {_part(task.budget, floor, excess)}, scores "
        f"{gained(task, signed_score(best) - signed_score(floor), signed=False)} worse: "
        "what is made should lie between both."
    )


def _beyond(near: Nearest) -> str:
    """Say how far the nearest is from a budget that no model keeps, and what else there is to do."""
    if near.excess.times < _FAR:
        return near.sentence
    more = ", or ask for more rows a call" if near.excess.spent == "time" else ""
    return f"{near.sentence} Where this does not get there, give a larger budget{more}."


def _unsure(candidate: Candidate) -> float:
    score = candidate.validation
    return 0.0 if score is None else (score.high - score.low) / 2


def _best_inside(budget: Budget, known: Sequence[Candidate]) -> Candidate:
    inside = [each for each in known if all(one.times <= 1 for one in against(budget, each))]
    return max(inside, key=signed_score)


def _part(budget: Budget, floor: Candidate, excess: Excess) -> str:
    """Say which part of what the best takes the floor takes, of what the best exceeds."""
    own = next(each for each in against(budget, floor) if each.spent == excess.spent)
    return f"{own.value / excess.value:.0%} of its {excess.spent}".replace("%", " %")


def _ratio(budget: Budget, best: Candidate, chosen: Candidate, spent: Limited) -> float | None:
    """Return how many times what the chosen one takes the best may then: what the budget allows at most.

    None where it has no limit, or the best keeps it already: what it gets then is not known.
    """
    own, now = (
        next((each for each in against(budget, one) if each.spent == spent), None) for one in (best, chosen)
    )
    if own is None or now is None or own.times <= 1:
        return None
    return own.value / own.times / now.value
