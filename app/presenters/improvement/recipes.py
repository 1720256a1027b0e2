"""Recipes for their authors: their usage, and a draft with its errors and tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from app.presenters import humanize
from app.theme import Tone
from litmus_core.experiments import BrokenRecipe, RecipeTesting
from litmus_core.recipes import Knob, Recipe, RecipeProblem, RecipeUse
from litmus_core.text import format_count

__all__ = [
    "EMPTY",
    "BrokenView",
    "DraftView",
    "RecipeView",
    "TestLine",
    "present_broken",
    "present_draft",
    "present_recipes",
]

# A complete recipe to start from: valid, with one of each element that most recipes need.
EMPTY = """\
format: 1
name: our-way
version: 1
title: Our way
description: What to try first, what then, and whom to ask in the end.
knobs:
  minutes:
    words: How many minutes each attempt may take
    default: 2
    low: 1
    high: 30
steps:
  - check data: safe fixes
  - try: [lightgbm, linear]
    minutes: ${minutes}
  - tune: leader
    trials: 10
    minutes: ${minutes}
    when: not bar met
  - hand off: Our way was not enough. What else could be tried?
    when: not bar met
tests:
  - words: two kinds, told apart by a number
    table: {rows: 120, columns: {size: number, colour: category}, classes: [a, b]}
    target: kind
    seconds: 20
"""

DraftStep = Literal["fix", "test", "testing", "save", "kept"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeView:
    """A recipe in the list. ``steps`` are (number, title, condition); ``knobs`` are (label, range)."""

    name: str
    title: str
    description: str
    origin: str
    uses: str
    steps: tuple[tuple[str, str, str], ...]
    knobs: tuple[tuple[str, str], ...]
    about: str
    text: str
    versions: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenView:
    """A recipe that can no longer be read, and why, line by line."""

    name: str
    origin: str
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TestLine:
    """One acceptance test as a line."""

    __test__ = False  # pytest would collect it by its name

    name: str
    word: str
    icon: str
    tone: Tone
    message: str
    duration: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftView:
    """A draft: its errors, also as a sentence, its tests, and the author's next ``step``.

    ``label`` is the save button's. ``message`` is the progress of running tests, ``test_problem`` why they
    could not run.
    """

    problems: tuple[RecipeProblem, ...]
    reading: str
    step: DraftStep
    name: str
    label: str
    n_tests: int
    tests: tuple[TestLine, ...]
    message: str
    test_problem: str


def present_recipes(
    recipes: Sequence[Recipe],
    uses: Mapping[str, RecipeUse],
    *,
    versions: Mapping[str, tuple[int, ...]],
    built_in: frozenset[str],
    selected: str | None = None,
) -> tuple[RecipeView, ...]:
    """Present the recipes: the selected one first, then by usage."""
    ranked = sorted(
        recipes,
        key=lambda recipe: (
            recipe.name != selected,
            -(uses[recipe.name].n_experiments if recipe.name in uses else 0),
            recipe.name in built_in,
        ),
    )
    return tuple(
        _view(recipe, uses.get(recipe.name), versions.get(recipe.name, ()), is_ours=recipe.name in built_in)
        for recipe in ranked
    )


def _view(recipe: Recipe, use: RecipeUse | None, versions: tuple[int, ...], *, is_ours: bool) -> RecipeView:
    return RecipeView(
        name=recipe.name,
        title=recipe.title,
        description=recipe.description,
        origin="comes with Litmus" if is_ours else f"yours, version {recipe.version}",
        uses=_uses(use),
        steps=tuple(
            (str(step.number), step.title, "" if step.when is None else step.when.text)
            for step in recipe.steps
        ),
        knobs=tuple((knob.words, _range_text(knob)) for knob in recipe.knobs),
        about=_parts(recipe),
        text=recipe.text,
        versions=() if is_ours else versions,
    )


def present_broken(broken: Sequence[BrokenRecipe]) -> tuple[BrokenView, ...]:
    """Present the recipes that can no longer be read."""
    return tuple(
        BrokenView(
            name=recipe.name,
            origin=f"yours, version {recipe.version}",
            problems=tuple(map(str, recipe.problems)),
        )
        for recipe in broken
    )


def _uses(use: RecipeUse | None) -> str:
    if use is None:
        return "Not used yet."
    n, met = use.n_experiments, use.n_met
    if n == 1:
        return f"Used in 1 experiment, which {'met' if met else 'has not met'} its bar with it."
    return f"Used in {n:,} experiments; {met:,} of them met {'its' if met == 1 else 'their'} bar with it."


def _range_text(knob: Knob) -> str:
    if isinstance(knob.default, bool):
        return f"yes or no ({'yes' if knob.default else 'no'})"
    if knob.choices:
        return f"{', '.join(map(str, knob.choices))} ({knob.default})"
    return f"{knob.low:g} to {knob.high:g} ({knob.default:g})"


def _parts(recipe: Recipe) -> str:
    """Return the number of its parts.

    >>> from litmus_core.recipes import read_recipe
    >>> _parts(read_recipe(EMPTY))
    '4 steps, 1 knob, 1 acceptance test'
    """
    parts = [format_count(len(recipe.steps), "step")]
    parts += [format_count(len(recipe.knobs), "knob")] if recipe.knobs else []
    return ", ".join([*parts, format_count(len(recipe.tests), "acceptance test")])


def present_draft(
    problems: Sequence[RecipeProblem], recipe: Recipe | None, testing: RecipeTesting, *, is_stored: bool
) -> DraftView:
    """Present a draft. ``recipe`` is its parsed text (None: invalid), ``is_stored``: it is saved."""
    step = _step(problems, recipe, testing, is_stored=is_stored)
    n = len(problems)
    wrong = f"{format_count(n, 'thing')} {'is' if n == 1 else 'are'} wrong."
    label = "Save" if recipe is None else f"Save as version {recipe.version} of {recipe.name}"
    return DraftView(
        problems=tuple(problems),
        reading=wrong if n or recipe is None else f"No problems: {_parts(recipe)}.",
        step=step,
        name="" if recipe is None else recipe.name,
        label=f"Kept as version {recipe.version}" if step == "kept" and recipe is not None else label,
        n_tests=0 if recipe is None else len(recipe.tests),
        tests=tuple(
            TestLine(
                name=result.name,
                word="passed" if result.passed else "failed",
                icon=":material/check:" if result.passed else ":material/close:",
                tone="good" if result.passed else "bad",
                message=result.message,
                duration=humanize.brief(result.seconds),
            )
            for result in testing.results
        ),
        message=testing.message or "",
        test_problem=testing.problem if testing.message is None else "",
    )


def _step(
    problems: Sequence[RecipeProblem], recipe: Recipe | None, testing: RecipeTesting, *, is_stored: bool
) -> DraftStep:
    if testing.message is not None:
        return "testing"
    if problems or recipe is None:
        return "fix"
    if is_stored:
        return "kept"
    return "save" if not recipe.tests or testing.passed else "test"
