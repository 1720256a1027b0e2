"""Apply facts to the rows of the analytic store."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from litmus_core.store._analytic.extra_fields import set_extra
from litmus_core.store._analytic.rows import (
    CANDIDATE_COLUMNS,
    EXPERIMENT_COLUMNS,
    VERSION_COLUMNS,
    columns_of,
)
from litmus_core.store._analytic.unit_of_work import Row, UnitOfWork
from litmus_core.store._projections.affected import affected_keys
from litmus_core.store._projections.decisions import (
    DECISION_APPLIERS,
    bar_columns,
    verdict_columns,
)
from litmus_core.store._projections.final_models import FINAL_APPLIERS
from litmus_core.store._projections.fits import FIT_APPLIERS
from litmus_core.store._projections.handoffs import HANDOFF_APPLIERS
from litmus_core.store._projections.production import PRODUCTION_APPLIERS
from litmus_core.store._projections.recipes import RECIPE_APPLIERS
from litmus_core.types import (
    BundleDeleted,
    Candidate,
    CandidateMeasured,
    CandidateScored,
    CandidateTested,
    CandidateTrained,
    DatasetDeleted,
    DatasetImported,
    DatasetRenamed,
    Event,
    Experiment,
    ExperimentCreated,
    ExperimentDeleted,
    ExperimentRenamed,
    FindingsDismissed,
    LatencyFigure,
    RunDeleted,
    RunEnded,
    RunJudged,
    RunQueued,
    RunRenamed,
    RunRequeued,
    RunStage,
    RunStarted,
    Score,
    VersionDeleted,
    to_plain,
)

# Test-set evaluations are kept: they count even when the run is deleted.
_RUN_TABLES = {"runs": "id"} | dict.fromkeys(("candidates", "latencies", "run_events", "trials"), "run_id")
_NOTHING: Row = {"message": "", "hint": "", "missing": "[]", "left_out": "[]"}
_NOT_OVER: Row = {"ended_at": None, "stage": None} | _NOTHING
_TOO_LARGE = 2**63  # too large for a BIGINT; the task itself keeps any seed
_EXPERIMENT_TABLES = dict.fromkeys(
    (*_RUN_TABLES, "test_evaluations", "recipe_notes", "handoffs"), "experiment_id"
) | {"experiments": "id"}


def apply(draft: UnitOfWork, events: list[Event]) -> None:
    """Apply the events to the draft in order, and write it.

    Facts about a deleted run or candidate, and facts that were already applied, change nothing.
    """
    start = 0
    for position, event in enumerate(events):
        if type(event.fact) in _DELETIONS:
            _apply_segment(draft, events[start:position])
            _DELETIONS[type(event.fact)](draft, event.fact)
            start = position + 1
    _apply_segment(draft, events[start:])


def _apply_segment(draft: UnitOfWork, events: list[Event]) -> None:
    draft.load(key for event in events for key in affected_keys(event.fact))
    for event in events:
        _APPLIERS[type(event.fact)](draft, event.fact, event)
    draft.write()


# Data sets


def _dataset_imported(draft: UnitOfWork, fact: DatasetImported, event: Event) -> None:
    version = fact.version
    if draft.one("datasets", version.dataset_id) is None:
        row = {"id": version.dataset_id, "name": version.name, "created_at": version.created_at}
        draft.put("datasets", row)
    row = columns_of(version, VERSION_COLUMNS, elsewhere=("name", "columns"))
    draft.put("dataset_versions", row | {"columns": json.dumps(to_plain(version.columns))})


def _dataset_renamed(draft: UnitOfWork, fact: DatasetRenamed, event: Event) -> None:
    if row := draft.one("datasets", fact.dataset_id):
        draft.put("datasets", row | {"name": fact.name})


def _findings_dismissed(draft: UnitOfWork, fact: FindingsDismissed, event: Event) -> None:
    if row := draft.one("datasets", fact.dataset_id):
        dismissed = set(json.loads(row["known_findings"] or "[]"))
        dismissed = dismissed | set(fact.keys) if fact.dismissed else dismissed - set(fact.keys)
        draft.put("datasets", row | {"known_findings": json.dumps(sorted(dismissed))})


# Experiments


def _experiment_created(draft: UnitOfWork, fact: ExperimentCreated, event: Event) -> None:
    if draft.one("experiments", fact.experiment.id) is None:
        draft.put("experiments", _experiment_row(fact.experiment))


def _experiment_row(experiment: Experiment) -> Row:
    task = experiment.task
    return columns_of(experiment, EXPERIMENT_COLUMNS, elsewhere=("task",)) | {
        "dataset_version_id": task.dataset_version_id,
        "target": task.target,
        "problem_type": task.problem_type,
        "metric": task.metric,
        "max_latency_ms": task.budget.max_latency_ms,
        "max_size_mb": task.budget.max_size_mb,
        "time_limit_s": task.time_limit_s,
        "seed": task.seed if abs(task.seed) < _TOO_LARGE else None,
        **bar_columns(task),
    }


def _experiment_renamed(draft: UnitOfWork, fact: ExperimentRenamed, event: Event) -> None:
    if row := draft.one("experiments", fact.experiment_id):
        draft.put("experiments", row | {"name": fact.name})


# Runs


def _run_queued(draft: UnitOfWork, fact: RunQueued, event: Event) -> None:
    if draft.one("experiments", fact.experiment.id) is None:
        draft.put("experiments", _experiment_row(fact.experiment))
    if draft.one("runs", fact.run_id) is None:
        row: Row = {
            "id": fact.run_id,
            "experiment_id": fact.experiment.id,
            "number": fact.number,
            "name": "",
            "status": "queued",
            "queued_at": event.at,
            "plan": json.dumps(to_plain(fact.plan)),
            **_NOTHING,
        }
        draft.put("runs", row)
        _add_run_event(draft, row, event)


def _run_started(draft: UnitOfWork, fact: RunStarted, event: Event) -> None:
    if row := draft.one("runs", fact.run_id):
        quiet: Row = {"remaining_s": None, "said_at": event.at, "training_now": None}
        begun: Row = {"status": "running", "started_at": row["started_at"] or event.at}
        draft.put("runs", row | _NOT_OVER | quiet | begun)
        _add_run_event(draft, row, event)


def _run_stage(draft: UnitOfWork, fact: RunStage, event: Event) -> None:
    if row := draft.one("runs", fact.run_id):
        values: Row = {
            "stage": fact.stage,
            "message": fact.message,
            "remaining_s": fact.remaining_s,
            "said_at": event.at,
            "training_now": fact.training_now,
        }
        draft.put("runs", row | values)
        _add_run_event(draft, row, event)


def _run_judged(draft: UnitOfWork, fact: RunJudged, event: Event) -> None:
    if row := draft.one("runs", fact.run_id):
        draft.put("runs", row | {"chosen_id": fact.candidate_id} | verdict_columns(fact.verdict))
        draft.judge(fact.run_id)
        _add_run_event(draft, row, event)


def _run_ended(draft: UnitOfWork, fact: RunEnded, event: Event) -> None:
    if row := draft.one("runs", fact.run_id):
        ended: Row = {
            "status": fact.status,
            "message": fact.message,
            "hint": fact.hint,
            "ended_at": event.at,
            "n_bytes": fact.n_bytes if fact.n_bytes is not None else row["n_bytes"],
            "seconds": json.dumps(fact.seconds) if fact.seconds is not None else row["seconds"],
            "missing": json.dumps(fact.missing),
            "left_out": json.dumps(fact.left_out),
        }
        draft.put("runs", row | ended | {"remaining_s": None, "training_now": None})
        _add_run_event(draft, row, event)


def _run_requeued(draft: UnitOfWork, fact: RunRequeued, event: Event) -> None:
    if row := draft.one("runs", fact.run_id):
        draft.put("runs", row | _NOT_OVER | {"status": "queued"})
        _add_run_event(draft, row, event)


def _run_renamed(draft: UnitOfWork, fact: RunRenamed, event: Event) -> None:
    if row := draft.one("runs", fact.run_id):
        draft.put("runs", row | {"name": fact.name})


def _add_run_event(draft: UnitOfWork, run: Row, event: Event) -> None:
    """Add the event to the run's history."""
    fact = event.fact
    draft.add_event(
        {
            "id": event.id,
            "happened_at": event.at,
            "run_id": run["id"],
            "experiment_id": run["experiment_id"],
            "type": type(fact).__name__,
            "stage": getattr(fact, "stage", None),
            "message": getattr(fact, "message", None) or getattr(fact, "status", None),
            "remaining_s": getattr(fact, "remaining_s", None),
            "training_now": getattr(fact, "training_now", None),
        }
    )


