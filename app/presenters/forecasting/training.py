"""A forecast's training in words: where it is, or why it ended without a result."""

from __future__ import annotations

from dataclasses import dataclass

from app.presenters import humanize
from litmus_core.experiments import ForecastRecord
from litmus_core.text import unbroken

__all__ = ["EndedView", "TrainingView", "present_ended", "present_training"]


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


def present_training(record: ForecastRecord) -> TrainingView | None:
    """Present a running training; None when it is over."""
    if record.state != "running":
        return None
    return TrainingView(
        name=record.request.name, share=record.share, message=unbroken(record.message) or "Starting."
    )


def present_ended(record: ForecastRecord) -> EndedView:
    """Present why there is no result."""
    return EndedView(
        name=record.request.name,
        state=humanize.status_message(record.state),
        sentence=record.message or "The training was stopped before there was a result.",
    )
