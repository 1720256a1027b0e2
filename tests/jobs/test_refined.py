"""What a run that makes faster variants is asked for: the task's budget, of time and of size."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from litmus_core.jobs._stages.warm_start import _compression_source as refined_of
from litmus_core.types import Budget, Compression, RunPlan


def context(budget: Budget, refines: Compression) -> Any:
    return SimpleNamespace(
        plan=RunPlan(origin=refines),
        experiment=SimpleNamespace(task=SimpleNamespace(budget=budget)),
        workspace=SimpleNamespace(run_dir=lambda run_id: Path("runs") / run_id),
    )


def test_both_limits_of_the_budget_are_asked_for():
    refines = Compression(candidate_id="c", run_id="run_1", model="m", shares=(0.5,))
    budget = Budget(max_latency_ms=5.0, max_size_mb=1.5, batch_rows=100)
    refined = refined_of(context(budget, refines), refines)
    assert (refined.limit_ms, refined.limit_bytes, refined.batch_rows) == (5.0, 1_500_000.0, 100)
    unlimited = refined_of(context(Budget(), refines), refines)
    assert (unlimited.limit_ms, unlimited.limit_bytes) == (None, None)
