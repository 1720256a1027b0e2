"""Leaderboards: experiments as lines, the most ready first; two of them side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType

from app.presenters import humanize
from app.presenters.home import live_state, state_of
from app.presenters.markdown import literal
from app.presenters.metrics import gap_message, metric_messages
from app.presenters.question.questions import question
from app.presenters.results.scores import named
from app.presenters.results.verdict import VerdictView, present_verdict
from app.theme import Tone
from litmus_core.metrics import get_metric
from litmus_core.text import (
    NARROW,
    format_bytes,
    format_count,
    format_milliseconds,
    format_number,
    format_score,
)
from litmus_core.types import CertifiedCost, ExperimentSummary, Verdict
from litmus_core.verdicts import excess_messages

__all__ = [
    "CHIPS",
    "BoardRow",
    "BoardView",
    "SideBySideView",
    "SideView",
    "present_board",
    "present_side_by_side",
]

# Each verdict as a chip: mark, word and colour, so that none depends on colour alone.
_CHIP_COLOURS: dict[Tone, str] = {
    "good": "green",
    "likely": "blue",
    "unsure": "violet",
    "near": "orange",
    "bad": "red",
    "quiet": "gray",
    "accent": "primary",
}
CHIPS: dict[str, str] = {
    f"{state.mark} {state.word}": _CHIP_COLOURS[state.tone] for state in humanize.all_states()
} | {"too slow": "orange", "too big": "orange"}


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """One experiment; numbers stay numbers so that columns sort. None: unknown."""

    experiment_id: str
    chips: tuple[str, ...]  # keys of CHIPS
    name: str
    score: str  # with its metric and interval
    to_bar: str  # signed, in the metric's unit, positive: on the good side
    decided: str  # who uses it whatever its verdict, and why
    chance: float | None  # that the bar is passed, 1..99: never said to be complete
    latency_ms: float | None
    size_mb: float | None
    cost_usd: float | None  # per million predictions, if a certificate has it
    cost_on: str  # the environment of that certificate
    n_runs: int
    table: str
    owner: str
    updated: datetime

    @property
    def word(self) -> str:
        """The state, without its mark."""
        return self.chips[0].partition(" ")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardView:
    """The lines that pass the filters, and the filter choices."""

    rows: tuple[BoardRow, ...]
    states: tuple[str, ...]  # most ready first
    tables: tuple[str, ...]
    reading: str


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


def present_board(
    summaries: Sequence[ExperimentSummary],
    *,
    costs: Mapping[str, CertifiedCost] = MappingProxyType({}),
    states: Sequence[str] = (),
    table: str | None = None,
    text: str = "",
) -> BoardView:
    """Present all experiments, the most ready first; empty filters pass everything.

    ``costs`` are USD per million predictions, by candidate.
    """
    ordered = sorted(summaries, key=_readiness)
    counts: dict[str, int] = {}
    for summary in ordered:
        word = state_of(summary).word
        counts[word] = counts.get(word, 0) + 1
    wanted = text.casefold().strip()
    rows = tuple(
        row
        for row in (_row(summary, costs) for summary in ordered)
        if (not states or row.word in states)
        and (table is None or row.table == table)
        and (not wanted or wanted in f"{row.name} {row.table} {row.owner}".casefold())
    )
    counts_text = " · ".join(f"{word} {n}" for word, n in counts.items())
    return BoardView(
        rows=rows,
        states=tuple(counts),
        tables=tuple(sorted({summary.dataset_name for summary in ordered})),
        reading=f"{format_count(len(ordered), 'experiment')} · {counts_text}" if ordered else "",
    )


def _readiness(summary: ExperimentSummary) -> tuple[int, bool, float, float]:
    verdict = summary.verdict
    flagged = verdict is not None and bool(verdict.excesses)
    chance = 0.0 if verdict is None or verdict.probability_passes is None else verdict.probability_passes
    updated = datetime.fromisoformat(summary.updated_at).timestamp()
    return state_of(summary).rank, flagged, -chance, -updated


def _row(summary: ExperimentSummary, costs: Mapping[str, CertifiedCost]) -> BoardRow:
    states = [each for each in (state_of(summary), live_state(summary)) if each is not None]
    verdict, best = summary.verdict, summary.best
    budget = summary.experiment.task.budget
    figure = None if best is None else best.latency_at(budget.batch_rows)
    cost = None if best is None else costs.get(best.id)
    return BoardRow(
        experiment_id=summary.experiment.id,
        chips=tuple(f"{each.mark} {each.word}" for each in states) + _flags(verdict),
        name=summary.experiment.name,
        score="" if verdict is None else named(verdict.score),
        to_bar=_to_bar(verdict),
        decided=_decided(summary),
        chance=None
        if verdict is None or verdict.probability_passes is None
        else min(99.0, max(1.0, 100 * verdict.probability_passes)),
        latency_ms=None if figure is None else figure.percentile_ms,
        size_mb=None if best is None or best.size_bytes is None else best.size_bytes / 1e6,
        cost_usd=None if cost is None else cost.usd,
        cost_on="" if cost is None else cost.environment,
        n_runs=summary.n_runs,
        table=summary.dataset_name,
        owner=summary.experiment.owner,
        updated=datetime.fromisoformat(summary.updated_at).astimezone(UTC),
    )


def _decided(summary: ExperimentSummary) -> str:
    decision = summary.experiment.decision
    return "" if decision is None else f"{decision.by or 'Somebody'} uses it anyway: {decision.reason}"


def _flags(verdict: Verdict | None) -> tuple[str, ...]:
    return () if verdict is None else excess_messages(verdict)


def _to_bar(verdict: Verdict | None) -> str:
    """Write the gap with its metric's unit: gaps of different metrics cannot be sorted as numbers."""
    if verdict is None or verdict.gap is None:
        return ""
    sign = "\u2212" if verdict.gap > 0 else "+"
    return f"{sign}{format_score(abs(verdict.gap))}"


def present_side_by_side(
    left: ExperimentSummary,
    right: ExperimentSummary,
    *,
    n_evaluations: tuple[int, int],
    costs: Mapping[str, CertifiedCost] = MappingProxyType({}),
) -> SideBySideView:
    """Present two experiments side by side; scores are compared only if that is fair.

    ``n_evaluations`` is how many test scores were looked at in each, ``costs`` USD per million predictions,
    by candidate.
    """
    return SideBySideView(
        left=_side(left, n_evaluations=n_evaluations[0], costs=costs),
        right=_side(right, n_evaluations=n_evaluations[1], costs=costs),
        sentence=_comparison(left, right),
    )


def _side(summary: ExperimentSummary, *, n_evaluations: int, costs: Mapping[str, CertifiedCost]) -> SideView:
    verdict, best = summary.verdict, summary.best
    facts = [("Table", literal(summary.dataset_name))]
    if verdict is not None:
        facts.append((metric_messages(verdict.score.metric).plain, named(verdict.score)))
        if verdict.gap is not None:
            facts.append(("Against the bar", gap_message(verdict.gap, verdict.score.metric)))
    if best is not None:
        one = best.latency_at(1)
        facts.append(("Model", literal(best.name)))
        facts.append(
            (
                "Answers one row in",
                "not measured" if one is None else f"{format_milliseconds(one.p95_ms)} ({one.p95_calls})",
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
    if decided := _decided(summary):
        facts.append(("Decided", literal(decided)))
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
    version_ids, others = ((one.test_version_id or one.dataset_version_id) for one in (task, other))
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
