"""Home: the current experiment with its next step, other experiments, and samples."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.navigation import PageKey
from app.presenters import humanize
from app.presenters.markdown import literal
from app.presenters.question.questions import question
from app.presenters.recommendation import recommended_choice
from app.presenters.results.scores import named
from app.presenters.results.verdict import chance_text
from app.presenters.work.recent import RecentWorkView
from app.theme import Tone
from litmus_core.experiments import ForecastSample, Sample, TargetsSample
from litmus_core.text import unbroken
from litmus_core.types import DatasetVersion, Experiment, ExperimentSummary, Handoff, RunStatus, Verdict
from litmus_core.verdicts import (
    cases_sentence,
    caution_sentence,
    is_untrusted,
    judged_by,
    unit_of,
    verdict_sentence,
)

__all__ = [
    "AnsweredView",
    "CurrentExperimentView",
    "HomeView",
    "NextStep",
    "RecentView",
    "SampleKind",
    "SampleView",
    "live_state",
    "next_step",
    "present_home",
    "present_sample",
]

SampleKind = Literal["run", "forecast", "targets"]
_KINDS: dict[type, SampleKind] = {Sample: "run", ForecastSample: "forecast", TargetsSample: "targets"}
_N_RECENT = 6
_N_ANSWERED = 3
_LONGEST = 120  # characters of a question
_ENDED: dict[RunStatus, str] = {
    "failed": "The training could not go on. Open it to see why, and what to do.",
    "interrupted": "The training ended before it was done; what was trained until then is kept.",
    "stopped": "The training was stopped before there was a verdict.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """The next thing to do."""

    label: str
    page: PageKey
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentView:
    """One experiment in a line: its link, its state, its owner and its time."""

    experiment_id: str
    name: str
    page: PageKey
    word: str
    icon: str
    tone: Tone
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentExperimentView:
    """The current experiment."""

    experiment_id: str
    name: str
    question: str
    word: str
    icon: str
    tone: Tone
    sentence: str
    under_way: str  # that another run is training while the verdict stands; "" if none is
    detail: str
    step: NextStep


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredView:
    """A new answer to a question of this visitor."""

    handoff_id: str
    experiment_id: str
    message: str
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleView:
    """A sample table to start from."""

    name: str
    title: str
    description: str
    teaches: str
    kind: SampleKind


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeView:
    """The data of Home; ``current`` is None in an empty workspace."""

    current: CurrentExperimentView | None
    answered: tuple[AnsweredView, ...]
    recent: tuple[RecentView, ...]
    n_experiments: int
    table: DatasetVersion | None  # the newest table if there is no experiment yet
    samples: tuple[SampleView, ...]
    work: RecentWorkView | None


def present_home(
    summaries: Sequence[ExperimentSummary],
    datasets: Sequence[DatasetVersion],
    samples: Sequence[Sample | ForecastSample | TargetsSample],
    *,
    work: RecentWorkView | None = None,
    answered: Sequence[Handoff] = (),
    name: str = "",
    message: str | None,
    why_ended: Callable[[str], str] = lambda run_id: "",
    now: datetime,
) -> HomeView:
    """Select the current experiment (the visitor's last, otherwise the latest) and present everything.

    Of the ``answered`` questions, those asked under the visitor's ``name`` are shown. ``why_ended`` returns
    why a run ended early.
    """
    latest = sorted(summaries, key=lambda summary: summary.updated_at, reverse=True)
    current = next((summary for summary in latest if summary.experiment.id == message), None)
    current = current or next(iter(latest), None)
    others = [summary for summary in latest if summary is not current][:_N_RECENT]
    return HomeView(
        current=None if current is None else _present_current(current, why_ended, now=now),
        answered=_present_answered(
            [handoff for handoff in answered if handoff.asked_by == name],
            {summary.experiment.id: summary.experiment.name for summary in latest},
            now=now,
        ),
        recent=tuple(_present_recent(summary, now=now) for summary in others),
        n_experiments=len(latest),
        table=None if current is not None else next(iter(datasets), None),
        samples=tuple(map(present_sample, samples)),
        work=work,
    )


def present_sample(sample: Sample | ForecastSample | TargetsSample) -> SampleView:
    """Present a sample table to start from."""
    return SampleView(
        name=sample.name,
        title=sample.title,
        description=sample.description,
        teaches=sample.teaches,
        kind=_KINDS[type(sample)],
    )


def _present_answered(
    handoffs: Sequence[Handoff], names: Mapping[str, str], *, now: datetime
) -> tuple[AnsweredView, ...]:
    views = [
        AnsweredView(
            handoff_id=handoff.id,
            experiment_id=handoff.experiment_id,
            message=f"{handoff.answered_by or 'A scientist'} answered your question about "
            f"{names[handoff.experiment_id]}, {humanize.ago(handoff.answered_at, now=now)}.",
            question=humanize.short(" ".join(handoff.question.split()), _LONGEST),
        )
        for handoff in handoffs
        if handoff.experiment_id in names
    ]
    return tuple(views[:_N_ANSWERED])


def next_step(summary: ExperimentSummary) -> NextStep:
    """Return the next thing to do with an experiment."""
    if summary.status is None:
        return NextStep(label="Train the first models", page="train", why="Nothing was trained yet.")
    if summary.status in ("queued", "running"):
        return NextStep(label="Watch the training", page="train")
    verdict = summary.verdict
    if verdict is None:
        return NextStep(label="See what happened", page="train", why=_ended_words(summary))
    if _is_accepted(summary):
        return NextStep(label="Put it to work", page="export", why=_accepted(summary))
    if verdict.obstacles:
        why = "Do not trust the score yet." if is_untrusted(verdict) else "Check the data first."
        return NextStep(label="See what makes the score true", page="improve", why=why)
    if verdict.excesses:
        return NextStep(label="See which models fit the budget", page="results")
    if verdict.outcome == "no bar":
        return NextStep(label="See the results", page="results")
    choice = recommended_choice(verdict)
    if choice == "use":
        why = "It is good enough." if verdict.outcome == "meets" else "It is very likely good enough."
        return NextStep(label="Put it to work", page="export", why=why)
    if choice == "bar":
        return NextStep(
            label="Move the bar", page="results", why="It asks for little more than guessing, or for less."
        )
    return NextStep(label="See what would help", page="improve")


def _is_accepted(summary: ExperimentSummary) -> bool:
    """Return whether somebody decided to use the judged model, whatever its verdict."""
    decision, verdict = summary.experiment.decision, summary.verdict
    return decision is not None and verdict is not None and decision.candidate_id == verdict.candidate_id


def _accepted(summary: ExperimentSummary) -> str:
    decision = summary.experiment.decision
    by = "" if decision is None else decision.by
    return f"{by or 'Somebody'} decided to use it anyway."


def _ended_words(summary: ExperimentSummary) -> str:
    if summary.status == "interrupted" and summary.best is None:
        return "The training ended before any model was finished; it can be started again."
    return "" if summary.status is None else _ENDED.get(summary.status, "")


def state_of(summary: ExperimentSummary) -> humanize.StateMessage:
    """Return the state of an experiment: its verdict, before the first one the latest run's status."""
    if summary.verdict is None:
        return humanize.status_message(summary.status)
    return humanize.verdict_state(summary.verdict)


def live_state(summary: ExperimentSummary) -> humanize.StateMessage | None:
    """Return the status of a run that runs while an earlier verdict stands; None if there is none."""
    if summary.verdict is None or summary.status not in ("queued", "running"):
        return None
    return humanize.status_message(summary.status)


def _present_current(
    summary: ExperimentSummary, why_ended: Callable[[str], str], *, now: datetime
) -> CurrentExperimentView:
    state = state_of(summary)
    step = next_step(summary)
    sentence = (
        step.why if summary.verdict is None else unbroken(_verdict_text(summary.verdict, summary.experiment))
    )
    if summary.status == "failed" and summary.verdict is None and summary.latest_run_id is not None:
        sentence = unbroken(why_ended(summary.latest_run_id)) or sentence
    if _is_accepted(summary):
        sentence = f"{sentence} {_accepted(summary)}"
    live = live_state(summary)
    return CurrentExperimentView(
        experiment_id=summary.experiment.id,
        name=summary.experiment.name,
        question=question(summary.experiment.task),
        word=state.word,
        icon=state.icon,
        tone=state.tone,
        sentence=sentence,
        under_way="" if live is None else _under_way(summary, live),
        detail=_detail(summary, now=now),
        step=step,
    )


def _under_way(summary: ExperimentSummary, live: humanize.StateMessage) -> str:
    is_its_own = summary.best is not None and summary.best.run_id == summary.latest_run_id
    return humanize.FINISHING if is_its_own else humanize.under_way(live)


def _verdict_text(verdict: Verdict, experiment: Experiment) -> str:
    """Return the chance of reaching the bar, the results in 1,000 cases, and problems of the data.

    The score is not repeated: Home shows it with the table and the date.
    """
    cases = cases_sentence(verdict, target=experiment.task.target)
    if not cases:
        return verdict_sentence(verdict)
    chance = chance_text(verdict)
    cautions = (caution_sentence(caution, verdict) for caution in verdict.cautions)
    return " ".join((*((f"{chance[:1].upper()}{chance[1:]}.",) if chance else ()), cases, *cautions))


def _present_recent(summary: ExperimentSummary, *, now: datetime) -> RecentView:
    state, live = state_of(summary), live_state(summary)
    parts = [_detail(summary, now=now), "" if live is None else f"latest run: {live.word.lower()}"]
    return RecentView(
        experiment_id=summary.experiment.id,
        name=summary.experiment.name,
        page="results" if summary.verdict is not None else "train",
        word=state.word,
        icon=state.icon,
        tone=state.tone,
        detail=" · ".join(part for part in parts if part),
    )


def _detail(summary: ExperimentSummary, *, now: datetime) -> str:
    table = "" if summary.dataset_name == summary.experiment.name else summary.dataset_name
    parts = [table, summary.experiment.owner, humanize.ago(summary.updated_at, now=now)]
    if summary.verdict is not None:
        if summary.status in ("failed", "interrupted"):
            parts.append(f"latest run: {humanize.status_message(summary.status).word.lower()}")
        parts.insert(0, named(judged_by(summary.verdict), unit_of(summary.verdict)))
    return " · ".join(literal(part) for part in parts if part)
