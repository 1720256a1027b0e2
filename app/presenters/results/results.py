"""Results of a run: the verdict, the next step, and the models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from app.presenters import humanize
from app.presenters.markdown import literal
from app.presenters.metrics import metric_messages
from app.presenters.question.questions import question
from app.presenters.results.candidates import (
    CandidateView,
    LeaderboardView,
    ScatterView,
    present_candidate,
    present_leaderboard,
    present_scatter,
)
from app.presenters.results.decision import DecisionView, present_decision
from app.presenters.training.run_end import GO_ON, cut_short_message, folds_message, hint_message
from app.theme import Tone
from litmus_core.runtime import part_text
from litmus_core.text import NARROW, format_bytes, format_count, format_milliseconds, unbroken
from litmus_core.types import (
    Algorithm,
    Bar,
    Candidate,
    Compression,
    Experiment,
    ReusedModel,
    Run,
    RunPlan,
    RunStatus,
    SplitPlan,
    Task,
    WarmStart,
)
from litmus_core.verdicts import as_judged, unit_of, weighted_text

__all__ = [
    "LiveRunView",
    "ResultsView",
    "StatusView",
    "TechnicalRow",
    "present_evaluations",
    "present_results",
    "run_label",
]

StatusAction = Literal["train", "finish", ""]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusView:
    """A run without a verdict, or one that ended early: what happened, and what to do."""

    word: str
    icon: str
    tone: Tone
    sentence: str
    hint: str
    action: StatusAction
    label: str
    is_live: bool
    is_aside: bool = False  # shown below a verdict, with the models


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveRunView:
    """A live run of the experiment, while this run's verdict stands."""

    experiment_id: str
    run_id: str
    status: RunStatus
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TechnicalRow:
    """One line of the folded technical panel."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsView:
    """The data of the page about one run, except the diagnosis."""

    name: str
    question: str
    run_id: str
    run_name: str
    run_number: int
    runs: tuple[tuple[str, str], ...]  # (run id, label in the picker), latest first
    status: StatusView | None
    decision: DecisionView | None
    live: LiveRunView | None
    leaderboard: LeaderboardView
    scatter: ScatterView
    opened: CandidateView | None
    evaluations: str = ""
    technical: tuple[TechnicalRow, ...]


def present_results(
    experiment: Experiment,
    run: Run,
    candidates: Sequence[Candidate],
    *,
    runs: Sequence[Run],
    leading: Run | None = None,
    opened_id: str | None,
    n_evaluations: int,
    n_folds: int,
    promised: Bar | None = None,
    was_tuning: bool = False,
) -> ResultsView:
    """Present a run; ``opened_id`` names the candidate to show in detail (default: the chosen or first).

    ``promised`` is the best bar that its model very likely meets. ``leading`` is the id of the run with the
    best model. ``was_tuning``: tuning was interrupted, and can continue.
    """
    task = experiment.task
    verdict = run.verdict
    unit = "" if verdict is None else unit_of(verdict)
    shown = [as_judged(candidate, verdict) for candidate in candidates]
    opened = next((candidate for candidate in shown if candidate.id == opened_id), next(iter(shown), None))
    return ResultsView(
        name=experiment.name,
        question=question(task),
        run_id=run.id,
        run_name=run.name,
        run_number=run.number,
        runs=tuple((item.id, run_label(item, leading)) for item in reversed(runs)),
        status=_status(run, candidates, was_tuning=was_tuning),
        decision=_decision(experiment, run, candidates, n_evaluations=n_evaluations, promised=promised),
        live=_live_run(run, runs),
        leaderboard=present_leaderboard(shown, task, unit=unit),
        scatter=present_scatter(candidates, task, opened=None if opened is None else opened.id, unit=unit),
        opened=None if opened is None else present_candidate(opened, shown, task, verdict=verdict),
        technical=tuple(_technical(experiment, run, candidates, n_folds=n_folds)),
    )


def _decision(
    experiment: Experiment,
    run: Run,
    candidates: Sequence[Candidate],
    *,
    n_evaluations: int,
    promised: Bar | None,
) -> DecisionView | None:
    if run.verdict is None:
        return None
    decision = experiment.decision
    return present_decision(
        run.verdict,
        task=experiment.task,
        candidates=candidates,
        n_evaluations=n_evaluations,
        promised=promised,
        decision=decision if decision is not None and decision.run_id == run.id else None,
    )


def _live_run(shown: Run, runs: Sequence[Run]) -> LiveRunView | None:
    live = next((run for run in runs if run.id != shown.id and run.status in ("queued", "running")), None)
    if live is None or shown.verdict is None:
        return None
    sentence = humanize.under_way(humanize.status_message(live.status), live.title)
    return LiveRunView(
        experiment_id=live.experiment_id, run_id=live.id, status=live.status, sentence=sentence
    )


def run_label(run: Run, leading: Run | None) -> str:
    """Return a run's label in a picker; ``leading`` is the run with the best model."""
    state = (
        humanize.status_message(run.status).word
        if run.verdict is None
        else humanize.verdict_state(run.verdict).word
    )
    best = ", the best so far" if leading is not None and run.id == leading.id else ""
    return f"{run.title}: {state.lower()}{best}"


