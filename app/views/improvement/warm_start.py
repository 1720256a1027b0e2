"""Draw new rows since a model was trained, and compare continued training with retraining."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from app.components import permitted_button
from app.presenters.improvement.warm_start import ContinuingView, WarmStartOffer
from app.presenters.markdown import literal

__all__ = ["ContinueTraining", "draw_continuing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContinueTraining:
    """Continue training a candidate on new rows."""

    candidate_id: str


def draw_continuing(view: ContinuingView | None) -> ContinueTraining | None:
    """Draw the offer, and the result of an earlier continuation; return a request to continue."""
    if view is None:
        return None
    pressed = view.offer is not None and _draw_offer(view.offer)
    if view.rows:
        st.subheader("Continue, or retrain", anchor=False)
        _draw_sides(view)
    return (
        ContinueTraining(candidate_id=view.offer.candidate_id) if view.offer is not None and pressed else None
    )


def _draw_offer(offer: WarmStartOffer) -> bool:
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.markdown(literal(offer.sentence))
        return permitted_button(
            "Continue training",
            action="warm_start.start",
            key="continue",
            icon=":material/trending_up:",
            help="Adds trees that learn from the new rows, and also retrains it on all rows, to compare.",
        )


def _draw_sides(view: ContinuingView) -> None:
    st.dataframe(
        {
            "what": [row.side for row in view.rows],
            "model": [row.model for row in view.rows],
            "test": [row.test for row in view.rows],
            "fit": [row.fit for row in view.rows],
        },
        key="continuing",
        hide_index=True,
        column_config={
            "what": st.column_config.TextColumn(""),
            "model": st.column_config.TextColumn("Model"),
            "test": st.column_config.TextColumn(
                "Test score", help="On the same test rows, with its interval."
            ),
            "fit": st.column_config.TextColumn("Trained in"),
        },
        alt=view.sentence,
    )
    st.caption(literal(view.sentence))
