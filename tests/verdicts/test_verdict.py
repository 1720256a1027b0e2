"""Verdicts: outcome by interval against bar, and the facts beside it."""

import numpy as np
import pytest

from litmus_core.errors import UsageError
from litmus_core.types import Bar, Budget, BudgetExcess, Candidate, LatencyFigure, QuickScore, Score, Task
from litmus_core.verdicts import verdict


def candidate(**facts) -> Candidate:
    known = {
        "id": "run_1-a",
        "run_id": "run_1",
        "experiment_id": "ex_1",
        "name": "LightGBM",
        "model": "LightGBM",
        "family": "gbm",
        "family_kind": "GBM",
        "is_ensemble": False,
        "fit_s": 1.0,
    }
    return Candidate(**{**known, **facts})


def judged(
    bar,
    value,
    low,
    high,
    *,
    metric="accuracy",
    baseline=0.5,
    budget=None,
    replicates=None,
    n_rows=1000,
    quick=None,
    n_evaluations=1,
    **facts,
):
    task = Task(
        dataset_version_id="dv_1",
        target="y",
        problem_type="regression" if metric == "rmse" else "multiclass",
        metric=metric,
        features=("x",),
        bar=bar,
        budget=budget or Budget(),
    )
    score = Score(metric=metric, value=value, low=low, high=high, n_rows=n_rows)
    replicates = np.linspace(low, high, 101) if replicates is None else replicates
    return verdict(
        task=task,
        candidate=candidate(**facts),
        score=score,
        replicates=replicates,
        baseline=baseline,
        quick=quick,
        n_evaluations=n_evaluations,
    )


ACCURACY = Bar(metric="accuracy", op=">=", value=0.9)
RMSE = Bar(metric="rmse", op="<=", value=10.0)


@pytest.mark.parametrize(
    ("value", "low", "high", "outcome"),
    [
        (0.92, 0.90, 0.94, "meets"),
        (0.91, 0.89, 0.93, "undecided"),
        (0.89, 0.88, 0.90, "undecided"),
        (0.87, 0.86, 0.88, "misses narrowly"),
        (0.85, 0.84, 0.86, "misses"),
    ],
)
def test_a_bar_from_below_is_judged_by_the_interval(value, low, high, outcome):
    assert judged(ACCURACY, value, low, high).outcome == outcome


@pytest.mark.parametrize(
    ("value", "low", "high", "outcome"),
    [
        (9.0, 8.0, 10.0, "meets"),
        (9.9, 9.0, 10.5, "undecided"),
        (10.9, 10.5, 11.2, "misses narrowly"),
        (12.0, 11.0, 13.0, "misses"),
    ],
)
def test_a_bar_from_above_is_judged_by_the_interval(value, low, high, outcome):
    assert judged(RMSE, value, low, high, metric="rmse", baseline=20.0).outcome == outcome


def test_fewer_than_ten_rows_meet_no_bar():
    found = judged(ACCURACY, 1.0, 1.0, 1.0, n_rows=9)
    assert found.outcome == "undecided"
    assert judged(ACCURACY, 1.0, 1.0, 1.0, n_rows=10).outcome == "meets"
    half = Bar(metric="accuracy", op=">=", value=0.5)
    assert judged(half, 1.0, 0.541, 1.0, n_rows=6).more_rows == 4  # one alone would leave it undecided


def test_a_narrow_miss_needs_a_bar_beyond_the_baseline():
    assert judged(ACCURACY, 0.87, 0.86, 0.88, baseline=0.95).outcome == "misses"


def test_the_chance_is_the_share_of_replicates_that_pass():
    found = judged(ACCURACY, 0.9, 0.8, 1.0, replicates=np.array([0.85, 0.89, 0.9, 0.95]))
    assert found.probability_passes == 0.5


def test_without_a_bar_the_baseline_is_the_comparison():
    found = judged(None, 0.9, 0.88, 0.92)
    assert (found.outcome, found.gap, found.probability_passes) == ("no bar", None, None)


def test_a_bar_on_another_metric_than_the_score_is_refused():
    with pytest.raises(UsageError, match="The bar is on 'rmse' and the score is 'accuracy'"):
        judged(RMSE, 0.9, 0.8, 1.0)


def test_too_slow_and_too_big_stand_beside_a_met_bar():
    slow = (LatencyFigure(batch_rows=1, p50_ms=70, p95_ms=83.2, p99_ms=90, n_calls=200),)
    found = judged(
        ACCURACY,
        0.95,
        0.94,
        0.96,
        budget=Budget(max_latency_ms=50, max_size_mb=10),
        latency=slow,
        size_bytes=25_000_000,
    )
    assert found.outcome == "meets"
    assert found.excesses == (
        BudgetExcess(kind="latency", value=83.2, limit=50),
        BudgetExcess(kind="size", value=25.0, limit=10),
    )


VALIDATION = Score(metric="accuracy", value=0.65, low=0.62, high=0.68, n_rows=900)


def test_a_model_that_is_worse_than_a_quick_one_is_pointed_at():
    found = judged(None, 0.6, 0.55, 0.65, quick=QuickScore(value=0.701, chosen=VALIDATION))
    assert found.quick == QuickScore(value=0.701, chosen=VALIDATION)


@pytest.mark.parametrize("quick", [0.64, 0.6502, 0.68])
def test_a_model_as_good_as_a_quick_one_is_not_pointed_at(quick):
    found = judged(None, 0.6, 0.55, 0.65, quick=QuickScore(value=quick, chosen=VALIDATION))
    assert found.quick is None


def test_a_larger_error_than_the_quick_models_is_pointed_at():
    validation = Score(metric="rmse", value=12.0, low=11.0, high=13.0, n_rows=900)
    quick = QuickScore(value=10.0, chosen=validation)
    found = judged(RMSE, 12.5, 11.5, 13.5, metric="rmse", baseline=20.0, quick=quick)
    assert found.quick == quick
