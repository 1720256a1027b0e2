"""The newest forecasts and many targets of the workspace, for Home."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.presenters.forecasting.result import line_details as forecast_details
from app.presenters.many_targets.result import line_details as targets_details
from app.presenters.work.board import WorkKind
from app.presenters.work.records import WorkLine, present_earlier
from litmus_core.experiments import ForecastRecord, TargetsRecord, WorkRecord
from litmus_core.text import format_count

__all__ = ["N_RECENT", "RecentWork", "RecentWorkView", "present_recent"]

N_RECENT = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentWork:
    """A forecast, or many targets, in a line."""

    kind: WorkKind
    line: WorkLine


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentWorkView:
    """The newest work, and links to all of a kind that has more: the kind, and the link's words."""

    recent: tuple[RecentWork, ...]
    links: tuple[tuple[WorkKind, str], ...]


def present_recent(
    forecasts: Sequence[ForecastRecord],
    targets: Sequence[TargetsRecord],
    *,
    n_all: tuple[int, int],
    now: datetime,
) -> RecentWorkView:
    """Present the newest of both kinds together; ``n_all`` is how many forecasts and targets there are."""
    lines = [
        *_dated("forecast", forecasts, present_earlier(forecasts, forecast_details, now=now)),
        *_dated("targets", targets, present_earlier(targets, targets_details, now=now)),
    ]
    recent = [work for _, work in sorted(lines, key=lambda pair: pair[0], reverse=True)][:N_RECENT]
    return RecentWorkView(recent=tuple(recent), links=tuple(_links(recent, *n_all)))


def _dated(
    kind: WorkKind, records: Sequence[WorkRecord[Any, Any]], lines: Sequence[WorkLine]
) -> list[tuple[str, RecentWork]]:
    """Return when each was asked for, beside its line."""
    return [
        (record.request.created_at, RecentWork(kind=kind, line=line))
        for record, line in zip(records, lines, strict=True)
    ]


def _links(recent: Sequence[RecentWork], n_forecasts: int, n_targets: int) -> list[tuple[WorkKind, str]]:
    shown = [work.kind for work in recent]
    links: list[tuple[WorkKind, str]] = []
    if n_forecasts > shown.count("forecast"):
        links.append(("forecast", f"See {format_count(n_forecasts, 'forecast')}"))
    if n_targets > shown.count("targets"):
        links.append(("targets", f"See {format_count(n_targets, 'training')} of many targets"))
    return links
