"""What a walk goes by: what the experiment asks, and the recipe's bar and budget where it asks for none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from litmus_core.experiments._recipes import library
from litmus_core.experiments._recipes.targets import goes_by, idle_knobs, with_recipe_targets
from litmus_core.recipes import read_recipe
from litmus_core.types import Bar, Budget, RecipeFollowed, Task
from tests.store import facts as told
from tests.walks import RECIPE

BAR = Bar(metric="roc_auc", op=">=", value=0.9)
WITH_BUDGET = RECIPE.replace("knobs:", "budget: {latency_ms: 5, rows: 10, size_mb: 20}\nknobs:")
WITH_BAR = RECIPE.replace("knobs:", "bar: roc_auc >= 0.9\nknobs:")


def task(**asked: object) -> Task:
    return told.task(**{"metric": "roc_auc", "bar": None, "budget": Budget(), **asked})


@pytest.mark.parametrize(
    ("recipe", "asked", "bar", "budget", "said"),
    [
        (RECIPE, task(), None, Budget(), ""),
        (
            WITH_BUDGET, task(), None, Budget(max_latency_ms=5, batch_rows=10, max_size_mb=20),
            "It goes by: 5 ms for 10 rows, 20 MB.",
        ),
        (
            WITH_BUDGET, task(budget=Budget(max_latency_ms=1)), None,
            Budget(max_latency_ms=1, batch_rows=1, max_size_mb=20),
            "It goes by: 1 ms for 1 row, 20 MB. These limits of the recipe do not "
            "apply here: 5 ms for 10 rows.",
        ),
        (WITH_BAR, task(), BAR, Budget(), "It goes by: roc_auc >= 0.9."),
        (
            WITH_BAR, task(metric="accuracy"), None, Budget(),
            "These limits of the recipe do not apply here: roc_auc >= 0.9.",
        ),
        (RECIPE, task(budget=Budget(batch_rows=100)), None, Budget(batch_rows=100), ""),
    ],
)  # fmt: skip
def test_what_the_experiment_asks_comes_first_and_what_does_not_count_is_said(
    recipe, asked, bar, budget, said
):
    found = with_recipe_targets(read_recipe(recipe), asked)

    assert (found.bar, found.budget) == (bar, budget)
    assert replace(found, bar=asked.bar, budget=asked.budget) == asked
    assert goes_by(read_recipe(recipe), found) == said
    assert with_recipe_targets(read_recipe(recipe), found) == found


@pytest.mark.parametrize(
    ("budget", "idle"),
    [
        (Budget(), ()),
        (Budget(max_latency_ms=1), ("most_ms",)),
        (Budget(max_size_mb=1), ("most_mb",)),
        (Budget(max_latency_ms=1, max_size_mb=1), ("most_ms", "most_mb")),
    ],
)
def test_knobs_of_a_budget_that_the_experiment_has_do_nothing(studio, budget, idle):
    assert idle_knobs(studio.recipes.get("must-be-fast"), task(budget=budget)) == idle


def test_a_budget_that_the_experiment_lacks_is_asked_for_by_another_which_follows(
    studio, experiment, train_to
):
    train_to(0.7)

    walk = studio.recipes.take(experiment.id, "must-be-fast", knobs={"most_ms": 1.0})

    there = studio.experiments.get(walk.experiment_id)
    assert there.id != experiment.id
    wanted = Budget(max_latency_ms=1.0, batch_rows=1, max_size_mb=20.0)
    assert there.task == replace(experiment.task, budget=wanted)
    assert there.name == f"{experiment.name}, 1 ms for 1 row, 20 MB"
    assert walk.goes_by == "It goes by: roc_auc >= 0.9, 1 ms for 1 row, 20 MB."
    assert not studio.recipes.is_followed(experiment.id)
    assert studio.recipes.apply_step(there.id).experiment_id == there.id
    again = studio.recipes.take(experiment.id, "must-be-fast", knobs={"most_ms": 1.0})
    assert again.experiment_id == there.id
    assert [each.state for each in again.places][:1] == ["done"]  # its walk goes on


def test_anothers_walk_is_not_ended_by_somebody_who_asks_the_same(studio, experiment):
    first = studio.recipes.take(experiment.id, "must-be-fast", knobs={"most_ms": 1.0})
    studio.recipes.take(first.experiment_id, "must-be-explainable")

    second = studio.recipes.take(experiment.id, "must-be-fast", knobs={"most_ms": 1.0})

    assert second.experiment_id not in (first.experiment_id, experiment.id)
    assert studio.recipes.walk(first.experiment_id).recipe.name == "must-be-explainable"


def test_an_answer_that_brings_a_budget_is_followed_where_that_is_asked(studio, experiment, train_to):
    train_to(0.7)
    asked = studio.handoffs.ask(experiment.id, "How is it made quick?")
    studio.handoffs.answer(asked.id, "By this.", recipe="must-be-fast")

    done = studio.handoffs.start_answer(asked.id)

    assert done.experiment_id != experiment.id
    assert studio.runs.get(done.run_id).experiment_id == done.experiment_id
    assert "A new experiment has the same task with the recipe's bar and budget." in done.message


def test_a_budget_of_the_experiments_own_stays_where_it_is(studio, experiment):
    own = replace(experiment.task, budget=Budget(max_latency_ms=3.0, max_size_mb=9.0))
    asked = studio.experiments.create(own)

    walk = studio.recipes.take(asked.id, "must-be-fast", knobs={"most_ms": 1.0})

    assert walk.experiment_id == asked.id
    assert "do not apply here: 1 ms for 1 row, 20 MB." in walk.goes_by


def test_what_was_taken_without_the_recipes_budget_goes_on_and_says_how_to_go_by_it(studio, experiment):
    library.keep_built_in(studio.workspace, studio.recipes.get("must-be-fast"))
    studio.context.record(RecipeFollowed(experiment_id=experiment.id, recipe="must-be-fast", version=3))

    walk = studio.recipes.walk(experiment.id)

    assert walk.goes_by.startswith("It goes by: roc_auc >= 0.9. These limits of the recipe")
    assert walk.goes_by.endswith("5 ms for 1 row, 20 MB. Follow it again for that.")


def test_recipes_that_would_be_followed_elsewhere_say_so(studio, experiment):
    apart = {each.recipe.name for each in studio.recipes.fits(experiment.id) if each.starts_experiment}

    assert apart == {"must-be-fast"}
