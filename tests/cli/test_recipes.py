"""The commands that list, check and follow recipes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from litmus_core import Studio
from litmus_core.cli import app
from litmus_core.experiments import RunsService, make_task
from litmus_core.types import Action, ActionCost, ActionList, Gain, Statement, to_plain
from tests.trained import table
from tests.walks import RECIPE, Trainer


def run(*words: object) -> object:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def experiment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return an experiment of the default workspace in which each run scores 0.8."""
    trainer = Trainer([0.8] * 9)
    monkeypatch.setattr(RunsService, "start", lambda *given: trainer.start_run(*given))
    table(n_rows=120).to_csv(tmp_path / "shop.csv", index=False)
    with Studio.open() as studio:
        version = studio.datasets.import_file(tmp_path / "shop.csv")
        studio.recipe_editor.save(RECIPE, run_tests=False)
        return studio.experiments.create(make_task(studio.workspace, version, "sold")).id


def test_recipes_are_listed_with_their_knobs():
    listed = run("recipes", "list")
    assert listed.exit_code == 0
    assert "must-be-fast (version 3)" in listed.stdout
    assert "--knob most_ms=5.0" in listed.stdout

    told = json.loads(run("recipes", "list", "--json").stdout)
    assert [each["name"] for each in told][:2] == ["imbalanced", "large-table"]
    one = json.loads(run("recipes", "show", "text", "--json").stdout)
    assert one["steps"][1]["when"] == "not bar met"
    assert one["text"].startswith("format: 1")


def test_recipes_are_listed_for_an_experiment_with_what_is_made_for_it_first(experiment):
    listed = run("recipes", "list", "--for", experiment)
    assert listed.exit_code == 0
    names = [line.split(" ")[0] for line in listed.stdout.split("\n\n")]
    assert names[:2] == ["our-way", "small-table"]
    assert (
        "It suits this experiment: rows is 120, classes is 2, text_columns is 0, columns is 3."
        in listed.stdout
    )
    assert "text (version 2) does not fit: It needs a column that holds text" in listed.stdout

    told = {
        each["name"]: each
        for each in json.loads(run("recipes", "list", "--for", experiment, "--json").stdout)
    }
    assert told["small-table"]["suits_by"].startswith("rows is 120")
    assert (told["our-way"]["fits"], told["text"]["fits"]) == (True, False)
    assert run("recipes", "list", "--for", "ex_0").exit_code == 2


def test_an_unknown_recipe_suggests_the_nearest():
    result = run("recipes", "show", "small-tabel")
    assert result.exit_code == 2
    assert "Did you mean 'small-table'?" in result.stderr


def test_checking_says_file_line_and_column(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(RECIPE.replace("try: linear", "try: liner").replace("gap >", "gab >"))

    result = run("recipes", "check", file)

    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        f"{file}:12:10: There is no pipeline called 'liner'. Did you mean 'linear'?",
        f"{file}:15:11: There is no thing that a condition knows called 'gab'. Did you mean 'gap'?",
    ]
    told = json.loads(run("recipes", "check", file, "--json").stdout)
    assert [each["line"] for each in told["problems"]] == [12, 15]


