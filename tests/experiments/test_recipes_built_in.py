"""The recipes that come with Litmus train: of each the step that asks for most of its own, in two folds.

Their whole walks are their own acceptance tests: ``litmus recipes check FILE --tests``.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from litmus_core import Studio
from litmus_core.experiments import RunsService
from litmus_core.experiments._recipes import acceptance_tests, library
from litmus_core.recipes import built_in_texts, plan_of_step, read_recipe
from litmus_core.types import Compression, RecipeFollowed, Run, RunPlan
from tests.cases import thinned
from tests.trained import Trained

STEPS = {
    "imbalanced": (2, {"catboost", "forest", "lightgbm"}),
    "must-be-explainable": (2, {"lightgbm"}),
    "must-be-fast": (3, {"lightgbm", "linear"}),
    "small-table": (1, {"lightgbm", "linear"}),
    "text": (1, {"text_linear"}),
}
VALUES = {
    "imbalanced": {"catboost": ["Balanced"], "forest": ["balanced"]},
    "must-be-explainable": {"lightgbm": [6, 40, 0.15]},
    "must-be-fast": {"lightgbm": [15, 60]},
}


def test_each_recipe_has_its_step_here() -> None:
    assert sorted([*STEPS, "large-table"]) == sorted(built_in_texts())  # that one is the slowest by far


@pytest.mark.parametrize("name", sorted(STEPS))
def test_the_plan_of_a_step_of_a_built_in_recipe_asks_for_its_families(name: str) -> None:
    number, families = STEPS[name]
    recipe = read_recipe(built_in_texts()[name])
    plan = plan_of_step(recipe, recipe.steps[number - 1], leader=None, led_by=None)

    assert {*plan.families, *(each.key for each in plan.algorithms)} == families
    values = {each.key: [value.value for value in each.hyperparameters] for each in plan.algorithms}
    assert values == VALUES.get(name, {})


@pytest.mark.parametrize(
    "name",
    thinned(
        sorted(STEPS),
        keep=0,
        reason="their plans are looked at above; docs/guides/recipes.md trains steps of two",
    ),
)
def test_a_step_of_a_built_in_recipe_trains(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, families = STEPS[name]
    start_run = RunsService.start

    def in_two_folds(service: RunsService, experiment_id: str, plan: RunPlan) -> Run:
        folds = plan.folds and replace(plan.folds, n_folds=2)
        return start_run(service, experiment_id, replace(plan, folds=folds))

    monkeypatch.setattr(RunsService, "start", in_two_folds)
    with Studio.open(tmp_path / "workspace") as studio:
        recipe = studio.recipes.get(name)
        task = acceptance_tests.task_of(studio, recipe, recipe.tests[0])
        experiment = studio.experiments.create(task)
        studio.recipes.take(experiment.id, name)
        step = recipe.steps[number - 1]

        done = studio.recipes.steps.start(experiment.id, recipe, step, most_s=60.0)
        run = studio.runs.wait(done.run_id, timeout_s=250)

        assert run.verdict is not None, run.message
        assert studio.recipes.walk(experiment.id).places[number - 1].state == "done"
        assert {each.family for each in studio.candidates.list(run.id)} - {"ensemble"} == families


def test_what_must_be_fast_is_made_faster(trained: Trained, tmp_path: Path) -> None:
    workspace = shutil.copytree(trained.workspace, tmp_path / "workspace")
    with Studio.open(workspace) as studio:
        recipe, here = studio.recipes.get("must-be-fast"), trained.experiment.id
        library.keep_built_in(studio.workspace, recipe)
        studio.context.record(RecipeFollowed(experiment_id=here, recipe=recipe.name, version=recipe.version))
        step = next(each for each in recipe.steps if each.kind == "refine")

        done = studio.recipes.steps.start(here, recipe, step, most_s=60.0)
        run = studio.runs.wait(done.run_id, timeout_s=250)

        assert run.verdict is not None, run.message
        assert run.plan.origin_as(Compression) is not None
        assert run.plan.origin_as(Compression).run_id == trained.run.id
        place = studio.recipes.walk(here).places[step.number - 1]
        assert (place.state, place.run_id) == ("done", run.id)
        refined = studio.candidates.get(run.plan.origin_as(Compression).candidate_id)
        made = {each.name for each in studio.candidates.list(run.id)}
        assert made
        assert refined.name not in made