def _status(run: Run, candidates: Sequence[Candidate], *, was_tuning: bool) -> StatusView | None:
    """Return the status of a run; None if it finished completely."""
    shown = {candidate.no_final for candidate in candidates}  # the decision card shows its result
    left_out = tuple(sentence for sentence in run.left_out if sentence not in shown)
    if run.status == "finished" and run.verdict is not None and not left_out:
        return None
    state = humanize.status_message(run.status)
    sentence, hint, action, label = _status_words(run, candidates, left_out)
    if was_tuning:
        hint, action, label = hint_message(run, n_models=0, was_tuning=True), "finish", GO_ON
    sentence = unbroken(sentence)
    return StatusView(
        word=state.word,
        icon=state.icon,
        tone=state.tone,
        sentence=sentence,
        hint=hint,
        action=action,
        label=label,
        is_live=run.status in ("queued", "running"),
        is_aside=run.status == "finished" and run.verdict is not None,
    )


def _status_words(
    run: Run, candidates: Sequence[Candidate], left_out: Sequence[str]
) -> tuple[str, str, StatusAction, str]:
    n_models = format_count(len(candidates), "model")
    messages: dict[RunStatus, tuple[str, str, StatusAction, str]] = {
        "queued": ("It starts as soon as the run before it is over.", "", "train", "Go to the training"),
        "running": (
            f"{n_models} finished so far. The verdict comes when all are scored; nothing below is final.",
            "You may close this page: the training goes on.",
            "train",
            "Watch the training",
        ),
        "stopped": (
            run.message or f"It was stopped early; the best of {n_models} was kept.",
            run.hint,
            "" if run.verdict is not None else "finish" if candidates else "train",
            "Finish with the models trained so far" if candidates else "Train again",
        ),
        "failed": (
            run.message or "The run could not go on.",
            run.hint,
            "train",
            "Change something and try again",
        ),
        "interrupted": (
            f"The training process ended before its time (the computer slept or was restarted, say). "
            f"{cut_short_message(len(candidates))}",
            hint_message(run, n_models=len(candidates)),
            "finish" if candidates else "train",
            "Finish with the models trained so far" if candidates else "Train again",
        ),
        "finished": (run.message or "It ended without a verdict.", run.hint, "train", "Try again")
        if run.verdict is None
        else (" ".join(left_out), run.hint, "", ""),
    }
    return messages[run.status]


def present_evaluations(counts: Mapping[str, int]) -> str:
    """Say how many test scores of an experiment were looked at, and by whom where several people did.

    >>> present_evaluations({"Ada": 3})
    '3 test scores have been looked at in this experiment so far.'
    >>> present_evaluations({"Ada": 3, "": 1})
    '4 test scores have been looked at in this experiment so far. Ada: 3, Litmus: 1.'
    """
    n = sum(counts.values())
    if n == 0:
        return "No test score has been looked at in this experiment."
    scores = "One test score has" if n == 1 else f"{n} test scores have"
    people = ", ".join(f"{literal(name or 'Litmus')}: {n}" for name, n in counts.items())
    return f"{scores} been looked at in this experiment so far." + f" {people}." * (len(counts) > 1)


