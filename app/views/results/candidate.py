"""Draw the opened model, and the dialog before its hidden test score is revealed."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app import state
from app.components import interval_strip, permitted_button
from app.errors import guard
from app.presenters.markdown import literal
from app.presenters.results.candidates import CandidateView

__all__ = ["Reveal", "draw_candidate"]

Reveal = Callable[[str, str], None]


def draw_candidate(candidate: CandidateView, evaluations: str, reveal: Reveal) -> bool:
    """Draw the opened model; return whether the visitor wants to use it."""
    with st.container(border=True, key="candidate", gap="small"):
        st.markdown(
            f"**{literal(candidate.name)}**" + ("  :gray-badge[★ chosen]" if candidate.is_chosen else "")
        )
        made_of = ": " + ", ".join(candidate.parents) if candidate.parents else ""
        st.caption(literal(candidate.kind + made_of))
        if candidate.cut_short:
            st.markdown(f":orange[:material/timer_off:] {literal(candidate.cut_short)}")
        if candidate.form:
            st.caption(literal(candidate.form))
        if candidate.strip is not None:
            interval_strip(candidate.strip)
        st.markdown(
            f"Test score, by which it is judged: **{candidate.test}**  \n"
            f"Validation score, by which it was compared: {candidate.validation}"
        )
        with st.grid(min_column_width=130, gap="small"):
            for label, value, help_ in candidate.facts:
                st.metric(label, value, help=help_)
        with st.container(horizontal=True, gap="small"):
            use = st.button("Use this model", key="use", icon=":material/rocket_launch:")
            if candidate.is_sealed:
                st.button(
                    "Reveal its test score",
                    key="reveal",
                    icon=":material/lock_open:",
                    on_click=_open_reveal,
                    args=(candidate.id,),
                )
        st.caption(evaluations)
    if candidate.is_sealed and state.stored("reveal.open", "") == candidate.id:
        _ask_reveal(candidate, evaluations, reveal)
    return use


def _open_reveal(candidate_id: str = "") -> None:
    """Keep the dialog open for a candidate; None closes it."""
    state.keep("reveal.open", candidate_id)


@st.dialog("Look at a hidden test score?", icon=":material/lock_open:", on_dismiss=_open_reveal)
def _ask_reveal(candidate: CandidateView, evaluations: str, reveal: Reveal) -> None:
    st.markdown(
        "The test rows are kept for **one** look at each run's chosen model. "
        f"Looking at **{literal(candidate.name)}** too costs some of their honesty: "
        "if you then pick the model that happens to look best, its score flatters it."
    )
    st.markdown(
        f"{evaluations} This look is logged. It changes neither the verdict nor which model is chosen, "
        "but later verdicts on these rows have to be surer."
    )
    by = st.text_input("Who is looking (for the log, optional)", key="reveal.by", max_chars=80)
    with st.container(horizontal=True, gap="small"):
        confirmed = permitted_button(
            "Look, and log it", type="primary", action="candidates.reveal_test", key="reveal.confirm"
        )
        cancelled = st.button("Keep it hidden", key="reveal.cancel")
    if confirmed:
        with guard(safe="Nothing was logged."), st.spinner("Scoring it on the test rows…"):
            reveal(candidate.id, by.strip())
            _open_reveal()
            st.rerun()
    if cancelled:
        _open_reveal()
        st.rerun()
