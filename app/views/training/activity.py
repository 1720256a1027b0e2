"""Draw the current activity of an experiment, with refresh until it is over."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app import navigation
from app.components import permitted_button, redraw_page
from app.errors import guard
from app.presenters.markdown import literal
from app.presenters.training.activity import ActivityView

__all__ = ["draw_activity"]

_EVERY_S = 1.0


def draw_activity(read: Callable[[], ActivityView | None], stop: Callable[[], None]) -> None:
    """Draw the activity that ``read`` returns; redraw the page when it is over or another one starts."""
    at_first = read()
    if at_first is None:
        return

    @st.fragment(run_every=_EVERY_S)
    def once() -> None:
        view = read()
        if view is None or view.subject != at_first.subject:
            redraw_page()
            return
        with st.container(border=True, key="verdict-quiet-going", gap="small"):
            st.markdown(f":primary[:material/progress_activity: **{literal(view.title)}**]")
            if view.detail:
                st.markdown(literal(view.detail))
            with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
                if view.run_id:
                    navigation.link(
                        "train", "Watch the training", experiment=view.experiment_id, run=view.run_id
                    )
                if view.can_stop and permitted_button(
                    "Stop continuing",
                    action="runs.stop",
                    key="going.stop",
                    icon=":material/stop_circle:",
                    help="No further step is taken. A run that is under way finishes; stop it on Train.",
                ):
                    with guard(safe="Your models are unchanged."):
                        stop()
                        st.rerun()

    once()
