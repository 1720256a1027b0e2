"""Draw Results: the verdict and the next step, then the models, their mistakes, and importances."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import streamlit as st

from app import navigation, state, theme
from app.charts import SELECTED, score_latency_chart
from app.components import heading, name_width, state_text, waiting
from app.navigation import PageKey
from app.presenters.humanize import distinct
from app.presenters.improvement.warm_start import ContinuingView
from app.presenters.markdown import literal
from app.presenters.plugins import FaultView
from app.presenters.results.candidates import LeaderboardView, ScatterView
from app.presenters.results.diagnosis import DiagnosisView
from app.presenters.results.frontier import FrontiersView
from app.presenters.results.postprocess import PostView
from app.presenters.results.results import ResultsView, StatusView
from app.views.improvement.warm_start import ContinueTraining, draw_continuing
from app.views.results.candidate import Reveal, draw_candidate
from app.views.results.decision import DecisionPanel, DecisionWish, draw_decision
from app.views.results.diagnosis import draw_diagnosis
from app.views.results.frontier import MakeFaster, UseModel, draw_folded_frontier
from app.views.results.postprocess import draw_post
from app.views.results.provenance import Provenance, draw_provenance
from app.views.results.rename_form import NewNames, draw_names
from app.views.results.what_if import WhatIfForm, draw_what_if
from litmus_core.text import NARROW, decimals_of, in_unit

__all__ = ["FinishResults", "HandoffViews", "OpenPage", "ResultsPage", "Wish", "draw_results"]

_MOST_LINES, _TABLE_HEIGHT = 10, 380
_HIDDEN = "Hidden until somebody deliberately looks."
_HIDDEN_COLUMNS = (
    "against",
    "fit",
    "form",
    "made_of",
)  # columns that the opened model shows beside the table; the table hides them at first


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPage:
    """Open a page with this run, and perhaps a candidate, selected."""

    page: PageKey
    candidate_id: str | None = None
    run_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishResults:
    """Complete a run with what it trained."""

    run_id: str


Wish = DecisionWish | OpenPage | FinishResults | ContinueTraining | MakeFaster | UseModel | NewNames


class HandoffViews(Protocol):
    """The experiment's questions to a scientist; the object carries out their requests."""

    def answers(self) -> None:
        """Draw the waiting answers."""
        ...

    def asking(self) -> None:
        """Draw the question form."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsPage:
    """The data of a run's page.

    Parts below the decision are read when they are drawn, so that nobody waits for them to see the verdict.
    ``report`` draws the download of the report, ``faults`` are the plug-ins that the run continued without;
    ``has_changed`` is polled while it runs.
    """

    view: ResultsView
    decision: DecisionPanel | None
    report: Callable[[], None]
    diagnosis: Callable[[], DiagnosisView | None] | None
    continuing: Callable[[], ContinuingView | None]
    frontier: Callable[[], FrontiersView] | None
    post: Callable[[], PostView | None]
    faults: Callable[[], Sequence[FaultView]]
    provenance: Callable[[], Provenance]
    what_if_form: Callable[[], WhatIfForm | None]
    handoff_panel: HandoffViews
    has_changed: Callable[[], bool]
    reveal: Reveal


def draw_results(page: ResultsPage) -> Wish | None:
    """Draw one run; return the visitor's request."""
    view = page.view
    wishes: list[Wish | None] = [_draw_top(view, page.report)]
    if view.status is None or view.status.is_aside:
        st.empty()  # in the same place as the progress of a running run, see draw_over
    else:
        wishes.append(_draw_status(view.status, view.run_id))
        if view.status.is_live:
            waiting(page.has_changed, "This page follows the training.", height=40, every_s=2.0)
    if page.decision is not None:
        wishes.append(draw_decision(page.decision))
    if view.live is not None:
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="another-run"):
            waiting(page.has_changed, literal(view.live.sentence), height=0, every_s=2.0)
            navigation.link("train", "Watch it", experiment=view.live.experiment_id, run=view.live.run_id)
    page.handoff_panel.answers()
    _draw_faults(page.faults())
    if view.leaderboard.rows:
        wishes.append(_draw_rest(page))
    draw_provenance(page.provenance(), view.technical, run_id=view.run_id)
    page.handoff_panel.asking()
    return next((wish for wish in wishes if wish), None)


