"""Draw the baselines, the bar, the budget, and the start button."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import streamlit as st

from app import state
from app.components import permitted_button
from app.presenters import humanize
from app.presenters.markdown import literal
from app.presenters.metrics import bar_meaning
from app.presenters.question.draft import Draft
from app.presenters.question.target import BUDGETS, NO_LIMIT, TIME_LIMITS, GoalView, present_caution
from app.views.sliders import draw_slider, set_slider
from litmus_core.metrics import get_metric
from litmus_core.types import Baseline, Budget

__all__ = ["StartTraining", "draw_bar", "draw_begin", "draw_budget"]

_OTHER = -1.0
_USUAL_TIME_S = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StartTraining:
    """Create an experiment for the task, and train at once or choose the families first."""

    how: Literal["train", "choose families"]


def draw_bar(
    view: GoalView, draft: Draft, *, baselines: tuple[Baseline, ...], reach: Callable[[float], str]
) -> Draft:
    """Draw the scores of guessing and of a simple model, then the bar with its meaning.

    ``reach`` returns a sentence if a bar is not likely to be reached; "" if it may be, or if that is unknown.
    """
    with st.container(border=True, key="bar"):
        st.markdown(f"**{view.label}**", help=view.help)
        if view.references:
            for place, reference in zip(
                st.columns(max(2, len(view.references))), view.references, strict=False
            ):
                place.markdown(literal(reference))
        wants = st.toggle("Set a bar", value=draft.goal.wants_bar, key=f"wants-bar-{draft.target}")
        if not wants:
            st.caption("Without a bar you see how good the models are, and decide yourself.")
            return replace(draft, goal=replace(draft.goal, wants_bar=False))
        value = _draw_bar_value(view, draft)
        meaning = bar_meaning(draft.metric or "", value, baselines=baselines, unit=view.unit)
        st.markdown(f":material/groups: {literal(meaning)}")
        caution = present_caution(draft.metric or "", value, baselines, unit=view.unit)
        sentence = reach(value) if caution is None else caution.sentence
        if sentence:
            st.warning(literal(sentence), icon=":material/info:")
        moved = draft.goal.bar not in (None, value)
        chosen = draft.goal.bar_is_chosen or moved
        if not chosen:
            st.caption("Litmus proposes this bar: better than a simple model. Move it to what you need.")
        return replace(draft, goal=replace(draft.goal, wants_bar=True, bar=value, bar_is_chosen=chosen))


def _draw_bar_value(view: GoalView, draft: Draft) -> float:
    """Draw the bar as a slider with a box, which accepts values beyond the slider.

    Both stay while a parameter of the metric changes, such as a cost, since the visitor may be using them.
    """
    key = f"bar-{draft.version_id}-{draft.target}-{get_metric(draft.metric or '').family}"
    start = view.value if draft.goal.bar is None else draft.goal.bar
    if state.stored(f"judged.{key}", "") != draft.metric:
        set_slider(key, start, least=view.minimum, most=view.maximum)
    state.keep(f"judged.{key}", draft.metric)
    return draw_slider(
        f"Good enough ({view.better} is better)",
        view.minimum,
        view.maximum,
        start=start,
        step=view.step,
        key=key,
        format=view.format,
        box_format=view.box_format,
        is_open=True,
        help="The verdict says whether the chosen model is surely on the good side of this. "
        "Technical word: bar.",
    )


def draw_budget(draft: Draft) -> Draft:
    """Draw the latency budget, the training time, and the details."""
    with st.container(border=True, key="budget"):
        left, right = st.columns(2)
        with left:
            limit = _draw_latency(draft)
        with right:
            time_limit_s = _draw_time(draft)
        budget = replace(draft.goal.budget, max_latency_ms=limit)
        return _draw_details(
            replace(draft, goal=replace(draft.goal, budget=budget), time_limit_s=time_limit_s)
        )


def _draw_time(draft: Draft) -> float:
    """Draw the usual training times as a slider, and a box for any other, in minutes."""
    is_usual = draft.time_limit_s in TIME_LIMITS
    slider, box = st.columns([3, 1], vertical_alignment="bottom")
    minutes = box.number_input(
        "Or in minutes",
        min_value=0.1,
        value=None if is_usual else draft.time_limit_s / 60,
        placeholder="Any",
        key="time-minutes",
    )
    typed_s = None if minutes is None else 60.0 * minutes
    usual_s = slider.select_slider(
        "How long training may take",
        sorted(TIME_LIMITS if typed_s is None else {*TIME_LIMITS, typed_s}),
        value=state.initial_value("time-limit", draft.time_limit_s if is_usual else _USUAL_TIME_S)
        if typed_s is None
        else typed_s,
        format_func=lambda seconds: TIME_LIMITS.get(seconds) or humanize.duration(seconds),
        key="time-limit" if typed_s is None else f"time-limit-{typed_s:g}",
        disabled=typed_s is not None,
        help="The whole run, except measuring how fast the models answer.",
    )
    st.caption(
        "The chosen model is trained again on all rows within it. Then the answering times are measured."
    )
    return float(usual_s if typed_s is None else typed_s)


def _draw_latency(draft: Draft) -> float | None:
    now = draft.goal.budget.max_latency_ms or NO_LIMIT
    labels = BUDGETS | {_OTHER: "Another limit"}
    names = list(labels)
    picked = st.selectbox(
        "How fast an answer must come",
        names,
        index=names.index(now if now in BUDGETS else _OTHER),
        format_func=labels.__getitem__,
        key="latency",
        help="19 of 20 answers must come within this time, measured on this computer. "
        "Technical words: 95th percentile (p95) latency.",
    )
    if picked != _OTHER:
        return picked or None
    return st.number_input("Milliseconds", min_value=0.1, value=now or 20.0, key="latency-ms")


def _draw_details(draft: Draft) -> Draft:
    with st.expander("Details", icon=":material/settings:"):
        first, second, third = st.columns(3)
        batch = first.number_input(
            "Rows in one call",
            min_value=1,
            max_value=100_000,
            value=draft.goal.budget.batch_rows,
            key="batch-rows",
            help="How many rows are asked about at a time: 1 for a live service.",
        )
        size_mb = second.number_input(
            "Largest model, MB",
            min_value=0.1,
            value=draft.goal.budget.max_size_mb,
            placeholder="No limit",
            key="max-size",
        )
        seed = third.number_input(
            "Seed", min_value=0, value=draft.seed, key="seed", help="The same seed gives the same split."
        )
        fraction = first.number_input(
            "Rows for the final test, %",
            min_value=5,
            max_value=50,
            value=round(100 * draft.split.test_fraction),
            key="test-fraction",
        )
        name = second.text_input(
            "Name of the experiment", value=draft.name, placeholder="Table and column", key="name"
        )
    split = replace(draft.split, test_fraction=fraction / 100, grown_from=())
    budget = Budget(max_latency_ms=draft.goal.budget.max_latency_ms, batch_rows=batch, max_size_mb=size_mb)
    return replace(draft, goal=replace(draft.goal, budget=budget), seed=seed, split=split, name=name)


def draw_begin(*, ready: bool) -> StartTraining | None:
    """Draw the start button."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if permitted_button(
            "Train",
            type="primary",
            action="runs.start",
            key="train",
            icon=":material/play_arrow:",
            disabled=not ready,
            help="Litmus chooses what to try from your data, and starts at once.",
        ):
            return StartTraining(how="train")
        if st.button("Choose what to try first", key="choose-families", disabled=not ready, type="tertiary"):
            return StartTraining(how="choose families")
    return None
