"""Work in training, work that ended without a result, and work of the workspace in lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from app.presenters import humanize
from litmus_core.experiments import ForecastRecord, TargetsRecord, WorkRecord
from litmus_core.text import unbroken

__all__ = ["EndedView", "TrainingView", "WorkLine", "present_earlier", "present_ended", "present_training"]

RecordT = TypeVar("RecordT", bound=WorkRecord[Any, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingView:
    """A training that is running; ``share`` of it is done."""

    name: str
    share: float
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedView:
    """A training that ended without a result."""

    name: str
    state: humanize.StateMessage
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkLine:
    """A forecast, or many targets, of the workspace in a line."""

    id: str
    name: str
    state: humanize.StateMessage
    detail: str


def present_training(record: ForecastRecord | TargetsRecord) -> TrainingView | None:
    """Present a running training; None when it is over."""
    if record.state != "running":
        return None
    return TrainingView(
        name=record.request.name, share=record.share, message=unbroken(record.message) or "Starting."
    )


def present_ended(record: WorkRecord[Any, Any]) -> EndedView:
    """Present why there is no result."""
    return EndedView(
        name=record.request.name,
        state=humanize.status_message(record.state),
        sentence=record.message or "The training was stopped before there was a result.",
    )


def present_earlier(
    records: Sequence[RecordT], details: Callable[[RecordT], list[str]], *, now: datetime
) -> tuple[WorkLine, ...]:
    """Present records in lines, with their ``details`` and their age."""
    return tuple(
        WorkLine(
            id=record.id,
            name=record.request.name,
            state=_state(record),
            detail=" · ".join([*details(record), humanize.ago(record.request.created_at, now=now)]),
        )
        for record in records
    )


def _state(record: WorkRecord[Any, Any]) -> humanize.StateMessage:
    if record.report is not None:
        return humanize.verdict_state(record.report.verdict)
    return humanize.status_message(record.state)
