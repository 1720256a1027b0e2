"""Draw an experiment's recipe: its steps, the next one, and recipes to choose from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st

from app import navigation, state
from app.components import permitted_button, state_text
from app.navigation import PageKey
from app.presenters.improvement.recipe_progress import (
    RecipeProgressView,
    RecipeStepView,
    StepChoiceView,
    WalkView,
)
from app.presenters.markdown import literal
from app.views.fields import draw_fields
from app.views.tables.append_form import MoreRows, draw_more_rows
from litmus_core.types import Scalar

__all__ = [
    "AnswerStep",
    "ApplyStep",
    "ContinueRecipe",
    "OpenContinuation",
    "SkipStep",
    "UseRecipe",
    "WalkWish",
    "draw_choice",
    "draw_folded_recipes",
    "draw_walk",
]

_MINUTES = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyStep:
    """Carry out the next step; ``is_slow``: it takes a while, without a run."""

    is_slow: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ContinueRecipe:
    """Carry out step after step automatically, for at most the given minutes."""

    minutes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SkipStep:
    """Skip the next step."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerStep:
    """Provide the rows that a step requests."""

    rows: MoreRows


@dataclass(frozen=True, slots=True, kw_only=True)
class UseRecipe:
    """Follow a recipe from its first step."""

    name: str
    knobs: Mapping[str, Scalar]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenContinuation:
    """Open the experiment that continues with another table."""

    experiment_id: str


WalkWish = ApplyStep | ContinueRecipe | SkipStep | AnswerStep | UseRecipe | OpenContinuation


def draw_walk(view: WalkView, *, experiment_id: str) -> WalkWish | None:
    """Draw the experiment's progress in its recipe, and the next step's button."""
    st.subheader(f"The recipe: {literal(view.title)}", anchor=False)
    about = (view.about, view.settings, view.goes_by)
    st.caption("  \n".join(literal(line) for line in about if line))
    with st.container(border=True, key="walk", gap="small"):
        st.markdown(f"**{literal(view.headline)}**")
        for place in view.places:
            _draw_place(place, experiment_id=experiment_id)
        if view.problem:
            st.warning(literal(view.problem), title="Following the recipe failed", icon=":material/info:")
        elif view.ended:
            st.caption(literal(view.ended))
        return _draw_turn(view)


def _draw_place(place: RecipeStepView, *, experiment_id: str) -> None:
    why = f"  \n:small[:gray[{literal(place.why)}]]" if place.why else ""
    shown = state_text(place.state.word, place.state.icon, place.state.tone)
    text = f"{place.number}. {literal(place.title)}  \n:small[{shown}]{why}"
    if not place.run_id:
        st.markdown(text)
        return
    left, right = st.columns([7, 1])
    left.markdown(text)
    with right:
        to: PageKey = "train" if place.state.tone == "accent" else "results"
        navigation.link(to, "Its run", icon="", experiment=experiment_id, run=place.run_id)


def _draw_turn(view: WalkView) -> WalkWish | None:
    if view.moved_to:
        pressed = st.button(
            "Continue there",
            key="walk.there",
            type="primary" if view.leads else "secondary",
            icon=":material/arrow_forward:",
        )
        return OpenContinuation(experiment_id=view.moved_to) if pressed else None
    wishes: list[WalkWish | None] = []
    if view.request:
        st.markdown(f":material/person_alert: {literal(view.request)}")
    if view.turn == "gather":
        rows = draw_more_rows(key="walk.rows", label="Add them and go on")
        wishes.append(None if rows is None else AnswerStep(rows=rows))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        wishes += _draw_buttons(view)
    return next((wish for wish in wishes if wish), None)


def _draw_buttons(view: WalkView) -> list[WalkWish | None]:
    wishes: list[WalkWish | None] = []
    if view.turn in ("step", "slow step") and permitted_button(
        "Take this step",
        action="recipes.apply_step",
        key="walk.take",
        type="primary" if view.leads else "secondary",
        icon=":material/play_arrow:",
    ):
        wishes.append(ApplyStep(is_slow=view.turn == "slow step"))
    if view.turn == "ask" and permitted_button(
        "Ask a data scientist",
        action="recipes.apply_step",
        key="walk.take",
        type="primary" if view.leads else "secondary",
        icon=":material/support_agent:",
        help="The question goes to Hand-offs, with what was tried. The answer comes back here.",
    ):
        wishes.append(ApplyStep(is_slow=False))
    if view.turn and permitted_button(
        "Skip this step",
        action="recipes.skip_step",
        key="walk.skip",
        type="tertiary",
        icon=":material/skip_next:",
    ):
        wishes.append(SkipStep(why=""))
    wishes.append(_draw_continue() if view.can_go_on else None)
    return wishes


def _draw_continue() -> ContinueRecipe | None:
    minutes = st.number_input(
        "Minutes at most",
        min_value=0.5,
        value=_MINUTES,
        step=5.0,
        key="walk.minutes",
        width=150,
        format="%g",
    )
    if permitted_button(
        "Continue until the bar is met",
        action="walks.start",
        key="walk.on",
        icon=":material/fast_forward:",
        help="Takes one step after another, even if you close this page. It stops at the "
        "recipe's end, where a person is needed, or when the time is up.",
    ):
        return ContinueRecipe(minutes=minutes)
    return None


def draw_folded_recipes(draw: Callable[[], None], *, is_open: bool = False) -> None:
    """Draw the choice of recipes, folded at first unless ``is_open``; ``draw`` is called when it is open."""
    shelf = st.expander(
        "Follow a recipe that a scientist prepared",
        icon=":material/menu_book:",
        key="walk.shelf",
        expanded=is_open,
        on_change="rerun",
    )
    if shelf.open:
        with shelf:
            draw()


def draw_choice(view: StepChoiceView, *, picked: str | None = None) -> UseRecipe | None:
    """Draw the recipes that fit; ``picked`` is the one in the address."""
    if not view.fitting:
        st.markdown("None of the recipes fits this table and question.")
        _draw_others(view)
        return None
    named = {fitting.name: fitting for fitting in view.fitting}
    if picked in named:
        state.follow("walk.recipe", picked)
    chosen = st.selectbox(
        "Recipe", list(named), format_func=lambda name: named[name].title, key="walk.recipe", width=360
    )
    wish = _draw_recipe(named[chosen])
    _draw_others(view)
    return wish


def _draw_recipe(recipe: RecipeProgressView) -> UseRecipe | None:
    st.markdown(literal(recipe.description))
    st.markdown("\n".join(f"{at}. {literal(step)}" for at, step in enumerate(recipe.steps, start=1)))
    values = draw_fields(recipe.knobs, key=f"knob.{recipe.name}", on_phone=260) if recipe.knobs else {}
    if recipe.note:
        st.caption(literal(recipe.note))
    if permitted_button(
        "Follow it", action="recipes.take", key="walk.follow", icon=":material/conversion_path:"
    ):
        defaults = {knob.name: knob.default for knob in recipe.knobs}
        turned = {name: value for name, value in values.items() if value not in (None, defaults[name])}
        return UseRecipe(name=recipe.name, knobs=dict(recipe.turned) | turned)
    return None


def _draw_others(view: StepChoiceView) -> None:
    if view.others:
        st.caption(
            "Not for this table:  \n"
            + "  \n".join(f"{literal(title)}: {literal(problem)}" for title, problem in view.others)
        )
