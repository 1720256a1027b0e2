"""Finished forecasts and many targets on Leaderboards: a section of each kind, the most ready first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from app.presenters import humanize
from app.presenters.markdown import literal
from litmus_core.experiments import JudgedWork
from litmus_core.text import format_count, unbroken
from litmus_core.types import Bar
from litmus_core.verdicts import format_work_score, verdict_headline

__all__ = ["WorkEntry", "WorkKind", "WorkRow", "WorkSection", "present_sections", "work_counts"]

WorkKind = Literal["forecast", "targets"]
_TITLES: dict[WorkKind, str] = {"forecast": "Forecasts", "targets": "Many targets"}
_COUNTED: dict[WorkKind, tuple[str, str]] = {
    "forecast": ("forecast", "forecasts"),
    "targets": ("training of many targets", "trainings of many targets"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkRow:
    """Finished work as a line of a file."""

    name: str
    verdict: str
    chance: float | None  # of reaching the bar, in percent from 0.1 to 99.9: never certain
    score: str
    baseline: str
    predicts: str
    table: str
    updated: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkEntry:
    """Finished work as an entry that leads to its result."""

    id: str
    state: humanize.StateMessage
    headline: str
    detail: str
    row: WorkRow


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkSection:
    """The work of one kind."""

    kind: WorkKind
    title: str
    entries: tuple[WorkEntry, ...]


def work_counts(work: Mapping[WorkKind, Sequence[JudgedWork]]) -> tuple[str, ...]:
    """Return how many there are of each kind."""
    return tuple(format_count(len(lines), *_COUNTED[kind]) for kind, lines in work.items() if lines)


def present_sections(
    work: Mapping[WorkKind, Sequence[JudgedWork]],
    *,
    states: Sequence[str] = (),
    table: str | None = None,
    text: str = "",
    now: datetime,
) -> tuple[WorkSection, ...]:
    """Present the work that passes the page's filters; empty filters pass everything."""
    searched = text.casefold().strip()
    sections = (
        WorkSection(
            kind=kind,
            title=_TITLES[kind],
            entries=tuple(
                _entry(one, now=now)
                for one in lines
                if (not states or humanize.verdict_state(one.verdict).word in states)
                and (table is None or one.table == table)
                and searched in f"{one.name} {one.table} {one.predicts}".casefold()
            ),
        )
        for kind, lines in work.items()
    )
    return tuple(section for section in sections if section.entries)


def _bar_text(bar: Bar | None) -> str:
    return "" if bar is None else unbroken(f"bar {format_work_score(bar.metric, bar.value)}")


def _entry(one: JudgedWork, *, now: datetime) -> WorkEntry:
    table = "" if one.table == one.name else one.table
    bar = _bar_text(one.verdict.bar)
    parts = (bar, table, humanize.ago(one.created_at, now=now))
    chance = one.verdict.probability_passes
    return WorkEntry(
        id=one.id,
        state=humanize.verdict_state(one.verdict),
        headline=unbroken(verdict_headline(one.verdict)),
        detail=" · ".join(literal(part) for part in parts if part),
        row=WorkRow(
            name=one.name,
            verdict=humanize.verdict_state(one.verdict).word,
            chance=None if chance is None else humanize.percent_of_chance(chance),
            score=one.score_text,
            baseline=one.baseline_text,
            predicts=one.predicts,
            table=one.table,
            updated=datetime.fromisoformat(one.created_at).astimezone(UTC),
        ),
    )
