"""What Recipes reads and does: gathered from the studio and phrased, so that its page only wires."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import streamlit as st

from app import services, state
from app.components import edited, recipe_editor
from app.errors import guard
from app.presenters.handoffs import HandoffView, present_inbox
from app.presenters.recipes import EMPTY, DraftView, present_draft, present_recipes
from app.views.recipes import (
    Begin,
    DraftWish,
    Save,
    Section,
    StartTests,
    StopTests,
    begin_again,
    draw_begin,
    draw_desk,
    draw_kept,
    draw_nothing_written,
    draw_question,
    draw_recipes,
    draw_sections,
    draw_tests,
)
from litmus_core.errors import LitmusError
from litmus_core.recipes import Recipe, built_in_texts, read_recipe

__all__ = ["draw", "section"]

_TEXT, _DRAFT = "recipe.text", "recipe.draft"
_EVERY_S = 0.7


def section() -> Section:
    """Return which part of the page the visitor looks at."""
    return draw_sections(at_first=state.section(), n=len(services.studio().recipes()))


def draw(chosen: Section) -> None:
    """Draw one part of the page."""
    parts: dict[Section, Callable[[], None]] = {"recipes": _recipes, "editor": _editor}
    with guard():
        parts[chosen]()


def _recipes() -> None:
    studio, ours = services.studio(), frozenset(built_in_texts())
    found = studio.recipes()
    versions = {each.name: studio.recipe_versions(each.name) for each in found if each.name not in ours}
    texts = {
        (name, version): studio.recipe(name, version=version).text
        for name, known in versions.items()
        if len(known) > 1
        for version in known
    }
    views = present_recipes(
        found, studio.recipe_uses(), versions=versions, built_in=ours, asked_for=state.recipe()
    )
    _begin(draw_recipes(views, texts))


def _begin(wish: Begin | None) -> None:
    """Begin a draft, and go to where it is written."""
    if wish is not None:
        _lay_down(services.studio().draft_from(wish.name) if wish.name else EMPTY)
        begin_again("editor")
        st.rerun()


def _lay_down(text: str) -> None:
    """Put a text into the editor: an editor of its own, which begins with it."""
    state.keep(_TEXT, text)
    state.keep(_DRAFT, state.kept(_DRAFT, 0) + 1)


def _editor() -> None:
    studio = services.studio()
    question = _question()
    if question is not None:
        draw_question(question)
    has_draft = bool(state.kept(_TEXT, ""))
    asked_for = state.recipe()
    if not has_draft and asked_for is not None:
        _lay_down(studio.draft_from(asked_for))
        has_draft = True
    _begin(draw_begin({each.name: each.title for each in studio.recipes()}, has_draft=has_draft))
    if has_draft:
        _write()
    else:
        draw_nothing_written()


def _question() -> HandoffView | None:
    """Return the question that the address says the recipe is for."""
    asked_for = state.handoff()
    found = [each for each in services.studio().handoffs() if each.id == asked_for]
    if not found:
        return None
    experiments = services.studio().store.experiments()
    view = present_inbox(found, experiments, name="", now=datetime.now(UTC))
    return next(iter((*view.waiting, *view.answered)), None)


@st.fragment
def _write() -> None:
    """Draw the editor and all that hangs on its text; runs again by itself as it is typed in."""
    key = f"recipe.editor.{state.kept(_DRAFT, 0)}"
    text = edited(key, state.kept(_TEXT, ""))
    state.keep(_TEXT, text)
    view = _draft(text)
    recipe_editor(text, key=key, problems=view.problems, reading=view.reading)
    with guard(safe="What is written stays."):
        _act(draw_desk(view, text=text), text)
    if view.step == "kept":
        draw_kept(view.name, handoff=state.handoff())
    if view.step == "testing":
        _watch(text)
    else:
        draw_tests(view)


def _draft(text: str) -> DraftView:
    studio = services.studio()
    recipe = _meant(text)
    is_kept = recipe is not None and recipe.version in studio.recipe_versions(recipe.name)
    return present_draft(
        studio.check_before_saving(text), recipe, studio.recipe_testing(text), is_kept=is_kept
    )


def _meant(text: str) -> Recipe | None:
    """Return what a text means; None where it means nothing, which is said elsewhere."""
    try:
        return read_recipe(text)
    except LitmusError:
        return None


def _watch(text: str) -> None:
    @st.fragment(run_every=_EVERY_S)
    def poll() -> None:
        view = _draft(text)
        if view.step != "testing":
            st.rerun()
        draw_tests(view)

    poll()


def _act(wish: DraftWish | None, text: str) -> None:
    studio = services.studio()
    match wish:
        case StartTests():
            studio.start_recipe_tests(text)
        case StopTests():
            studio.stop_recipe_tests(text)
        case Save():
            studio.save_tested_recipe(text)
        case None:
            return
    st.rerun()
