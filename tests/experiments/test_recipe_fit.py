"""Whether a recipe fits a table: in words before anything is taken, and in the tests of a recipe."""

from __future__ import annotations

import pytest

from litmus_core import Studio
from litmus_core.errors import DataError
from litmus_core.experiments import TaskWishes, make_task
from litmus_core.experiments._recipes.acceptance_tests import task_of
from litmus_core.recipes import RecipeError, read_recipe
from litmus_core.types import COLUMN_KINDS, KIND_NAMES
from tests.walks import RECIPE

LAST = "  - hand off: What now?\n    when: "
BOUGHT = RECIPE.replace(f"{LAST}not bar met", f'{LAST}not bar met and recall("bought") < 0.9')


def kind_in_test(studio: Studio, column: str, rows: str, *, wanted: str) -> str:
    """Return the kind of a test table's ``column``, in a recipe that wants it to be of a kind."""
    text = RECIPE.replace("  - name: size\n    kind: number", f"  - name: {column}\n    kind: {wanted}")
    recipe = read_recipe(f"{text}tests:\n  - words: two answers\n    target: sold\n    {rows}\n")
    task = task_of(studio, recipe, recipe.tests[0])
    return studio.datasets.get(task.dataset_version_id).column(column).kind


@pytest.mark.parametrize("kind", [name for name in KIND_NAMES if not COLUMN_KINDS[name].is_identifier])
def test_a_table_that_is_made_up_has_the_kinds_that_it_declares(studio, kind):
    rows = f"table: {{rows: 60, columns: {{it: {kind}, other: number}}, classes: [yes, no]}}"

    assert kind_in_test(studio, "it", rows, wanted=kind) == kind


def test_rows_that_are_written_out_have_the_kinds_that_the_recipe_needs(studio):
    values = [(f"{12 + n}.5", ("yes", "no")[n % 2]) for n in range(60)]
    rows = "data:" + "".join(f"\n      - {{fee: {fee}, sold: {sold}}}" for fee, sold in values)

    assert kind_in_test(studio, "fee", rows, wanted="money") == "money"
    with pytest.raises(DataError, match="cannot be read as a date"):
        kind_in_test(studio, "fee", rows, wanted="date")


def test_a_condition_on_an_answer_that_the_table_lacks_does_not_fit(studio, experiment):
    until = 'until: bar met and recall("bought") > 0.9\n'
    recipe = studio.recipe_editor.save(f"{BOUGHT}{until}", run_tests=False)
    words = "There is no answer 'bought' of 'sold': there are yes and no."

    (fit,) = [one for one in studio.recipes.fits(experiment.id) if one.recipe == recipe]
    with pytest.raises(RecipeError, match=words) as raised:
        studio.recipes.take(experiment.id, "our-way")

    line = BOUGHT.splitlines().index('    when: not bar met and recall("bought") < 0.9') + 1
    assert fit.problem == words
    assert [(one.line, one.column) for one in raised.value.problems] == [(line, 11), (line + 1, 8)]


@pytest.mark.parametrize("condition", ['rows > 1e6 and recall("bought") < 0.9', 'recall("yes") < 0.9'])
def test_what_is_settled_without_that_answer_fits(studio, experiment, condition):
    studio.recipe_editor.save(RECIPE.replace(f"{LAST}not bar met", LAST + condition), run_tests=False)

    assert studio.recipes.take(experiment.id, "our-way").next.step.number == 1


def test_the_answers_are_those_that_the_task_makes_of_the_column(studio, experiment):
    version = studio.datasets.get(experiment.task.dataset_version_id)
    task = make_task(studio.workspace, version, "size", TaskWishes(task_type="above(limit=10)"))
    studio.recipe_editor.save(
        BOUGHT.replace("  - name: size\n    kind: number", "  - name: day"), run_tests=False
    )

    with pytest.raises(RecipeError, match="There is no answer 'bought' of 'size': there are yes and no"):
        studio.recipes.take(studio.experiments.create(task).id, "our-way")


def test_a_recipe_fits_with_the_choices_of_its_knobs_that_the_table_has(studio, experiment):
    knobs = "  {}: {{words: Which, default: {}, choices: [{}]}}\n".format
    text = RECIPE.replace("  - name: size\n    kind: number", "  - name: ${fee}\n  - name: ${day}")
    more = knobs("fee", "price", "price, cost, size") + knobs("day", "when", "when, day")
    studio.recipe_editor.save(text.replace("knobs:\n", f"knobs:\n{more}"), run_tests=False)

    (fit,) = [one for one in studio.recipes.fits(experiment.id) if one.recipe.name == "our-way"]

    assert (fit.problem, fit.turned) == ("", (("fee", "size"), ("day", "day")))
    assert studio.recipes.take(experiment.id, "our-way", knobs=dict(fit.turned)).next.step.number == 1


def test_of_a_recipe_that_fits_with_no_choice_the_defaults_are_said(studio, experiment):
    knob = "  fee: {words: Which, default: price, choices: [price, cost]}\n"
    text = RECIPE.replace("  - name: size\n    kind: number", "  - name: ${fee}")
    studio.recipe_editor.save(text.replace("knobs:\n", f"knobs:\n{knob}"), run_tests=False)

    (fit,) = [one for one in studio.recipes.fits(experiment.id) if one.recipe.name == "our-way"]

    assert fit.problem == "It needs the column 'price' to learn from, and there is none."
