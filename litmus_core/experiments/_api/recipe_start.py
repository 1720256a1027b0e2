"""``train(recipe=…)``: use the bar and budget of a recipe if none are given, and start its first run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from litmus_core.errors import UsageError
from litmus_core.experiments._api.algorithm_text import parse_algorithm
from litmus_core.experiments._recipes.targets import budget_within
from litmus_core.experiments._tasks import TaskWishes, requested_metric
from litmus_core.types import Budget, RunPlan, Scalar, Task

if TYPE_CHECKING:
    from litmus_core.experiments._studio import Studio


@dataclass(frozen=True, kw_only=True)
class RecipeChoice:
    """The recipe that new experiments follow, by name, and its knobs."""

    recipe: str
    knobs: Mapping[str, Scalar]

    def check(self, studio: Studio, task: Task, plans: Sequence[RunPlan]) -> None:
        """Raise RecipeError if the recipe does not fit the task, UsageError if ``plans`` have folds."""
        from litmus_core.experiments._recipes.fit import check_fit

        if any(plan.folds is not None for plan in plans):
            raise _recipe_and_plan_error()
        check_fit(studio.context, studio.recipes.get(self.recipe, knobs=self.knobs), task)

    def begin(self, studio: Studio, experiment_id: str) -> str:
        """Follow the recipe, and take steps until one starts a run; return the id of the run."""
        recipe = studio.recipes.take(experiment_id, self.recipe, knobs=self.knobs).recipe
        for _ in recipe.steps:
            done = studio.recipes.apply_step(experiment_id)
            if done.run_id:
                return done.run_id
            experiment_id = done.experiment_id
            if done.step.is_for_people:
                break
        raise UsageError(
            f"The recipe '{self.recipe}' begins with no run: {done.message}",
            hint=f"See: litmus recipes next {experiment_id}",
        )


def _recipe_and_plan_error() -> UsageError:
    return UsageError(
        "A recipe says what is trained, and so does the call.",
        hint="Leave one of them out. What you can set in a recipe are its knobs.",
    )


def choose_recipe(
    studio: Studio, recipe: str | None, wishes: TaskWishes, plan: RunPlan, algorithm: Any
) -> tuple[RecipeChoice | None, TaskWishes]:
    """Return the recipe to follow, and the wishes with the recipe's bar and limits where none are given.

    A bar in another metric than the requested one is not used. Raises UsageError if ``plan`` or ``algorithm``
    also say what to train.
    """
    if recipe is None:
        return None, wishes
    plain = replace(plan, scoring=replace(plan.scoring, also_validation=(), also_test=()))
    if algorithm is not None or plain != RunPlan():
        raise _recipe_and_plan_error()
    name, knobs = _read_recipe(recipe)
    followed_recipe = studio.recipes.get(name, knobs=knobs)
    if followed_recipe.bar is not None:
        decides, bar = requested_metric(
            wishes.metric, followed_recipe.bar, proposed=followed_recipe.bar.metric
        )
        if bar is not None and bar.metric == decides:
            wishes = replace(wishes, bar=wishes.bar or followed_recipe.bar)
    budget = budget_within(followed_recipe, wishes.budget or Budget())
    return RecipeChoice(recipe=name, knobs=knobs), replace(wishes, budget=budget)


def _read_recipe(recipe: str) -> tuple[str, dict[str, Any]]:
    """Return the name of a recipe and its given knobs, as in ``small-table(minutes=3)``."""
    try:
        read = parse_algorithm(recipe)
    except UsageError as error:
        raise UsageError(
            f"'{recipe}' cannot be read as a recipe.",
            hint="Write its name, or with its knobs: small-table(minutes=3).",
        ) from error
    return str(read.name), dict(read.hyperparameters)
