"""Draw Improve: the verdict, the most promising action, the others, and outcomes of earlier ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from app import theme
from app.charts import curve_chart, outcomes_chart
from app.components import facts, forecast_strip, permitted_button, state_text
from app.navigation import PAGES, PageKey
from app.presenters.humanize import distinct
from app.presenters.improvement.completed_actions import ContinuationView
from app.presenters.improvement.improve import ActionView, GainsView
from app.presenters.improvement.outcomes import OutcomesView
from app.presenters.improvement.remaining_options import FailedView
from app.presenters.improvement.verdict_line import VerdictLine
from app.presenters.markdown import literal
from app.views.tables.append_form import MoreRows, draw_more_rows

__all__ = [
    "AddRows",
    "EvaluateAgain",
    "OpenImprovePage",
    "PickRun",
    "StartAction",
    "Wish",
    "draw_continuations",
    "draw_evaluation_offer",
    "draw_failed_evaluation",
    "draw_gains",
    "draw_outcomes",
    "draw_requested",
    "draw_runs",
    "draw_verdict",
]

_LOOK = ":material/search_insights:"


@dataclass(frozen=True, slots=True, kw_only=True)
class StartAction:
    """Start the run of an action."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddRows:
    """Append rows to the table as the action ``key`` requests, and train on all of them."""

    key: str
    rows: MoreRows


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluateAgain:
    """Repeat the trials of actions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PickRun:
    """Continue from another run, of any experiment."""

    run_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenImprovePage:
    """Open a page."""

    page: PageKey


Wish = StartAction | AddRows | EvaluateAgain | PickRun | OpenImprovePage


def draw_runs(runs: Mapping[str, str], *, shown: str) -> PickRun | None:
    """Draw the choice of the run to improve, if there are several."""
    if len(runs) < 2:
        return None
    ids = list(runs)
    picked = st.selectbox(
        "Continue from",
        ids,
        index=ids.index(shown),
        format_func=distinct(runs).__getitem__,
        key=f"improve.run.{shown}",
        width=360,
    )
    return PickRun(run_id=picked) if picked != shown else None


def draw_verdict(view: VerdictLine) -> None:
    """Draw the verdict in one line, as in the decision card's headline."""
    with st.container(border=True, key=f"verdict-{view.tone}-improve"):
        details = (literal(part) for part in (view.chance, *view.flags, view.more) if part)
        st.markdown(" · ".join((state_text(view.word, view.icon, view.tone), *details)))


def draw_continuations(views: Sequence[ContinuationView], *, is_second: bool) -> PickRun | None:
    """Draw continuations in other experiments; ``is_second``: something else is the next step."""
    picked: PickRun | None = None
    for at, view in enumerate(views):
        with st.container(
            border=True, horizontal=True, vertical_alignment="center", key=f"gone-{view.run_id}"
        ):
            st.markdown(f":material/call_split: {literal(view.sentence)}", width="stretch")
            primary = view.leads and not is_second and not any(view_above.leads for view_above in views[:at])
            if st.button(
                "Continue there", key=f"go.{view.run_id}", type="primary" if primary else "secondary"
            ):
                picked = PickRun(run_id=view.run_id)
    return picked


def draw_gains(view: GainsView, *, caution: str, is_second: bool) -> Wish | None:
    """Draw the list of actions; ``is_second``: something else on the page is the next step."""
    wishes: list[Wish | None] = []
    for limit in view.limits:
        st.markdown(f":material/vertical_align_top: {literal(limit)}")
    if view.can_decide and st.button(
        "Use it or move the bar", key="limits.results", type="tertiary", icon=":material/swap_horiz:"
    ):
        wishes.append(OpenImprovePage(page="results"))
    if view.top is None:
        wishes.append(_draw_other_options(view, is_second=is_second))
    else:
        wishes.append(_draw_top(view, view.top, caution=caution, is_second=is_second))
    if view.others:
        st.subheader(view.others_title, anchor=False)
        with st.grid(min_column_width=340, gap="small"):
            wishes += [_draw_card(other) for other in view.others]
    if view.failed:
        wishes.append(_draw_failed(view.failed))
    for note in view.notes:
        st.caption(f":material/info: {literal(note)}")
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        if view.made_of:
            st.caption(view.made_of, width="stretch")
        if permitted_button(
            "Look again",
            action="actions.start",
            key="improve.again",
            type="tertiary",
            icon=_LOOK,
            width="content",
        ):
            wishes.append(EvaluateAgain())
    return next((wish for wish in wishes if wish), None)


def draw_requested(action: ActionView) -> Wish | None:
    """Draw the action in the address, with its form open."""
    return _draw_card(action, is_open=True)


def _draw_other_options(view: GainsView, *, is_second: bool) -> OpenImprovePage | None:
    """Draw that no action is likely to help, and the other options; the first button is primary."""
    wish = None
    with st.container(border=True, key="improve-nothing", gap="small"):
        st.markdown(f"#### {view.headline}")
        if view.left:
            st.markdown(
                "\n".join(f"- **{option.title}.** {literal(option.sentence)}" for option in view.left)
            )
        with st.container(horizontal=True, gap="small"):
            leads = not is_second
            for option in view.left:
                if option.page is None:
                    continue
                kind: Literal["primary", "secondary"] = "primary" if leads else "secondary"
                if st.button(option.label, key=f"left.{option.page}", type=kind):
                    wish = OpenImprovePage(page=option.page)
                leads = False
    return wish


