"""A run's candidates: as leaderboard rows, as points of score against latency, and in detail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.presenters.metrics import metric_messages
from app.presenters.results.candidate_facts import candidate_facts
from app.presenters.results.scores import interval, named
from app.presenters.results.verdict import StripView, present_strip
from litmus_core.metrics import get_metric
from litmus_core.text import (
    format_bytes,
    format_count,
    format_interval,
    format_measured,
    format_milliseconds,
    format_score,
    in_unit,
    join_names,
)
from litmus_core.types import Bar, Candidate, Score, Task, Verdict
from litmus_core.verdicts import bar_text, judged_by, time_cut_message, unit_of

__all__ = [
    "CandidateRow",
    "CandidateView",
    "LeaderboardView",
    "PointView",
    "ScatterView",
    "form_sentence",
    "present_candidate",
    "present_leaderboard",
    "present_scatter",
]

SizeUnit = Literal["kB", "MB"]
_UNITS: dict[SizeUnit, float] = {"kB": 1e3, "MB": 1e6}
PointKind = Literal["chosen", "single", "ensemble"]
SEALED = "hidden until chosen"
_LONG_TITLE = 24
_FORMS = {"compiled": "compiled", "native": "as trained"}
_FEW = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateRow:
    """One line of the leaderboard; numbers stay numbers so that columns sort. None: not measured."""

    id: str
    name: str
    is_chosen: bool
    score: float | None
    interval: str
    against_bar: float | None  # positive if better than the bar
    latency_ms: float | None
    in_budget: str
    test: str
    size: float | None  # in the leaderboard's ``size_unit``
    fit_s: float
    form: str  # the production form, "" if not recorded
    made_of: str
    abstained: float | None = None  # share of validation rows without a prediction


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderboardView:
    """All rows of the leaderboard, and its column titles."""

    rows: tuple[CandidateRow, ...]
    metric: str
    metric_help: str
    is_share: bool
    latency_title: str
    has_bar: bool
    has_budget: bool
    reading: str
    has_abstained: bool = False
    size_unit: SizeUnit = "MB"
    unit: str = ""  # of the scores: the target's, such as a currency


@dataclass(frozen=True, slots=True, kw_only=True)
class PointView:
    """One candidate as a point: ``x`` in milliseconds, ``y`` with its interval in the metric's unit."""

    id: str
    name: str
    x: float
    y: float
    low: float
    high: float
    kind: PointKind
    outside: bool  # known to be outside the budget
    label: str  # "" if a label would clutter the chart
    is_opened: bool = False
    hover: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScatterView:
    """Score against latency, with the bar and the budget."""

    points: tuple[PointView, ...]
    links: tuple[tuple[str, str], ...]  # (parent id, ensemble id)
    x_title: str
    y_title: str
    bar: Bar | None
    budget_ms: float | None
    higher_is_better: bool
    reading: str
    bar_label: str = ""
    budget_text: str = ""  # the text of a budget that is not a latency
    link_name: str = "made of"


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateView:
    """One opened candidate."""

    id: str
    name: str
    kind: str
    cut_short: str  # a sentence if the time limit ended its training, else ""
    is_chosen: bool
    form: str  # the production form and why; "" if not recorded
    strip: StripView | None
    validation: str
    test: str
    is_sealed: bool
    facts: tuple[tuple[str, str, str], ...]  # (what, value, help)
    parents: tuple[str, ...]


def present_leaderboard(candidates: Sequence[Candidate], task: Task, *, unit: str = "") -> LeaderboardView:
    """Present the candidates as a leaderboard, in the given order; ``unit`` is the target's."""
    metric = metric_messages(task.metric)
    largest = max((candidate.deployed.size_bytes or 0 for candidate in candidates), default=0)
    smallest = min((candidate.deployed.size_bytes or 1e6 for candidate in candidates), default=1e6)
    size_unit: SizeUnit = "kB" if largest < 1e6 or (smallest < 1e5 and largest < 1e8) else "MB"
    rows = tuple(_row(candidate, candidates, task, size_unit, unit) for candidate in candidates)
    rows_ms = format_count(task.budget.batch_rows, "row")
    return LeaderboardView(
        rows=rows,
        metric=metric.plain if len(metric.plain) <= _LONG_TITLE else metric.technical,
        metric_help=f"{metric.plain}. {metric.help}",
        is_share=get_metric(task.metric).unit == "share",
        latency_title="Answers in" if task.budget.batch_rows == 1 else f"Time for {rows_ms}",
        has_bar=task.bar is not None,
        has_budget=_has_budget(task),
        reading=_leaderboard_reading(candidates, task),
        has_abstained=any(candidate.abstained is not None for candidate in candidates),
        size_unit=size_unit,
        unit=unit,
    )


