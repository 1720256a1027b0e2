"""The what-if form: change a row's values, see the prediction and its contributions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import streamlit as st

from app import state, theme
from app.charts import contributions_chart
from app.errors import guard
from app.presenters import humanize
from app.presenters.markdown import literal
from app.presenters.results.what_if import PredictionView, present_answer, present_fields
from app.views.results.row_form import draw_row_form
from litmus_core.diagnostics import Plain, WhatIf
from litmus_core.text import format_score
from litmus_core.types import Column

__all__ = ["SelectedMistake", "WhatIfForm", "draw_what_if"]


class _Rows(Protocol):
    @property
    def columns(self) -> Mapping[str, Sequence[Plain]]: ...

    @property
    def n_rows(self) -> int: ...

    def row(self, at: int) -> dict[str, Plain]: ...


@dataclass(frozen=True, kw_only=True)
class WhatIfForm:
    """The data and operations of the form: example rows and predictions, read when it is opened."""

    candidate_id: str
    name: str
    target: str
    columns: tuple[Column, ...]
    order: tuple[str, ...]  # names of columns, the most important first
    rows: Callable[[], _Rows]
    ask: Callable[[Mapping[str, Plain]], WhatIf]
    is_open: Callable[[], bool]


@dataclass(frozen=True, kw_only=True)
class SelectedMistake:
    """A mistake that the visitor selected as the starting row."""

    number: int
    values: Mapping[str, Plain]
    truth: str


@st.fragment
def draw_what_if(form: WhatIfForm, mistaken: SelectedMistake | None) -> None:
    """Draw the form when the visitor opens it; a submitted row is predicted below it."""
    opened = state.stored("whatif.open", "") == form.candidate_id
    if not opened and mistaken is None:
        st.markdown("Take a real row, change its values, and see what the model answers and why.")
        st.button(
            "Try a row",
            key="whatif.begin",
            icon=":material/tune:",
            on_click=state.keep,
            args=("whatif.open", form.candidate_id),
        )
        return
    with guard():
        with st.spinner("Reading some validation rows…"):
            rows = form.rows()
        _draw_form(form, rows, mistaken)


def _draw_form(form: WhatIfForm, rows: _Rows, mistaken: SelectedMistake | None) -> None:
    base, key = _start(form, rows, mistaken)
    fields = present_fields(form.columns, base, examples=rows.columns, order=form.order)
    with st.form(f"form.{key}", border=True):
        values = draw_row_form(fields, key=key)
        is_submitted = st.form_submit_button("Answer", type="primary", icon=":material/play_arrow:")
    if is_submitted:
        waiting = "Answering…" if form.is_open() else "Opening the model: a few seconds, the first time only…"
        with guard(safe="Nothing was changed."), st.spinner(waiting):
            answer = present_answer(form.ask(values), target=form.target)
            state.keep("whatif.answer", (key, answer))
    stored_key, stored_answer = state.stored("whatif.answer", ("", None))
    if stored_key == key and stored_answer is not None:
        _draw_answer(stored_answer)
    elif not form.is_open():
        st.caption(
            f"The first answer of {literal(form.name)} takes a few seconds: the model has to be opened."
        )


def _start(
    form: WhatIfForm, rows: _Rows, mistaken: SelectedMistake | None
) -> tuple[Mapping[str, Plain], str]:
    """Return the starting row and the key of its form; show the true value."""
    if mistaken is not None:
        st.markdown(
            f"Starts from **mistake {mistaken.number}**, selected above. "
            f"True {literal(form.target)}: **{literal(mistaken.truth)}**."
        )
        return mistaken.values, f"whatif.{form.candidate_id}.m{mistaken.number}"
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        number = st.number_input(
            "Start from validation row",
            min_value=1,
            max_value=max(1, rows.n_rows),
            step=1,
            key="whatif.row",
            width=220,
        )
        row = rows.row(int(number) - 1)
        st.markdown(f"True {literal(form.target)}: **{literal(_value_text(row.get(form.target)))}**")
    return row, f"whatif.{form.candidate_id}.{number}"


def _value_text(value: Plain) -> str:
    if isinstance(value, float):
        return format_score(value)
    return "missing" if value is None else str(value)


def _draw_answer(answer: PredictionView) -> None:
    left, right = st.columns([2, 3], gap="medium")
    with left:
        st.metric("The model's answer", literal(answer.answer))
        if answer.unsure_of:
            st.markdown(
                f"“{literal(answer.unsure_of)}” has a probability of **{answer.sure}**: "
                "not sure enough to say it."
            )
        elif answer.sure:
            st.markdown(f"It gives this a probability of **{answer.sure}**.")
        if answer.certainty:
            st.markdown(literal(answer.certainty))
        for label, share in answer.probabilities if len(answer.probabilities) > 1 else ():
            st.progress(
                min(1.0, max(0.0, share)), text=f"{literal(label)}: {humanize.share(share, decimals=1)}"
            )
    with right:
        if answer.pushes:
            st.markdown(f"**What influenced this answer**   \n:small[{literal(answer.directions)}]")
            st.vega_lite_chart(
                spec=contributions_chart(answer, dark=theme.is_dark()),
                key="chart.pushes",
                alt=answer.reading,
            )
        st.markdown(literal(answer.reading))
        st.caption(answer.caption)