def _draw_rest(page: ResultsPage) -> Wish | None:
    """Draw the sections below the decision, for a run with models."""
    view = page.view
    _draw_sections(page)
    wishes: list[Wish | None] = [_draw_models(view, page.reveal)]
    wishes.append(draw_folded_frontier(page.frontier))
    wishes.append(draw_continuing(page.continuing()))
    if (post := page.post()) is not None:
        draw_post(post)
    mistaken = None
    if page.diagnosis is not None and (diagnosis := page.diagnosis()) is not None:
        mistaken = draw_diagnosis(diagnosis, run_id=view.run_id)
    if (what_if_form := page.what_if_form()) is not None:
        st.subheader("What if?", anchor="what-if")
        draw_what_if(what_if_form, mistaken)
    return next((wish for wish in wishes if wish), None)


def _draw_sections(page: ResultsPage) -> None:
    """Draw links to the sections below, in their order."""
    sections = {"The models": "models"}
    if page.diagnosis is not None:
        sections |= {"Where it goes wrong": "mistakes", "What drives it": "drivers"}
    is_live = page.view.status is not None and page.view.status.is_live
    if page.view.opened is not None and not is_live:
        sections |= {"What if?": "what-if"}
    if len(sections) > 1:
        links = " · ".join(f"[{title}](#{anchor})" for title, anchor in sections.items())
        st.markdown(f":small[On this page: {links}]")


def _draw_models(view: ResultsView, reveal: Reveal) -> Wish | None:
    st.subheader("The models", anchor="models")
    if view.status is not None and view.status.is_aside:
        st.caption(f":material/timer_off: {literal(view.status.sentence)} {literal(view.status.hint)}")
    _draw_leaderboard(view.leaderboard, run_id=view.run_id)
    return _draw_opened_candidate(view, reveal)


def _draw_faults(faults: Sequence[FaultView]) -> None:
    for fault in faults:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f":orange[:material/extension_off:] {literal(fault.sentence)}", width="content")
            if fault.key:
                icon = ":material/arrow_forward:"
                navigation.link("plugins", literal(fault.label), icon=icon, plugin=fault.key)


def _draw_top(view: ResultsView, report: Callable[[], None]) -> Wish | None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="top"):
        with st.container(width="stretch"):
            heading(literal(view.name), view.question)
        renamed = draw_names(
            name=view.name, run_id=view.run_id, run_name=view.run_name, run_number=view.run_number
        )
        report()
    if renamed is not None or len(view.runs) < 2:
        return renamed
    ids = [run_id for run_id, _ in view.runs]
    labels = distinct(dict(view.runs))
    picked = st.selectbox(
        "Run",
        ids,
        index=ids.index(view.run_id),
        format_func=lambda key: labels[key],
        key=f"run.{view.run_id}",
        width=320,
    )
    return OpenPage(page="results", run_id=picked) if picked != view.run_id else None


def _draw_status(status: StatusView, run_id: str) -> Wish | None:
    with st.container(border=True, key=f"verdict-{status.tone}-status", gap="small"):
        st.markdown(state_text(status.word, status.icon, status.tone))
        st.markdown(literal(status.sentence))
        if status.hint:
            st.markdown(literal(status.hint))
        if status.action and st.button(status.label, key="status.act", type="primary"):
            return (
                FinishResults(run_id=run_id)
                if status.action == "finish"
                else OpenPage(page="train", run_id=run_id)
            )
    return None


def _table_key(run_id: str) -> str:
    """Return the table's key: a new key after a click elsewhere, so that no other row stays selected."""
    return f"leaderboard.{run_id}.{state.stored('leaderboard.turn', 0)}"


def _open_line(key: str, ids: Sequence[str]) -> None:
    """Open the candidate of the clicked row, or the chosen candidate if the row is deselected."""
    rows = st.session_state[key]["selection"]["rows"]
    if rows and rows[0] < len(ids):
        state.name("candidate", ids[rows[0]])
    else:
        state.forget("candidate")


def _open_point(key: str) -> None:
    """Open the candidate of the clicked point."""
    points = st.session_state[key]["selection"].get(SELECTED)
    if points:
        state.name("candidate", str(points[0]["id"]))
        state.keep("leaderboard.turn", state.stored("leaderboard.turn", 0) + 1)