def _draw_failed(failed: Sequence[FailedView]) -> PickRun | None:
    """Draw, folded, the actions that brought less than they promised."""
    picked = None
    with st.expander(f"Tried before, without success ({len(failed)})", icon=":material/history:"):
        st.caption("These brought less than half of their promise, so they are not offered again.")
        for action in failed:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"**{literal(action.title)}**: {literal(action.sentence)}", width="content")
                if st.button("Open its run", key=f"tried.{action.run_id}", type="tertiary"):
                    picked = PickRun(run_id=action.run_id)
    return picked


def _draw_top(view: GainsView, top: ActionView, *, caution: str, is_second: bool) -> Wish | None:
    with st.container(border=True, key="improve-top", gap="small"):
        st.caption(view.headline)
        left, right = st.columns([5, 4], gap="large")
        with left:
            st.markdown(f"### {literal(top.title)}")
            st.markdown(literal(top.sentence))
            st.markdown(
                f"{state_text(top.chance.word, top.chance.icon, top.chance.tone)} · "
                f"**{literal(top.gain)}**{_range(top)}"
            )
        with right:
            if top.landing is not None:
                forecast_strip(top.landing)
            if top.lands:
                st.markdown(literal(top.lands))
        facts(top.facts, min_column_width=170)
        wish = _draw_action_button(top, primary=not is_second)
        if top.starts and caution:
            st.caption(literal(caution))
        _draw_why(top)
    return wish


def _draw_card(action: ActionView, *, is_open: bool = False) -> Wish | None:
    with st.container(border=True, height="stretch", key=f"improve-{action.key}", gap="small"):
        chance = state_text(action.chance.word, action.chance.icon, action.chance.tone)
        st.markdown(f"**{literal(action.title)}**  \n{chance} · {literal(action.gain)}{_range(action)}")
        if action.landing is not None:
            forecast_strip(action.landing)
        st.markdown(literal(action.sentence))
        st.caption("  \n".join(f"{name}: {literal(text)}" for name, text in action.facts))
        wish = _draw_action_button(action, primary=is_open, is_open=is_open)
        _draw_why(action)
    return wish


def _range(action: ActionView) -> str:
    return f" :gray[({literal(action.range)})]" if action.range else ""


def _draw_action_button(action: ActionView, *, primary: bool, is_open: bool = False) -> Wish | None:
    """Draw the button of the action, or that it was done already."""
    if action.done:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":green[:material/check:] Done: {literal(action.done.message)}", width="content")
            pressed = st.button("Continue from there", key=f"from.{action.key}", type="tertiary")
        return PickRun(run_id=action.done.run_id) if pressed else None
    if action.starts:
        pressed = permitted_button(
            "Do it now",
            action="actions.apply",
            key=f"do.{action.key}",
            type="primary" if primary else "secondary",
            icon=":material/play_arrow:",
            help="Starts a new run; the models that you have stay as they are.",
        )
        return StartAction(key=action.key) if pressed else None
    if action.asks_rows:
        with st.expander("I have more rows", icon=":material/playlist_add:", expanded=is_open):
            rows = draw_more_rows(key=f"rows.{action.key}", label="Add them and train")
        return None if rows is None else AddRows(key=action.key, rows=rows)
    if action.page is not None and st.button(
        f"Go to {PAGES[action.page].title}", key=f"go.{action.key}", icon=":material/arrow_forward:"
    ):
        return OpenImprovePage(page=action.page)
    return None


def _draw_why(action: ActionView) -> None:
    folded = st.expander("Why?", type="compact", key=f"why.{action.key}", on_change="rerun")
    if not folded.open:
        return
    with folded:
        st.markdown(literal(action.evidence))
        if action.curve is not None:
            st.vega_lite_chart(
                spec=curve_chart(action.curve, dark=theme.is_dark()),
                key=f"chart.curve.{action.key}",
                alt=action.curve.reading,
            )
            st.caption(literal(action.curve.reading))


def draw_evaluation_offer(reason: str, *, is_second: bool) -> EvaluateAgain | None:
    """Draw why no trials were made yet, and offer to make them."""
    with st.container(border=True, key="improve-offer", gap="small"):
        st.markdown(reason)
        pressed = st.button(
            "Find out what would help",
            key="improve.look",
            type="secondary" if is_second else "primary",
            icon=_LOOK,
        )
    return EvaluateAgain() if pressed else None


def draw_failed_evaluation(problem: str) -> EvaluateAgain | None:
    """Draw why the trials failed."""
    st.warning(
        f"{literal(problem)}  \nYour data and models are unchanged.",
        title="Litmus could not find out what would help",
        icon=":material/info:",
    )
    return EvaluateAgain() if st.button("Try again", key="improve.look", icon=_LOOK) else None


def draw_outcomes(view: OutcomesView | None) -> None:
    """Draw predicted and measured gains of earlier actions."""
    if view is None:
        return
    st.subheader("What was done before", anchor=False)
    st.markdown(literal(view.reading))
    st.vega_lite_chart(
        spec=outcomes_chart(view, dark=theme.is_dark()), key="chart.outcomes", alt=view.reading
    )
    with st.expander("In numbers", type="compact"):
        for row in view.rows:
            st.markdown(f"**{literal(row.name)}** {literal(row.message)}")
    st.caption(view.footnote)
