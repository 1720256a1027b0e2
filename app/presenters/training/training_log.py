"""A run's events as readable lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.presenters import humanize
from app.presenters.results.scores import named
from litmus_core.text import format_milliseconds, unbroken
from litmus_core.types import (
    CandidateMeasured,
    CandidateTested,
    CandidateTrained,
    Event,
    Fact,
    RunEnded,
    RunJudged,
    RunQueued,
    RunStage,
    RunStarted,
)
from litmus_core.verdicts import verdict_sentence

__all__ = ["LogLine", "present_log"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """``at`` is the local time of day."""

    at: str
    text: str


def present_log(events: Sequence[Event], *, unit: str = "") -> tuple[LogLine, ...]:
    """Return a run's events as lines, newest first, without purely technical ones.

    ``unit`` is the scores', such as a currency.
    """
    names: dict[str, str] = {}
    lines = []
    for event in events:
        if isinstance(event.fact, CandidateTrained):
            names[event.fact.candidate.id] = event.fact.candidate.name
        text = _text(event.fact, names, unit)
        if text:
            at = datetime.fromisoformat(event.at).astimezone()
            lines.append(LogLine(at=f"{at:%H:%M:%S}", text=unbroken(text)))
    return tuple(reversed(lines))


def _text(fact: Fact, names: dict[str, str], unit: str) -> str:
    match fact:
        case RunQueued():
            return "Asked for"
        case RunStarted():
            return "Started"
        case RunStage(message=message):
            return message
        case CandidateTrained(candidate=candidate):
            reached = candidate.validation
            score = "" if reached is None else f": {named(reached, unit)} on validation rows"
            return f"{candidate.name} is ready after {humanize.duration(candidate.fit_s)}{score}"
        case CandidateMeasured(candidate_id=id_, latency=figures):
            one = next((figure for figure in figures if figure.batch_rows == 1), None)
            return (
                "" if one is None else f"{names.get(id_, id_)} answers in {format_milliseconds(one.p95_ms)}"
            )
        case CandidateTested(candidate_id=id_, test=test, reason="chosen"):
            name = names.get(id_, id_)
            return f"{name} was chosen and scored once on the test rows: {named(test, unit)}"
        case CandidateTested(candidate_id=id_, by=by):
            return f"The test score of {names.get(id_, id_)} was looked at" + (f" by {by}" if by else "")
        case RunJudged(verdict=verdict):
            return verdict_sentence(verdict)
        case RunEnded(status=status, message=message):
            return message or humanize.status_message(status).word
        case _:
            return ""
