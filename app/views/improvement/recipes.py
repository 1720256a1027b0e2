"""Draw Recipes: the list with usage, and the editor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from app import navigation, state
from app.components import empty_state, permitted_button, state_text
from app.presenters.handoffs import HandoffView
from app.presenters.improvement.recipes import BrokenView, DraftView, RecipeView
from app.presenters.markdown import literal
from app.views.ask_scientist import quoted

__all__ = [
    "DraftWish",
    "SaveRecipe",
    "Section",
    "StartRecipe",
    "StartTests",
    "StopTests",
    "begin_again",
    "draw_begin",
    "draw_broken",
    "draw_draft_operations",
    "draw_empty_editor",
    "draw_question",
    "draw_recipes",
    "draw_sections",
    "draw_stored",
    "draw_tests",
]

Section = Literal["recipes", "editor"]
_TURN = "recipes.turn"  # a new value selects the section that a click requested


@dataclass(frozen=True, slots=True, kw_only=True)
class StartRecipe:
    """Start a draft with a recipe's text ("" is the empty recipe), or continue it unless ``starts_over``."""

    name: str
    starts_over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StartTests:
    """Run the draft's acceptance tests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StopTests:
    """Stop the acceptance tests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveRecipe:
    """Save the draft as a version."""


DraftWish = StartTests | StopTests | SaveRecipe


def draw_sections(*, at_first: str | None, n: int) -> Section:
    """Draw the choice of the page's section; ``at_first`` is the section in the address, or of a click."""
    names: dict[Section, str] = {"recipes": f"Recipes ({n})", "editor": "Write one"}
    selected = state.stored(_TURN, (0, ""))
    first = selected[1] or at_first
    return st.segmented_control(
        "What to look at",
        list(names),
        default=first if first in names else "recipes",
        required=True,
        format_func=names.__getitem__,
        key=f"recipes.section.{selected[0]}",
        label_visibility="collapsed",
    )


def begin_again(section: Section) -> None:
    """Make the page open with a section, whatever was selected."""
    state.keep(_TURN, (state.stored(_TURN, (0, ""))[0] + 1, section))


def draw_broken(views: Sequence[BrokenView], *, drafts: frozenset[str]) -> StartRecipe | None:
    """Draw the recipes that can no longer be read, with their errors."""
    wish = None
    for view in views:
        with st.container(border=True, key=f"broken-{view.name}", gap="small"):
            st.markdown(
                f":orange[:material/warning:] **{literal(view.name)}** cannot be read any more, and nobody "
                f"can follow it. :small[:gray[{view.origin}]]  \n"
                + "  \n".join(literal(problem) for problem in view.problems)
            )
            label = "Continue with your draft" if view.name in drafts else "Fix it"
            if st.button(label, key=f"begin-{view.name}", icon=":material/edit_note:"):
                wish = StartRecipe(name=view.name)
    return wish


def draw_recipes(
    views: Sequence[RecipeView], texts: Mapping[tuple[str, int], str], *, drafts: frozenset[str]
) -> StartRecipe | None:
    """Draw each recipe with its usage; ``texts`` has texts by (name, version).

    Recipes in ``drafts`` have unsaved changes.
    """
    wish = None
    for view in views:
        with st.container(border=True, key=f"recipe-{view.name}", gap="small"):
            st.markdown(
                f"**{literal(view.title)}** :small[:gray[{view.name}, {view.origin}]]  \n"
                f"{literal(view.description)}"
            )
            with st.container(
                horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
            ):
                st.markdown(f":material/groups: {view.uses}", width="content")
                label = "Continue with your draft" if view.name in drafts else "Start from this one"
                if st.button(label, key=f"begin-{view.name}", icon=":material/edit_note:"):
                    wish = StartRecipe(name=view.name)
            with st.container(gap="xxsmall"):
                _draw_folded(view, texts)
    return wish


def _draw_folded(view: RecipeView, texts: Mapping[tuple[str, int], str]) -> None:
    with st.expander(view.about, type="compact"):
        numbers, titles, conditions = zip(*view.steps, strict=True)
        st.table(
            {"Step": numbers, "What": titles, "When": [literal(condition) for condition in conditions]},
            border="horizontal",
            hide_index=True,
        )
        for asks, line in view.knobs:
            st.markdown(f":material/tune: {literal(asks)}: {literal(line)}")
    folded = st.expander("Text", type="compact", key=f"text-{view.name}", on_change="rerun")
    if folded.open:
        with folded:
            text = view.text
            if len(view.versions) > 1:
                version = st.selectbox("Version", view.versions[::-1], key=f"version-{view.name}", width=120)
                text = texts[view.name, version]
            st.code(text, language="yaml", line_numbers=True)


