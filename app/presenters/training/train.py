"""Train: the time left, the best score so far against the bar, and current trials."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from app.presenters import humanize
from app.presenters.metrics import gap_message, metric_messages
from app.presenters.results.scores import interval, named
from app.presenters.results.verdict import VerdictView, present_verdict
from app.presenters.training.cluster import ClusterView
from app.presenters.training.families import FamilyLike
from app.presenters.training.run_end import (
    GO_ON,
    cut_short_message,
    hint_message,
    judging_headline,
    stop_note,
    was_tuning,
)
from app.presenters.training.training_log import LogLine, present_log
from litmus_core.metrics import get_metric
from litmus_core.store import StopKind
from litmus_core.text import NARROW, format_count, format_milliseconds, format_score, in_unit, unbroken
from litmus_core.types import (
    Bar,
    Candidate,
    CandidateMeasured,
    CandidateTrained,
    Event,
    Progress,
    Run,
    RunStarted,
    Score,
    Task,
)
from litmus_core.verdicts import bar_text

__all__ = [
    "CourseView",
    "EndedRunView",
    "LiveView",
    "TriedView",
    "present_course",
    "present_ended_run",
    "present_live",
]


_TRAINING = (None, "split", "features", "fit")  # the stages before the evaluation
_UNCHANGED = "Your data is unchanged."


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseView:
    """The best score so far over time, against the bar, for the line chart."""

    seconds: tuple[float, ...]
    scores: tuple[float, ...]  # the scores of the models, in the order they were finished
    best: tuple[float, ...]  # the best score up to each model
    names: tuple[str, ...]
    bar: float | None
    bar_label: str
    label: str
    until_s: float  # time of the run's last message
    limit_s: float
    reading: str
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedView:
    """A finished model as a line."""

    name: str
    score: str
    detail: str
    is_best: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderView:
    """The best model so far. ``note`` is its score's interval, or says when there will be one."""

    title: str
    score: str
    note: str
    against_bar: str
    help: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveView:
    """A waiting or running run."""

    headline: str
    doing: str
    share_done: float
    leader: LeaderView
    tried: tuple[TriedView, ...]
    running: str
    coming: tuple[str, ...]
    log: tuple[LogLine, ...]
    course: CourseView
    waiting: bool
    stopping: bool
    stop_note: str  # what a stop would keep
    cluster: ClusterView | None  # the run's work on each machine, while Ray schedules it


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedRunView:
    """A run that is over."""

    title: str
    state: humanize.StateMessage
    verdict: VerdictView | None
    message: str
    hint: str
    safe: str
    can_finish: bool
    finish_label: str
    finish_help: str
    tried: tuple[TriedView, ...]
    log: tuple[LogLine, ...]
    course: CourseView
    retrains: str = ""  # the endpoint whose model was trained again

    @property
    def is_stuck(self) -> bool:
        """Whether there is nothing to show and nothing to finish: only a new attempt helps."""
        return self.verdict is None and not self.can_finish


def present_live(
    progress: Progress,
    *,
    task: Task,
    candidates: Sequence[Candidate],
    events: Sequence[Event],
    coming: Sequence[FamilyLike],
    ahead: Run | None,
    stopping: StopKind | None,
    cluster: ClusterView | None = None,
    unit: str = "",
) -> LiveView:
    """Present a waiting or running run; ``ahead`` is the run that it waits for, ``unit`` the scores'."""
    is_over = stopping == "hard"  # the run trains nothing any more
    waiting = progress.status == "queued" and not is_over
    best = progress.best.validation if progress.best is not None else None
    tried_families = {candidate.family for candidate in candidates}
    running = "" if is_over else progress.training_now or ""
    n_measured = _n_measured(events)
    is_fitting = progress.stage in _TRAINING and not stopping
    return LiveView(
        headline=_headline(progress, stopping=stopping, n_models=len(candidates)),
        doing=_waiting_words(ahead)
        if waiting
        else _doing(progress, task=task, n_measured=n_measured, is_over=is_over),
        share_done=_share_done(progress, n_measured=n_measured),
        leader=LeaderView(
            title=f"Best so far, {metric_messages(task.metric).technical}",
            score="none yet" if best is None else in_unit(format_score(best.value), unit),
            note="" if best is None else _interval_note(best, unit),
            against_bar="" if best is None else _against(task.bar, best.value, unit),
            help=metric_messages(task.metric).help,
        ),
        tried=_tried(candidates, task=task, unit=unit),
        running=running,
        coming=tuple(
            family.title
            for family in coming
            if is_fitting and family.key not in tried_families and family.title not in running
        ),
        log=present_log(events, unit=unit),
        course=present_course(events, candidates, task=task, unit=unit),
        waiting=waiting,
        stopping=is_over,
        stop_note=stop_note(progress, n_models=len(candidates)),
        cluster=cluster,
    )


