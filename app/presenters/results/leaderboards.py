"""Leaderboards: experiments as rows, the most ready first; two of them side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType

from app.presenters import humanize
from app.presenters.home import live_state, state_of
from app.presenters.humanize import verdict_state
from app.presenters.markdown import literal
from app.presenters.metrics import metric_messages
from app.presenters.question.questions import question
from app.presenters.results.bar_axis import way_text
from app.presenters.results.scores import named
from app.presenters.results.verdict import VerdictView, present_verdict
from app.presenters.work.board import WorkKind, work_counts
from app.theme import TONE_COLOURS
from litmus_core.experiments import JudgedWork
from litmus_core.metrics import get_metric
from litmus_core.text import (
    NARROW,
    format_bytes,
    format_count,
    format_milliseconds,
    format_number,
    format_score,
)
from litmus_core.types import CertifiedCost, ExperimentSummary, LiveState, LiveVerdict, Verdict
from litmus_core.verdicts import (
    all_flags,
    bar_distance_text,
    bar_text,
    flag_messages,
    judged_by,
    readiness,
    unit_of,
)

__all__ = [
    "CHIPS",
    "NOTHING_YET",
    "BoardRow",
    "BoardView",
    "FiltersView",
    "SideBySideView",
    "SideView",
    "present_board",
    "present_decisions",
    "present_filters",
    "present_side_by_side",
]

NOTHING_YET = "Every experiment appears here with its verdict. Begin with a table, or with a sample on Home."

# Verdicts as chips: mark, word and colour, so that none depends on colour alone.
CHIPS: dict[str, str] = {
    f"{state.mark} {state.word}": TONE_COLOURS[state.tone] for state in humanize.all_states()
} | dict.fromkeys(all_flags(), "orange")
# The last live verdicts on an endpoint's model as chips, the worst first.
LIVE_CHIPS: dict[LiveState, tuple[str, str]] = {
    "not any more": ("live: not any more", "red"),
    "doubtful": ("live: perhaps not any more", "orange"),
    "too few outcomes": ("live: cannot be known yet", "gray"),
    "probably": ("live: probably still meets", "green"),
    "still meets": ("live: still meets", "green"),
}
CHIPS |= dict(LIVE_CHIPS.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """One experiment; numbers stay numbers so that columns sort. None: unknown."""

    experiment_id: str
    chips: tuple[str, ...]  # keys of CHIPS
    name: str
    score: str  # with its metric and interval
    to_bar: str  # the distance in the metric's unit, and as a part of the way from guessing
    decided: str  # decisions of people after they knew its score
    chance: float | None  # of reaching the bar, in percent from 0.1 to 99.9: never certain
    latency_ms: float | None
    size_mb: float | None
    cost_usd: float | None  # per million predictions, if a certificate has it
    cost_on: str  # the environment of that certificate
    n_runs: int
    table: str
    owner: str
    updated: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FiltersView:
    """The choices of the filters, and the number of experiments."""

    states: tuple[str, ...]  # most ready first
    tables: tuple[str, ...]
    reading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardView(FiltersView):
    """The rows that pass the filters, and the filter choices."""

    rows: tuple[BoardRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SideView:
    """One of two compared experiments."""

    experiment_id: str
    name: str
    question: str
    verdict: VerdictView | None
    state: humanize.StateMessage
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SideBySideView:
    """Two experiments and the sentence that compares them."""

    left: SideView
    right: SideView
    sentence: str


def present_filters(
    summaries: Sequence[ExperimentSummary],
    work: Mapping[WorkKind, Sequence[JudgedWork]] = MappingProxyType({}),
) -> FiltersView:
    """Present the filters of the leaderboard: of experiments, and of finished ``work`` of other kinds."""
    counts = Counter(state_of(summary).word for summary in sorted(summaries, key=readiness))
    others = [line for lines in work.values() for line in lines]
    states = {state_of(summary) for summary in summaries} | {verdict_state(line.verdict) for line in others}
    tables = {summary.dataset_name for summary in summaries} | {line.table for line in others}
    counted = [format_count(len(summaries), "experiment")] if summaries else []
    counted += [f"{word} {n}" for word, n in counts.items()]
    return FiltersView(
        states=tuple(state.word for state in sorted(states, key=lambda state: state.rank)),
        tables=tuple(sorted(tables - {""})),
        reading=" · ".join((*counted, *work_counts(work))),
    )


def present_board(
    summaries: Sequence[ExperimentSummary],
    *,
    costs: Mapping[str, CertifiedCost] = MappingProxyType({}),
    states: Sequence[str] = (),
    table: str | None = None,
    text: str = "",
    live: Mapping[str, Mapping[str, LiveVerdict | None]] = MappingProxyType({}),
) -> BoardView:
    """Present all experiments, the most ready first; empty filters pass everything.

    ``costs`` are USD per million predictions, by candidate; ``live`` the last verdicts on deployed models, by
    experiment and endpoint.
    """
    search_text = text.casefold().strip()
    rows = tuple(
        _row(summary, costs, live.get(summary.experiment.id, {}))
        for summary in sorted(summaries, key=readiness)
        if (not states or state_of(summary).word in states)
        and (table is None or summary.dataset_name == table)
        and (not search_text or search_text in _searched(summary).casefold())
    )
    shown = present_filters(summaries)
    return BoardView(rows=rows, states=shown.states, tables=shown.tables, reading=shown.reading)


def _searched(summary: ExperimentSummary) -> str:
    return f"{summary.experiment.name} {summary.dataset_name} {summary.experiment.owner}"


def _live_chips(live: Mapping[str, LiveVerdict | None]) -> tuple[str, ...]:
    """Return the chip of the worst live verdict on an experiment's deployed models; () without a bar."""
    states = {"too few outcomes" if verdict is None else verdict.judgement.state for verdict in live.values()}
    return tuple(word for state, (word, _) in LIVE_CHIPS.items() if state in states)[:1]


