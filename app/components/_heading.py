"""The heading of a page."""

from __future__ import annotations

import streamlit as st

__all__ = ["heading"]


def heading(title: str, sentence: str = "") -> None:
    """Draw a page's title, and below it the question that it answers."""
    st.title(title, anchor=False)
    if sentence:
        st.markdown(sentence)