def _headline(progress: Progress, *, stopping: StopKind | None, n_models: int) -> str:
    if stopping == "hard":
        return judging_headline(n_models)
    if progress.status == "queued":
        return "Waiting for its turn"
    if stopping and progress.stage in _TRAINING:
        return "Stopping after the current model; the best so far is kept"
    if progress.stage == "latency":
        return "Trained. Now measuring how fast the models answer"
    if progress.stage not in _TRAINING:
        return "Judging what was trained"
    if progress.remaining_s is None:
        return "Starting"
    if progress.remaining_s < 1:
        return "Finishing"
    return f"About {humanize.duration(progress.remaining_s)} left"


def _share_done(progress: Progress, *, n_measured: int) -> float:
    """Return the progress bar's value: by time, or by finished models while latencies are measured."""
    if progress.status == "queued":
        return 0.0
    if progress.stage == "latency":
        return min(1.0, n_measured / max(1, progress.n_trained))
    total = progress.elapsed_s + (progress.remaining_s or 0.0)
    return min(1.0, progress.elapsed_s / total) if total > 0 else 0.0


def _n_measured(events: Sequence[Event]) -> int:
    """Count the models whose latency was measured since the run started, or started again."""
    began = max((at for at, event in enumerate(events) if isinstance(event.fact, RunStarted)), default=0)
    return sum(isinstance(event.fact, CandidateMeasured) for event in events[began:])


def _doing(progress: Progress, *, task: Task, n_measured: int, is_over: bool) -> str:
    if is_over and progress.stage in _TRAINING:
        return "Judging starts in a moment"
    if progress.stage == "latency":
        return (
            f"{n_measured:,} of {format_count(progress.n_trained, 'model')} measured. "
            f"This does not count towards the {humanize.duration(task.time_limit_s)} of training."
        )
    if progress.stage == "fit" and not progress.training_now and progress.n_trained == 0:
        return "Getting the first models ready"
    return unbroken(progress.message)


def _interval_note(score: Score, unit: str) -> str:
    between = interval(score, unit)
    if not between:
        return "On validation rows. The verdict says how certain that is."
    return f"On validation rows, 95{NARROW}% certain: {between}."


def _waiting_words(ahead: Run | None) -> str:
    if ahead is None:
        return "It starts in a moment."
    return "Another run is training. One runs at a time, so that they do not slow each other down."


def _against(bar: Bar | None, value: float, unit: str) -> str:
    if bar is None:
        return ""
    return gap_message(bar.gap(value), unit)


def _tried(candidates: Sequence[Candidate], *, task: Task, unit: str) -> tuple[TriedView, ...]:
    upward = get_metric(task.metric).greater_is_better
    scored = [candidate for candidate in candidates if candidate.validation is not None]
    pick = max if upward else min
    best = pick(scored, key=_value, default=None)
    ordered = sorted(scored, key=_value, reverse=upward)
    ordered += [candidate for candidate in candidates if candidate.validation is None]
    return tuple(
        TriedView(
            name=item.name,
            score="" if item.validation is None else named(item.validation, unit),
            detail=_tried_detail(item),
            is_best=item is best,
        )
        for item in ordered
    )


def _value(candidate: Candidate) -> float:
    return 0.0 if candidate.validation is None else candidate.validation.value


def _tried_detail(candidate: Candidate) -> str:
    parts = [f"trained in {humanize.duration(candidate.fit_s)}"]
    figure = candidate.latency_at(1)
    if figure is not None:
        parts.append(f"answers in {format_milliseconds(figure.p95_ms)}")
    return ", ".join(parts)