def _row(
    summary: ExperimentSummary, costs: Mapping[str, CertifiedCost], live: Mapping[str, LiveVerdict | None]
) -> BoardRow:
    states = [state for state in (state_of(summary), live_state(summary)) if state is not None]
    verdict, best = summary.verdict, summary.best and summary.best.deployed
    budget = summary.experiment.task.budget
    figure = None if best is None else best.latency_at(budget.batch_rows)
    cost = None if best is None else costs.get(best.id)
    return BoardRow(
        experiment_id=summary.experiment.id,
        chips=tuple(f"{state.mark} {state.word}" for state in states) + _flags(verdict) + _live_chips(live),
        name=summary.experiment.name,
        score="" if verdict is None else named(judged_by(verdict), unit_of(verdict)),
        to_bar="" if verdict is None else _to_bar(verdict),
        decided=", ".join(_decided(summary)),
        chance=None
        if verdict is None or verdict.probability_passes is None
        else humanize.percent_of_chance(verdict.probability_passes),
        latency_ms=None if figure is None else figure.percentile_ms,
        size_mb=None if best is None or best.size_bytes is None else best.size_bytes / 1e6,
        cost_usd=None if cost is None else cost.usd,
        cost_on="" if cost is None else cost.environment,
        n_runs=summary.n_runs,
        table=summary.dataset_name,
        owner=summary.experiment.owner,
        updated=datetime.fromisoformat(summary.updated_at).astimezone(UTC),
    )


def _decided(summary: ExperimentSummary) -> list[str]:
    moved = None if summary.verdict is None else summary.verdict.moved
    decisions = {"used anyway": summary.experiment.decision, "bar moved": moved}
    return [word for word, decision in decisions.items() if decision is not None]


def present_decisions(summaries: Sequence[ExperimentSummary]) -> tuple[str, ...]:
    """Return who decided what, as Markdown sentences, by readiness."""
    return tuple(sentence for summary in sorted(summaries, key=readiness) for sentence in _decisions(summary))


def _decisions(summary: ExperimentSummary) -> list[str]:
    """Return who decided what about an experiment after its score was known, as Markdown."""
    decision, sentences = summary.experiment.decision, []
    name = f"**{literal(summary.experiment.name)}**"
    if decision is not None:
        reason = literal(f"“{decision.reason}”")
        sentences.append(f"{name}: {_who(decision.by)} uses it anyway, {_day(decision.at)}: {reason}")
    if summary.verdict is not None and summary.verdict.bar is not None and (moved := summary.verdict.moved):
        unit = unit_of(summary.verdict)
        before = "" if moved.before is None else f" from {bar_text(moved.before, unit)}"
        to = bar_text(summary.verdict.bar, unit)
        why = f" {literal(f'“{moved.because}”')}" if moved.because else ""
        sentence = f"{name}: {_who(moved.by)} moved the bar{before} to {to}, {_day(moved.at)}"
        sentences.append(f"{sentence}, knowing the score.{why}")
    return sentences


