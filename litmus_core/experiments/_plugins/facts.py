"""What plug-ins get to know of a task and of a model: plain values, nothing of single test rows."""

from __future__ import annotations

from typing import Any

from litmus_core.metrics import get_metric
from litmus_core.types import Candidate, Task


def task_facts(task: Task) -> dict[str, Any]:
    """Return a task as plain values."""
    return {
        "target": task.target,
        "problem_type": task.problem_type,
        "metric": task.metric,
        "greater_is_better": get_metric(task.metric).greater_is_better,
        "bar": None if task.bar is None else {"op": task.bar.op, "value": task.bar.value},
        "max_latency_ms": task.budget.max_latency_ms,
        "batch_rows": task.budget.batch_rows,
        "max_size_mb": task.budget.max_size_mb,
    }


def model_facts(candidate: Candidate, task: Task) -> dict[str, Any]:
    """Return a candidate as plain values, without its test score."""
    score, figure = candidate.validation, candidate.latency_at(task.budget.batch_rows)
    return {
        "name": candidate.name,
        "family": candidate.family,
        "family_kind": candidate.family_kind,
        "score": None if score is None else score.value,
        "low": None if score is None else score.low,
        "high": None if score is None else score.high,
        "latency_ms": None if figure is None else figure.p95_ms,
        "size_bytes": candidate.size_bytes,
    }