def _row(
    candidate: Candidate, candidates: Sequence[Candidate], task: Task, size_unit: SizeUnit, unit: str
) -> CandidateRow:
    score, used = candidate.validation, candidate.deployed
    figure = used.latency_at(task.budget.batch_rows)
    names = _names(candidates)
    return CandidateRow(
        id=candidate.id,
        name=("★ " if candidate.chosen else "")
        + candidate.name
        + (", cut short" if candidate.time_cut is not None else ""),
        is_chosen=candidate.chosen,
        score=None if score is None else score.value,
        interval="" if score is None else interval(score, unit),
        against_bar=None if score is None or task.bar is None else task.bar.lead(score.value),
        latency_ms=None if figure is None else figure.p95_ms,
        in_budget=_in_budget(candidate, task),
        test=SEALED if candidate.test is None else format_measured(candidate.test, unit),
        size=None if used.size_bytes is None else used.size_bytes / _UNITS[size_unit],
        fit_s=candidate.fit_s,
        form="" if used.form is None else _FORMS[used.form],
        made_of=", ".join(names.get(parent, parent) for parent in candidate.parents),
        abstained=candidate.abstained,
    )


def _names(candidates: Sequence[Candidate]) -> dict[str, str]:
    return {candidate.id: candidate.name for candidate in candidates}


def _has_budget(task: Task) -> bool:
    return task.budget.max_latency_ms is not None or task.budget.max_size_mb is not None


def _in_budget(candidate: Candidate, task: Task) -> str:
    if candidate.in_budget is None:
        return "not measured" if _has_budget(task) else ""
    if candidate.in_budget:
        return "yes"
    figure = candidate.latency_at(task.budget.batch_rows)
    limit = task.budget.max_latency_ms
    slow = limit is not None and figure is not None and figure.p95_ms > limit
    return "no, too slow" if slow else "no, too big"


def _leaderboard_reading(candidates: Sequence[Candidate], task: Task) -> str:
    scores = [candidate.validation for candidate in candidates if candidate.validation is not None]
    sentence = format_count(len(candidates), "model")
    if task.bar is not None and scores:
        good = sum(task.bar.passes(score.value) for score in scores)
        if len(candidates) == 1:
            sentence += f", {'better' if good else 'worse'} than the bar by its validation score"
        else:
            sentence += f", {good or 'none'} better than the bar by validation scores, which flatter the best"
    if _has_budget(task):
        sentence += (
            f", {sum(candidate.in_budget is True for candidate in candidates) or 'none'} within the budget"
        )
    if any(candidate.chosen for candidate in candidates):
        sentence += "; ★ is the chosen one"
    if n_cut := sum(candidate.time_cut is not None for candidate in candidates):
        sentence += f"; the time limit cut {n_cut} short"
    if any(candidate.is_final_used for candidate in candidates):
        sentence += ", with the speed and size of the model that has learned from all rows"
    return sentence + "."


def present_scatter(
    candidates: Sequence[Candidate], task: Task, *, opened: str | None, unit: str = ""
) -> ScatterView:
    """Present every measured candidate as a point; the opened (or chosen) one is linked to its members."""
    points = tuple(
        point
        for point in (
            _point(candidate, candidates, task, opened=opened, unit=unit) for candidate in candidates
        )
        if point
    )
    shown = {point.id for point in points}
    focus = next((candidate for candidate in candidates if candidate.id == opened), None) or next(
        (candidate for candidate in candidates if candidate.chosen), None
    )
    links = (
        ()
        if focus is None or focus.id not in shown
        else tuple((parent, focus.id) for parent in focus.parents if parent in shown)
    )
    metric = metric_messages(task.metric)
    batch = format_count(task.budget.batch_rows, "row")
    return ScatterView(
        points=points,
        links=links,
        x_title=f"Time to answer {batch}, 95th percentile, ms",
        y_title=f"Validation {metric.technical}",
        bar=task.bar,
        budget_ms=task.budget.max_latency_ms,
        higher_is_better=get_metric(task.metric).greater_is_better,
        reading=_scatter_reading(points, len(candidates), task, unit),
        bar_label="" if task.bar is None else f"bar {bar_text(task.bar, unit)}",
    )


def _point(
    candidate: Candidate, candidates: Sequence[Candidate], task: Task, *, opened: str | None, unit: str
) -> PointView | None:
    used = candidate.deployed
    score, figure = candidate.validation, used.latency_at(task.budget.batch_rows)
    if score is None or figure is None:
        return None
    kind: PointKind = "chosen" if candidate.chosen else "ensemble" if candidate.is_ensemble else "single"
    hover = f"{candidate.name}\n{named(score, unit)}\n{format_milliseconds(figure.p95_ms)}"
    if used.size_bytes is not None:
        hover += f", {format_bytes(used.size_bytes)}"
    return PointView(
        id=candidate.id,
        name=candidate.name,
        x=figure.p95_ms,
        y=score.value,
        low=score.low,
        high=score.high,
        kind=kind,
        outside=candidate.in_budget is False,
        label=candidate.name if candidate.chosen or candidate.id == opened or len(candidates) <= _FEW else "",
        is_opened=candidate.id == opened,
        hover=hover,
    )


