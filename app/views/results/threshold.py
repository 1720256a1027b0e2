"""Draw the decision threshold: a slider, its effect on 1,000 cases, and a button that applies it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from app import state, theme
from app.charts import answered_chart, threshold_chart
from app.errors import guard
from app.presenters.markdown import literal
from app.presenters.results.post import PostView
from app.presenters.results.threshold import (
    DecidingView,
    ThresholdPointView,
    is_now,
    present_answered,
    present_curve,
    present_point,
)
from app.views.results.post import draw_post
from litmus_core.advice import Answered, ThresholdCurve, ThresholdPoint
from litmus_core.types import Score, Task

__all__ = ["AfterModel", "Decisions", "DecisionsDesk", "draw_deciding", "draw_postprocessed"]

_PLOT: dict[str, Any] = {"displayModeBar": False}
_NEAR = 0.0051  # the slider has two decimals, the current threshold has more
_HAND, _PRECISION, _COSTS, _PEOPLE = (
    "By hand",
    "How often an alarm is right",
    "What mistakes cost",
    "Leave some to people",
)


@dataclass(frozen=True, kw_only=True)
class Decisions:
    """Results on validation rows: curves to draw (None, (): not useful here), and questions to ask."""

    curve: ThresholdCurve | None
    answered: tuple[Answered, ...]
    point_at: Callable[[float], ThresholdPoint]
    keep_precision: Callable[[float], tuple[ThresholdPoint, ThresholdPoint] | None]
    cheapest: Callable[[float, float], tuple[ThresholdPoint, ThresholdPoint] | None]
    score_at: Callable[[float], Score | None]


@dataclass(frozen=True, kw_only=True)
class DecisionsDesk:
    """What the explorer needs; ``read`` is called when it is opened, ``apply`` starts a run."""

    candidate_id: str
    task: Task
    view: DecidingView
    read: Callable[[], Decisions | None]
    apply: Callable[[str, str], None]


@dataclass(frozen=True, kw_only=True)
class AfterModel:
    """What comes after the opened model: the effect of its steps, and the decisions that can be made."""

    post: PostView | None
    desk: DecisionsDesk | None


def draw_postprocessed(model: AfterModel | None) -> None:
    """Draw what is available."""
    if model is not None and model.post is not None:
        draw_post(model.post)
    if model is not None and model.desk is not None:
        draw_deciding(model.desk)


@st.fragment
def draw_deciding(desk: DecisionsDesk) -> None:
    """Draw the explorer when the visitor opens it."""
    view = desk.view
    st.subheader(literal(view.title), anchor=False)
    if state.stored("deciding.open", "") != desk.candidate_id:
        st.markdown(literal(view.invitation))
        st.button(
            view.label,
            key="deciding.begin",
            icon=":material/tune:",
            on_click=state.keep,
            args=("deciding.open", desk.candidate_id),
        )
        return
    with guard(safe="Nothing was changed."):
        with st.spinner("Counting what each threshold does…"):
            decisions = desk.read()
        if decisions is None:
            st.markdown("The files of this model were removed: nothing can be counted any more.")
            return
        _draw(desk, decisions)


def _draw(desk: DecisionsDesk, decisions: Decisions) -> None:
    ways = [_HAND, _PRECISION, _COSTS] if decisions.curve is not None else []
    ways += [_PEOPLE] if len(decisions.answered) > 1 else []
    if not ways:
        st.markdown("There are too few validation rows to tell anything from.")
        return
    way = _draw_ways(ways, desk)
    if desk.view.why_not and way != _PEOPLE:
        st.caption(literal(desk.view.why_not))
    step = _draw_people(desk, decisions) if way == _PEOPLE else _draw_threshold(desk, decisions, way)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        pressed = st.button(
            "Judge the model with this",
            key="deciding.apply",
            icon=":material/gavel:",
            disabled=not step,
            help=None if step else "This is what it does now.",
        )
        st.caption(literal(desk.view.takes))
    if pressed:
        with guard(safe="Nothing was started."):
            desk.apply(desk.candidate_id, step)


def _draw_ways(ways: list[str], desk: DecisionsDesk) -> str:
    if len(ways) == 1:
        return ways[0]
    first = _COSTS if desk.view.costs is not None else ways[0]
    picked = st.segmented_control(
        "Choose by", ways, default=first, required=True, key=f"deciding.way.{desk.candidate_id}"
    )
    return picked or first


def _draw_threshold(desk: DecisionsDesk, decisions: Decisions, way: str) -> str:
    """Draw one way to choose a threshold, and return its step."""
    view, costs, precision = desk.view, desk.view.costs, 0.0
    across: ThresholdPoint | None = None
    if way == _HAND:
        point = decisions.point_at(_draw_slider(desk))
    else:
        if way == _COSTS:
            costs = _draw_costs(desk)
            pair = decisions.cheapest(*costs)
        else:
            precision = _draw_precision(desk)
            pair = decisions.keep_precision(precision)
        if pair is None:
            st.markdown(
                f"No threshold is right that often: at least {100 * precision:.0f} of 100 is too much."
            )
            return ""
        point, across = pair
    if is_now(point.at, view) or (way == _HAND and abs(point.at - view.now) < _NEAR):
        point, across = decisions.point_at(view.now), None
    point_view = present_point(
        point,
        decisions.point_at(view.now),
        view,
        score=decisions.score_at(point.at),
        across=across,
        asked=precision,
    )
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _draw_curve(desk, decisions, chosen=point.at, costs=costs)
    with right:
        _draw_point(point_view, across or point, costs)
    return point_view.step


def _draw_slider(desk: DecisionsDesk) -> float:
    key = f"deciding.at.{desk.candidate_id}"
    now = round(min(max(desk.view.now, 0.01), 0.99), 2)
    return st.slider(
        literal(f"“{desk.view.positive}” from this probability on"),
        0.01,
        0.99,
        value=state.at_first(key, now),
        step=0.01,
        key=key,
        help="Technical word: decision threshold.",
    )


def _draw_precision(desk: DecisionsDesk) -> float:
    key = f"deciding.precision.{desk.candidate_id}"
    percentage = st.slider(
        "Of 100 alarms, at least so many are right",
        50,
        99,
        value=state.at_first(key, 90),
        key=key,
        help="Technical word: precision. Of the thresholds that keep it, the one that finds most is taken.",
    )
    return percentage / 100


def _draw_costs(desk: DecisionsDesk) -> tuple[float, float]:
    costs = desk.view.costs or (1.0, 5.0)
    with st.container(horizontal=True, gap="small"):
        alarm = st.number_input(
            "A false alarm costs",
            min_value=0.0,
            value=costs[0],
            key=f"deciding.alarm.{desk.candidate_id}",
            width=200,
        )
        miss = st.number_input(
            "A missed case costs",
            min_value=0.0,
            value=costs[1],
            key=f"deciding.miss.{desk.candidate_id}",
            width=200,
        )
    return float(alarm), float(miss)


def _draw_curve(
    desk: DecisionsDesk, decisions: Decisions, *, chosen: float, costs: tuple[float, float] | None
) -> None:
    if decisions.curve is None:
        return
    curve = present_curve(decisions.curve, desk.view, chosen=chosen, metric=desk.task.metric, costs=costs)
    st.plotly_chart(
        threshold_chart(curve, dark=theme.is_dark()),
        key=f"chart.deciding.{desk.candidate_id}",
        config=_PLOT,
        alt=curve.reading,
    )
    st.caption(literal(curve.reading))


def _draw_point(view: ThresholdPointView, point: ThresholdPoint, costs: tuple[float, float] | None) -> None:
    st.markdown(f"**From a probability of {point.at:.2f} on, in 1,000 real cases**")
    with st.grid(min_column_width=130, gap="small"):
        for title, value, against in view.facts:
            st.metric(literal(title), value, delta=against, delta_color="off", delta_arrow="off")
    st.markdown(literal(view.sentence))
    st.markdown(literal(view.sure))
    if costs is not None:
        cost = point.cost(alarm=costs[0], miss=costs[1])
        st.markdown(f"The mistakes in 1,000 cases cost **{cost:,.4g}**.")
    if view.score:
        st.markdown(f"On validation rows: **{literal(view.score)}**.")
    if view.caution:
        st.caption(literal(view.caution))


def _draw_people(desk: DecisionsDesk, decisions: Decisions) -> str:
    curve = decisions.answered
    key = f"deciding.people.{desk.candidate_id}"
    places = list(range(len(curve)))
    at = st.select_slider(
        "So many of the least certain cases go to people",
        places,
        value=state.at_first(key, min(2, len(places) - 1)),
        format_func=lambda place: f"{100 * curve[place].left:.0f} %",
        key=key,
        help="Technical word: abstention.",
    )
    drawn, view = present_answered(curve, at, task=desk.task)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.plotly_chart(
            answered_chart(drawn, dark=theme.is_dark()),
            key=f"chart.people.{desk.candidate_id}",
            config=_PLOT,
            alt=drawn.reading,
        )
        st.caption(literal(drawn.reading))
    with right:
        st.markdown(literal(view.sentence))
        st.markdown(f"On validation rows: {literal(view.score)}")
        st.caption("A better score on fewer rows is no better model: the others cost people time.")
    return view.step