def draw_begin(
    titles: Mapping[str, str], *, current: str | None, drafts: frozenset[str]
) -> StartRecipe | None:
    """Draw the choice of a draft's first text; ``titles`` are by recipe name, ``drafts`` exist already."""
    names = ["", *titles]
    wish = None
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        name = st.selectbox(
            "Begin with",
            names,
            index=names.index(current) if current in names else 0,
            format_func=lambda option: (
                f"{titles.get(option, 'An empty one')}{' (draft)' if option in drafts else ''}"
            ),
            key=f"recipes.begin.{current}",
            width=340,
        )
        if name != current and st.button(
            "Continue with the draft" if name in drafts else "Begin",
            key="recipes.begin.press",
            icon=":material/edit_note:",
            type="primary" if current is None else "secondary",
        ):
            wish = StartRecipe(name=name)
        if name in drafts and st.button(
            "Start over",
            key="recipes.start_over",
            icon=":material/restart_alt:",
            type="tertiary",
            help="What you have written of this one is replaced.",
        ):
            wish = StartRecipe(name=name, starts_over=True)
    return wish


def draw_question(view: HandoffView) -> None:
    """Draw the question that a recipe is written for."""
    with st.container(border=True, key=f"verdict-near-{view.id}", gap="small"):
        st.markdown(f":small[:gray[For this question. {literal(view.asker)}]]  \n{quoted(view.question)}")


def draw_draft_operations(view: DraftView, *, text: str) -> DraftWish | None:
    """Draw the operations on a draft: its tests, saving, and download."""
    wish: DraftWish | None = None
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if view.step == "testing":
            if permitted_button(
                "Stop the tests",
                action="recipe_editor.stop_tests",
                key="recipe.stop",
                icon=":material/stop_circle:",
            ):
                wish = StopTests()
        elif view.n_tests:
            label = "Run its tests again" if view.tests else "Run its acceptance tests"
            if permitted_button(
                label,
                action="recipe_editor.start_tests",
                key="recipe.test",
                icon=":material/rule:",
                type="primary" if view.step == "test" else "secondary",
                disabled=view.step == "fix",
                help="They train on small tables, in a workspace of their own, and go on when you leave.",
            ):
                wish = StartTests()
        if permitted_button(
            view.label,
            action="recipe_editor.save",
            key="recipe.save",
            icon=":material/check:" if view.step == "kept" else ":material/save:",
            type="primary" if view.step == "save" else "secondary",
            disabled=view.step != "save",
            help="Versions never change. With acceptance tests, they have to pass first.",
        ):
            wish = SaveRecipe()
        _draw_download(view.name, text)
    return wish


def _draw_download(name: str, text: str) -> None:
    st.download_button(
        "Download",
        text,
        file_name=f"{name or 'recipe'}.yaml",
        mime="application/yaml",
        type="tertiary",
        key="recipe.download",
        icon=":material/download:",
        on_click="ignore",
    )


def draw_tests(view: DraftView) -> None:
    """Draw the progress or results of a draft's acceptance tests."""
    if view.message:
        st.markdown(f":material/progress_activity: {literal(view.message)}")
    if view.test_problem:
        st.warning(literal(view.test_problem), title="The tests could not be run", icon=":material/info:")
    for test in view.tests:
        message = f": {literal(test.message)}" if test.message else ""
        st.markdown(
            f"{state_text(test.word, test.icon, test.tone)} {literal(test.name)}{message} "
            f":small[:gray[{test.duration}]]"
        )


def draw_stored(name: str, *, handoff: str | None) -> None:
    """Draw that a draft was saved, and the next step."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown(f":green[:material/check_circle:] {literal(name)} is saved, and others can follow it.")
        if handoff:
            navigation.link(
                "handoffs",
                "Answer the question with it",
                icon=":material/reply:",
                handoff=handoff,
                recipe=name,
            )


def draw_empty_editor() -> None:
    """Draw the message of an empty editor."""
    empty_state(
        "Nothing is written yet",
        "Start with an empty recipe, which is complete and works, or with an existing one. What you wrote in "
        "this browser tab comes back when you start with the same one.",
        icon=":material/edit_note:",
    )
