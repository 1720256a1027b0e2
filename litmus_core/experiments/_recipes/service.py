"""Recipes in a workspace: found, kept in versions, followed step by step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from litmus_core.errors import LitmusError
from litmus_core.experiments._context import Context
from litmus_core.experiments._recipes import facts as _recipe_facts
from litmus_core.experiments._recipes import fit, library, targets
from litmus_core.experiments._recipes.results import BrokenRecipe, RecipeFit, StepDone
from litmus_core.experiments._recipes.steps import RecipeSteps
from litmus_core.experiments._recipes.walk_state import followed_recipe, locked, walk_of
from litmus_core.experiments._runs.experiments import ExperimentsService
from litmus_core.recipes import (
    Recipe,
    RecipeError,
    RecipeUse,
    Walk,
    built_in_texts,
    read_recipe,
    recipe_uses,
)
from litmus_core.types import RecipeFollowed, Scalar


@dataclass(frozen=True, slots=True)
class RecipesService:
    """The recipes of a workspace, and the experiments that follow them."""

    context: Context
    experiments: ExperimentsService
    steps: RecipeSteps

    # The library

    def get(
        self, name: str, *, version: int | None = None, knobs: Mapping[str, Scalar] | None = None
    ) -> Recipe:
        """Return a recipe (its latest version) with its knobs turned; the others keep their defaults.

        Raises NotFoundError, UnknownNameError or UsageError with the nearest valid thing.
        """
        return library.find_recipe(self.context.workspace, name, version=version, knobs=knobs)

    def text(self, name: str, version: int | None = None) -> str:
        """Return a version's text (None: the latest) as it is, also where it cannot be read any more."""
        return library.find_text(self.context.workspace, name, version)[0]

    def versions(self, name: str) -> tuple[int, ...]:
        """Return a recipe's versions that the workspace holds; one that comes with Litmus may have none."""
        return library.folder_of(self.context.workspace).versions(name)

    def broken(self) -> tuple[BrokenRecipe, ...]:
        """Return the workspace's own recipes whose latest version cannot be read any more, and why."""
        own = library.custom_recipes(self.context.workspace)
        return tuple(each for each in own if isinstance(each, BrokenRecipe))

    def uses(self) -> Mapping[str, RecipeUse]:
        """Return in how many experiments each recipe was taken, and in how many it met the bar."""
        return recipe_uses(self.context.store.recipe_notes(), self.context.store.runs())

    def cache_key(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """Return the workspace's own recipes with their versions, as a key of caches."""
        folder = library.folder_of(self.context.workspace)
        return tuple((name, folder.versions(name)) for name in folder.names())

    def fits(self, experiment_id: str) -> tuple[RecipeFit, ...]:
        """Return the latest version of each recipe, and whether it fits the experiment's question and table.

        First are the workspace's own: those that say that they are made for such as this, then those that do
        not say for what. Then come those of Litmus that are made for it; last are those that do not fit. It
        looks at every step as a run of this task, which takes a moment. Nothing is changed.
        """
        context = self.context
        task, found = context.experiment(experiment_id).task, []
        facts = _recipe_facts.of_experiment(context, task, context.runs(experiment_id))
        for recipe in self.list():
            asked = targets.measured(recipe, task)
            try:
                fit.check_fit(context, recipe, asked)
            except RecipeError as error:
                problem = " ".join(each.message for each in error.problems)
                found.append(RecipeFit(recipe=recipe, problem=problem))
            except LitmusError as error:
                found.append(RecipeFit(recipe=recipe, problem=error.message))
            else:
                idle, suits = targets.idle_knobs(recipe, task), _suits(recipe, facts)
                found.append(RecipeFit(recipe=recipe, apart=asked != task, idle=idle, suits=suits))
        return tuple(sorted(found, key=_rank))

    # Following one

    def take(
        self,
        experiment_id: str,
        name: str,
        *,
        version: int | None = None,
        knobs: Mapping[str, Scalar] | None = None,
    ) -> Walk:
        """Let an experiment follow a recipe from now on, from its first step; return where it is.

        Where it lacks a bar or a limit of the budget that the recipe has, an experiment that asks the same
        with it follows the recipe in its place (``Walk.experiment_id``): what is asked never changes.
        What it needs is looked at first: the kind of question, columns, and every step as a run of this
        task. Raises RecipeError with the line and the nearest valid thing; nothing is changed then.
        """
        recipe, asked = self.get(name, version=version, knobs=knobs), self.context.experiment(experiment_id)
        task = targets.measured(recipe, asked.task)
        fit.check_fit(self.context, recipe, task)
        library.keep_built_in(self.context.workspace, recipe)
        turned = tuple(sorted((knobs or {}).items()))
        follows = RecipeFollowed(experiment_id=asked.id, recipe=name, version=recipe.version, knobs=turned)
        here = targets.home_of(self.experiments, asked, task, follows)
        if here == asked.id or not targets.is_followed(self.context, here, follows):
            self.context.record(replace(follows, experiment_id=here))
        return self.walk(here)

    def is_followed(self, experiment_id: str) -> bool:
        """Say whether an experiment follows a recipe."""
        return followed_recipe(self.context, experiment_id) is not None

    def walk(self, experiment_id: str) -> Walk:
        """Return where an experiment is in its recipe: what is done, what runs, what is next, and why.

        Raises UsageError where it follows none.
        """
        self.context.store.refresh()
        return walk_of(self.context, experiment_id)

    def apply_step(
        self, experiment_id: str, *, rows: Path | str | None = None, most_s: float | None = None
    ) -> StepDone:
        """Take the step whose turn it is. A run is queued and goes on by itself.

        ``rows`` is a file that answers a request for more data: its rows are appended, and a new experiment
        goes on with them. ``most_s`` bounds a run in seconds. Raises UsageError where no step's turn it is.
        An action that fails leaves the experiment as it was.
        """
        with locked(self.context.workspace, experiment_id):
            self.context.store.refresh()
            return self.steps.take(experiment_id, rows=rows, most_s=most_s)

    def skip_step(self, experiment_id: str, *, why: str = "") -> Walk:
        """Pass over the step whose turn it is; return where the experiment is then."""
        with locked(self.context.workspace, experiment_id):
            self.steps.skip(experiment_id, why=why)
        return self.walk(experiment_id)

    def list(self) -> tuple[Recipe, ...]:
        """Return the latest version of each recipe: the workspace's own, then those that come with Litmus.

        Those that cannot be read any more are left out: see :meth:`broken`.
        """
        own = library.custom_recipes(self.context.workspace)
        built_in = (read_recipe(text, source=f"{name}.yaml") for name, text in built_in_texts().items())
        return *(each for each in own if not isinstance(each, BrokenRecipe)), *built_in


def _rank(fit: RecipeFit) -> int:
    if fit.problem:
        return 4
    is_own = fit.recipe.name not in built_in_texts()
    if fit.suits:
        return 0 if is_own else 2
    return 1 if is_own and fit.recipe.suits is None else 3


def _suits(recipe: Recipe, facts: _recipe_facts.Facts) -> str:
    """Say by what an experiment is one that the recipe is made for; "" where it is not, or does not say."""
    if recipe.suits is None:
        return ""
    judged = recipe.suits.judge(facts)
    return (judged.why or recipe.suits.text) if judged.holds else ""
