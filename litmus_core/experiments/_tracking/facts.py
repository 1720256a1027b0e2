"""Facts about a run as MLflow stores them: parameters, metrics and tags."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from litmus_core.types import Candidate, DatasetVersion, Experiment, Run, Score, to_plain
from litmus_core.verdicts import verdict_report, verdict_sentence

_LONGEST_PARAM, _LONGEST_TAG = 6_000, 5_000  # the longest that MLflow accepts
_ODD = re.compile(r"[^\w\-. /]+")
_ENDS = {"finished": "FINISHED", "stopped": "KILLED"}


def params_of(
    experiment: Experiment, run: Run, version: DatasetVersion, chosen: Candidate | None
) -> dict[str, str]:
    """Return the parameters of a run: what was requested, on which data, and the chosen model."""
    task, plan = experiment.task, run.plan
    params: dict[str, Any] = {
        "target": task.target,
        "task": task.task_type.name if task.task_type else task.problem_type,
        "metric": task.metric,
        "bar": task.bar,
        "features": len(task.features),
        "split": task.split.kind if task.split.column is None else f"{task.split.kind}:{task.split.column}",
        "seed": task.seed,
        "time_limit_s": plan.compute.time_limit_s or task.time_limit_s,
        "folds": None if plan.folds is None else to_plain(plan.folds, with_defaults=False),
        "families": ", ".join(plan.families) or None,
        "algorithms": to_plain(plan.algorithms, with_defaults=False) or None,
        "data": f"{version.name} v{version.version}",
        "data_rows": version.n_rows,
        "data_sha256": version.content_hash,
        "model": None if chosen is None else chosen.name,
        "model_family": None if chosen is None else chosen.family,
    }
    return {name: str(value)[:_LONGEST_PARAM] for name, value in params.items() if value is not None}


def metrics_of(run: Run, chosen: Candidate | None) -> dict[str, float]:
    """Return the scores with the ends of their intervals, and the measurements of the model."""
    metrics: dict[str, float] = {}
    for part, scores in _scores(chosen):
        for score in scores:
            name = f"{part}.{_ODD.sub('_', score.metric).strip('_')}"
            metrics |= {name: score.value, f"{name}.low": score.low, f"{name}.high": score.high}
    if run.verdict is not None and run.verdict.probability_passes is not None:
        metrics["chance of the bar"] = run.verdict.probability_passes
    if run.verdict is not None:
        metrics["guessing"] = run.verdict.baseline
    figure = None if chosen is None else chosen.latency_at(1)
    if figure is not None:
        metrics["latency p95 ms"] = figure.p95_ms
    if chosen is not None and chosen.size_bytes is not None:
        metrics["size MB"] = chosen.size_bytes / 1e6
    return metrics


def _scores(chosen: Candidate | None) -> Iterator[tuple[str, Sequence[Score]]]:
    if chosen is not None:
        yield "validation", [*filter(None, [chosen.validation]), *chosen.also_validation]
        yield "test", [*filter(None, [chosen.test]), *chosen.also_test]


def tags_of(experiment: Experiment, run: Run) -> dict[str, str]:
    """Return tags that identify the run, and its verdict as a word and as sentences."""
    tags = {
        "litmus.experiment": experiment.id,
        "litmus.run": run.id,
        "litmus.status": run.status,
        "mlflow.note.content": run.message,
    }
    if run.verdict is not None:
        report = verdict_report(run.verdict)
        tags |= {"litmus.verdict": run.verdict.outcome, "litmus.grade": str(report["grade"])}
        tags["mlflow.note.content"] = verdict_sentence(run.verdict)
    return {name: value[:_LONGEST_TAG] for name, value in tags.items() if value}


def end_of(run: Run) -> str:
    """Return MLflow's name for the end of the run."""
    return _ENDS.get(run.status, "FAILED")
