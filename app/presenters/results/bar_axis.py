"""Experiments on one axis from guessing to the bar, which makes scores of different metrics comparable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.presenters.home import live_state, state_of
from app.presenters.results.scores import named
from app.theme import Tone
from litmus_core.text import format_share, unbroken
from litmus_core.types import ExperimentSummary, Verdict
from litmus_core.verdicts import (
    bar_distance_text,
    bar_progress,
    judged_by,
    readiness,
    unit_of,
    verdict_headline,
)

__all__ = ["AxisPlace", "AxisRow", "BarAxisView", "present_axis", "way_text"]

_MOST = 20  # the most experiments to draw
_FIRST, _LAST = -0.25, 2.0  # the axis, as parts of the way to the bar; scores beyond it are arrows
_PADDING = 0.08


@dataclass(frozen=True, slots=True, kw_only=True)
class AxisPlace:
    """A score and its interval on the axis, as shares of its width; ``beyond`` is an arrow, "": it fits."""

    low: float
    point: float
    high: float
    beyond: str
    reading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AxisRow:
    """One experiment: its verdict and its place on the axis (None: it has no bar above guessing)."""

    experiment_id: str
    page: str
    name: str
    mark: str
    words: str
    tone: Tone
    score: str
    gap: str
    place: AxisPlace | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BarAxisView:
    """The rows, the most ready first, and the positions of guessing and the bar on the axis."""

    rows: tuple[AxisRow, ...]
    guessing: float
    bar: float
    more: str  # how many experiments are not drawn; "" if all are

    @property
    def has_places(self) -> bool:
        """Whether any row has a place on the axis; otherwise there is no axis to draw."""
        return any(row.place is not None for row in self.rows)


def present_axis(summaries: Sequence[ExperimentSummary]) -> BarAxisView:
    """Place experiments on one axis."""
    drawn = sorted(summaries, key=readiness)[:_MOST]
    ways = [way for view in drawn if view.verdict is not None and (way := bar_progress(view.verdict))]
    first = max(_FIRST, min([0.0, *(way.low for way in ways)]))
    last = min(_LAST, max([1.0, *(way.high for way in ways)]))
    span = (first - _PADDING * (last - first), last + _PADDING * (last - first))
    more = len(summaries) - len(drawn)
    return BarAxisView(
        rows=tuple(_row(view, span) for view in drawn),
        guessing=_place(0.0, span),
        bar=_place(1.0, span),
        more=f"These are the {_MOST} most ready of {len(summaries):,}; filter to see others." if more else "",
    )


def _row(summary: ExperimentSummary, span: tuple[float, float]) -> AxisRow:
    verdict, state, live = summary.verdict, state_of(summary), live_state(summary)
    words = state.word if verdict is None else unbroken(verdict_headline(verdict))
    return AxisRow(
        experiment_id=summary.experiment.id,
        page="train" if verdict is None else "results",
        name=summary.experiment.name,
        mark=state.mark,
        words=words if live is None else f"{words} · {live.word.lower()}",
        tone=state.tone,
        score="" if verdict is None else named(judged_by(verdict), unit_of(verdict)),
        gap=""
        if verdict is None
        else ", ".join(part for part in (bar_distance_text(verdict), way_text(verdict)) if part),
        place=None if verdict is None else _on_axis(verdict, span),
    )


def way_text(verdict: Verdict) -> str:
    """Return how much of the way from guessing to the bar a model has come.

    Return "" without a bar above guessing, and beyond the bar: nobody reads "110 % of the way".
    """
    way = bar_progress(verdict)
    if way is None or way.point >= 1:
        return ""
    if way.point < 0:
        return "worse than guessing"
    return f"{unbroken(format_share(way.point))} of the way"


def _on_axis(verdict: Verdict, span: tuple[float, float]) -> AxisPlace | None:
    way = bar_progress(verdict)
    if way is None:
        return None
    beyond = "←" if way.point < span[0] else "→" if way.point > span[1] else ""
    point, low, high = (unbroken(format_share(share)) for share in (way.point, way.low, way.high))
    return AxisPlace(
        low=_place(way.low, span),
        point=_place(way.point, span),
        high=_place(way.high, span),
        beyond=beyond,
        reading=f"{point} of the way from guessing to the bar, likely {low} to {high}",
    )


def _place(value: float, span: tuple[float, float]) -> float:
    return min(1.0, max(0.0, (value - span[0]) / (span[1] - span[0])))
