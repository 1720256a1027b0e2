"""Draw what an action promised and what its run brought: the first line of Results and of Improve."""

from __future__ import annotations

import streamlit as st

from app.presenters.markdown import literal

__all__ = ["draw_delivered"]


def draw_delivered(sentence: str) -> None:
    """Draw what the run's own action promised and brought, if an action started it."""
    if sentence:
        st.markdown(f":material/compare_arrows: **{literal(sentence)}**")
