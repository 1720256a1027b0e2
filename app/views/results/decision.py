"""Draw the decision card: the results in 1,000 cases, the chance of reaching the bar, and three buttons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from app import state, theme
from app.charts import certainty_chart
from app.components import interval_strip, permitted_button, state_text
from app.errors import guard
from app.focus import focus
from app.presenters.markdown import literal
from app.presenters.results.decision import BarView, DecisionView, PreviewView, SimplerView
from app.views.results.action_result import draw_action_result
from app.views.results.threshold import ThresholdForm, draw_other_ways, draw_threshold_slider
from app.views.sliders import box_key, draw_slider

__all__ = ["DecisionPanel", "DecisionWish", "draw_decision", "open_bar"]

_OPEN = "decide.open"  # session state: the open panel, with the run's id
_SEEN = "decide.seen"  # session state: the decision on the page when the open form was drawn
Panel = Literal["use", "bar"]
_GRADES_HELP = (
    "Meets or misses: the whole likely range is on one side of the bar. Else the chance decides: probably "
    "meets from two thirds on, probably misses up to one third, a toss-up between."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionWish:
    """The visitor's decision: to use the model (or another one of the run), or to improve it."""

    choice: Literal["use", "improve"]
    candidate_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionPanel:
    """The data of a run's card, and the operations of its buttons.

    ``preview`` judges by a bar without moving it; ``move`` (value and reason), ``use_anyway`` (reason and
    name) and ``withdraw`` record a decision.
    """

    run_id: str
    view: DecisionView
    user: str
    preview: Callable[[float], PreviewView]
    move: Callable[[float, str], None]
    use_anyway: Callable[[str, str], None]
    withdraw: Callable[[], None]
    action_result: str = ""  # the promised and measured gain of the action that started the run
    threshold: ThresholdForm | None = None
    simpler: SimplerView | None = None
    bar_reason: str = ""  # what the field of a reason says while it is empty
    live: tuple[str, ...] = ()  # the live verdicts on its deployed model


def draw_decision(panel: DecisionPanel) -> DecisionWish | None:
    """Draw the card; return the visitor's decision."""
    view = panel.view
    draw_action_result(panel.action_result)
    with st.container(border=True, key=f"verdict-{view.state.tone}-one", gap="small"):
        _draw_headline(view)
        if view.cases:
            st.markdown(f"##### {literal(view.cases)}")
        for caution in view.cautions:
            st.warning(caution, icon=":material/warning:")
        if view.bar_origin:
            st.caption(f":material/flag: {literal(view.bar_origin)}")
        interval_strip(view.strip)
        st.caption(literal(view.measured))
        if view.used:
            st.caption(f":material/model_training: {literal(view.used)}")
        for sentence in panel.live:
            st.markdown(f":material/cell_tower: {literal(sentence)}")
        if view.acceptance is not None:
            _draw_acceptance(panel)
        decided = _draw_buttons(panel)
        if panel.simpler is not None:
            decided = _draw_simpler(panel.simpler) or decided
        if panel.threshold is not None and panel.threshold.view.positive:
            draw_threshold_slider(panel.threshold)
        if panel.threshold is not None:
            draw_other_ways(panel.threshold)
        _draw_why(view, key=panel.run_id)
    return decided


def open_bar(run_id: str) -> None:
    """Open the panel of the bar when the card of a run is drawn next."""
    state.keep(_OPEN, f"bar.{run_id}")


def _draw_headline(view: DecisionView) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        chance = f": {view.chance}" if view.chance else ""
        st.markdown(
            f"### {view.state.icon} {view.state.word}{literal(chance)}",
            width="content",
            help=_GRADES_HELP if view.chance else None,
        )
        for flag in view.flags:
            st.badge(flag, icon=":material/warning:", color="orange")


def _draw_buttons(panel: DecisionPanel) -> DecisionWish | None:
    view = panel.view
    is_decided = view.is_enough or view.acceptance is not None
    st.markdown(f"**{literal(view.advice)}**")
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="decide.buttons"):
        use = permitted_button(
            "Use it" if view.first == "use" or is_decided else "Use it anyway",
            action="bundles.list" if is_decided else "decisions.use_anyway",
            key="decide.use",
            icon=":material/rocket_launch:",
            type="primary" if view.first == "use" else "secondary",
            on_click=None if is_decided else _toggle,
            args=None if is_decided else ("use", panel.run_id),
        )
        if view.bar is not None:
            permitted_button(
                "Set a bar" if view.bar.now is None else "Move the bar",
                action="decisions.move_bar",
                key="decide.bar",
                icon=":material/swap_horiz:",
                type="primary" if view.first == "bar" else "secondary",
                on_click=_toggle,
                args=("bar", panel.run_id),
            )
        improve = st.button(
            "Improve",
            key="decide.improve",
            icon=":material/trending_up:",
            type="primary" if view.first == "improve" else "secondary",
        )
    opened = state.stored(_OPEN, "")
    if opened == f"bar.{panel.run_id}" and view.bar is not None:
        _draw_bar(panel, view.bar)
    elif opened == f"use.{panel.run_id}" and not view.is_enough and _draw_use_anyway(panel):
        return DecisionWish(choice="use")
    if use and is_decided:
        state.keep(_OPEN, "")
        return DecisionWish(choice="use")
    return DecisionWish(choice="improve") if improve else None


