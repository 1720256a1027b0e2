"""A workspace's whole story as facts, and the tables that hold it."""

from __future__ import annotations

from typing import Any

from litmus_core.store import Store
from litmus_core.types import (
    BundleExported,
    CandidateMeasured,
    CandidateScored,
    CandidateTested,
    CandidateTrained,
    DatasetImported,
    EndpointStarted,
    ExperimentCreated,
    Fact,
    RunEnded,
    RunJudged,
    RunStage,
    RunStarted,
)
from tests.store import facts

TABLES = (
    "datasets", "dataset_versions", "experiments", "runs", "candidates", "latencies", "test_evaluations",
    "bundles",
    "endpoints", "run_events",
)  # fmt: skip

STORY: tuple[Fact, ...] = (
    DatasetImported(version=facts.version()),
    ExperimentCreated(experiment=facts.experiment()),
    facts.queued(),
    RunStarted(run_id="run_1", pid=7),
    RunStage(run_id="run_1", stage="fit", message="Training A", remaining_s=20.0, training_now="A"),
    CandidateTrained(candidate=facts.candidate("a")),
    CandidateTrained(candidate=facts.candidate("b")),
    CandidateScored(candidate_id="run_1-a", validation=facts.score(0.92), threshold=0.4),
    CandidateScored(candidate_id="run_1-b", validation=facts.score(0.95)),
    CandidateMeasured(candidate_id="run_1-a", latency=facts.latency(), size_bytes=500, in_budget=True),
    CandidateTested(candidate_id="run_1-a", test=facts.score(0.91), reason="chosen"),
    RunJudged(run_id="run_1", candidate_id="run_1-a", verdict=facts.verdict()),
    BundleExported(bundle=facts.bundle()),
    EndpointStarted(endpoint=facts.endpoint()),
    RunEnded(run_id="run_1", status="finished", message="Done.", seconds={"fit": 3.5}, n_bytes=900),
)


def content(store: Store) -> dict[str, list[dict[str, Any]]]:
    return {table: store.query(f"SELECT * FROM {table} ORDER BY ALL") for table in TABLES}
