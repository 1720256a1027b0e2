"""The Recipes page: read and present the recipes, and carry out requests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import streamlit as st

from app import services, state
from app.components import edited_text, recipe_editor, redraw_page
from app.errors import guard
from app.presenters.handoffs import HandoffView, present_inbox
from app.presenters.improvement.recipes import (
    EMPTY,
    DraftView,
    present_broken,
    present_draft,
    present_recipes,
)
from app.views.improvement.recipes import (
    DraftWish,
    SaveRecipe,
    Section,
    StartRecipe,
    StartTests,
    StopTests,
    begin_again,
    draw_begin,
    draw_broken,
    draw_draft_operations,
    draw_empty_editor,
    draw_question,
    draw_recipes,
    draw_sections,
    draw_stored,
    draw_tests,
)
from litmus_core.errors import LitmusError
from litmus_core.recipes import Recipe, built_in_texts, read_recipe
from litmus_core.store import new_id

__all__ = ["RecipeDraft", "draw", "section"]

_DRAFTS, _CURRENT, _TURN = "recipe.drafts", "recipe.current", "recipe.turn"
_EVERY_S = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeDraft:
    """A recipe's draft in this tab.

    ``stamp`` distinguishes a new draft from an earlier draft of the same recipe. With the stamp "" the
    browser tab may have a later text, typed before the page was reloaded.
    """

    text: str
    stamp: str = ""


def section() -> Section:
    """Return the selected part of the page."""
    return draw_sections(at_first=state.section(), n=len(services.studio().recipes.list()))


def draw(chosen: Section) -> None:
    """Draw one part of the page."""
    parts: dict[Section, Callable[[], None]] = {"recipes": _recipes, "editor": _editor}
    with guard():
        parts[chosen]()


def _recipes() -> None:
    studio, built_in = services.studio(), frozenset(built_in_texts())
    recipes = studio.recipes.list()
    versions = {
        recipe.name: studio.recipes.versions(recipe.name) for recipe in recipes if recipe.name not in built_in
    }
    texts = {
        (name, version): studio.recipes.text(name, version)
        for name, numbers in versions.items()
        if len(numbers) > 1
        for version in numbers
    }
    views = present_recipes(
        recipes, studio.recipes.uses(), versions=versions, built_in=built_in, selected=state.recipe()
    )
    drafts = frozenset(_unsaved_drafts())
    to_fix = draw_broken(present_broken(studio.recipes.broken()), drafts=drafts)
    _begin(draw_recipes(views, texts, drafts=drafts) or to_fix)


def _begin(wish: StartRecipe | None) -> None:
    """Start a draft, or continue the existing one, and open the editor."""
    if wish is not None:
        if wish.starts_over or wish.name not in _unsaved_drafts():
            is_first = wish.name not in _drafts() and not wish.starts_over
            _create_draft(wish.name, stamp="" if is_first else new_id("draft"))
        _select_recipe(wish.name)
        state.name_recipe(wish.name)
        begin_again("editor")
        st.rerun()


def _drafts() -> Mapping[str, RecipeDraft]:
    """Return this tab's drafts by the recipe they started from; "" is the empty recipe."""
    return state.stored(_DRAFTS, {})


def _unsaved_drafts() -> list[str]:
    """Return the recipes whose drafts have unsaved changes."""
    return [name for name, draft in _drafts().items() if not _is_stored(draft.text)]


def _create_draft(name: str, *, stamp: str) -> None:
    text = services.studio().recipe_editor.draft(name) if name else EMPTY
    state.keep(_DRAFTS, {**_drafts(), name: RecipeDraft(text=text, stamp=stamp)})


def _select_recipe(name: str) -> None:
    """Open a draft in its own editor."""
    state.keep(_CURRENT, name)
    state.keep(_TURN, state.stored(_TURN, 0) + 1)


def _editor() -> None:
    question, selected = _question(), state.recipe()
    if question is not None:
        draw_question(question)
    studio = services.studio()
    titles = {recipe.name: recipe.title for recipe in studio.recipes.list()}
    titles |= {recipe.name: f"{recipe.name} (needs fixing)" for recipe in studio.recipes.broken()}
    current: str | None = state.stored(_CURRENT, None)
    _begin(draw_begin(titles, current=current, drafts=frozenset(_drafts())))
    if selected is not None and selected != current:
        if selected not in _drafts():
            _create_draft(selected, stamp="")
        _select_recipe(selected)
        st.rerun()
    if current is None:
        draw_empty_editor()
    else:
        _write(current)


def _question() -> HandoffView | None:
    """Return the question to a scientist that the recipe is for, according to the address."""
    handoff_id = state.handoff()
    handoffs = [handoff for handoff in services.studio().handoffs.list() if handoff.id == handoff_id]
    if not handoffs:
        return None
    experiments = services.studio().store.experiments()
    view = present_inbox(handoffs, experiments, name="", now=datetime.now(UTC))
    return next(iter((*view.waiting, *view.answered)), None)


@st.fragment
def _write(name: str) -> None:
    """Draw the editor and everything that depends on its text; reruns while typing."""
    key, draft = f"recipe.editor.{state.stored(_TURN, 0)}", _drafts()[name]
    text = edited_text(key, draft.text)
    state.keep(_DRAFTS, {**_drafts(), name: replace(draft, text=text)})
    view = _draft(text)
    recipe_editor(text, key=key, problems=view.problems, reading=view.reading, draft=name, stamp=draft.stamp)
    with guard(safe="Your text is kept."):
        _act(draw_draft_operations(view, text=text), text)
    if view.step == "kept":
        draw_stored(view.name, handoff=state.handoff())
    if view.step == "testing":
        _watch(text)
    else:
        draw_tests(view)


def _draft(text: str) -> DraftView:
    studio = services.studio()
    problems, testing = studio.recipe_editor.problems(text), studio.recipe_editor.tests(text)
    return present_draft(problems, _parsed_recipe(text), testing, is_stored=_is_stored(text))


def _is_stored(text: str) -> bool:
    """Return whether a version has exactly this text."""
    recipe, studio = _parsed_recipe(text), services.studio()
    if recipe is None or recipe.version not in studio.recipes.versions(recipe.name):
        return False
    return studio.recipes.text(recipe.name, recipe.version) == text


def _parsed_recipe(text: str) -> Recipe | None:
    """Return the parsed recipe; None for an invalid text, whose errors are shown elsewhere."""
    try:
        return read_recipe(text)
    except LitmusError:
        return None


def _watch(text: str) -> None:
    @st.fragment(run_every=_EVERY_S)
    def poll() -> None:
        view = _draft(text)
        if view.step != "testing":
            redraw_page()
            return
        draw_tests(view)

    poll()


def _act(wish: DraftWish | None, text: str) -> None:
    studio = services.studio()
    match wish:
        case StartTests():
            studio.recipe_editor.start_tests(text)
        case StopTests():
            studio.recipe_editor.stop_tests(text)
        case SaveRecipe():
            studio.recipe_editor.save_tested(text)
        case None:
            return
    st.rerun()