# Candidates


def _candidate_trained(draft: UnitOfWork, fact: CandidateTrained, event: Event) -> None:
    candidate = fact.candidate
    run = draft.one("runs", candidate.run_id)
    if run is None:
        return
    stored = draft.one("candidates", candidate.id)
    row = _candidate_row(candidate) | {"trained_event": event.id, "chosen": candidate.chosen}
    if stored is not None:  # a repeated fact: fields it does not set keep their values
        row = stored | {name: value for name, value in row.items() if value is not None}
        row |= {"trained_event": stored["trained_event"], "chosen": stored["chosen"]}
    draft.put("candidates", row)
    if candidate.latency:
        draft.put("latencies", *_latency_rows(row, candidate.latency), key=candidate.id)
    _add_run_event(draft, run, event)


def _candidate_row(candidate: Candidate) -> Row:
    elsewhere = ("validation", "test", "latency", "chosen", "parents")
    row = columns_of(candidate, CANDIDATE_COLUMNS, elsewhere=elsewhere)
    row["parents"] = list(candidate.parents)
    row |= _score_columns(candidate.validation, prefix="validation", metric="metric")
    return row | _score_columns(candidate.test, prefix="test", metric="test_metric")


def _score_columns(score: Score | None, *, prefix: str, metric: str) -> Row:
    return {
        metric: score and score.metric,
        prefix: score and score.value,
        f"{prefix}_low": score and score.low,
        f"{prefix}_high": score and score.high,
        f"{prefix}_rows": score and score.n_rows,
    }


