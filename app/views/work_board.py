"""Draw finished forecasts and many targets on Leaderboards, and write them into its file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from app import navigation
from app.components import state_line
from app.presenters.markdown import literal
from app.presenters.work.board import WorkSection

__all__ = ["draw_sections", "work_frame"]

_MOST = 24  # entries of a section


def draw_sections(sections: Sequence[WorkSection]) -> None:
    """Draw each section with links to the results."""
    for section in sections:
        st.subheader(section.title, anchor=False)
        with st.grid(min_column_width=300, gap="small"):
            for entry in section.entries[:_MOST]:
                key = f"recent-{entry.id}"
                with st.container(border=True, gap="xsmall", height="stretch", key=key):
                    navigation.link(
                        section.kind, literal(entry.row.name), icon="", **{section.kind: entry.id}
                    )
                    state_line(entry.headline, entry.state.icon, entry.state.tone)
                    st.markdown(
                        f"{literal(entry.row.predicts)}  \n"
                        f"{literal(entry.row.score)}  \n{literal(entry.row.baseline)}"
                    )
                    st.caption(entry.detail)
        if len(section.entries) > _MOST:
            navigation.link(section.kind, f"See all {len(section.entries):,}")


def work_frame(sections: Sequence[WorkSection]) -> Any:
    """Return the lines of all sections as a data frame, with the titles of a file."""
    import pandas as pd

    pairs = [(section.title, entry.row) for section in sections for entry in section.entries]
    return pd.DataFrame(
        {
            "Kind": [title for title, _ in pairs],
            "Name": [row.name for _, row in pairs],
            "Verdict": [row.verdict for _, row in pairs],
            "Chance, %": pd.array([row.chance for _, row in pairs], dtype="Float64"),
            "Score": [row.score for _, row in pairs],
            "Beside the baseline": [row.baseline for _, row in pairs],
            "Predicts": [row.predicts for _, row in pairs],
            "Table": [row.table for _, row in pairs],
            "Updated": [row.updated for _, row in pairs],
        }
    )
