"""Draw the promised and measured gain of an action: the first line of Results and of Improve."""

from __future__ import annotations

import streamlit as st

from app.presenters.markdown import literal

__all__ = ["draw_delivered"]


def draw_delivered(sentence: str) -> None:
    """Draw the promised and measured gain of the action that started the run, if any."""
    if sentence:
        st.markdown(f":material/compare_arrows: **{literal(sentence)}**")