def _technical(
    experiment: Experiment, run: Run, candidates: Sequence[Candidate], *, n_folds: int
) -> list[TechnicalRow]:
    task = experiment.task
    metric = metric_messages(task.metric)
    rows = {
        "Metric": f"{metric.technical} ({task.metric}){weighted_text(task.weight)}",
        "Bar": "none" if task.bar is None else str(task.bar),
        "Budget": _budget(task),
        "Train/test split": _split(task.split),
        "Columns used": f"{len(task.features)}: {', '.join(task.features)}",
        "Model families": ", ".join(run.plan.families) or _chosen(run.plan),
        "Continues": _candidate_of(run.plan.origin_as(WarmStart)),
        "Faster variants of": _candidate_of(run.plan.origin_as(Compression)),
        "Reuses the model of": _candidate_of(run.plan.origin_as(ReusedModel)),
        "Algorithms": "; ".join(map(_algorithm, run.plan.algorithms)),
        "Custom models": ", ".join(f"{model.module}:{model.name}" for model in run.plan.models),
        "After the model": "; ".join(part_text(item) for item in run.plan.postprocess),
        "Folds": _folds(run, n_folds=n_folds if candidates else None),
        "Validated rows": folds_message(candidates, n_folds=n_folds),
        "Time limit": humanize.duration(run.plan.compute.time_limit_s or task.time_limit_s),
        "Seed": str(task.seed),
        "Positive class": task.positive_class or "",
        "Models": str(len(candidates)),
        "On disk": "" if run.n_bytes is None else format_bytes(run.n_bytes),
        "Message": run.message,
        "Started, ended (UTC)": " to ".join(
            _moment(item) for item in (run.times.started_at, run.times.ended_at) if item
        ),
        "Identifiers": f"{experiment.id}, {run.id}, {task.dataset_version_id}",
    }
    return [TechnicalRow(label=label, value=value) for label, value in rows.items() if value]


def _candidate_of(origin: WarmStart | Compression | ReusedModel | None) -> str:
    return "" if origin is None else origin.candidate_id


def _chosen(plan: RunPlan) -> str:
    """Return who chose the families of a plan that names no family; "" if there was no choice."""
    trains_another = plan.origin_as(WarmStart) or plan.origin_as(Compression)
    return "" if plan.algorithms or trains_another else "chosen by Litmus"


def _algorithm(algorithm: Algorithm) -> str:
    return f"{algorithm.key}({', '.join(map(str, algorithm.hyperparameters))})"


def _folds(run: Run, *, n_folds: int | None) -> str:
    """Return a text with the number of folds and who chose it; ``n_folds`` None: nothing is trained yet."""
    who = "chosen by Litmus" if run.plan.folds is None else "as you asked"
    if n_folds is None:
        return who if run.plan.folds is None else str(run.plan.folds.n_folds)
    return f"{n_folds}, {who}" if n_folds else f"none, one validation set; {who}"


def _moment(at: str) -> str:
    """Return a timestamp without fraction and zone.

    >>> _moment("2026-11-24T11:59:40.123456+00:00")
    '2026-11-24 11:59:40'
    """
    return at[:19].replace("T", " ")


def _budget(task: Task) -> str:
    budget, parts = task.budget, []
    if budget.max_latency_ms is not None:
        batch = format_count(budget.batch_rows, "row")
        parts.append(f"{format_milliseconds(budget.max_latency_ms)} (p95) for {batch}")
    if budget.max_size_mb is not None:
        parts.append(f"{budget.max_size_mb:g}{NARROW}MB")
    return ", ".join(parts) or "none"


def _split(split: SplitPlan) -> str:
    how = {
        "random": "at random, keeping each answer's share",
        "time": f"by time: the latest rows of {split.by} are tested on",
        "group": f"by {split.column}: all rows of one value stay together",
    }[split.kind]
    return f"{how}; {humanize.share(split.test_fraction)} for the test"
