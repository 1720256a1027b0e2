"""The progress chart of a run: the best score so far over time, against the bar."""

from __future__ import annotations

import streamlit as st

from app import theme
from app.charts import course_chart
from app.presenters.markdown import literal
from app.presenters.training.train import CourseView

__all__ = ["progress_chart"]

_HEIGHT = 260


def progress_chart(view: CourseView, *, key: str) -> None:
    """Draw the best score over a run's time, or a placeholder of the same height before the first model."""
    if not view.scores:
        with st.container(
            border=True,
            key=f"{key}-soon",
            height=_HEIGHT,
            vertical_alignment="center",
            horizontal_alignment="center",
        ):
            st.markdown(":material/hourglass_top: The first model is on its way", width="content")
            st.caption("Its score appears here as soon as it is finished.", width="content")
        return
    st.vega_lite_chart(spec=course_chart(view, dark=theme.is_dark()), key=key, alt=view.reading)
    st.caption(literal(view.reading))