def test_a_sound_recipe_is_kept_where_that_is_asked(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(RECIPE)

    assert run("recipes", "check", file).stdout == "The recipe has no errors.\n"
    assert run("recipes", "check", file, "--save").stdout == "The recipe is saved.\n"
    assert "our-way (version 1)" in run("recipes", "list").stdout


def test_a_file_that_is_not_there_ends_in_words(tmp_path):
    result = run("recipes", "check", tmp_path / "nowhere.yaml")
    assert result.exit_code == 2
    assert "nowhere.yaml cannot be read" in result.stderr


def test_an_experiment_follows_step_by_step(experiment):
    assert "follows no recipe" in run("recipes", "next", experiment).stderr

    first = json.loads(
        run("recipes", "apply", experiment, "--recipe", "our-way", "--knob", "minutes=2", "--json").stdout
    )
    assert "score of 0.800" in first["message"]
    assert first["knobs"] == {"minutes": 2}
    assert [each["state"] for each in first["steps"]][:3] == ["done", "not due", "next"]

    shown = run("recipes", "next", experiment)
    assert "Next: step 3, Tune the leading model." in shown.stdout

    going = run("recipes", "apply", experiment, "--until-bar", "--minutes", 5)
    assert going.exit_code == 0
    assert "It is waiting for you: 100 more rows." in going.stdout
    assert f"litmus recipes apply {experiment} --rows FILE" in going.stdout
    assert "Step 3 began: Tune the leading model." in going.stderr

    skipped = json.loads(run("recipes", "apply", experiment, "--skip", "--json").stdout)
    assert [each["state"] for each in skipped["steps"]][-2:] == ["skipped", "next"]


def test_a_recipe_with_a_budget_is_followed_where_that_is_asked(experiment):
    result = run("recipes", "apply", experiment, "--recipe", "must-be-fast", "--knob", "most_ms=1")

    assert result.exit_code == 0
    assert f"another bar or budget than {experiment}, which stays unchanged" in result.stderr
    assert "It goes by: 1 ms for 1 row, 20 MB." in result.stdout
    assert "follows no recipe" in run("recipes", "next", experiment).stderr


def test_a_recipe_that_cannot_be_read_any_more_is_named_and_the_others_are_listed():
    with Studio.open() as studio:
        file = studio.workspace.recipes / "gone" / "v2.yaml"
        file.parent.mkdir(parents=True)
        file.write_text(RECIPE.replace("our-way", "gone").replace("steps:", "bar: our_metric >= 1\nsteps:"))

    listed = run("recipes", "list")
    assert listed.exit_code == 0
    assert "small-table (version 2)" in listed.stdout
    assert "gone (version 2) can no longer be read:\n    Line 11, column 6: " in listed.stdout
    told = json.loads(run("recipes", "list", "--json").stdout)[-1]
    assert (told["name"], told["broken"][0]["line"]) == ("gone", 11)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--knob", "minutes=2"), "can only be set when a recipe starts."),
        (("--recipe", "our-way", "--knob", "minutes"), "Write NAME=VALUE"),
        (("--recipe", "our-way", "--knob", "minutes=0"), "The nearest is 1."),
        (("--recipe", "text"), "It needs a column that holds text"),
        (("--recipe", "our-way", "--version", 7), "There is 1."),
    ],
)
def test_what_cannot_be_meant_ends_in_words(experiment, options, said):
    result = run("recipes", "apply", experiment, *options)
    assert result.exit_code == 2
    assert said in result.stderr


def test_what_would_help_names_the_recipes_next_step_and_what_does_the_same(experiment):
    run("recipes", "apply", experiment, "--recipe", "our-way")
    gain = Gain(value=0.012, low=-0.002, high=0.026, measured=0.012)
    tune = Action(
        key="tune", kind="tune", title=Statement.of("tune", "title"), gain=gain,
        statements=(Statement.plain("Tried."),), cost=ActionCost(minutes=1.0),)  # fmt: skip
    with Studio.open() as studio:
        leader = studio.runs.list(experiment)[-1].id
        step = studio.recipes.walk(experiment).next.step
        assert step.kind == "tune"
        (folder := studio.workspace.run_dir(leader)).mkdir(parents=True, exist_ok=True)
        listed = ActionList(metric="roc_auc", run_id=leader, actions=(tune,), n_rows=9, seconds=1.0)
        (folder / "actions.json").write_text(json.dumps(to_plain(listed)))

    said = run("improve", leader).stdout

    assert f"The recipe's next step: {step.number}, {step.title}. As “Look for better settings”" in said
    assert f"Run it: litmus recipes apply {experiment}" in said
    assert f"tune: Look for better settings. Tried. Step {step.number} of the recipe." in said
    told = json.loads(run("improve", leader, "--json").stdout)
    assert told["recipe_step"] == {"number": step.number, "title": step.title, "action": "tune"}
