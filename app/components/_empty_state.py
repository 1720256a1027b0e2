"""The empty state of a page."""

from __future__ import annotations

import streamlit as st

from app import navigation
from app.navigation import PageKey

__all__ = ["empty_state"]


def empty_state(
    title: str,
    sentence: str,
    *,
    to: PageKey | None = None,
    label: str = "",
    icon: str = ":material/lightbulb:",
    **ids: str | None,
) -> None:
    """Say what is missing and offer the first thing to do."""
    with st.container(border=True, key=f"empty-{title}"):
        st.markdown(f"#### {icon} {title}")
        st.markdown(sentence)
        if to is not None:
            navigation.link(to, label, **ids)
