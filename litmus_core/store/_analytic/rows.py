"""The store's rows as typed values."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any, TypeVar

from litmus_core.store._analytic.extra_fields import pack_extra, unpack_extra
from litmus_core.types import (
    BundleRecord,
    Candidate,
    Certificate,
    Column,
    DatasetVersion,
    DeploymentEnvironment,
    Endpoint,
    Experiment,
    Handoff,
    Hyperparameter,
    LatencyFigure,
    RecipeFollowed,
    RecipeNote,
    Run,
    RunPlan,
    RunTimes,
    Score,
    StepApplied,
    Task,
    Trial,
    Verdict,
    from_plain,
)

T = TypeVar("T")

VERSION_COLUMNS = (
    "id", "dataset_id", "version", "path", "n_rows", "n_bytes", "content_hash", "source", "created_at"
)  # fmt: skip
EXPERIMENT_COLUMNS = ("id", "name", "owner", "created_at")
RUN_COLUMNS = (
    "id", "experiment_id", "number", "status", "stage", "message", "hint", "chosen_id", "n_bytes", "name",
)  # fmt: skip
CANDIDATE_COLUMNS = (
    "id", "run_id", "experiment_id", "name", "model", "family", "family_kind", "is_ensemble", "fit_s",
    "threshold", "size_bytes", "in_budget", "form", "native_reason",
)  # fmt: skip
BUNDLE_COLUMNS = (
    "id", "candidate_id", "run_id", "experiment_id", "path", "n_bytes", "sha256", "created_at"
)  # fmt: skip
ENDPOINT_COLUMNS = (
    "id", "bundle_id", "url", "pid", "started_at", "alive", "name", "version", "n_restarts"
)  # fmt: skip
TRIAL_COLUMNS = (
    "algorithm", "number", "state", "metric", "value", "seconds", "share", "origin", "message"
)  # fmt: skip
HANDOFF_COLUMNS = (
    "id", "experiment_id", "state", "question", "asked_by", "asked_at", "answered_by", "answered_at",
)  # fmt: skip
ENVIRONMENT_COLUMNS = ("name", "cpus", "memory_mb", "price_per_hour_usd", "mode")

VERSIONS = """
    SELECT v.*, d.name FROM dataset_versions v JOIN datasets d ON d.id = v.dataset_id"""

FIGURES = "SELECT candidate_id, batch_rows, p50_ms, p95_ms, p99_ms, n_calls FROM latencies"


def columns_of(value: Any, columns: tuple[str, ...], *, elsewhere: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return a frozen value as a row: ``more`` holds the fields without a column, except ``elsewhere``."""
    row = {name: getattr(value, name) for name in columns}
    return row | {"more": pack_extra(value, columns=columns + elsewhere)}


def _fields(cls: type, row: dict[str, Any], columns: tuple[str, ...]) -> dict[str, Any]:
    return {name: row[name] for name in columns} | unpack_extra(cls, row["more"])


def version(row: dict[str, Any]) -> DatasetVersion:
    """Return a row of VERSIONS as a DatasetVersion."""
    columns = from_plain(tuple[Column, ...], json.loads(row["columns"]))
    return DatasetVersion(name=row["name"], columns=columns, **_fields(DatasetVersion, row, VERSION_COLUMNS))


def experiment(row: dict[str, Any]) -> Experiment:
    """Return a row of ``experiments`` as an Experiment."""
    return Experiment(task=_parse(Task, row["task"]), **_fields(Experiment, row, EXPERIMENT_COLUMNS))


def run(row: dict[str, Any]) -> Run:
    """Return a row of ``runs`` as a Run."""
    return Run(
        times=RunTimes(queued_at=row["queued_at"], started_at=row["started_at"], ended_at=row["ended_at"]),
        plan=_parse(RunPlan, row["plan"]),
        verdict=verdict_or_none(row["verdict"]),
        missing=_parse(tuple[str, ...], row["missing"]),
        left_out=_parse(tuple[str, ...], row["left_out"]),
        **{name: row[name] for name in RUN_COLUMNS},
    )


def candidate(row: dict[str, Any], latency: tuple[LatencyFigure, ...]) -> Candidate:
    """Return a row of ``candidates`` with its latency figures as a Candidate."""
    return Candidate(
        validation=_score(row, "validation", row["metric"]),
        test=_score(row, "test", row["test_metric"]),
        latency=latency,
        parents=tuple(row["parents"]),
        chosen=row["chosen"],
        **_fields(Candidate, row, CANDIDATE_COLUMNS),
    )


def figures(rows: list[tuple[Any, ...]]) -> dict[str, tuple[LatencyFigure, ...]]:
    """Return the rows of FIGURES by candidate, in order."""
    figures_of: dict[str, tuple[LatencyFigure, ...]] = {}
    for candidate_id, batch_rows, p50, p95, p99, n_calls in rows:
        figure = LatencyFigure(batch_rows=batch_rows, p50_ms=p50, p95_ms=p95, p99_ms=p99, n_calls=n_calls)
        figures_of[candidate_id] = (*figures_of.get(candidate_id, ()), figure)
    return figures_of


def trial(row: dict[str, Any]) -> Trial:
    """Return a row of ``trials`` as a Trial."""
    settings: tuple[Hyperparameter, ...] = from_plain(tuple[Hyperparameter, ...], json.loads(row["settings"]))
    return Trial(settings=settings, **_fields(Trial, row, TRIAL_COLUMNS))


def bundle(row: dict[str, Any]) -> BundleRecord:
    """Return a row of ``bundles`` as a BundleRecord."""
    return BundleRecord(**_fields(BundleRecord, row, BUNDLE_COLUMNS))


def endpoint(row: dict[str, Any]) -> Endpoint:
    """Return a row of ``endpoints`` as an Endpoint."""
    return Endpoint(**_fields(Endpoint, row, ENDPOINT_COLUMNS))


def environment(row: dict[str, Any]) -> DeploymentEnvironment:
    """Return a row of ``deployment_environments`` as a DeploymentEnvironment."""
    return DeploymentEnvironment(**_fields(DeploymentEnvironment, row, ENVIRONMENT_COLUMNS))


def certificate(row: dict[str, Any]) -> Certificate:
    """Return a row of ``certificates`` as a Certificate."""
    parsed: Certificate = _parse(Certificate, row["certificate"])
    return parsed


def recipe_note(row: dict[str, Any]) -> RecipeNote:
    """Return a row of ``recipe_notes`` as a RecipeNote."""
    kind = RecipeFollowed if row["type"] == RecipeFollowed.__name__ else StepApplied
    return RecipeNote(at=row["happened_at"], fact=_parse(kind, row["fact"]))


def handoff(row: dict[str, Any]) -> Handoff:
    """Return a row of ``handoffs`` as a Handoff."""
    return Handoff(**_fields(Handoff, row, HANDOFF_COLUMNS))


def verdict_or_none(text: str | None) -> Verdict | None:
    """Return the verdict stored as JSON; None if there is none."""
    return None if text is None else _parse(Verdict, text)


@lru_cache(maxsize=16_384)  # tasks and verdicts of some thousands of experiments
def _parse(cls: type[T], text: str) -> T:
    return from_plain(cls, json.loads(text))  # frozen, so equal text may share one value


def _score(row: dict[str, Any], prefix: str, metric: str | None) -> Score | None:
    if metric is None:
        return None
    return Score(
        metric=metric,
        value=row[prefix],
        low=row[f"{prefix}_low"],
        high=row[f"{prefix}_high"],
        n_rows=row[f"{prefix}_rows"],
    )