def _latency_rows(candidate: Row, figures: tuple[LatencyFigure, ...]) -> list[Row]:
    subject = {"candidate_id": candidate["id"]} | {
        name: candidate[name] for name in ("run_id", "experiment_id")
    }
    return [subject | to_plain(figure) for figure in figures]


def _candidate_scored(draft: UnitOfWork, fact: CandidateScored, event: Event) -> None:
    if row := draft.one("candidates", fact.candidate_id):
        score = _score_columns(fact.validation, prefix="validation", metric="metric")
        more = set_extra(row["more"], also_validation=fact.also)
        draft.put("candidates", row | score | {"threshold": fact.threshold, "more": more})


def _candidate_measured(draft: UnitOfWork, fact: CandidateMeasured, event: Event) -> None:
    if row := draft.one("candidates", fact.candidate_id):
        measured = {
            name: getattr(fact, name) for name in ("size_bytes", "in_budget", "form", "native_reason")
        }
        draft.put("candidates", row | measured)
        draft.put("latencies", *_latency_rows(row, fact.latency), key=fact.candidate_id)


def _candidate_tested(draft: UnitOfWork, fact: CandidateTested, event: Event) -> None:
    row = draft.one("candidates", fact.candidate_id)
    if row is None:
        return
    score = _score_columns(fact.test, prefix="test", metric="test_metric")
    draft.put("candidates", row | score | {"more": set_extra(row["more"], also_test=fact.also)})
    if not draft.all(
        "test_evaluations", fact.candidate_id
    ):  # the same score again is not another test-set evaluation
        evaluation = {
            "candidate_id": fact.candidate_id,
            "run_id": row["run_id"],
            "experiment_id": row["experiment_id"],
            "looked_at": event.at,
            "reason": fact.reason,
            "who": fact.by,
            "test": fact.test.value,
            "person": event.person,
        }
        draft.put("test_evaluations", evaluation)
    if run := draft.one("runs", row["run_id"]):
        _add_run_event(draft, run, event)


# Deletions


def _dataset_deleted(draft: UnitOfWork, fact: DatasetDeleted) -> None:
    draft.delete({"datasets": "id", "dataset_versions": "dataset_id"}, fact.dataset_id)


def _version_deleted(draft: UnitOfWork, fact: VersionDeleted) -> None:
    draft.delete({"dataset_versions": "id"}, fact.version_id)


def _experiment_deleted(draft: UnitOfWork, fact: ExperimentDeleted) -> None:
    draft.delete(_EXPERIMENT_TABLES, fact.experiment_id)


def _run_deleted(draft: UnitOfWork, fact: RunDeleted) -> None:
    draft.delete(_RUN_TABLES, fact.run_id)


def _bundle_deleted(draft: UnitOfWork, fact: BundleDeleted) -> None:
    draft.delete({"bundles": "id", "certificates": "bundle_id"}, fact.bundle_id)


_DELETIONS: dict[type, Callable[[UnitOfWork, Any], None]] = {
    BundleDeleted: _bundle_deleted,
    DatasetDeleted: _dataset_deleted,
    ExperimentDeleted: _experiment_deleted,
    RunDeleted: _run_deleted,
    VersionDeleted: _version_deleted,
}
_APPLIERS: dict[type, Callable[[UnitOfWork, Any, Event], None]] = {
    **DECISION_APPLIERS,
    **HANDOFF_APPLIERS,
    **PRODUCTION_APPLIERS,
    **FINAL_APPLIERS,
    **FIT_APPLIERS,
    **RECIPE_APPLIERS,
    CandidateMeasured: _candidate_measured,
    CandidateScored: _candidate_scored,
    CandidateTested: _candidate_tested,
    CandidateTrained: _candidate_trained,
    DatasetImported: _dataset_imported,
    DatasetRenamed: _dataset_renamed,
    ExperimentCreated: _experiment_created,
    ExperimentRenamed: _experiment_renamed,
    FindingsDismissed: _findings_dismissed,
    RunEnded: _run_ended,
    RunJudged: _run_judged,
    RunQueued: _run_queued,
    RunRenamed: _run_renamed,
    RunRequeued: _run_requeued,
    RunStage: _run_stage,
    RunStarted: _run_started,
}
