"""Draw the empty state of Train, Results and Export."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from app import navigation
from app.components import empty_state, heading, state_line
from app.navigation import PAGES, PageKey
from app.presenters.empty_state import EmptyStateView
from app.presenters.markdown import literal

__all__ = ["draw_empty_state"]


def draw_empty_state(page: PageKey, view: EmptyStateView, ids: Mapping[str, str | None]) -> None:
    """Draw the empty state for the selection ``ids``: what to do first, and experiments to open."""
    heading(PAGES[page].title, PAGES[page].sentence)
    experiment, dataset = ids.get("experiment"), ids.get("dataset")
    empty_state(
        view.title, view.sentence, to=view.to, label=view.label, experiment=experiment, dataset=dataset
    )
    if not view.links:
        return
    st.subheader(literal(view.links_title), anchor=False)
    with st.grid(min_column_width=300, gap="small"):
        for link in view.links:
            with st.container(border=True, gap="xsmall", key=f"elsewhere-{link.experiment_id}"):
                navigation.link(
                    page, literal(link.name), icon=":material/arrow_forward:", experiment=link.experiment_id
                )
                state_line(link.word, link.icon, link.tone)
    if view.n_more:
        navigation.link("leaderboards", f"See {view.n_more:,} more", icon="")
