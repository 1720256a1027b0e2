"""Draw forecasts and many targets alike: in training, ended early, as a list, and away with one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from app import navigation
from app.components import permitted_button, redraw_page, state_line
from app.presenters.markdown import literal
from app.presenters.work.problems import ProblemView
from app.presenters.work.recent import RecentWorkView
from app.presenters.work.records import EndedView, TrainingView, WorkLine

__all__ = [
    "DeleteWork",
    "StopWork",
    "TrainAgain",
    "ask_several",
    "begin",
    "draw_delete",
    "draw_download",
    "draw_earlier",
    "draw_ended",
    "draw_problem",
    "draw_recent_work",
    "watch_training",
]

WorkPage = Literal["forecast", "targets"]
_NOUNS: dict[WorkPage, str] = {"forecast": "forecasts", "targets": "targets"}


@dataclass(frozen=True, slots=True, kw_only=True)
class StopWork:
    """End the training."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainAgain:
    """Go back to the choices of this work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteWork:
    """Remove the work with what answers."""


def begin(key: str, value: object, options: Sequence[object] = ()) -> str:
    """Give a widget its first value; return its key. A button may set another one before it is drawn.

    What is none of its ``options`` any more gives way to the first value, or to the first option.
    """
    st.session_state.setdefault(key, value)
    if options and st.session_state[key] not in options:
        st.session_state[key] = value if value in options else options[0]
    return key


def ask_several(label: str, options: Sequence[str], key: str, *, help: str) -> tuple[str, ...]:  # noqa: A002
    """Draw the choice of several columns, without those that are no ``options`` any more."""
    st.session_state[key] = [name for name in st.session_state[key] if name in options]
    return tuple(st.multiselect(label, options, key=key, help=help, placeholder="None"))


def draw_problem(
    view: ProblemView, choose: Callable[[dict[str, str | int]], None], *, page: WorkPage
) -> None:
    """Draw why there can be no training yet, with a button for each way out; ``choose`` takes its choices."""
    st.warning(view.hint or " ", title=view.message, icon=":material/info:")
    with st.container(horizontal=True, gap="small", key=f"{page}.remedies"):
        for place, remedy in enumerate(view.remedies):
            st.button(
                remedy.label,
                key=f"{page}.remedy.{place}",
                icon=":material/build:",
                on_click=choose,
                args=(dict(remedy.choices),),
            )


def watch_training(
    read: Callable[[], TrainingView | None], act: Callable[[StopWork | None], None], *, page: WorkPage
) -> None:
    """Draw a training repeatedly, in one fragment, while ``read`` finds it running; then redraw the page."""

    @st.fragment(run_every=1.0)
    def once() -> None:
        view = read()
        if view is None:
            redraw_page()
            return
        act(_draw_training(view, page))

    once()


def _draw_training(view: TrainingView, page: WorkPage) -> StopWork | None:
    with st.container(border=True, key=f"{page}-training"):
        st.markdown(f"### {literal(view.name)}")
        st.progress(view.share, text=literal(view.message))
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            pressed = permitted_button(
                "Stop", action=f"{_NOUNS[page]}.stop", key=f"{page}.stop", icon=":material/stop_circle:"
            )
            st.caption("You can leave this page, or close the browser: the training goes on.")
    return StopWork() if pressed else None


def draw_ended(view: EndedView, *, page: WorkPage) -> TrainAgain | None:
    """Draw what happened to a training without a result, and the way on."""
    st.empty()  # in the training's place
    with st.container(border=True, key=f"verdict-quiet-{page}"):
        st.markdown(f"### {literal(view.name)}")
        state_line(view.state.word, view.state.icon, view.state.tone)
        st.markdown(literal(view.sentence))
        if st.button("Change it and train again", type="primary", key=f"{page}.again"):
            return TrainAgain()
    return None


def draw_delete(key: str, label: str, *, stays: str, page: WorkPage) -> DeleteWork | None:
    """Draw the removal of ``key``, behind a tick; ``stays`` says what is not removed."""
    with st.expander("Delete", icon=":material/delete:"):
        sure = st.checkbox(label, key=f"{key}.sure")
        st.caption(stays)
        if permitted_button(
            "Delete",
            icon=":material/delete:",
            action=f"{_NOUNS[page]}.remove",
            key=f"{key}.delete",
            disabled=not sure,
        ):
            return DeleteWork()
    return None


def draw_download(label: str, read: Callable[[], bytes], name: str, *, key: str, first: bool) -> None:
    """Draw the download of a file, which is made when it is asked for."""
    st.download_button(
        label,
        data=read,
        file_name=name,
        key=f"{key}.download.{name}",
        type="primary" if first else "secondary",
        icon=":material/folder_zip:" if name.endswith(".zip") else ":material/download:",
        on_click="ignore",
    )


def draw_earlier(lines: Sequence[WorkLine], *, opened: str | None, page: WorkPage, title: str) -> None:
    """Draw the other work of this kind under ``title``."""
    shown = [line for line in lines if line.id != opened]
    if not shown:
        return
    st.subheader(f"Other {title[0].lower()}{title[1:]}" if opened else title, anchor=False)
    with st.grid(min_column_width=300, gap="small"):
        for line in shown:
            _draw_line(line, page)


def draw_recent_work(view: RecentWorkView | None) -> None:
    """Draw the newest forecasts and many targets on Home, and the ways to all of them."""
    if view is None or not view.recent:
        return
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.subheader("Forecasts and many targets", anchor=False, width="content")
        with st.container(horizontal=True, gap="small", width="content"):
            for kind, label in view.links:
                navigation.link(kind, label)
    with st.grid(min_column_width=300, gap="small"):
        for work in view.recent:
            _draw_line(work.line, work.kind)


def _draw_line(line: WorkLine, page: WorkPage) -> None:
    with st.container(border=True, gap="xsmall", height="stretch", key=f"recent-{line.id}"):
        navigation.link(page, literal(line.name), icon="", **{page: line.id})
        state_line(line.state.word, line.state.icon, line.state.tone)
        st.caption(line.detail)
