"""Check whether a recipe fits a task, before an experiment follows it; each problem has its line."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator
from contextlib import suppress
from difflib import get_close_matches

from litmus_core.errors import LitmusError
from litmus_core.experiments._context import Context
from litmus_core.experiments._recipes import facts as _recipe_facts
from litmus_core.experiments._recipes.facts import Facts, class_shares
from litmus_core.experiments._recipes.targets import with_recipe_targets
from litmus_core.experiments._runs.plan_checks import check_plan
from litmus_core.recipes import (
    NeededColumn,
    Recipe,
    RecipeError,
    RecipeProblem,
    Step,
    plan_of_step,
    read_recipe,
)
from litmus_core.text import join_names
from litmus_core.types import Column, RunPlan, Task

_MOST_TRIED = 200  # combinations of knobs' choices
_MOST_CHECKED = 20  # of them, as runs of the task


def find_fit(context: Context, recipe: Recipe, task: Task) -> Recipe:
    """Return the recipe with the knobs with which it fits a task: its defaults, else the nearest choices.

    Raises RecipeError with what the task lacks for the defaults.
    """
    try:
        check_fit(context, recipe, with_recipe_targets(recipe, task))
    except RecipeError:
        columns = context.dataset(task.dataset_version_id).columns
        promising = (
            turned
            for turned in _other_choices(recipe)
            if not _task_problems(turned, task) and not _column_problems(turned, task, columns)
        )
        for turned in itertools.islice(promising, _MOST_CHECKED):
            with suppress(LitmusError):
                check_fit(context, turned, with_recipe_targets(turned, task))
                return turned
        raise
    return recipe


def _other_choices(recipe: Recipe) -> Iterator[Recipe]:
    """Yield the recipe with other choices of its knobs, fewest changes first."""
    options = [
        [(knob.name, choice) for choice in knob.extremes if choice != knob.default]
        for knob in recipe.knobs
        if knob.choices or isinstance(knob.default, bool)
    ]
    combinations = (
        settings
        for n_changed in range(1, len(options) + 1)
        for chosen in itertools.combinations(options, n_changed)
        for settings in itertools.product(*chosen)
    )
    for settings in itertools.islice(combinations, _MOST_TRIED):
        with suppress(RecipeError):
            yield read_recipe(recipe.text, dict(settings))


def check_fit(context: Context, recipe: Recipe, task: Task) -> None:
    """Raise RecipeError with what the task lacks: problem type and columns, else what steps need."""
    version = context.dataset(task.dataset_version_id)
    problems = [*_task_problems(recipe, task), *_column_problems(recipe, task, version.columns)]
    if not problems:
        facts = _recipe_facts.of_table(context, task)
        problems = _class_problems(
            recipe, task, facts, classes=class_shares(context.workspace, version, task)
        )
        problems += _step_problems(context, recipe, task, facts)
    if problems:
        raise RecipeError(problems, source=f"The recipe '{recipe.name}' does not fit. {recipe.name}")


def _task_problems(recipe: Recipe, task: Task) -> list[RecipeProblem]:
    if recipe.is_for(task.problem_type):
        return []
    line = _line_of(recipe, "problems:")
    reason = f"It is for {' and '.join(recipe.problems)}, and '{task.target}' is {task.problem_type}."
    return [
        RecipeProblem(line=line, column=1, message=reason, hint="Choose another recipe: litmus recipes list.")
    ]


def _column_problems(recipe: Recipe, task: Task, columns: tuple[Column, ...]) -> list[RecipeProblem]:
    features = [column for column in columns if column.name in task.features]
    problems = []
    for wanted in recipe.columns:
        if not any(_is(wanted, column) for column in features):
            message, hint = _missing_text(wanted, features)
            problems.append(RecipeProblem(line=wanted.line, column=wanted.column, message=message, hint=hint))
    return problems


def _is(wanted: NeededColumn, column: Column) -> bool:
    return wanted.name in (None, column.name) and (wanted.kind is None or column.traits.is_a(wanted.kind))


def _missing_text(wanted: NeededColumn, features: list[Column]) -> tuple[str, str]:
    names = [column.name for column in features]
    if wanted.name is None:
        features_text = ", ".join(f"'{column.name}' ({column.kind})" for column in features[:10])
        return (
            f"It needs a column that holds {wanted.kind}, and there is none.",
            f"There are: {features_text}.",
        )
    match = next((column for column in features if column.name == wanted.name), None)
    if match is not None:
        return (
            f"'{wanted.name}' is to hold {wanted.kind}, and holds {match.kind}.",
            "Import it with that kind.",
        )
    near = get_close_matches(wanted.name, names, n=1, cutoff=0.5)
    hint = f"The nearest is '{near[0]}'." if near else f"There are: {', '.join(names[:10])}."
    return f"It needs the column '{wanted.name}' to learn from, and there is none.", hint


def _class_problems(
    recipe: Recipe, task: Task, facts: Facts, *, classes: Collection[str]
) -> list[RecipeProblem]:
    """Return the conditions that can never hold here, because they name a class that the table lacks."""
    conditions = [recipe.until, *(step.when for step in recipe.steps if step.when is not None)]
    there_are = f"there are {join_names(classes, most=10)}" if classes else "its answers are numbers"
    return [
        RecipeProblem(
            line=condition.line,
            column=condition.column,
            message=f"There is no answer '{label}' of '{task.target}': {there_are}.",
            hint="Choose another recipe: litmus recipes list.",
        )
        for condition in conditions
        for label in condition.missing_classes(facts)
    ]


def _step_problems(context: Context, recipe: Recipe, task: Task, facts: Facts) -> list[RecipeProblem]:
    """Check every step that might run, as a run of this task."""
    problems = []
    for step in recipe.steps:
        never = step.when is not None and step.when.judge(facts).holds is False
        if never or not step.is_run:
            continue
        try:
            check_plan(context, task, _plan(recipe, step))
        except LitmusError as error:
            message = f"Step {step.number} cannot be taken: {error.message}"
            problems.append(RecipeProblem(line=step.line, column=1, message=message, hint=error.hint))
    return problems


def _plan(recipe: Recipe, step: Step) -> RunPlan:
    """Return the step's plan, as far as it is known without a leading model."""
    if step.kind == "tune" and not step.pipelines:
        return RunPlan(tuning=step.tuning, folds=step.folds)
    return plan_of_step(recipe, step, leader=None, led_by=RunPlan(), refined=RunPlan())


def _line_of(recipe: Recipe, start: str) -> int:
    lines = recipe.text.splitlines()
    return next((number for number, line in enumerate(lines, start=1) if line.startswith(start)), 1)