def _scatter_reading(points: Sequence[PointView], n_all: int, task: Task, unit: str) -> str:
    if not points:
        return "No model has both a score and a measured answering time yet."
    inside = [point for point in points if _shippable(point, task)]
    fastest, metric = min(points, key=lambda point: point.x), metric_messages(task.metric).technical
    sure = f" ({format_interval(fastest.low, fastest.high, unit)})" if fastest.low < fastest.high else ""
    sentence = f"Fastest: {fastest.name}, {format_milliseconds(fastest.x)} at {metric} "
    sentence += f"{in_unit(format_score(fastest.y), unit)}{sure}."
    if task.bar is not None or task.budget.max_latency_ms is not None:
        sentence = f"{_both(task, len(inside), len(points))} {sentence}"
    if any(point.outside for point in points):
        sentence += " Hollow marks exceed the budget."
    if n_all > len(points):
        sentence += f" {format_count(n_all - len(points), 'model')} not measured, so not drawn."
    return sentence


def _both(task: Task, n_inside: int, n_all: int) -> str:
    limits = ["the bar"] * (task.bar is not None) + ["the speed limit"] * (
        task.budget.max_latency_ms is not None
    )
    by = "By validation scores " if task.bar is not None else ""
    if n_all == 1:
        sentence = f"the model {'meets' if n_inside else 'does not meet'}"
    else:
        sentence = f"{n_inside or 'none'} of {n_all} models {'meet' if n_inside > 1 else 'meets'}"
    both = "both " if len(limits) > 1 else ""
    sentence = f"{by}{sentence} {both}{join_names(limits)}."
    return sentence[:1].upper() + sentence[1:]


def _shippable(point: PointView, task: Task) -> bool:
    fast = task.budget.max_latency_ms is None or point.x <= task.budget.max_latency_ms
    return fast and (task.bar is None or task.bar.passes(point.y))


def present_candidate(
    candidate: Candidate, candidates: Sequence[Candidate], task: Task, *, verdict: Verdict | None
) -> CandidateView:
    """Present one candidate; its test score is shown only if it was revealed."""
    score, test = candidate.validation, candidate.test
    leads = score if test is None else test
    baseline, unit = (None, "") if verdict is None else (verdict.baseline, unit_of(verdict))
    decides = verdict is not None and test == judged_by(verdict)
    certainty = verdict.certainty if verdict is not None and decides else 0.95
    by_all = verdict is not None and verdict.outer_folds > 0  # the same rows validate and judge
    return CandidateView(
        id=candidate.id,
        name=candidate.name,
        kind=_kind(candidate),
        cut_short=time_cut_message(candidate, candidates),
        is_chosen=candidate.chosen,
        form=form_sentence(candidate.deployed),
        strip=None
        if leads is None or leads.n_rows == 0
        else present_strip(leads, bar=task.bar, baseline=baseline, certainty=certainty, unit=unit),
        validation="not scored yet"
        if score is None
        else _on(score, "row" if by_all else "validation row", unit),
        test=SEALED if test is None else _on(test, "row" if by_all else "test row", unit),
        is_sealed=test is None,
        facts=tuple(candidate_facts(candidate.deployed)),
        parents=tuple(_names(candidates).get(parent, parent) for parent in candidate.parents),
    )


def _on(score: Score, row: str, unit: str) -> str:
    """Return a score with its interval and number of rows; a score without an interval is not judged yet."""
    if score.n_rows == 0:
        return f"{named(score, unit)}, its interval is not known yet"
    return f"{named(score, unit)} on {format_count(score.n_rows, row)}"


def _kind(candidate: Candidate) -> str:
    if candidate.refit_of:
        return "Trained on all rows; its validation score is that of its folds, an estimate"
    if candidate.postprocess:
        return f"A model, and {format_count(len(candidate.postprocess), 'step')} after it"
    if candidate.is_ensemble:
        return (
            f"Ensemble of {format_count(len(candidate.parents), 'model')}"
            if candidate.parents
            else "Ensemble"
        )
    return candidate.family_kind[:1].upper() + candidate.family_kind[1:]


def form_sentence(candidate: Candidate) -> str:
    """Return a candidate's production form and why; "" if not recorded."""
    if candidate.form is None:
        return ""
    if candidate.form == "compiled":
        return (
            "Goes to production as a small compiled model that needs neither AutoGluon nor pandas; "
            "its answering times are of that form."
        )
    reason = f" {candidate.native_reason}" if candidate.native_reason else ""
    return f"Goes to production as trained, with the libraries it was trained with.{reason}"
