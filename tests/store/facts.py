"""Facts for tests: small, whole, and with ids one can read."""

from __future__ import annotations

from typing import Any

from litmus_core.types import (
    Bar,
    BundleRecord,
    Candidate,
    Column,
    DatasetVersion,
    Endpoint,
    Experiment,
    FinalModel,
    LatencyFigure,
    RunPlan,
    RunQueued,
    Score,
    Task,
    Verdict,
)


def version(number: int = 1, **changes: Any) -> DatasetVersion:
    values: dict[str, Any] = {
        "id": f"dv_{number}",
        "dataset_id": "ds_1",
        "name": "churn",
        "version": number,
        "path": f"datasets/ds_1/v{number}.parquet",
        "n_rows": 100,
        "n_bytes": 2_000,
        "content_hash": "ab" * 32,
        "columns": (Column(name="age", original_name=" age ", kind="number", storage="BIGINT"),),
        "source": "churn.csv",
        "created_at": f"2026-01-0{number}T00:00:00.000000+00:00",
    }
    return DatasetVersion(**values | changes)


def task(**changes: Any) -> Task:
    values: dict[str, Any] = {
        "dataset_version_id": "dv_1",
        "target": "left",
        "problem_type": "binary",
        "metric": "roc_auc",
        "features": ("age",),
        "bar": Bar(metric="roc_auc", op=">=", value=0.9),
    }
    return Task(**values | changes)


def experiment(experiment_id: str = "ex_1", *, name: str = "churn, left", **changes: Any) -> Experiment:
    created_at = "2026-01-02T00:00:00.000000+00:00"
    return Experiment(id=experiment_id, name=name, task=task(**changes), created_at=created_at)


def queued(run_id: str = "run_1", *, number: int = 1, of: Experiment | None = None) -> RunQueued:
    return RunQueued(run_id=run_id, number=number, experiment=of or experiment(), plan=RunPlan())


def candidate(
    name: str = "a", *, run_id: str = "run_1", experiment_id: str = "ex_1", **changes: Any
) -> Candidate:
    values: dict[str, Any] = {
        "id": f"{run_id}-{name}",
        "run_id": run_id,
        "experiment_id": experiment_id,
        "name": name.upper(),
        "model": name,
        "family": "lightgbm",
        "family_kind": "GBM",
        "is_ensemble": False,
        "fit_s": 1.5,
    }
    return Candidate(**values | changes)


def score(value: float = 0.91, *, metric: str = "roc_auc") -> Score:
    return Score(metric=metric, value=value, low=value - 0.01, high=value + 0.01, n_rows=200)


def final_model(**changes: Any) -> FinalModel:
    values: dict[str, Any] = {"model": "a", "n_rows": 1_000, "n_judging": 200, "seconds": 4.0}
    return FinalModel(**values | {"latency": latency(), "size_bytes": 5_000, "form": "compiled"} | changes)


def latency(p95_ms: float = 2.0) -> tuple[LatencyFigure, ...]:
    return (
        LatencyFigure(batch_rows=1, p50_ms=1.0, p95_ms=p95_ms, p99_ms=3.0, n_calls=200),
        LatencyFigure(batch_rows=100, p50_ms=4.0, p95_ms=5.0, p99_ms=6.0, n_calls=20),
    )


def verdict(candidate_id: str = "run_1-a") -> Verdict:
    return Verdict(
        outcome="meets",
        model="A",
        candidate_id=candidate_id,
        score=score(),
        baseline=0.5,
        bar=Bar(metric="roc_auc", op=">=", value=0.9),
        gap=-0.01,
        probability_passes=0.98,
    )


def bundle(bundle_id: str = "bd_1", *, run_id: str = "run_1") -> BundleRecord:
    return BundleRecord(
        id=bundle_id,
        candidate_id=f"{run_id}-a",
        run_id=run_id,
        experiment_id="ex_1",
        path="/bundles/a.zip",
        n_bytes=10,
        sha256="cd" * 32,
        created_at="2026-01-03T00:00:00.000000+00:00",
    )


def endpoint(endpoint_id: str = "ep_1") -> Endpoint:
    started_at = "2026-01-04T00:00:00.000000+00:00"
    return Endpoint(
        id=endpoint_id, bundle_id="bd_1", url="http://127.0.0.1:8000", pid=7, started_at=started_at
    )
