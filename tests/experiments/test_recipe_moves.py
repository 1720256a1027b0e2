"""Steps of a recipe that change the table: rows that were asked for, and fixing; nothing is trained."""

from __future__ import annotations

from dataclasses import replace

import pytest

from litmus_core.errors import UsageError
from litmus_core.experiments import TaskWishes, make_task
from litmus_core.types import Bar, Experiment
from tests.trained import table
from tests.walks import RECIPE, states


@pytest.fixture
def experiment(experiment: Experiment, our_way: None) -> Experiment:
    return experiment


def test_rows_that_were_asked_for_begin_the_recipe_anew_in_an_experiment_of_their_own(
    studio, experiment, train_to, tmp_path
):
    train_to(0.82, 0.83, 0.95)
    studio.recipes.take(experiment.id, "our-way", knobs={"minutes": 3})
    studio.walks.follow(experiment.id, minutes=10)
    table(n_rows=40, seed=5).drop(columns="day").to_csv(tmp_path / "more.csv", index=False)

    done = studio.recipes.apply_step(experiment.id, rows=tmp_path / "more.csv")

    assert done.experiment_id != experiment.id
    assert "40 rows were added to the 120" in done.message
    assert "The new rows have no 'day'; the values are missing there." in done.message
    after = studio.experiments.get(done.experiment_id)
    assert studio.datasets.get(after.task.dataset_version_id).n_rows == 160
    assert replace(after.task, dataset_version_id="") == replace(experiment.task, dataset_version_id="")
    assert after.name == f"{experiment.name}, version 2"
    assert states(studio, after.id)[0] == "next"
    assert dict(studio.recipes.walk(after.id).recipe.settings) == {"minutes": 3}
    assert studio.recipes.walk(experiment.id).moved_to == after.id
    with pytest.raises(UsageError, match=f"went on with another table, as {after.id}"):
        studio.recipes.apply_step(experiment.id)
    end = studio.walks.follow(experiment.id, minutes=10)  # the old one leads to the new one
    assert (end.experiment_id, end.reached) == (after.id, True)


def test_where_the_experiment_that_went_on_is_deleted_the_step_waits_again(
    studio, experiment, train_to, tmp_path
):
    train_to(0.82, 0.83)
    studio.recipes.take(experiment.id, "our-way")
    studio.walks.follow(experiment.id, minutes=10)
    table(n_rows=40, seed=5).to_csv(tmp_path / "more.csv", index=False)
    after = studio.recipes.apply_step(experiment.id, rows=tmp_path / "more.csv").experiment_id

    studio.experiments.delete(after)

    found = studio.recipes.walk(experiment.id)
    assert (found.moved_to, found.next.state, found.next.step.kind) == ("", "asked", "gather")
    again = studio.recipes.apply_step(experiment.id, rows=tmp_path / "more.csv").experiment_id
    assert studio.recipes.walk(experiment.id).moved_to == again != after


def test_rows_that_cannot_be_read_leave_the_experiment_as_it_was(studio, experiment, train_to, tmp_path):
    train_to(0.82, 0.83)
    studio.recipes.take(experiment.id, "our-way")
    studio.walks.follow(experiment.id, minutes=10)
    before = studio.recipes.walk(experiment.id)

    with pytest.raises(Exception, match=r"nowhere\.csv"):
        studio.recipes.apply_step(experiment.id, rows=tmp_path / "nowhere.csv")

    assert studio.recipes.walk(experiment.id) == before
    assert [each.experiment.id for each in studio.experiments.summaries()] == [experiment.id]


def test_rows_with_which_nothing_can_go_on_leave_the_table_as_it_was(
    studio, experiment, train_to, tmp_path, monkeypatch
):
    train_to(0.82, 0.83)
    studio.recipes.take(experiment.id, "our-way")
    studio.walks.follow(experiment.id, minutes=10)
    before, versions = studio.recipes.walk(experiment.id), studio.datasets.list()
    third = table(n_rows=40, seed=5).astype({"sold": object})
    third.loc[:9, "sold"] = "perhaps"
    third.to_csv(tmp_path / "more.csv", index=False)

    with pytest.raises(UsageError, match="yes-or-no") as refused:
        studio.recipes.apply_step(experiment.id, rows=tmp_path / "more.csv")

    assert refused.value.hint == (
        "'sold' has values that it never had before: 'perhaps'. Correct the file, then add its rows again."
    )

    assert studio.recipes.walk(experiment.id) == before
    assert studio.datasets.list() == versions
    assert [each.experiment.id for each in studio.experiments.summaries()] == [experiment.id]


