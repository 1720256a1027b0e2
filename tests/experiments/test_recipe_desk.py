"""Where recipes are written: what keeps a text from being saved, its tests, how recipes fare."""

from __future__ import annotations

import time

import pytest

from litmus_core.errors import UsageError
from litmus_core.experiments import TestResult
from litmus_core.experiments._recipes.editing import keep_results
from litmus_core.jobs import recipe_tests
from litmus_core.recipes import RecipeError, RecipeFolder, RecipeUse, read_recipe, recipe_uses
from litmus_core.types import RecipeFollowed, RecipeNote
from tests.walks import RECIPE

TESTED = f"""{RECIPE}tests:
  - words: two kinds
    table: {{rows: 60, columns: {{size: text}}, classes: [a, b]}}
    target: kind
"""


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (RECIPE.replace("version: 1", "version: 3"), 3, "Write 'version: 2'."),
        (RECIPE + "# changed\n", 3, "versions never change. Write 'version: 2'."),
        (RECIPE.replace("name: our-way", "name: small-table"), 2, "'name: our-small-table'"),
        (RECIPE.replace("try: linear", "try: liner"), 12, "Did you mean 'linear'?"),
    ],
)
def test_what_keeps_a_text_from_being_saved_is_said_with_its_line(studio, text, line, said):
    studio.recipe_editor.save(RECIPE, run_tests=False)

    (problem,) = studio.recipe_editor.problems(text)

    assert problem.line == line
    assert said in str(problem)
    with pytest.raises(RecipeError):
        studio.recipe_editor.save_tested(text)


CAPS = """\
from typing import Annotated
from litmus_core.plugins import Range, preprocessor

@preprocessor(title="Caps")
class Caps:
    def __init__(self, share: Annotated[float, Range(0, 1)] = 0.9): ...
    def transform(self, frame): return frame

class Plain:
    def transform(self, frame): return frame
"""
COUNTS = "litmus_core.builtin_preprocessors:Counts"


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("plugins/caps.py:Caps(share=0.5)", ""),
        ("plugins/caps.py:Plain", ""),
        (COUNTS, ""),
        ("plugins/caps.py:Caps(shaer=0.5)", "no parameter of Caps called 'shaer'. Did you mean 'share'?"),
        ("plugins/caps.py:Caps(share=5)", "share of Caps is between 0 and 1, not 5."),
        ("plugins/caps.py:Capps", "no plug-in of plugins/caps.py called 'Capps'. Did you mean 'Caps'?"),
        (f"{COUNTS}(most=5)", "Counts takes no parameters"),
        (
            "plugins/gone.py:Gone",
            "There is no plugins/gone.py in this workspace. Bring the file, then: litmus",
        ),
        (
            "plugins/new.py:Caps",
            "plugins/new.py is not trusted, so none of it was run. Read it, then: litmus",
        ),
    ],
)
def test_a_plug_in_that_cannot_run_is_said_with_its_line(studio, step, said):
    for name in ("caps.py", "new.py"):
        file = studio.plugins.create_file(name, CAPS)
    studio.plugins.trust(file.with_name("caps.py"))
    pipeline = f'pipelines:\n  capped:\n    algorithms: [linear]\n    pre: ["{step}"]\nsteps:'
    text = RECIPE.replace("steps:", pipeline).replace("try: linear", "try: capped")

    problems = studio.recipe_editor.check(text)

    assert [problem.line for problem in problems] == ([14] if said else [])
    assert said in " ".join(map(str, problems))
    if said:
        with pytest.raises(RecipeError):
            studio.recipe_editor.save(text, run_tests=False)


def test_the_same_text_and_the_next_version_can_be_saved(studio):
    studio.recipe_editor.save(RECIPE, run_tests=False)

    assert studio.recipe_editor.problems(RECIPE) == ()
    assert studio.recipe_editor.problems(studio.recipe_editor.draft("our-way")) == ()


def test_a_draft_begins_as_the_next_version_or_under_a_name_of_ones_own(studio):
    studio.recipe_editor.save(RECIPE, run_tests=False)

    assert read_recipe(studio.recipe_editor.draft("our-way")).version == 2
    draft = read_recipe(studio.recipe_editor.draft("small-table"))
    assert (draft.name, draft.version) == ("our-small-table", 1)


def test_a_recipe_that_cannot_be_read_any_more_keeps_no_other_from_being_there_and_can_be_fixed(studio):
    studio.recipe_editor.save(RECIPE, run_tests=False)
    broken = RECIPE.replace("our-way", "gone").replace("problems: [binary]", "bar: our_metric >= 1")
    RecipeFolder(studio.workspace.recipes).save("gone", 1, broken)

    assert [each.name for each in studio.recipes.list()][:2] == ["our-way", "imbalanced"]
    (found,) = studio.recipes.broken()
    assert (found.name, found.version, found.problems[0].line) == ("gone", 1, 5)
    assert "our_metric" in found.problems[0].message
    draft = studio.recipe_editor.draft("gone")
    assert draft == broken.replace("version: 1", "version: 2")
    assert studio.recipe_editor.problems(draft) == found.problems
    studio.recipe_editor.save_tested(draft.replace("bar: our_metric >= 1", "problems: [binary]"))
    assert studio.recipes.broken() == ()


def test_what_has_tests_is_saved_after_they_passed(studio):
    with pytest.raises(UsageError, match="did not pass yet"):
        studio.recipe_editor.save_tested(TESTED)
    passed = TestResult(name="two kinds", line=26, passed=True, message="", seconds=1.0)
    keep_results(recipe_tests(studio.workspace, TESTED).folder, (passed,), is_done=True)

    assert studio.recipe_editor.save_tested(TESTED).name == "our-way"
    assert studio.recipes.versions("our-way") == (1,)
    assert not studio.recipe_editor.tests(f"{TESTED}# changed\n").passed


def test_tests_run_in_a_process_of_their_own_and_say_what_did_not_pass(studio):
    studio.recipe_editor.start_tests(
        TESTED
    )  # size is to be a number and is a text: it says so before it trains

    ends = time.monotonic() + 120
    while (now := studio.recipe_editor.tests(TESTED)).message is not None and time.monotonic() < ends:
        time.sleep(0.1)

    (result,) = now.results
    assert (now.is_done, result.passed) == (True, False)
    assert "is to hold number, and holds" in result.message
    assert studio.recipes.list()[0].name != "_tests"


def test_nothing_is_tested_that_cannot_be_meant(studio):
    with pytest.raises(RecipeError):
        studio.recipe_editor.start_tests("name: no recipe")

    assert studio.recipe_editor.tests("name: no recipe").results == ()


def test_an_experiment_that_went_on_with_another_table_counts_once():
    notes = [
        RecipeNote(at="1", fact=RecipeFollowed(experiment_id="ex_1", recipe="a", version=1)),
        RecipeNote(
            at="2", fact=RecipeFollowed(experiment_id="ex_2", recipe="a", version=2, came_from="ex_1")
        ),
        RecipeNote(at="3", fact=RecipeFollowed(experiment_id="ex_3", recipe="a", version=2)),
    ]

    assert recipe_uses(notes, []) == {"a": RecipeUse(n_experiments=2, n_met=0, versions=(1, 2))}
