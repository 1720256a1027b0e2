"""Which rows of the store a fact touches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from typing import Any

from litmus_core.store._journal.facts import run_of
from litmus_core.store._projections.decisions import affected_by_bar
from litmus_core.types import CandidateTrained, DatasetImported, ExperimentCreated, RunQueued


def affected_keys(fact: Any) -> Iterator[tuple[str, str]]:
    """Yield the (table, key) pairs whose rows applying the fact may read or change."""
    candidate_id = getattr(fact, "candidate_id", None)
    if isinstance(fact, CandidateTrained):
        candidate_id = fact.candidate.id
    if candidate_id is not None:
        yield from (
            ("candidates", candidate_id),
            ("latencies", candidate_id),
            ("test_evaluations", candidate_id),
        )
        yield "runs", fact.candidate.run_id if isinstance(fact, CandidateTrained) else run_of(candidate_id)
    if isinstance(fact, DatasetImported):
        yield "datasets", fact.version.dataset_id
    for table, name in _key_fields(fact.__class__):
        if (key := getattr(fact, name)) is not None:
            yield table, key
    yield from affected_by_bar(fact)
    if isinstance(fact, (ExperimentCreated, RunQueued)):
        yield "experiments", fact.experiment.id


@cache
def _key_fields(kind: type) -> tuple[tuple[str, str], ...]:
    """Return the (table, field) pairs of the fields of a kind of fact that hold a row's key."""
    names = {field.name for field in fields(kind)}
    tables = ("run", "dataset", "experiment", "endpoint", "handoff")
    return tuple((f"{table}s", f"{table}_id") for table in tables if f"{table}_id" in names)
