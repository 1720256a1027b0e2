"""Draw a forecast while it is trained, or that its training ended early."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from app.components import permitted_button, state_line
from app.presenters.forecasting.training import EndedView, TrainingView
from app.presenters.markdown import literal

__all__ = ["StopForecast", "TrainAgain", "draw_ended", "watch_training"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StopForecast:
    """End the training; nothing of it stays but what was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainAgain:
    """Go back to the choices of this forecast."""


def watch_training(
    read: Callable[[], TrainingView | None], act: Callable[[StopForecast | None], None]
) -> None:
    """Draw a training repeatedly, in one fragment, while ``read`` finds it running; then redraw the page."""

    @st.fragment(run_every=1.0)
    def once() -> None:
        view = read()
        if view is None:
            st.rerun()
        act(_draw_training(view))

    once()


def _draw_training(view: TrainingView) -> StopForecast | None:
    with st.container(border=True, key="forecast-training"):
        st.markdown(f"### {literal(view.name)}")
        st.progress(view.share, text=view.message)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            pressed = permitted_button(
                "Stop", action="forecasts.stop", key="forecast.stop", icon=":material/stop_circle:"
            )
            st.caption("You can leave this page, or close the browser: the training goes on.")
    return StopForecast() if pressed else None


def draw_ended(view: EndedView) -> TrainAgain | None:
    """Draw what happened to a training without a result, and the way on."""
    st.empty()  # in the training's place
    with st.container(border=True, key="verdict-quiet-forecast"):
        st.markdown(f"### {literal(view.name)}")
        state_line(view.state.word, view.state.icon, view.state.tone)
        st.markdown(literal(view.sentence))
        if st.button("Change it and train again", type="primary", key="forecast.again"):
            return TrainAgain()
    return None
