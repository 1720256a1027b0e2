"""Recipes in a workspace: find them, save versions, follow them step by step."""

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
        """Return a recipe (its latest version) with these knobs; others keep their defaults.

        Raises NotFoundError, UnknownNameError or UsageError with similar names.
        """
        return library.find_recipe(self.context.workspace, name, version=version, knobs=knobs)

    def text(self, name: str, version: int | None = None) -> str:
        """Return a version's text (None: the latest), even if it can no longer be read."""
        return library.find_text(self.context.workspace, name, version)[0]

    def versions(self, name: str) -> tuple[int, ...]:
        """Return the versions of a recipe in the workspace; built-in recipes may have none."""
        return library.folder_of(self.context.workspace).versions(name)

    def broken(self) -> tuple[BrokenRecipe, ...]:
        """Return the workspace's own recipes whose latest version can no longer be read, and why."""
        recipes = library.custom_recipes(self.context.workspace)
        return tuple(recipe for recipe in recipes if isinstance(recipe, BrokenRecipe))

    def uses(self) -> Mapping[str, RecipeUse]:
        """Return how many experiments follow each recipe, and how many of them met the bar."""
        return recipe_uses(self.context.store.recipe_notes(), self.context.store.runs())

    def cache_key(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """Return the workspace's own recipes with their versions, as a cache key."""
        folder = library.folder_of(self.context.workspace)
        return tuple((name, folder.versions(name)) for name in folder.names())

    def fits(self, experiment_id: str) -> tuple[RecipeFit, ...]:
        """Return the latest version of each recipe, and whether it fits the experiment's task and table.

        The order is: the workspace's own that declare a match, those that declare none, built-in ones that
        match, and those that do not fit. Every step is checked as a run of this task, which takes a moment.
        Nothing is changed.
        """
        context = self.context
        task, problems = context.experiment(experiment_id).task, []
        facts = _recipe_facts.of_experiment(context, task, context.runs(experiment_id))
        for recipe in self.list():
            try:
                fitting = fit.find_fit(context, recipe, task)
            except RecipeError as error:
                problem = " ".join(dict.fromkeys(obstacle.message for obstacle in error.problems))
                problems.append(RecipeFit(recipe=recipe, problem=problem))
            except LitmusError as error:
                problems.append(RecipeFit(recipe=recipe, problem=error.message))
            else:
                defaults = {knob.name: knob.default for knob in recipe.knobs}
                problems.append(
                    RecipeFit(
                        recipe=recipe,
                        turned=tuple(one for one in fitting.settings if one[1] != defaults[one[0]]),
                        starts_experiment=targets.with_recipe_targets(fitting, task) != task,
                        idle=targets.idle_knobs(recipe, task),
                        suits=_suits(fitting, facts),
                    )
                )
        return tuple(sorted(problems, key=_rank))

    # Following a recipe

    def take(
        self,
        experiment_id: str,
        name: str,
        *,
        version: int | None = None,
        knobs: Mapping[str, Scalar] | None = None,
    ) -> Walk:
        """Make an experiment follow a recipe from its first step on; return its progress.

        If it lacks the recipe's bar or a limit of its budget, a new experiment with these follows the recipe
        (``Walk.experiment_id``): a task never changes. Requirements are checked first: problem type, columns,
        and every step as a run of this task. Raises RecipeError with the line and similar names; then nothing
        changes.
        """
        recipe, experiment = (
            self.get(name, version=version, knobs=knobs),
            self.context.experiment(experiment_id),
        )
        task = targets.with_recipe_targets(recipe, experiment.task)
        fit.check_fit(self.context, recipe, task)
        library.keep_built_in(self.context.workspace, recipe)
        turned = tuple(sorted((knobs or {}).items()))
        follows = RecipeFollowed(
            experiment_id=experiment.id, recipe=name, version=recipe.version, knobs=turned
        )
        here = targets.find_or_create_home(self.experiments, experiment, task, follows)
        if here == experiment.id or not targets.is_followed(self.context, here, follows):
            self.context.record(replace(follows, experiment_id=here))
        return self.walk(here)

    def is_followed(self, experiment_id: str) -> bool:
        """Return whether an experiment follows a recipe."""
        return followed_recipe(self.context, experiment_id) is not None

    def walk(self, experiment_id: str) -> Walk:
        """Return an experiment's progress in its recipe: done, running, next, and why.

        Raises UsageError if it follows none.
        """
        self.context.store.refresh()
        return walk_of(self.context, experiment_id)

    def apply_step(
        self, experiment_id: str, *, rows: Path | str | None = None, most_s: float | None = None
    ) -> StepDone:
        """Take the next step. A run is queued and continues by itself.

        ``rows`` is a file for a step that requests more data: its rows are appended, and a new experiment
        continues with them. ``most_s`` limits a run in seconds. Raises UsageError if no step is next.
        A failed action leaves the experiment unchanged.
        """
        with locked(self.context.workspace, experiment_id):
            self.context.store.refresh()
            return self.steps.take(experiment_id, rows=rows, most_s=most_s)

    def skip_step(self, experiment_id: str, *, why: str = "") -> Walk:
        """Skip the next step; return the experiment's progress after that."""
        with locked(self.context.workspace, experiment_id):
            self.steps.skip(experiment_id, why=why)
        return self.walk(experiment_id)

    def list(self) -> tuple[Recipe, ...]:
        """Return the latest version of each recipe: the workspace's own, then built-in ones.

        Unreadable ones are left out: see :meth:`broken`.
        """
        recipes = library.custom_recipes(self.context.workspace)
        built_in = (read_recipe(text, source=f"{name}.yaml") for name, text in built_in_texts().items())
        return *(recipe for recipe in recipes if not isinstance(recipe, BrokenRecipe)), *built_in


def _rank(fit: RecipeFit) -> int:
    if fit.problem:
        return 4
    is_custom = fit.recipe.name not in built_in_texts()
    if fit.suits:
        return 0 if is_custom else 2
    return 1 if is_custom and fit.recipe.suits is None else 3


def _suits(recipe: Recipe, facts: _recipe_facts.Facts) -> str:
    """Return the numbers that make the recipe a match for an experiment; "" if it is none or does not say."""
    if recipe.suits is None:
        return ""
    judged = recipe.suits.judge(facts)
    return (judged.why or recipe.suits.text) if judged.holds else ""
