"""Draw the promised and measured gain of an action: the first line of Results and of Improve."""

from __future__ import annotations

import streamlit as st

from app.presenters.markdown import literal

__all__ = ["draw_action_result"]


def draw_action_result(sentence: str) -> None:
    """Draw the promised and measured gain of the action that started the run, if any."""
    if sentence:
        st.markdown(f":material/compare_arrows: **{literal(sentence)}**")
