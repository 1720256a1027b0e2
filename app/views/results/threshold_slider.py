"""Draw the threshold slider of the decision card: what another threshold would change."""

from __future__ import annotations

import streamlit as st

from app import state
from app.errors import guard
from app.presenters.markdown import literal
from app.presenters.results.threshold import present_shift
from app.views.results.threshold import DecisionsDesk

__all__ = ["draw_threshold_slider"]


@st.fragment
def draw_threshold_slider(desk: DecisionsDesk) -> None:
    """Draw the slider, and once it was moved its effect and the button that applies it."""
    view = desk.view
    key = f"decide.threshold.{desk.candidate_id}"
    now = round(min(max(view.now, 0.01), 0.99), 2)
    at = st.slider(
        literal(f"When should we act? “{view.positive}” from this probability on"),
        0.01,
        0.99,
        value=state.at_first(key, now),
        step=0.01,
        key=key,
        help="Technical word: decision threshold. Its effect is counted on validation data.",
    )
    if abs(at - now) < 0.005:
        return
    with guard(safe="Nothing was changed."):
        found = desk.read()
        if found is None or found.curve is None:
            st.caption("The files of this model were removed: nothing can be counted any more.")
            return
        shift = present_shift(found.point_at(at), found.point_at(view.now), view)
        st.markdown(literal(shift.sentence))
        if st.button("Judge the model with this", key="decide.threshold.apply", icon=":material/gavel:"):
            desk.apply(desk.candidate_id, shift.step)
        st.caption(literal(view.takes))
