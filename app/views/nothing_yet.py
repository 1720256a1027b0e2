"""Draw Results and Export while there is nothing in hand to show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from app import navigation
from app.components import empty_state, heading, state_line
from app.navigation import PAGES, PageKey
from app.presenters.markdown import literal
from app.presenters.results import ElsewhereView

__all__ = ["draw_nothing_yet"]


def draw_nothing_yet(
    here: PageKey,
    ids: Mapping[str, str | None],
    *,
    is_live: bool = False,
    elsewhere: Sequence[ElsewhereView] = (),
) -> None:
    """Say what comes first for what is in hand (``ids``), and where there is something to see."""
    heading(PAGES[here].title, PAGES[here].sentence)
    experiment, dataset = ids.get("experiment"), ids.get("dataset")
    if is_live:
        empty_state(
            "Still training",
            "As soon as the models are finished and judged, they are here.",
            to="train",
            label="Watch the training",
            experiment=experiment,
        )
    elif experiment is not None:
        empty_state(
            "No model yet",
            "No model was finished for this question so far. Train first: then models are judged, "
            "and any of them can be put to work.",
            to="train",
            label="Train the models",
            experiment=experiment,
        )
    elif dataset is not None:
        empty_state(
            "No model yet",
            "Nothing was asked of this table so far. Say what you want to know and how good is good enough.",
            to="target",
            label="Choose what to predict",
            dataset=dataset,
        )
    else:
        empty_state(
            "No model yet",
            "A model comes from a table and a question. Start with a table, or try a sample from Home.",
            to="data",
            label="Add a table",
        )
    if experiment is None and elsewhere:
        _draw_elsewhere(here, elsewhere)


def _draw_elsewhere(here: PageKey, elsewhere: Sequence[ElsewhereView]) -> None:
    st.subheader("Experiments with results", anchor=False)
    with st.grid(min_column_width=300, gap="small"):
        for each in elsewhere:
            with st.container(border=True, gap="xsmall", key=f"elsewhere-{each.experiment_id}"):
                navigation.link(
                    here, literal(each.name), icon=":material/arrow_forward:", experiment=each.experiment_id
                )
                state_line(each.word, each.icon, each.tone)
