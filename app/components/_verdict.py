"""The verdict banner: one sentence with its certainty, as icon, word and colour."""

from __future__ import annotations

import streamlit as st

from app.components._interval import interval_strip
from app.presenters.results.verdict import VerdictView

__all__ = ["verdict_banner"]


def verdict_banner(view: VerdictView, *, key: str = "one", compact: bool = False) -> None:
    """Draw a verdict; ``key`` identifies banners on one page, ``compact`` omits the line."""
    with st.container(border=True, key=f"verdict-{view.tone}-{key}", gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"### {view.icon} {view.word}", width="content")
            for flag in view.flags:
                st.badge(flag, icon=":material/warning:", color="orange")
        st.markdown(view.sentence)
        for caution in view.cautions:
            st.warning(caution, icon=":material/warning:")
        if not compact:
            interval_strip(view.strip)
        st.caption(view.certainty)
