"""Draw a list of steps: add, fill in, remove."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from app import state
from app.presenters.markdown import literal
from app.presenters.steps import StepView, part_of
from app.views.fields import draw_fields
from litmus_core.types import PluginRef, Point

__all__ = ["AFTER", "BEFORE", "MODELS", "StepPlace", "draw_steps"]

_TURN = "post.turn"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPlace:
    """A place for steps in a pipeline; ``key`` is in the keys of all its widgets."""

    point: Point
    key: str
    title: str
    icon: str
    about: str
    help: str


MODELS = StepPlace(
    point="algorithm",
    key="model",
    title="Models from plug-ins",
    icon=":material/extension:",
    about="Trained beside what is ticked above, and judged by the same rules.",
    help="Models that are ready on the Plug-ins page.",
)
BEFORE = StepPlace(
    point="preprocess",
    key="pre",
    title="Before the model learns",
    icon=":material/mop:",
    about="Your own pre-processing: applied to the rows in this order, before anything is learned from them.",
    help="Pre-processors that are ready on the Plug-ins page.",
)
AFTER = StepPlace(
    point="postprocess",
    key="post",
    title="After the model answers",
    icon=":material/rule:",
    about="Steps that every answer goes through before anyone gets it, in this order. Each model is then "
    "on the leaderboard with and without them.",
    help="Taken one after the other. “Don't know” comes last.",
)


def draw_steps(steps: Sequence[StepView], place: StepPlace, *, task_key: str) -> tuple[PluginRef | str, ...]:
    """Draw the folded choice of steps; return them with their parameters, in order."""
    by_reference = {step.reference: step for step in steps}
    key = f"{place.key}.steps.{task_key}"
    picked: tuple[tuple[int, str], ...] = state.stored(key, ())  # (number, reference) in their order
    with st.expander(place.title, icon=place.icon, expanded=bool(picked)):
        st.caption(place.about)
        parts = [
            _draw_step(by_reference[reference], number, place, key=key)
            for number, reference in picked
            if reference in by_reference
        ]
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            chosen = st.selectbox(
                "Step",
                list(by_reference),
                format_func=lambda reference: by_reference[reference].title,
                key=f"{place.key}-step",
                help=place.help,
            )
            st.button(
                "Add this step",
                key=f"{place.key}-add",
                icon=":material/add:",
                on_click=_add,
                args=(key, chosen),
            )
        if chosen is not None and by_reference[chosen].when:
            st.caption(literal(by_reference[chosen].when))
    return tuple(parts)


def _add(key: str, reference: str) -> None:
    number = state.stored(_TURN, 0) + 1
    state.keep(_TURN, number)
    state.keep(key, (*state.stored(key, ()), (number, reference)))


def _remove(key: str, number: int) -> None:
    pairs: tuple[tuple[int, str], ...] = state.stored(key, ())
    state.keep(key, tuple(pair for pair in pairs if pair[0] != number))


def _draw_step(step: StepView, number: int, place: StepPlace, *, key: str) -> PluginRef | str:
    with st.container(border=True, key=f"{place.key}-step-{number}", gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"**{literal(step.title)}**", width="content")
            st.button(
                "Remove",
                key=f"{place.key}-remove-{number}",
                type="tertiary",
                icon=":material/close:",
                on_click=_remove,
                args=(key, number),
            )
        values = draw_fields(step.fields, key=f"{place.key}-{number}")
    return part_of(step, values, point=place.point)