def _draw_leaderboard(board: LeaderboardView, *, run_id: str) -> None:
    rows = board.rows
    data: dict[str, list[Any]] = {
        "name": [row.name for row in rows],
        "test": [row.test for row in rows],
        "score": [row.score for row in rows],
        "interval": [row.interval for row in rows],
        "against": [row.against_bar for row in rows],
        "latency": [row.latency_ms for row in rows],
        "budget": [row.in_budget for row in rows],
        "abstained": [row.abstained or 0.0 for row in rows],
        "size": [row.size for row in rows],
        "fit": [row.fit_s for row in rows],
        "form": [row.form for row in rows],
        "made_of": [row.made_of for row in rows],
    }
    no_space = {"size": board.has_abstained, "interval": board.has_budget}
    on_demand = {*_HIDDEN_COLUMNS, *(name for name, is_left_out in no_space.items() if is_left_out)}
    has = {"against": board.has_bar, "budget": board.has_budget, "abstained": board.has_abstained}
    for column in (name for name, is_there in has.items() if not is_there):
        del data[column]
    key = _table_key(run_id)
    st.dataframe(
        data,
        key=key,
        hide_index=True,
        height="content" if len(rows) <= _MOST_LINES else _TABLE_HEIGHT,
        column_config=_columns(board),
        column_order=[name for name in data if name not in on_demand],
        on_select=partial(_open_line, key, [row.id for row in rows]),
        selection_mode="single-row",
        placeholder="not measured",
        alt=board.reading,
    )
    st.caption(
        f"{literal(board.reading)} Select a line to look closer. The validation score compares models and "
        "chose one. The test score judges that one."
    )


def _columns(board: LeaderboardView) -> dict[str, Any]:
    config = st.column_config
    decimals = decimals_of([row.score for row in board.rows if row.score is not None][:1])
    if board.is_share:
        score = config.ProgressColumn(
            "Validation", help=board.metric_help, min_value=0, max_value=1, format="%.3f", width=105
        )
    else:
        format_ = in_unit(f"%,.{decimals}f", board.unit.replace("%", "%%"))
        score = config.NumberColumn("Validation", help=board.metric_help, format=format_)
    return {
        "name": config.TextColumn("Model", width=_name_width(board)),
        "score": score,
        "interval": config.TextColumn(
            "Validation, likely", help=f"Where the validation score is likely (95{NARROW}%)."
        ),
        "against": config.NumberColumn(
            "To the bar", width=85, format=f"%+,.{decimals}f", help="Validation score; positive: better."
        ),
        "latency": config.NumberColumn(
            board.latency_title,
            format="%.3g ms",
            help="95th percentile (p95), measured in a fresh process.",
        ),
        "budget": config.TextColumn("In budget", width=100),
        "test": config.TextColumn("Test score", width=_test_width(board), help=_HIDDEN),
        "abstained": config.NumberColumn(
            "No answer",
            width=90,
            format="percent",
            help="Share of validation rows it has no answer for; its score is of the others.",
        ),
        "size": config.NumberColumn(
            "Size", width=80, format=f"%,.{0 if board.size_unit == 'kB' else 1}f {board.size_unit}"
        ),
        "fit": config.NumberColumn("Trained in", format="%,.1f s"),
        "form": config.TextColumn(
            "In production", help="What an exported bundle holds: a compiled model, or the model as trained."
        ),
        "made_of": config.TextColumn("Made of"),
    }


def _test_width(board: LeaderboardView) -> int:
    """Return a width that fits a score with its interval: amounts of money are longer."""
    return 205 if board.unit else 145


def _name_width(board: LeaderboardView) -> int:
    """Return a width with which all columns fit on a screen of 1,280 pixels."""
    others = 90 * board.has_abstained - 60 * board.has_budget + _test_width(board) - 145
    return name_width([row.name for row in board.rows], at_most=300 - others)


def _draw_opened_candidate(view: ResultsView, reveal: Reveal) -> Wish | None:
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _draw_scatter(view.scatter, run_id=view.run_id)
    with right:
        if view.opened is None or not draw_candidate(view.opened, view.evaluations, reveal):
            return None
        return OpenPage(page="export", candidate_id=view.opened.id)


def _draw_scatter(scatter: ScatterView, *, run_id: str) -> None:
    st.markdown("**Score against answering time**")
    if scatter.points:
        key = f"chart.scatter.{run_id}"
        st.vega_lite_chart(
            spec=score_latency_chart(scatter, dark=theme.is_dark()),
            key=key,
            on_select=partial(_open_point, key),
            alt=scatter.reading,
        )
        st.caption(f"{literal(scatter.reading)} Click a point to look closer.")
    else:
        st.caption(literal(scatter.reading))