def present_course(
    events: Sequence[Event], candidates: Sequence[Candidate], *, task: Task, unit: str = ""
) -> CourseView:
    """Return the best validation score over the run's time.

    Scores are those of ``candidates``: the evaluation may change the score that a model was trained with.
    """
    from datetime import datetime

    started = [datetime.fromisoformat(event.at) for event in events if isinstance(event.fact, RunStarted)]
    pick = max if get_metric(task.metric).greater_is_better else min
    trained: dict[str, str] = {}  # a run that is judged after a stop repeats the events of its models
    for event in events:
        if isinstance(event.fact, CandidateTrained):
            trained.setdefault(event.fact.candidate.id, event.at)
    scored = {item.id: item for item in candidates if item.validation is not None}
    models = [(scored[id_], at) for id_, at in trained.items() if id_ in scored]

    def since(at: str) -> float:
        return max(0.0, (datetime.fromisoformat(at) - started[0]).total_seconds()) if started else 0.0

    seconds = tuple(since(at) for _, at in models)
    scores = tuple(_value(item) for item, _ in models)
    best = tuple(accumulate(scores, pick))
    return CourseView(
        until_s=max([0.0, *(since(event.at) for event in events[-1:]), *seconds]),
        seconds=seconds,
        scores=scores,
        best=best,
        names=tuple(item.name for item, _ in models),
        bar=None if task.bar is None else task.bar.value,
        bar_label="" if task.bar is None else f"bar {bar_text(task.bar, unit)}",
        label=metric_messages(task.metric).technical,
        limit_s=task.time_limit_s,
        unit=unit,
        reading=_reading(best, task=task, unit=unit),
    )


def _reading(best: Sequence[float], *, task: Task, unit: str) -> str:
    if not best:
        return "No model is finished yet."
    reached = f"{metric_messages(task.metric).technical} {in_unit(format_score(best[-1]), unit)}"
    text = f"After {format_count(len(best), 'model')} the best is {reached} on validation rows"
    against = _against(task.bar, best[-1], unit)
    return f"{text}, {against}." if against else f"{text}."


def present_ended_run(
    run: Run,
    *,
    task: Task,
    candidates: Sequence[Candidate],
    events: Sequence[Event],
    n_evaluations: int,
    retrains: str = "",
    unit: str = "",
) -> EndedRunView:
    """Present a run that is over: what happened, what to do, and what is safe.

    ``n_evaluations`` is its experiment's number of test-set evaluations. ``retrains`` is the name of the
    endpoint whose model the experiment retrains, ``unit`` the scores'.
    """
    models_text = format_count(len(candidates), "finished model")
    tuning = was_tuning(run, candidates, events)
    safe = ""
    if run.status in ("failed", "interrupted"):
        safe = "" if _UNCHANGED in f"{run.message} {run.hint}" else _UNCHANGED
        safe += f" {models_text} {'is' if len(candidates) == 1 else 'are'} kept." if candidates else ""
    message = unbroken(run.message)
    if run.status == "interrupted":
        message = message or "The training ended before it was done: the computer or the process was stopped."
        message += "" if candidates else f" {cut_short_message(0)}"
    return EndedRunView(
        title=run.title,
        state=humanize.status_message(run.status),
        verdict=None if run.verdict is None else present_verdict(run.verdict, n_evaluations=n_evaluations),
        message=message,
        hint=hint_message(run, n_models=len(candidates), was_tuning=tuning),
        safe=safe.strip(),
        can_finish=run.status in ("interrupted", "failed")
        and (bool(candidates) or tuning)
        and run.verdict is None,
        finish_label=GO_ON if tuning else "Finish with what it has",
        finish_help="Tries other settings in the time that is left, then trains the best of them."
        if tuning
        else f"Combines and judges what is there: {len(candidates)} finished.",
        tried=_tried(candidates, task=task, unit=unit),
        log=present_log(events, unit=unit),
        course=present_course(events, candidates, task=task, unit=unit),
        retrains=retrains,
    )
