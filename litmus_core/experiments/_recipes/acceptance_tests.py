"""Acceptance tests of a recipe: its steps on small tables, in a temporary workspace."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from litmus_core.errors import LitmusError
from litmus_core.experiments._context import Context
from litmus_core.experiments._data.datasets import DatasetsService
from litmus_core.experiments._recipes import facts as _recipe_facts
from litmus_core.experiments._recipes.results import TestResult
from litmus_core.experiments._recipes.service import RecipesService
from litmus_core.experiments._recipes.walks import WalksService
from litmus_core.experiments._runs.experiments import ExperimentsService
from litmus_core.experiments._runs.service import RunsService
from litmus_core.experiments._tasks import TaskWishes, make_task
from litmus_core.plugins import PLUGINS
from litmus_core.recipes import AcceptanceTest, Recipe, RecipeFolder, Step, read_recipe, table_of
from litmus_core.store import Workspace
from litmus_core.types import DatasetVersion, Task

_LONGEST_MINUTES = 120.0


class ScratchWorkspace(Protocol):
    """The parts of a temporary workspace that tests use."""

    context: Context
    datasets: DatasetsService
    experiments: ExperimentsService
    runs: RunsService
    recipes: RecipesService
    walks: WalksService


ScratchOpener = Callable[[Path], AbstractContextManager[ScratchWorkspace]]


def run_all(
    workspace: Workspace,
    recipe: Recipe,
    *,
    open_scratch: ScratchOpener,
    on_test: Callable[[TestResult], None] | None = None,
) -> tuple[TestResult, ...]:
    """Run the tests one after the other, with the plug-ins of ``workspace``."""
    from litmus_core.jobs import SCRATCH

    results = []
    for test in recipe.tests:
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix=SCRATCH, ignore_cleanup_errors=True) as folder:
            failure = _run(Path(folder), workspace, recipe, test, open_scratch)
        result = TestResult(
            name=test.name,
            line=test.line,
            passed=not failure,
            message=failure,
            seconds=round(time.monotonic() - began, 1),
        )
        results.append(result)
        if on_test is not None:
            on_test(result)
    return tuple(results)


def _run(
    folder: Path, workspace: Workspace, recipe: Recipe, test: AcceptanceTest, open_scratch: ScratchOpener
) -> str:
    """Return why the test failed; "" if it passed."""
    try:
        turned = read_recipe(recipe.text, dict(test.knobs))
        if (workspace.path / PLUGINS).is_dir():
            shutil.copytree(workspace.path / PLUGINS, folder / PLUGINS)
        RecipeFolder(folder / "recipes").save_copy(recipe.name, recipe.version, recipe.text)
        with open_scratch(folder) as scratch:
            task = task_of(scratch, turned, test)
            experiment = scratch.experiments.create(task)
            scratch.recipes.take(experiment.id, recipe.name, version=recipe.version, knobs=dict(test.knobs))
            if test.expect is None:
                return _runs_through(scratch, experiment.id, turned, test)
            return _reaches(scratch, experiment.id, test)
    except LitmusError as error:
        return str(error)


def task_of(scratch: ScratchWorkspace, recipe: Recipe, test: AcceptanceTest) -> Task:
    """Import the test's table and return the task on it, with the bar and budget that the recipe proposes."""
    file = scratch.context.workspace.uploads / "test.csv"
    table_of(test).to_csv(file, index=False)
    version = _with_kinds(scratch, scratch.datasets.import_file(file, name="test"), recipe, test)
    bar = test.bar or recipe.bar
    return make_task(
        scratch.context.workspace,
        version,
        test.target,
        TaskWishes(
            metric=None if bar is None else bar.metric,
            bar=bar,
            budget=recipe.budget,
            time_limit_s=test.seconds,
        ),
    )


def _with_kinds(
    scratch: ScratchWorkspace, version: DatasetVersion, recipe: Recipe, test: AcceptanceTest
) -> DatasetVersion:
    """Return the version whose columns have the kinds that the test declares.

    Rows that are written out declare none: the recipe's do, as a person who follows it would import them.
    """
    declared = {one.name: one.kind for one in recipe.columns if one.name in version.column_names and one.kind}
    kinds = dict(test.generated.columns) if test.generated else declared
    for name, kind in kinds.items():
        if not version.column(name).traits.is_a(kind):
            version = scratch.datasets.fixes.read_as(version.id, name, kind)
    return version


def _runs_through(scratch: ScratchWorkspace, experiment_id: str, recipe: Recipe, test: AcceptanceTest) -> str:
    """Run every automatic step, regardless of its condition."""
    for step in recipe.steps:
        if step.kind == "check data":
            experiment_id = scratch.recipes.steps.tables.fix(experiment_id, step).experiment_id
        if step.is_run and (failure := _fails(scratch, experiment_id, recipe, step, test)):
            return f"step {step.number} (line {step.line}) {failure}"
    return ""


def _fails(
    scratch: ScratchWorkspace, experiment_id: str, recipe: Recipe, step: Step, test: AcceptanceTest
) -> str:
    done = scratch.recipes.steps.start(experiment_id, recipe, step, most_s=test.seconds)
    if not done.run_id:  # no model needed to be faster
        return ""
    run = scratch.runs.wait(done.run_id, timeout_s=60.0 * _LONGEST_MINUTES)
    return "" if run.verdict is not None else f"{run.status}: {run.message} {run.hint}".strip()


def _reaches(scratch: ScratchWorkspace, experiment_id: str, test: AcceptanceTest) -> str:
    """Follow the recipe like a person who answers no request, then check the expectations."""
    while True:
        end = scratch.walks.follow(experiment_id, minutes=_LONGEST_MINUTES, most_s=test.seconds)
        experiment_id = end.experiment_id
        place = scratch.recipes.walk(experiment_id).next
        if place is None or place.state != "asked":
            break
        scratch.recipes.skip_step(experiment_id)
    task = scratch.context.experiment(experiment_id).task
    facts = _recipe_facts.of_experiment(scratch.context, task, scratch.context.runs(experiment_id))
    if test.expect is None:
        return ""
    judged = test.expect.judge(facts)
    return "" if judged.holds else f"it expected {test.expect.text}, and {judged.why}."
