"""The top of a page."""

from __future__ import annotations

import streamlit as st

__all__ = ["heading"]


def heading(title: str, sentence: str = "") -> None:
    """Draw a page's title and, under it, the one sentence that it answers first."""
    st.title(title, anchor=False)
    if sentence:
        st.markdown(sentence)
