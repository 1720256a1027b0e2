"""Draw the effect of post-processing steps on Results."""

from __future__ import annotations

import streamlit as st

from app.presenters.markdown import literal
from app.presenters.results.postprocess import PostView

__all__ = ["draw_post"]


def draw_post(view: PostView) -> None:
    """Draw the effect of a candidate's steps."""
    st.subheader("After the model", anchor=False)
    st.markdown(literal(view.headline))
    st.markdown("\n".join(f"- {literal(line)}" for line in view.lines))
    st.caption(literal(view.note))