def test_rows_answer_no_step_that_asks_a_scientist(studio, experiment, train_to, tmp_path):
    train_to(0.82, 0.83)
    studio.recipes.take(experiment.id, "our-way")
    studio.walks.follow(experiment.id, minutes=10)
    studio.recipes.skip_step(experiment.id)  # of the request for rows
    table(n_rows=40, seed=5).to_csv(tmp_path / "more.csv", index=False)

    with pytest.raises(UsageError, match="Step 6 asks for no rows"):
        studio.recipes.apply_step(experiment.id, rows=tmp_path / "more.csv")

    assert studio.recipes.walk(experiment.id).next.step.number == 6


def test_a_table_is_fixed_and_another_experiment_goes_on_after_that_step(studio, train_to, tmp_path):
    frame = table(n_rows=120)
    frame["colour"] = [f" {each}" if place % 3 else each for place, each in enumerate(frame["colour"])]
    frame["code"] = [f"c{place:05d}" for place in range(len(frame))]
    frame.to_csv(tmp_path / "shop.csv", index=False)
    version = studio.datasets.import_file(tmp_path / "shop.csv")
    task = make_task(
        studio.workspace, version, "sold", TaskWishes(bar=Bar(metric="roc_auc", op=">=", value=0.9))
    )
    grown = replace(task.split, grown_from=(100,))  # rows were appended before
    task = replace(task, features=(*task.features, "code"), split=grown)  # chosen, though left out
    first = studio.experiments.create(task)
    found = studio.checks.run(version.id, target="sold").findings
    studio.checks.dismiss(version.id, [each.key for each in found if "code" in each.columns])
    text = RECIPE.replace("steps:\n", "steps:\n  - check data: safe fixes\n")
    studio.recipe_editor.save(text, run_tests=False)
    train_to(0.95)
    studio.recipes.take(first.id, "our-way")

    end = studio.walks.follow(first.id, minutes=10)

    assert end.reached
    after = studio.experiments.get(end.experiment_id)
    assert studio.datasets.get(after.task.dataset_version_id).lineage.how == "fixed"
    assert after.name == f"{first.name}, version 2"
    assert after.task.features == task.features
    assert after.task.split.grown_from == ()  # its rows are counted otherwise now
    assert states(studio, after.id)[:2] == ["done", "done"]
    assert studio.runs.list(first.id) == []
    assert studio.recipes.walk(first.id).places[0].why.startswith("Fixed:  ")


def test_fixes_that_leave_another_question_say_their_version_and_how_to_pass_over_them(studio, tmp_path):
    frame = table(n_rows=120)
    frame.loc[::7, "sold"] += " "
    frame = frame[frame["sold"] != "no "]  # three labels, and two without the spaces
    frame.to_csv(tmp_path / "shop.csv", index=False)
    version = studio.datasets.import_file(tmp_path / "shop.csv")
    first = studio.experiments.create(make_task(studio.workspace, version, "sold", TaskWishes()))
    text = RECIPE.replace("steps:\n", "steps:\n  - check data: safe fixes\n").replace("binary", "multiclass")
    studio.recipe_editor.save(text, run_tests=False)
    studio.recipes.take(first.id, "our-way")

    with pytest.raises(UsageError, match="'sold' has two different values") as failed:
        studio.recipes.apply_step(first.id)

    fixed = studio.datasets.get(failed.value.hint.split(": ")[1].split(".")[0])
    assert (fixed.version, fixed.lineage.how) == (2, "fixed")
    assert states(studio, first.id)[0] == "next"
    studio.recipes.skip_step(first.id)
    assert states(studio, first.id)[0] == "skipped"
