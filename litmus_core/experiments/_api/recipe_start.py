"""``train(recipe=…)``: use the recipe's bar and budget if none are given, and start its first run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from litmus_core.errors import UsageError
from litmus_core.experiments._recipes.targets import budget_within
from litmus_core.experiments._tasks import requested_metric
from litmus_core.types import RunPlan, Scalar, Task

if TYPE_CHECKING:
    from litmus_core.experiments._studio import Studio


@dataclass(frozen=True, kw_only=True)
class Following:
    """The recipe for new experiments, by name, and its knobs."""

    recipe: str
    knobs: Mapping[str, Scalar]

    def check(self, studio: Studio, task: Task, plans: Sequence[RunPlan]) -> None:
        """Raise RecipeError if the recipe does not fit the task, UsageError if ``plans`` have folds."""
        from litmus_core.experiments._recipes.fit import check_fit

        if any(plan.kfold is not None for plan in plans):
            raise _said_twice()
        check_fit(studio.context, studio.recipes.get(self.recipe, knobs=self.knobs), task)

    def begin(self, studio: Studio, experiment_id: str) -> str:
        """Follow the recipe, and take steps until one is a run; return the run's id."""
        recipe = studio.recipes.take(experiment_id, self.recipe, knobs=self.knobs).recipe
        for _ in recipe.steps:
            done = studio.recipes.apply_step(experiment_id)
            if done.run_id:
                return done.run_id
            experiment_id = done.experiment_id
            if done.step.is_for_people:
                break
        raise UsageError(
            f"The recipe '{self.recipe}' begins with no run: {done.said}",
            hint=f"See: litmus next {experiment_id}",
        )


def _said_twice() -> UsageError:
    return UsageError(
        "A recipe says what is trained, and so does the call.",
        hint="Leave one of them out; what a recipe lets you turn are its knobs.",
    )


def followed(
    studio: Studio,
    recipe: str | None,
    knobs: Mapping[str, Scalar] | None,
    task: dict[str, Any],
    plan: RunPlan,
    algorithm: Any,
    *,
    metric: str | None,
) -> Following | None:
    """Return the recipe to follow; if ``task`` has no bar or budget limit, it gets the recipe's.

    A bar in another metric than a requested ``metric`` stays the recipe's. Raises UsageError if ``plan`` or
    ``algorithm`` also say what to train, or if there are knobs without a recipe.
    """
    if recipe is None:
        if knobs:
            raise UsageError(
                "Knobs are a recipe's, and none is named.", hint="Name it: recipe='small-table'."
            )
        return None
    if algorithm is not None or replace(plan, also_validation=(), also_test=()) != RunPlan():
        raise _said_twice()
    found = studio.recipes.get(recipe, knobs=knobs)
    if found.bar is not None:
        decides, bar = requested_metric(metric, found.bar, proposed=found.bar.metric)
        if bar is not None and bar.metric == decides:
            task["bar"] = task["bar"] or found.bar
    task["budget"] = budget_within(found, task["budget"])
    return Following(recipe=recipe, knobs=dict(knobs or {}))