def _draw_simpler(simpler: SimplerView) -> DecisionWish | None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="decide.simpler.row"):
        st.markdown(f":material/bolt: {literal(simpler.sentence)}", width="content")
        pressed = st.button(literal(simpler.button), key="decide.simpler", type="tertiary")
    return DecisionWish(choice="use", candidate_id=simpler.candidate_id) if pressed else None


def _toggle(panel: Panel, run_id: str) -> None:
    """Open a panel, or close it if it is open."""
    opened = f"{panel}.{run_id}"
    state.keep(_OPEN, "" if state.stored(_OPEN, "") == opened else opened)


@st.fragment
def _draw_bar(panel: DecisionPanel, bar: BarView) -> None:
    """Draw the slider and the number box of the bar, with the verdict by it."""
    with st.container(border=True, key="decide.bar.panel", gap="small"):
        st.markdown(literal(bar.promise))
        key = f"decide.bar.at.{panel.run_id}"
        value = draw_slider(
            bar.label,
            bar.least,
            bar.most,
            start=bar.start,
            step=bar.step,
            key=key,
            format=bar.format,
            box_format=bar.box_format,
            is_open=True,
        )
        focus(box_key(key))
        with guard(safe="The bar is where it was."):
            preview = panel.preview(value)
            grade = state_text(preview.state.word, preview.state.icon, preview.state.tone)
            st.markdown(f"{grade}: {literal(preview.chance)}")
            if preview.note:
                st.caption(f":material/info: {literal(preview.note)}")
            reason = st.text_input(
                "Move the bar, because…", key="decide.bar.reason", max_chars=500, placeholder=panel.bar_reason
            )
            pressed = permitted_button(
                preview.button,
                action="decisions.move_bar",
                key="decide.bar.move",
                type="primary",
                disabled=not preview.is_new,
            )
            st.caption("Nothing is trained. The log says that the bar was moved after looking.")
            if pressed:
                panel.move(value, reason)
                state.keep(_OPEN, "")
                st.rerun()


def _draw_use_anyway(panel: DecisionPanel) -> bool:
    """Draw the form for a reason; return whether a decision was recorded.

    The form stays open if others decide meanwhile.
    """
    acceptance = panel.view.acceptance
    now = "" if acceptance is None else acceptance.id
    is_seen, left = now == state.stored(_SEEN, ""), False
    state.keep(_SEEN, now)
    if now:
        st.warning(
            "Somebody decided before you; see above. Yours is not recorded. Recording it replaces theirs.",
            icon=":material/gavel:",
        )
    with st.form("decide.use.form", border=True):
        reason = st.text_area("Use it anyway, because…", key="decide.use.reason", max_chars=500, height=80)
        by = st.text_input("Your name", value=panel.user, key="decide.use.by", max_chars=80)
        with st.container(horizontal=True, gap="small"):
            pressed = st.form_submit_button("Record the decision and use it", type="primary")
            if now:
                left = st.form_submit_button("Leave theirs", type="tertiary")
        st.caption("Leaderboards and the report show who decided, and why. The verdict stays as it is.")
    if left:
        state.keep(_OPEN, "")
        st.rerun()
    if pressed and is_seen:
        with guard(safe="Nothing was recorded."):
            panel.use_anyway(reason, by)
            state.keep(_OPEN, "")
            return True
    return False


def _draw_acceptance(panel: DecisionPanel) -> None:
    acceptance = panel.view.acceptance
    if acceptance is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="decide.decision"):
        st.markdown(
            f":material/gavel: {literal(acceptance.sentence)}: “{literal(acceptance.reason)}”",
            width="content",
        )
        if permitted_button(
            "Take it back", action="decisions.withdraw", key="decide.withdraw", type="tertiary"
        ):
            with guard(safe="The decision stands."):
                panel.withdraw()
                st.rerun()


def _draw_why(view: DecisionView, *, key: str) -> None:
    folded = st.expander("Why?", icon=":material/balance:", key=f"why.{key}", on_change="rerun")
    with folded:
        st.markdown("\n".join(f"- {literal(reason)}" for reason in view.why if reason))
        if view.certainty is not None:
            if folded.open:  # Streamlit would also draw it while the section is closed
                st.vega_lite_chart(
                    spec=certainty_chart(view.certainty, dark=theme.is_dark()),
                    key=f"chart.certainty.{key}",
                    alt=view.certainty.reading,
                )
            st.caption(literal(view.certainty.reading))
            st.markdown("\n".join(f"- {literal(note)}" for note in view.certainty.notes))
