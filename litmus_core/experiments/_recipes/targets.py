"""The bar and budget of a walk: the experiment's own, or else the recipe's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from litmus_core.experiments._context import Context
from litmus_core.experiments._runs.experiments import ExperimentsService
from litmus_core.recipes import Recipe, current_recipe, read_recipe
from litmus_core.types import Bar, Budget, Experiment, RecipeFollowed, Task


def with_recipe_targets(recipe: Recipe, task: Task) -> Task:
    """Return the task with the recipe's bar and budget, each only if it has none of its own.

    A bar in another metric than the task's is not used, since it would make another task.
    """
    bar = task.bar
    if bar is None and recipe.bar is not None and recipe.bar.metric == task.metric:
        bar = recipe.bar
    return replace(task, bar=bar, budget=budget_within(recipe, task.budget))


def budget_within(recipe: Recipe, budget: Budget) -> Budget:
    """Return a budget with the recipe's limits, each only if it has none of its own."""
    its = recipe.budget or Budget()
    merged = budget
    if budget.max_latency_ms is None and its.max_latency_ms is not None:
        merged = replace(merged, max_latency_ms=its.max_latency_ms, batch_rows=its.batch_rows)
    return replace(merged, max_size_mb=its.max_size_mb) if budget.max_size_mb is None else merged


def idle_knobs(recipe: Recipe, task: Task) -> tuple[str, ...]:
    """Return the names of knobs without effect on this task, because it has its own bar or budget."""
    plain = _with_walk_targets(recipe, task)
    return tuple(
        knob.name
        for knob in recipe.knobs
        if all(
            _with_walk_targets(read_recipe(recipe.text, {knob.name: end}), task) == plain
            for end in knob.extremes
        )
    )


def _with_walk_targets(recipe: Recipe, task: Task) -> tuple[Task, Recipe]:
    """Return task and recipe with the bar and budget that a walk uses."""
    return with_recipe_targets(recipe, task), replace(recipe, bar=None, budget=None, suits=None, settings=())


def find_or_create_home(
    experiments: ExperimentsService, base: Experiment, task: Task, follows: RecipeFollowed
) -> str:
    """Return the id of an experiment with ``task``, created if needed.

    It is ``base`` itself, or an experiment that follows nothing or the same recipe with the same knobs. So
    another experiment's walk is not ended.
    """
    if task == base.task:
        return base.id
    context = experiments.context
    for experiment in context.store.experiments():
        is_free = current_recipe(context.store.recipe_notes(experiment.id)) is None
        if experiment.task == task and (is_free or is_followed(context, experiment.id, follows)):
            return experiment.id
    brought = [target for target in _task_targets(task) if target not in list(_task_targets(base.task))]
    name = f"{base.name}, {', '.join(brought)}"
    return experiments.create(task, name=name, group=base.group).id


def is_followed(context: Context, experiment_id: str, follows: RecipeFollowed) -> bool:
    """Return whether an experiment follows that version of a recipe with these knobs."""
    recipe = current_recipe(context.store.recipe_notes(experiment_id))
    return recipe is not None and replace(recipe[1], came_from="", begins_at=1) == replace(
        follows, experiment_id=experiment_id
    )


def goes_by(recipe: Recipe, task: Task) -> str:
    """Describe the bar and budget of a walk, and which of the recipe's are not used; "" without any."""
    counts = list(_task_targets(task))
    idle = [text for text in _target_texts(recipe.bar, recipe.budget or Budget()) if text not in counts]
    sentence = f"It goes by: {', '.join(counts)}." if counts else ""
    if idle:
        sentence += f" These limits of the recipe do not apply here: {', '.join(idle)}."
        if with_recipe_targets(recipe, task) != task:  # taken by an earlier Litmus that ignored the recipe's
            sentence += " Follow it again for that."
    return sentence.strip()


def _task_targets(task: Task) -> Iterator[str]:
    return _target_texts(task.bar, task.budget)


def _target_texts(bar: Bar | None, budget: Budget) -> Iterator[str]:
    if bar is not None:
        yield str(bar)
    if budget.max_latency_ms is not None:
        rows = "1 row" if budget.batch_rows == 1 else f"{budget.batch_rows:,} rows"
        yield f"{budget.max_latency_ms:g} ms for {rows}"
    if budget.max_size_mb is not None:
        yield f"{budget.max_size_mb:g} MB"
