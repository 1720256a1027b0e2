"""Draw the certainty of a verdict: the question, one line that answers it, the dots, and the reasons."""

from __future__ import annotations

import streamlit as st

from app import theme
from app.charts import certainty_chart
from app.presenters.markdown import literal
from app.presenters.results.certainty import CertaintyView

__all__ = ["draw_certainty"]


def draw_certainty(view: CertaintyView | None, *, key: str) -> None:
    """Draw ``view``, or nothing; ``key`` identifies several on one page."""
    if view is None:
        return
    with st.expander(f"**{view.title}** {literal(view.headline)}", icon=":material/balance:"):
        st.plotly_chart(
            certainty_chart(view, dark=theme.is_dark()),
            key=f"chart.certainty.{key}",
            config={"displayModeBar": False},
            alt=view.reading,
        )
        st.caption(literal(view.reading))
        st.markdown("\n".join(f"- {literal(note)}" for note in view.notes))
