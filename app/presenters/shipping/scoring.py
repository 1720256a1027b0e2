"""Scorings of files: progress, speed, and output."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.presenters import humanize
from app.presenters.markdown import literal
from litmus_core.text import format_count
from litmus_core.types import ScoringJob

__all__ = ["ScoringView", "present_scoring"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringView:
    """The scoring of one file; a waiting scoring counts as running, since it can be stopped.

    ``share`` is the progress from 0 to 1; None while unknown, or if nothing remains.
    """

    id: str
    file_name: str
    is_running: bool
    can_go_on: bool
    headline: str
    doing: str
    share: float | None
    message: str
    hint: str
    path: Path | None  # the path of the predictions, once complete and while they exist
    n_rows: int
    notes: tuple[str, ...] = ()


def present_scoring(job: ScoringJob) -> ScoringView:
    """Present a scoring."""
    to = Path(job.to)
    is_finished = job.status == "finished"
    is_gone = is_finished and not to.exists()
    return ScoringView(
        id=job.id,
        file_name=to.name,
        is_running=job.status in ("running", "waiting"),
        can_go_on=job.status in ("stopped", "interrupted", "failed"),
        headline=_headline(job),
        doing=_doing(job),
        share=None
        if is_finished or not job.progress.n_rows
        else min(1.0, job.progress.n_done / job.progress.n_rows),
        message=f"{to} is no longer there." if is_gone else job.message,
        hint=job.hint,
        path=to if is_finished and not is_gone else None,
        n_rows=job.progress.n_done,
        notes=tuple(map(literal, job.progress.notes)),
    )


def _headline(job: ScoringJob) -> str:
    return {
        "waiting": _waiting(job.place or 1),
        "running": "is being answered",
        "finished": f"is ready: {format_count(job.progress.n_done, 'row')} answered.",
        "stopped": "is stopped",
        "interrupted": "was cut short",
        "failed": "could not be answered",
    }[job.status]


def _waiting(place: int) -> str:
    return "waits: it is next" if place == 1 else f"waits: it is number {place} in the queue"


def _doing(job: ScoringJob) -> str:
    if not job.progress.n_rows:
        return "Reading the file" if job.status == "running" else ""
    parts = [f"{job.progress.n_done:,} of {format_count(job.progress.n_rows, 'row')}"]
    if job.status == "running" and job.progress.rows_per_s is not None:
        parts.append(f"{job.progress.rows_per_s:,.0f} rows a second")
    if job.status == "running" and job.progress.remaining_s is not None:
        parts.append(f"{humanize.duration(job.progress.remaining_s)} left")
    return " · ".join(parts)
