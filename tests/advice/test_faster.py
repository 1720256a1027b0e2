"""Making it faster: offered where the best is outside the budget, its loss between two measured models."""

from __future__ import annotations

from dataclasses import replace

from litmus_core.advice import Situation, TimeSpent, action_evidence, action_title
from litmus_core.advice._actions.compression import propose_compression
from litmus_core.types import Action, Budget, Candidate, Folds, LatencyFigure, RunPlan, Score, Task
from tests.advice.situations import RUN

PLAN = RunPlan(folds=Folds(0))


def candidate(key: str, value: float, ms: float, mb: float = 1.0) -> Candidate:
    return Candidate(
        id=key,
        run_id="run_1",
        experiment_id="ex",
        name=key,
        model=key,
        family="lightgbm",
        family_kind="boosting",
        is_ensemble=False,
        fit_s=1.0,
        validation=Score(metric="accuracy", value=value, low=value, high=value, n_rows=9),
        latency=(LatencyFigure(batch_rows=1, p50_ms=ms, p95_ms=ms, p99_ms=ms, n_calls=9),),
        size_bytes=round(1e6 * mb),
    )


TEAM, MIDDLE, QUICK = (
    candidate("team", 0.92, 10.0, 40.0),
    candidate("middle", 0.88, 4.0, 2.0),
    candidate("quick", 0.80, 1.0, 8.0),
)


def offered(
    chosen: Candidate,
    most_ms: float | None,
    plan: RunPlan | None = PLAN,
    there: tuple[Candidate, ...] = (TEAM, MIDDLE, QUICK),
    *,
    most_mb: float | None = None,
) -> list[Action]:
    task = Task(
        dataset_version_id="v",
        target="y",
        problem_type="binary",
        metric="accuracy",
        features=("a",),
        budget=Budget(max_latency_ms=most_ms, max_size_mb=most_mb),
    )
    time = TimeSpent(limit_s=600.0, fit_s=600.0)
    situation = Situation(run=RUN, task=task, chosen=chosen, time=time, n_folds=0, may_fold=True)
    return list(propose_compression(replace(situation, candidates=there, faster=plan)))


def test_the_best_that_fits_already_says_what_is_gained_at_least():
    (action,) = offered(MIDDLE, 5.0)
    assert (round(action.gain.low, 3), round(action.gain.value, 3), round(action.gain.high, 3)) == (
        0.0,
        0.02,
        0.04,
    )
    assert action.cost.latency_factor == 1.25  # the budget's 5 ms at most, where the chosen one takes 4
    assert action_evidence(action).startswith("middle, which takes 40 % of its time, scores 4.0 points worse")
    assert action.cost.minutes == 3.0


def test_where_nothing_fits_the_quickest_says_what_is_lost_at_most():
    (action,) = offered(TEAM, 0.5)
    assert (round(action.gain.low, 3), round(action.gain.high, 3)) == (-0.12, 0.0)
    assert action.plan == PLAN


def test_a_single_model_has_nothing_to_be_compared_with():
    alone = candidate("alone", 0.9, 4.0)
    alone = replace(alone, validation=replace(alone.validation, low=0.88, high=0.92))
    (action,) = offered(alone, 2.0, there=(alone,))
    assert (round(action.gain.low, 3), round(action.gain.high, 3)) == (-0.02, 0.0)
    assert action_evidence(action) == (
        "No model here comes closer to the budget: what it costs in score is known once it is tried. "
        "alone, the quickest here, takes 4 ms a call, the budget is 2 ms: 2 times too slow."
    )


def test_a_budget_that_nothing_keeps_says_how_far_the_quickest_is():
    (near,), (far,) = offered(TEAM, 0.5), offered(TEAM, 0.001)
    assert action_evidence(near).endswith(
        "quick, the quickest here, takes 1 ms a call, the budget is 0.5 ms: 2 times too slow."
    )
    assert "1,000 times too slow. Where this does not get there, give a larger budget, or" in action_evidence(
        far
    )


def test_where_only_the_size_is_exceeded_the_floor_is_the_smallest():
    (action,) = offered(TEAM, None, most_mb=1.0)
    assert action_title(action) == "Make team smaller"
    assert action_evidence(action) == (
        "middle, which takes 5 % of its size, scores 4.0 points worse: what is made should lie between both. "
        "middle, the smallest here, takes 2 MB, the budget is 1 MB: 2 times too big."
    )
    assert (action.cost.latency_factor, action.cost.size_factor) == (None, 0.025)
    (far,) = offered(TEAM, None, most_mb=0.1)
    assert action_evidence(far).endswith(
        "20 times too big. Where this does not get there, give a larger budget."
    )


def test_the_best_inside_a_size_budget_says_what_is_gained_at_least():
    (action,) = offered(QUICK, None, most_mb=8.0)
    assert action_evidence(action).startswith("middle, which takes 5 % of its size, scores 4.0 points worse")


def test_of_two_limits_that_counts_which_is_exceeded_most():
    (action,) = offered(TEAM, 0.5, most_mb=4.0)
    assert action_title(action) == "Make team faster"
    assert action_evidence(action).endswith(
        "quick, the nearest to the budget here, takes 1 ms a call, the budget is 0.5 ms: 2 times too slow; "
        "it takes 8 MB, the budget is 4 MB: 2 times too big."
    )
    assert (action.cost.latency_factor, action.cost.size_factor) == (0.05, 0.1)


def test_nothing_is_offered_inside_the_budget_or_without_one_or_where_nothing_can_be_left_out():
    assert offered(TEAM, 20.0) == []
    assert offered(TEAM, None) == []
    assert offered(TEAM, 5.0, plan=None) == []
