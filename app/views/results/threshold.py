"""Draw the decision threshold: a slider with its effect, and, folded, other decision rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from app import state, theme
from app.charts import answered_chart, cost_chart, threshold_chart
from app.components import permitted_button
from app.errors import guard
from app.presenters.markdown import literal
from app.presenters.results.threshold import (
    DecidingView,
    ThresholdPointView,
    cost_sentence,
    is_now,
    present_answered,
    present_curve,
    present_point,
    present_shift,
)
from app.views.sliders import draw_slider
from litmus_core.advice import Answered, ThresholdCurve, ThresholdPoint
from litmus_core.types import Score, Task

__all__ = ["Decisions", "ThresholdForm", "draw_other_ways", "draw_threshold_slider"]

_GONE = "The files of this model were removed: nothing can be counted any more."
_PRECISION, _COSTS, _PEOPLE = (
    "Precision",
    "Costs",
    "Leave some to people",
)


@dataclass(frozen=True, kw_only=True)
class Decisions:
    """Results on validation rows: curves (None, (): not useful here), and functions that find thresholds."""

    curve: ThresholdCurve | None
    answered: tuple[Answered, ...]
    point_at: Callable[[float], ThresholdPoint]
    keep_precision: Callable[[float], tuple[ThresholdPoint, ThresholdPoint] | None]
    cheapest: Callable[[float, float], tuple[ThresholdPoint, ThresholdPoint] | None]
    score_at: Callable[[float], Score | None]


@dataclass(frozen=True, kw_only=True)
class ThresholdForm:
    """The data and operations of the threshold; ``read`` is called at first use, ``apply`` starts a run."""

    candidate_id: str
    task: Task
    view: DecidingView
    read: Callable[[], Decisions | None]
    apply: Callable[[str, str], None]


@st.fragment
def draw_threshold_slider(form: ThresholdForm) -> None:
    """Draw the slider, and, once it was moved, its effect and the button that applies it."""
    view = form.view
    key = f"decide.threshold.{form.candidate_id}"
    now = round(min(max(view.now, 0.01), 0.99), 2)
    at = draw_slider(
        literal(f"When should we act? “{view.positive}” from this probability on"),
        0.01,
        0.99,
        start=now,
        step=0.01,
        key=key,
        format="%.2f",
        help="Technical word: decision threshold. Its effect is counted on validation data.",
    )
    if abs(at - now) < 0.005:
        return
    with guard(safe="Nothing was changed."):
        reading = form.read()
        if reading is None or reading.curve is None:
            st.caption(_GONE)
            return
        shift = present_shift(reading.point_at(at), reading.point_at(view.now), view)
        st.markdown(literal(shift.sentence))
        if permitted_button(
            "Judge the model with this",
            action="candidates.postprocess",
            key="decide.threshold.apply",
            icon=":material/gavel:",
        ):
            form.apply(form.candidate_id, shift.step)
        st.caption(literal(view.duration))


@st.fragment
def draw_other_ways(form: ThresholdForm) -> None:
    """Draw, folded, a threshold by precision or by costs, and cases that are left to people."""
    folded = st.expander(
        form.view.others,
        icon=":material/tune:",
        key=f"decide.others.{form.candidate_id}",
        on_change="rerun",
    )
    if not folded.open:
        return
    with folded, guard(safe="Nothing was changed."):
        with st.spinner("Counting what each threshold does…"):
            decisions = form.read()
        if decisions is None:
            st.markdown(_GONE)
            return
        _draw(form, decisions)


def _draw(form: ThresholdForm, decisions: Decisions) -> None:
    ways = [_PRECISION, _COSTS] if decisions.curve is not None else []
    ways += [_PEOPLE] if len(decisions.answered) > 1 else []
    if not ways:
        st.markdown("There are too few validation rows to tell.")
        return
    way = _draw_ways(ways, form)
    step = _draw_people(form, decisions) if way == _PEOPLE else _draw_threshold(form, decisions, way)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        pressed = permitted_button(
            "Judge the model with this",
            action="candidates.postprocess",
            key="deciding.apply",
            icon=":material/gavel:",
            disabled=not step,
            help=None if step else "This is what it does now.",
        )
        st.caption(literal(form.view.duration))
    if pressed:
        with guard(safe="Nothing was started."):
            form.apply(form.candidate_id, step)


def _draw_ways(ways: list[str], form: ThresholdForm) -> str:
    if len(ways) == 1:
        return ways[0]
    first = _COSTS if form.view.costs is not None else ways[0]
    picked = st.segmented_control(
        "Choose by", ways, default=first, required=True, key=f"deciding.way.{form.candidate_id}"
    )
    return picked or first


def _draw_threshold(form: ThresholdForm, decisions: Decisions, way: str) -> str:
    """Draw one way to choose a threshold, and return its step."""
    view, costs, precision = form.view, form.view.costs, 0.0
    if way == _COSTS:
        costs = _draw_costs(form)
        pair = decisions.cheapest(*costs)
    else:
        precision = _draw_precision(form)
        pair = decisions.keep_precision(precision)
    if pair is None:
        st.markdown(f"No threshold reaches a precision of {100 * precision:.0f} in 100.")
        return ""
    point, across = pair if not is_now(pair[0].at, view) else (decisions.point_at(view.now), None)
    point_view = present_point(
        point,
        decisions.point_at(view.now),
        view,
        score=decisions.score_at(point.at),
        across=across,
        requested=precision,
    )
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _draw_curve(form, decisions, chosen=point.at, costs=costs)
    with right:
        _draw_point(point_view, "" if costs is None else cost_sentence(across or point, costs, view))
    return point_view.step


def _draw_precision(form: ThresholdForm) -> float:
    key = f"deciding.precision.{form.candidate_id}"
    percentage = draw_slider(
        "Of 100 flagged cases, at least this many are right",
        50,
        99,
        start=90,
        step=1,
        key=key,
        help="Technical word: precision. Of the thresholds that keep it, the one that finds most is taken.",
    )
    return percentage / 100


def _draw_costs(form: ThresholdForm) -> tuple[float, float]:
    costs = form.view.costs or (1.0, 5.0)
    with st.container(horizontal=True, gap="small"):
        alarm = st.number_input(
            "A false alarm costs",
            min_value=0.0,
            value=costs[0],
            key=f"deciding.alarm.{form.candidate_id}",
            width=200,
        )
        miss = st.number_input(
            "A missed case costs",
            min_value=0.0,
            value=costs[1],
            key=f"deciding.miss.{form.candidate_id}",
            width=200,
        )
    return float(alarm), float(miss)


def _draw_curve(
    form: ThresholdForm, decisions: Decisions, *, chosen: float, costs: tuple[float, float] | None
) -> None:
    if decisions.curve is None:
        return
    curve = present_curve(decisions.curve, form.view, chosen=chosen, metric=form.task.metric, costs=costs)
    st.vega_lite_chart(
        spec=threshold_chart(curve, dark=theme.is_dark()),
        key=f"chart.deciding.{form.candidate_id}",
        alt=curve.reading,
    )
    if curve.cost is not None:
        st.vega_lite_chart(
            spec=cost_chart(curve, curve.cost, dark=theme.is_dark()),
            key=f"chart.costing.{form.candidate_id}",
            alt=curve.reading,
        )
    st.caption(literal(curve.reading))


def _draw_point(view: ThresholdPointView, cost: str) -> None:
    st.markdown(literal(view.sentence))
    st.markdown(literal(view.sure))
    if cost:
        st.markdown(cost)
    if view.score:
        st.markdown(f"On validation data: **{literal(view.score)}**.")
    if view.caution:
        st.caption(literal(view.caution))


def _draw_people(form: ThresholdForm, decisions: Decisions) -> str:
    curve = decisions.answered
    key = f"deciding.people.{form.candidate_id}"
    places = list(range(len(curve)))
    at = st.select_slider(
        "This share of the least certain cases goes to people",
        places,
        value=state.initial_value(key, min(2, len(places) - 1)),
        format_func=lambda place: f"{100 * curve[place].left:.0f} %",
        key=key,
        help="Technical word: abstention.",
    )
    drawn, view = present_answered(curve, at, task=form.task)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.vega_lite_chart(
            spec=answered_chart(drawn, dark=theme.is_dark()),
            key=f"chart.people.{form.candidate_id}",
            alt=drawn.reading,
        )
        st.caption(literal(drawn.reading))
    with right:
        st.markdown(literal(view.sentence))
        st.markdown(f"On validation data: {literal(view.score)}")
        st.caption("The score is better on fewer rows; the others cost people time.")
    return view.step
