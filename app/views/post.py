"""Draw the steps after the model: choose them on Train, read on Results what they did."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app import state
from app.presenters.markdown import literal
from app.presenters.post import FieldView, PostView, StepView, part_of
from litmus_core.types import Part, Scalar

__all__ = ["draw_field", "draw_post", "draw_steps"]

_KEPT = "post.steps"  # (number, reference) of each step, in their order
_TURN = "post.turn"


def draw_steps(steps: Sequence[StepView], *, task_key: str) -> tuple[Part | str, ...]:
    """Draw the choice of steps, folded; return them as they are filled in, in their order."""
    known = {each.reference: each for each in steps}
    key = f"{_KEPT}.{task_key}"
    picked: tuple[tuple[int, str], ...] = state.kept(key, ())
    with st.expander("After the model answers", icon=":material/rule:", expanded=bool(picked)):
        st.caption(
            "Steps that every answer goes through before anyone gets it, in this order. Each model is then "
            "on the leaderboard with and without them."
        )
        parts = [
            _draw_step(known[reference], number, key=key)
            for number, reference in picked
            if reference in known
        ]
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            chosen = st.selectbox(
                "Step",
                list(known),
                format_func=lambda each: known[each].title,
                key="post-step",
                help="Taken one after the other. “Don't know” comes last.",
            )
            st.button(
                "Add this step", key="post-add", icon=":material/add:", on_click=_add, args=(key, chosen)
            )
        if chosen is not None:
            st.caption(literal(known[chosen].when))
    return tuple(parts)


def _add(key: str, reference: str) -> None:
    number = state.kept(_TURN, 0) + 1
    state.keep(_TURN, number)
    state.keep(key, (*state.kept(key, ()), (number, reference)))


def _remove(key: str, number: int) -> None:
    kept: tuple[tuple[int, str], ...] = state.kept(key, ())
    state.keep(key, tuple(each for each in kept if each[0] != number))


def _draw_step(step: StepView, number: int, *, key: str) -> Part | str:
    with st.container(border=True, key=f"post-step-{number}", gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"**{step.title}**", width="content")
            st.button(
                "Remove",
                key=f"post-remove-{number}",
                type="tertiary",
                icon=":material/close:",
                on_click=_remove,
                args=(key, number),
            )
        with st.grid(min_column_width=220, gap="small"):
            values = {
                field.name: draw_field(field, key=f"post-{number}-{field.name}") for field in step.fields
            }
    return part_of(step, values)


def draw_field(field: FieldView, *, key: str) -> Scalar:
    """Draw one parameter; return its value, None or "" while it is empty."""
    help_ = field.help or None
    if field.choices:
        options, now = list(field.choices), str(field.default)
        at = options.index(now) if now in options else 0
        return st.selectbox(field.title, options, index=at, key=key, help=help_)
    if not field.is_number:
        return st.text_input(
            field.title, value=str(field.default or ""), placeholder=field.example, key=key, help=help_
        ).strip()
    if field.is_whole:
        default = int(field.default) if field.default is not None else None
        return st.number_input(
            field.title, value=default, min_value=int(field.low or 0), step=1, key=key, help=help_
        )
    return st.number_input(
        field.title,
        value=None if field.default is None else float(field.default),
        min_value=field.low,
        max_value=field.high,
        key=key,
        help=help_,
        format="%g",
    )


def draw_post(view: PostView) -> None:
    """Draw what a candidate's steps did."""
    st.subheader("After the model", anchor=False)
    st.markdown(literal(view.headline))
    st.markdown("\n".join(f"- {literal(line)}" for line in view.lines))
    st.caption(literal(view.note))
