"""Draw Home: the current experiment, ways to start, and other experiments."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from app import navigation
from app.components import heading, permitted_button, state_line
from app.navigation import PageKey
from app.presenters.home import (
    AnsweredView,
    CurrentExperimentView,
    HomeView,
    RecentView,
    SampleKind,
    SampleView,
)
from app.presenters.humanize import rows_message
from app.presenters.markdown import literal
from app.views.tables.import_form import AddUpload, draw_drop_field
from app.views.work import draw_recent_work
from litmus_core.text import format_count

__all__ = ["OpenExperiment", "StartSample", "Wish", "draw_home", "draw_sample"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenExperiment:
    """Open a page with an experiment or a table selected; ``adds``: open it to add another table."""

    page: PageKey
    experiment_id: str | None = None
    dataset: str | None = None
    adds: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StartSample:
    """Import a sample, and train on its question."""

    name: str
    kind: SampleKind = "run"


_DOES: dict[SampleKind, str] = {
    "run": "Imports the table, sets a target and a bar, and trains: a verdict in two minutes.",
    "forecast": "Imports the table, sets a bar, and trains: a forecast in a minute.",
    "targets": "Imports the table, sets a bar, and trains a model for each tag: a verdict in two minutes.",
}
Wish = OpenExperiment | StartSample | AddUpload


def draw_home(view: HomeView, *, turn: int) -> Wish | None:
    """Draw the current experiment first, then a way to start, then the others.

    ``turn`` counts imports, so that each import starts with an empty field.
    """
    wish: Wish | None
    if view.current is not None:
        heading("Welcome back")
        wish = _draw_current(view.current)
        for handoff in view.answered:
            _draw_answered(handoff)
        if view.recent:
            _draw_recent(view.recent, n_experiments=view.n_experiments)
        draw_recent_work(view.work)
        return _draw_start(view.samples, first=False, turn=turn) or wish
    heading(
        "Welcome to Litmus",
        "Bring a table, say what you want to know and how good is good enough. "
        "Litmus trains models, and tells you honestly whether you can use one.",
    )
    wish = None
    if view.table is not None:
        with st.container(border=True, key="hand-table"):
            st.markdown(f"### {literal(view.table.name)}")
            st.markdown(
                f"{rows_message(view.table.n_rows, len(view.table.columns))}. No target was chosen yet."
            )
            if st.button("Choose what to predict", type="primary", key="next", icon=":material/flag:"):
                wish = OpenExperiment(page="target", dataset=view.table.id)
    draw_recent_work(view.work)
    return _draw_start(view.samples, first=view.table is None, turn=turn) or wish


def _draw_current(current: CurrentExperimentView) -> Wish | None:
    with st.container(border=True, key=f"verdict-{current.tone}-hand", gap="small"):
        st.markdown(f"### {literal(current.name)}")
        st.markdown(current.question)
        state_line(current.word, current.icon, current.tone)
        if current.sentence:
            st.markdown(literal(current.sentence))
        if current.under_way:
            st.markdown(f":primary[:material/progress_activity:] {literal(current.under_way)}")
        st.caption(current.detail)
        if st.button(current.step.label, type="primary", key="next", icon=":material/arrow_forward:"):
            return OpenExperiment(page=current.step.page, experiment_id=current.experiment_id)
    return None


def _draw_answered(answered: AnsweredView) -> None:
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key=f"answered-{answered.handoff_id}"
    ):
        st.markdown(
            f":material/reply: {literal(answered.message)}  \n:small[:gray[{literal(answered.question)}]]",
            width="stretch",
        )
        navigation.link(
            "results", "Read the answer", icon=":material/arrow_forward:", experiment=answered.experiment_id
        )


def _draw_recent(recent: tuple[RecentView, ...], *, n_experiments: int) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.subheader("Other experiments", anchor=False, width="content")
        label = f"Compare all {format_count(n_experiments, 'experiment')}"
        navigation.link("leaderboards", label)
    with st.grid(min_column_width=300, gap="small"):
        for view in recent:
            with st.container(
                border=True, gap="xsmall", height="stretch", key=f"recent-{view.experiment_id}"
            ):
                navigation.link(view.page, literal(view.name), icon="", experiment=view.experiment_id)
                state_line(view.word, view.icon, view.tone)
                st.caption(view.detail)


def _draw_start(samples: tuple[SampleView, ...], *, first: bool, turn: int) -> Wish | None:
    wish: Wish | None = None
    st.subheader("Begin" if first else "Start something new", anchor=False)
    with st.grid(min_column_width=250, gap="small"):
        with st.container(border=True, height="stretch", key="begin-own"):
            st.markdown("#### Your own table")
            st.markdown(
                "A CSV, Excel, JSON or Parquet file, one row for each case. It stays on this computer."
            )
            wish = draw_drop_field(turn=turn)
            if st.button("Other ways to add a table", key="add-table", type="tertiary"):
                wish = OpenExperiment(page="data", adds=True)
        for at, sample in enumerate(samples):
            with st.container(border=True, height="stretch", key=f"begin-{sample.name}"):
                wish = draw_sample(sample, is_primary=first and at == 0) or wish
    return wish


def draw_sample(sample: SampleView, *, is_primary: bool) -> StartSample | None:
    """Draw a sample with the button that begins it."""
    st.markdown(f"#### {sample.title}")
    st.markdown(sample.description)
    st.caption(sample.teaches)
    if permitted_button(
        "Try this sample",
        action="samples.start",
        key=f"sample-{sample.name}",
        type="primary" if is_primary else "secondary",
        help=_DOES[sample.kind],
    ):
        return StartSample(name=sample.name, kind=sample.kind)
    return None