def _who(by: str) -> str:
    return literal(by) or "Somebody"


def _day(at: str) -> str:
    """Return the day of a moment as text.

    >>> _day("2026-11-04T11:59:40+00:00"), _day("")
    ('4 Nov 2026', 'on an unknown day')
    """
    if not at:
        return "on an unknown day"
    day = datetime.fromisoformat(at)
    return f"{day.day} {day:%b %Y}"


def _to_bar(verdict: Verdict) -> str:
    return " · ".join(part for part in (bar_distance_text(verdict), way_text(verdict)) if part)


def _flags(verdict: Verdict | None) -> tuple[str, ...]:
    return () if verdict is None else flag_messages(verdict)


def present_side_by_side(
    left: ExperimentSummary,
    right: ExperimentSummary,
    *,
    n_evaluations: tuple[int, int],
    costs: Mapping[str, CertifiedCost] = MappingProxyType({}),
) -> SideBySideView:
    """Present two experiments side by side; scores are compared only if that is fair.

    ``n_evaluations`` has the number of test-set evaluations of each, ``costs`` USD per million predictions by
    candidate.
    """
    return SideBySideView(
        left=_side(left, n_evaluations=n_evaluations[0], costs=costs),
        right=_side(right, n_evaluations=n_evaluations[1], costs=costs),
        sentence=_comparison(left, right),
    )


def _side(summary: ExperimentSummary, *, n_evaluations: int, costs: Mapping[str, CertifiedCost]) -> SideView:
    verdict, best = summary.verdict, summary.best and summary.best.deployed
    facts = [("Table", literal(summary.dataset_name))]
    if verdict is not None:
        facts.append(
            (metric_messages(verdict.score.metric).plain, named(judged_by(verdict), unit_of(verdict)))
        )
        if verdict.gap is not None:
            facts.append(("To the bar", _to_bar(verdict)))
    if best is not None:
        latency = best.latency_at(1)
        facts.append(("Model", literal(best.name)))
        facts.append(
            (
                "Answers one row in",
                "not measured"
                if latency is None
                else f"{format_milliseconds(latency.p95_ms)} ({latency.p95_calls})",
            )
        )
        facts.append(
            ("Size of the model", "not known" if best.size_bytes is None else format_bytes(best.size_bytes))
        )
        if (cost := costs.get(best.id)) is not None:
            facts.append(
                (
                    "A million predictions, as certified",
                    f"{format_number(cost.usd)}{NARROW}USD on '{literal(cost.environment)}'",
                )
            )
    if decided := _decisions(summary):
        facts.append(("Decided", "  \n".join(decided)))
    facts.append(("Runs", str(summary.n_runs)))
    return SideView(
        experiment_id=summary.experiment.id,
        name=summary.experiment.name,
        question=question(summary.experiment.task),
        verdict=None if verdict is None else present_verdict(verdict, n_evaluations=n_evaluations),
        state=state_of(summary),
        facts=tuple(facts),
    )


def _comparison(left: ExperimentSummary, right: ExperimentSummary) -> str:
    first, second = left.verdict, right.verdict
    if first is None or second is None:
        return "One of the two has no verdict yet."
    if first.score.metric != second.score.metric:
        return "They are judged by different measures, so their scores cannot be compared."
    task, other = left.experiment.task, right.experiment.task
    if task.target != other.target or task.type is not other.type:
        return "They answer different questions, so a higher score does not mean a better model."
    version_ids, others = ((task.test_version_id or task.dataset_version_id) for task in (task, other))
    if version_ids != others:
        return (
            "They are tested on different tables, or on different versions of one, so a higher score need "
            "not mean a better model."
        )
    a, b = first.score, second.score
    name = metric_messages(a.metric).technical
    distance = format_score(abs(a.value - b.value))
    if a.value == b.value:
        return f"On {name} they are level."
    if a.low <= b.high and b.low <= a.high:
        sentence = f"On {name} they are {distance} apart, and their intervals overlap"
        return f"{sentence}: by these alone, this may be chance."
    upward = get_metric(a.metric).greater_is_better
    ahead = left if (a.value > b.value) == upward else right
    return f"**{literal(ahead.experiment.name)}** is ahead by {distance} on {name}."
