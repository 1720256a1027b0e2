"""Making it faster: offered where the best is outside the budget, its loss between two measured models."""

from __future__ import annotations

from dataclasses import replace

from litmus_core.advice._faster import faster
from litmus_core.types import Action, Budget, Candidate, LatencyFigure, RunPlan, Score, Task

PLAN = RunPlan(folds=0)


def candidate(key: str, value: float, ms: float) -> Candidate:
    return Candidate(
        id=key,
        run_id="run_1",
        experiment_id="ex",
        name=key,
        model=key,
        card="lightgbm",
        family="boosting",
        is_ensemble=False,
        fit_s=1.0,
        validation=Score(metric="accuracy", value=value, low=value, high=value, n_rows=9),
        latency=(LatencyFigure(batch_rows=1, p50_ms=ms, p95_ms=ms, p99_ms=ms, n_calls=9),),
    )


TEAM, MIDDLE, QUICK = (
    candidate("team", 0.92, 10.0),
    candidate("middle", 0.88, 4.0),
    candidate("quick", 0.80, 1.0),
)


def offered(
    chosen: Candidate,
    most_ms: float | None,
    plan: RunPlan | None = PLAN,
    there: tuple[Candidate, ...] = (TEAM, MIDDLE, QUICK),
) -> list[Action]:
    task = Task(
        dataset_version_id="v",
        target="y",
        problem_type="binary",
        metric="accuracy",
        features=("a",),
        budget=Budget(max_latency_ms=most_ms),
    )
    return list(faster(task, chosen, there, plan, fit_s=600.0))


def test_the_best_that_fits_already_says_what_is_gained_at_least():
    (action,) = offered(MIDDLE, 5.0)
    assert (round(action.gain.low, 3), round(action.gain.value, 3), round(action.gain.high, 3)) == (
        0.0,
        0.02,
        0.04,
    )
    assert action.latency == 0.5
    assert action.evidence.startswith("middle, which takes 40 % of its time, scores 4.0 points worse")
    assert action.minutes == 3.0


def test_where_nothing_fits_the_quickest_says_what_is_lost_at_most():
    (action,) = offered(TEAM, 0.5)
    assert (round(action.gain.low, 3), round(action.gain.high, 3)) == (-0.12, 0.0)
    assert action.plan == PLAN


def test_a_single_model_has_nothing_to_be_compared_with():
    alone = candidate("alone", 0.9, 4.0)
    alone = replace(alone, validation=replace(alone.validation, low=0.88, high=0.92))
    (action,) = offered(alone, 2.0, there=(alone,))
    assert (round(action.gain.low, 3), round(action.gain.high, 3)) == (-0.02, 0.0)
    assert action.evidence == "No model here is quicker: what it costs in score shows when it is tried."


def test_a_budget_that_nothing_comes_near_is_called_so():
    (near,), (far,) = offered(TEAM, 0.5), offered(TEAM, 0.001)
    assert "too slow" not in near.evidence
    assert "quick, the quickest here, is 1,000 times too slow" in far.evidence


def test_nothing_is_offered_inside_the_budget_or_without_one_or_where_nothing_can_be_left_out():
    assert offered(TEAM, 20.0) == []
    assert offered(TEAM, None) == []
    assert offered(TEAM, 5.0, plan=None) == []
