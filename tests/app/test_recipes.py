"""Recipes as their authors meet them: how they fare, written, tested and kept; nothing is trained."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from app.controllers import improve
from app.controllers.recipes import RecipeDraft
from app.presenters.improvement.recipes import EMPTY, present_draft
from app.views.improvement.recipe_progress import UseRecipe
from litmus_core import Studio
from litmus_core.experiments import RecipeEditorService, RecipeTesting, TestResult
from litmus_core.experiments._recipes.editing import keep_results
from litmus_core.jobs import recipe_tests
from litmus_core.recipes import RecipeFolder, check_recipe, read_recipe
from litmus_core.store import Workspace
from litmus_core.types import RecipeFollowed
from tests.app.visit import go, links, text, visit
from tests.app.world import EXPERIMENT, World
from tests.walks import RECIPE, shop_experiment


@pytest.fixture
def studio() -> Iterator[Studio]:
    """A workspace with an experiment that took a recipe of its own."""
    world = World(Workspace.locate())
    world.experiment()
    with Studio.open() as studio:
        studio.recipe_editor.save(RECIPE, run_tests=False)
        studio.context.record(RecipeFollowed(experiment_id=EXPERIMENT, recipe="our-way", version=1))
        yield studio


def write(recipe: str, **query: str) -> AppTest:
    """Open the editor as it is after somebody typed this."""
    app = visit("recipes", section="editor", **query)
    app.session_state["kept.recipe.drafts"] = {"": RecipeDraft(text=recipe)}
    app.session_state["kept.recipe.current"] = ""
    return app.run()


def draft_of(app: AppTest, name: str) -> RecipeDraft:
    return app.session_state["kept.recipe.drafts"][name]


def pass_tests(studio: Studio, recipe: str, *, passed: bool = True) -> None:
    """Keep results, as if the tests had been run."""
    said = "" if passed else "it expected bar met, and it is not."
    result = TestResult(name="two kinds", line=30, passed=passed, message=said, seconds=4.2)
    keep_results(recipe_tests(studio.workspace, recipe).folder, (result,), is_done=True)


def test_recipes_say_how_they_fare_those_that_are_used_first(studio):
    said = text(visit("recipes"))

    assert "Used in 1 experiment, which has not met its bar with it." in said
    assert said.index("our-way, yours, version 1") < said.index("small-table, comes with Litmus")
    assert "Which booster" not in said
    assert "How long each may take: 1 to 9 (1)" in said


def test_a_draft_begins_with_one_that_there_is(studio):
    app = visit("recipes")

    app.button(key="begin-small-table").click().run()

    assert "name: our-small-table" in draft_of(app, "small-table").text
    assert (app.query_params["recipe"], app.query_params["section"]) == ("small-table", "editor")
    assert app.button(key="recipe.save").label == "Save as version 1 of our-small-table"
    assert app.button(key="recipe.save").disabled  # its tests come first
    assert not app.button(key="recipe.test").disabled


def test_an_empty_one_is_whole(studio):
    app = visit("recipes", section="editor")
    assert "Nothing is written yet" in text(app)

    app.button(key="recipes.begin.press").click().run()

    assert draft_of(app, "").text == EMPTY
    assert check_recipe(EMPTY) == ()


def test_each_recipe_has_a_draft_of_its_own_until_it_is_begun_anew(studio):
    app = visit("recipes", section="editor", recipe="small-table")
    first = RecipeDraft(text=draft_of(app, "small-table").text.replace("version: 1", "version: 7"))
    app.session_state["kept.recipe.drafts"] = {"small-table": first}
    app.run().selectbox(key="recipes.begin.small-table").select("text").run()
    app.button(key="recipes.begin.press").click().run()
    assert "name: our-text" in draft_of(app, "text").text

    go(app, "recipes").segmented_control[0].select("recipes").run()
    assert app.button(key="begin-small-table").label == "Continue with your draft"
    app.button(key="begin-small-table").click().run()
    assert draft_of(app, "small-table") == first

    app.button(key="recipes.start_over").click().run()
    assert "version: 1" in draft_of(app, "small-table").text
    assert draft_of(app, "small-table").stamp


def test_what_is_kept_is_begun_with_its_next_version(studio):
    app = visit("recipes", section="editor", recipe="our-way")
    app.session_state["kept.recipe.drafts"] = {"our-way": RecipeDraft(text=RECIPE)}
    app.run().segmented_control[0].select("recipes").run()

    app.button(key="begin-our-way").click().run()

    assert "version: 2" in draft_of(app, "our-way").text


def test_a_recipe_that_cannot_be_read_any_more_is_named_and_fixed(studio):
    broken = RECIPE.replace("our-way", "gone").replace("problems: [binary]", "bar: our_metric >= 1")
    RecipeFolder(studio.workspace.recipes).save("gone", 1, broken)
    app = visit("recipes")
    assert "**gone** cannot be read any more" in text(app)
    assert "Line 5, column 6" in text(app)
    assert "small-table, comes with Litmus" in text(app)

    app.button(key="begin-gone").click().run()

    assert "version: 2" in draft_of(app, "gone").text
    assert app.button(key="recipe.save").disabled
    app = write(draft_of(app, "gone").text.replace("bar: our_metric >= 1", "problems: [binary]"))
    app.button(key="recipe.save").click().run()
    assert studio.recipes.get("gone").version == 2
    assert "cannot be read any more" not in text(visit("recipes"))


def test_an_experiment_that_follows_what_cannot_be_read_any_more_can_follow_another(studio):
    broken = RECIPE.replace("our-way", "gone").replace("problems: [binary]", "bar: our_metric >= 1")
    RecipeFolder(studio.workspace.recipes).save("gone", 1, broken)
    studio.context.record(RecipeFollowed(experiment_id=EXPERIMENT, recipe="gone", version=1))

    app = visit("improve", experiment=EXPERIMENT)

    assert "You can follow another recipe below." in text(app)
    assert [each.label for each in app.expander] == ["Follow a recipe that a scientist prepared"]


def test_a_version_is_written_anew_where_the_one_that_is_kept_cannot_be_read(studio):
    broken = RECIPE.replace("our-way", "gone").replace("problems: [binary]", "bar: our_metric >= 1")
    RecipeFolder(studio.workspace.recipes).save("gone", 1, broken)

    app = write(RECIPE.replace("our-way", "gone"))

    assert app.button(key="recipe.save").disabled
    assert not app.exception


def test_a_recipe_with_a_budget_is_followed_by_an_experiment_that_asks_for_it(studio, monkeypatch, tmp_path):
    asked = shop_experiment(studio, tmp_path)

    def choose(experiment):
        if experiment.id == asked.id:
            improve._act_on_walk(UseRecipe(name="must-be-fast", knobs={"most_mb": 7.0}), experiment)

    monkeypatch.setattr(improve.walk_view, "draw_folded_recipes", lambda draw: draw())
    monkeypatch.setattr(improve, "_choice", choose)

    app = visit("improve", experiment=asked.id)

    there = app.query_params["experiment"]
    assert studio.experiments.get(there).task.budget.max_size_mb == 7.0
    assert "5 ms for 1 row, 7 MB." in text(app)


def test_an_address_of_a_recipe_that_is_gone_says_so_and_how_to_begin(studio):
    app = visit("recipes", section="editor", recipe="small-tabel")

    assert "Did you mean 'small-table'?" in text(app)
    assert app.button(key="recipes.begin.press").label == "Begin"


def test_what_is_wrong_keeps_it_from_being_tested_and_saved(studio):
    app = write(RECIPE.replace("try: linear", "try: liner"))

    assert app.button(key="recipe.save").disabled
    assert not [each for each in app.button if each.key == "recipe.test"]


def test_the_version_that_is_kept_is_said_to_be_and_a_change_needs_the_next_one(studio):
    kept = write(RECIPE)
    assert kept.button(key="recipe.save").label == "Kept as version 1"
    assert "our-way is saved" in text(kept)

    changed = RECIPE.replace("How long", "How many minutes").replace("version: 1", "version: 2")
    app = write(changed)
    app.button(key="recipe.save").click().run()

    assert studio.recipes.versions("our-way") == (1, 2)
    assert app.button(key="recipe.save").label == "Kept as version 2"


def test_tests_that_passed_let_it_be_saved_and_those_that_failed_say_why(studio):
    recipe = EMPTY.replace("version: 1", "version: 2")
    pass_tests(studio, recipe, passed=False)
    app = write(recipe)
    assert "two kinds: it expected bar met, and it is not." in text(app)
    assert app.button(key="recipe.test").label == "Run its tests again"
    assert app.button(key="recipe.save").disabled

    pass_tests(studio, recipe)
    app.run().button(key="recipe.save").click().run()

    assert studio.recipes.versions("our-way") == (1, 2)


def test_tests_run_in_the_background_and_can_be_stopped(studio, monkeypatch):
    going: list[str] = []
    monkeypatch.setattr(RecipeEditorService, "start_tests", lambda self, text: going.append(text))
    monkeypatch.setattr(RecipeEditorService, "stop_tests", lambda self, text: going.clear())
    monkeypatch.setattr(
        RecipeEditorService,
        "tests",
        lambda self, text: RecipeTesting(message="0 of 1 tests done. Now: two kinds…" if going else None),
    )
    app = write(EMPTY.replace("version: 1", "version: 2"))

    app.button(key="recipe.test").click().run()
    assert "0 of 1 tests done. Now: two kinds…" in text(app)

    app.button(key="recipe.stop").click().run()
    assert "tests done" not in text(app)


def test_a_recipe_for_a_question_leads_back_to_it(studio):
    asked = studio.handoffs.ask(EXPERIMENT, "What now?")

    app = write(RECIPE, handoff=asked.id)

    assert "> What now?" in text(app)
    assert "handoffs" in links(app)


def test_a_draft_says_what_comes_next():
    recipe = read_recipe(EMPTY)
    wrong = check_recipe("format: 1\nname: x\n")

    assert present_draft(wrong, None, RecipeTesting(), is_stored=False).step == "fix"
    assert present_draft((), recipe, RecipeTesting(), is_stored=False).step == "test"
    assert present_draft((), recipe, RecipeTesting(message="0 of 1"), is_stored=False).step == "testing"
    assert present_draft((), recipe, RecipeTesting(is_done=True), is_stored=False).step == "save"
    assert present_draft((), recipe, RecipeTesting(), is_stored=True).step == "kept"
