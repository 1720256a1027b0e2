"""Small true things for presenters to phrase."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from litmus_core.types import (
    Bar,
    BudgetExcess,
    Candidate,
    Experiment,
    ExperimentSummary,
    LatencyFigure,
    Outcome,
    RunStatus,
    Score,
    Task,
    Verdict,
)

AT = "2026-11-24T10:00:00+00:00"
BAR = Bar(metric="accuracy", op=">=", value=0.9)


def task(**changes: Any) -> Task:
    """Return a task: predict ``label`` from two columns, right at least nine times in ten."""
    plain = Task(
        dataset_version_id="dv_0000000001",
        target="label",
        problem_type="multiclass",
        metric="accuracy",
        features=("title", "price"),
        bar=BAR,
    )
    return replace(plain, **changes)


def score(value: float = 0.891, *, half: float = 0.006, metric: str = "accuracy") -> Score:
    return Score(metric=metric, value=value, low=value - half, high=value + half, n_rows=1200)


def candidate(name: str = "LightGBM", value: float | None = 0.9, **changes: Any) -> Candidate:
    """Return a candidate that answers one row in 8.7 ms."""
    plain = Candidate(
        id=f"run_0000000001-{name.lower()}",
        run_id="run_0000000001",
        experiment_id="ex_0000000001",
        name=name,
        model=name,
        family=name.lower(),
        family_kind="boosting",
        is_ensemble=False,
        fit_s=3.2,
        validation=None if value is None else score(value),
        latency=(LatencyFigure(batch_rows=1, p50_ms=7.0, p95_ms=8.7, p99_ms=12.0, n_calls=200),),
        size_bytes=3_500_000,
    )
    return replace(plain, **changes)


def verdict(outcome: Outcome = "meets", *, value: float = 0.93, **changes: Any) -> Verdict:
    plain = Verdict(
        outcome=outcome,
        candidate_id="run_0000000001-lightgbm",
        score=score(value),
        baseline=0.16,
        bar=BAR,
        gap=BAR.value - value,
        probability_passes=0.97,
    )
    return replace(plain, **changes)


TOO_SLOW = BudgetExcess(kind="latency", value=31.0, limit=20.0)
TOO_BIG = BudgetExcess(kind="size", value=31.0, limit=20.0)


def summary(
    n: int = 1,
    *,
    judged: Verdict | None = None,
    status: RunStatus | None = "finished",
    updated_at: str = AT,
    name: str = "",
    of: Task | None = None,
) -> ExperimentSummary:
    """Return experiment number ``n`` as a line; ``judged`` None: no verdict yet."""
    experiment = Experiment(
        id=f"ex_{n:010x}", name=name or f"Experiment {n}", task=of or task(), created_at=AT, owner="ada"
    )
    return ExperimentSummary(
        experiment=experiment,
        dataset_name="titles",
        n_runs=0 if status is None else 1,
        status=status,
        latest_run_id=None if status is None else "run_0000000001",
        verdict=judged,
        best=None if judged is None else candidate(),
        updated_at=updated_at,
    )
