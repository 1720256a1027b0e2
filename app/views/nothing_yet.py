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

_WATCH: tuple[PageKey, str] = ("train", "Watch the training")
# what is in hand: what to say, and the one thing to do
_FIRST: dict[str, tuple[str, tuple[PageKey, str]]] = {
    "question": (
        "No model was finished for this question so far. Train first: then models are judged, "
        "and any of them can be put to work.",
        ("train", "Train the models"),
    ),
    "table": (
        "Nothing was asked of this table so far. Say what you want to know and how good is good enough.",
        ("target", "Choose what to predict"),
    ),
    "nothing": (
        "A model comes from a table and a question. Start with a table, or try a sample from Home.",
        ("data", "Add a table"),
    ),
}


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
        title, sentence = "Still training", "As soon as the models are finished and judged, they are here."
        to, label = _WATCH
    else:
        title = "No model yet"
        sentence, (to, label) = _FIRST["question" if experiment else "table" if dataset else "nothing"]
    empty_state(title, sentence, to=to, label=label, experiment=experiment, dataset=dataset)
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
