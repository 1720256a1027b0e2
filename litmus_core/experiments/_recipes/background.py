"""Recipes that are followed in the background, and which of them fit a question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from litmus_core.errors import LitmusError, UsageError
from litmus_core.store import Store, Workspace
from litmus_core.types import RecipeTaken

if TYPE_CHECKING:
    from litmus_core.experiments._recipes.facts import Facts
    from litmus_core.experiments._studio import Studio
    from litmus_core.recipes import Recipe

_MOST_MOVES = 20  # tables that one recipe went through


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """How a recipe is followed in the background.

    ``said`` is what the process says now (None: there is none), ``problem`` why the last one failed,
    ``ended`` what it came to and ``ended_at`` when (UTC, ISO 8601); each "" where there is nothing to say.
    """

    said: str | None = None
    problem: str = ""
    ended: str = ""
    ended_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeFit:
    """A recipe, and why an experiment cannot follow it ("" where it can).

    ``apart``: another experiment would, that asks the same with the recipe's bar or budget. ``idle`` are
    knobs that change nothing here: of a bar or a budget that the experiment has itself. ``suits`` says in the
    numbers that it looked at why it is made for such as this; "" where it is not, or does not say.
    """

    recipe: Recipe
    problem: str = ""
    apart: bool = False
    idle: tuple[str, ...] = ()
    suits: str = ""


class Followed:
    """The part of a Studio that follows recipes by a process that outlives this one."""

    workspace: Workspace
    store: Store

    def follows_recipe(self, experiment_id: str) -> bool:
        """Say whether an experiment follows a recipe."""
        return self._taken(experiment_id) is not None

    def fitting_recipes(self, experiment_id: str) -> tuple[RecipeFit, ...]:
        """Return the latest version of each recipe, and whether it fits the experiment's question and table.

        First are the workspace's own: those that say that they are made for such as this, then those that do
        not say for what. Then come those of Litmus that are made for it; last are those that do not fit. It
        looks at every step as a run of this task, which takes a moment. Nothing is changed.
        """
        from litmus_core.experiments._recipes import facts as _recipe_facts
        from litmus_core.experiments._recipes.fit import check_fit
        from litmus_core.experiments._recipes.targets import idle_knobs, measured
        from litmus_core.recipes import RecipeError

        studio = cast("Studio", self)
        task, found = studio.experiment(experiment_id).task, []
        facts = _recipe_facts.of_experiment(studio, task, studio.runs(experiment_id))
        for recipe in studio.recipes():
            asked = measured(recipe, task)
            try:
                check_fit(studio, recipe, asked)
            except RecipeError as error:
                problem = " ".join(each.message for each in error.problems)
                found.append(RecipeFit(recipe=recipe, problem=problem))
            except LitmusError as error:
                found.append(RecipeFit(recipe=recipe, problem=error.message))
            else:
                idle, suits = idle_knobs(recipe, task), _suits(recipe, facts)
                found.append(RecipeFit(recipe=recipe, apart=asked != task, idle=idle, suits=suits))
        return tuple(sorted(found, key=_rank))

    def recipes_as_of(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """Return the workspace's own recipes with their versions, as a key of caches."""
        from litmus_core.recipes import RecipeFolder

        folder = RecipeFolder(self.workspace.recipes)
        return tuple((name, folder.versions(name)) for name in folder.names())

    def start_following(self, experiment_id: str, *, minutes: float | None) -> None:
        """Follow an experiment's recipe in the background for ``minutes`` at most; None: take one step.

        Raises UsageError where it follows none or no step's turn it is, BusyError where one is at it.
        """
        from litmus_core.experiments._recipes.steps import due
        from litmus_core.jobs import start_walking

        if minutes is not None and not minutes > 0:
            raise UsageError(f"{minutes:g} minutes are no time to go on for.", hint="Give some, such as 10.")
        walk = cast("Studio", self).recipe_walk(experiment_id)
        if minutes is None or walk.running is None:
            due(walk)
        start_walking(
            self.workspace, experiment_id, minutes=minutes, worker="litmus_core.experiments._recipes.worker"
        )

    def following(self, experiment_id: str) -> Following:
        """Return how an experiment's recipe is followed in the background.

        What follows it may have begun, and be told of, with an experiment that this one came from.
        """
        from litmus_core.jobs import walking

        jobs = [walking(self.workspace, each) for each in self._came_from(experiment_id)]
        for job in jobs:
            if (said := job.said()) is not None:
                return Following(said=said)
        began = datetime.fromisoformat(self.store.experiment(experiment_id).created_at).timestamp()
        over = ((job.over_at(), job) for job in jobs)
        last = next((job for at, job in over if at is not None and (job is jobs[0] or at >= began)), jobs[0])
        ended = last.conclusion()
        at = "" if ended is None else datetime.fromtimestamp(ended[1], tz=UTC).isoformat()
        return Following(problem=last.problem(), ended="" if ended is None else ended[0], ended_at=at)

    def stop_following(self, experiment_id: str) -> None:
        """End what follows an experiment's recipe, between two steps; a step's run goes on to its own end.

        Raises BusyError while a step is being taken.
        """
        from litmus_core.experiments._recipes.steps import alone
        from litmus_core.jobs import walking

        for each in self._came_from(experiment_id):
            job = walking(self.workspace, each)
            if job.said() is not None:
                with alone(self.workspace, experiment_id):
                    job.stop()
                job.conclude("It was stopped.")

    def _came_from(self, experiment_id: str) -> list[str]:
        """Return an experiment and those whose tables became its own, latest first."""
        found = [experiment_id]
        while len(found) < _MOST_MOVES:
            fact = self._taken(found[-1])
            if fact is None or not fact.came_from:
                break
            found.append(fact.came_from)
        return found

    def _taken(self, experiment_id: str) -> RecipeTaken | None:
        from litmus_core.recipes import taken

        found = taken(self.store.recipe_notes(experiment_id))
        return None if found is None else found[1]


def _rank(fit: RecipeFit) -> int:
    from litmus_core.recipes import built_in_texts

    if fit.problem:
        return 4
    is_own = fit.recipe.name not in built_in_texts()
    if fit.suits:
        return 0 if is_own else 2
    return 1 if is_own and fit.recipe.suits is None else 3


def _suits(recipe: Recipe, facts: Facts) -> str:
    """Say by what an experiment is one that the recipe is made for; "" where it is not, or does not say."""
    if recipe.suits is None:
        return ""
    judged = recipe.suits.judge(facts)
    return (judged.why or recipe.suits.text) if judged.holds else ""
