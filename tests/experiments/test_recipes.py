"""Following recipes: with runs that end as the test says, so that only the walk is looked at."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from litmus_core import Studio, Training, train
from litmus_core.errors import BusyError, NotFoundError, UnknownNameError, UsageError
from litmus_core.experiments._recipes import acceptance_tests, walk_state
from litmus_core.experiments._recipes.results import TestResult
from litmus_core.recipes import RecipeError
from litmus_core.store import rebuild
from litmus_core.types import Action, ActionCost, ActionList, Experiment, Gain, Statement, to_plain
from tests import walks
from tests.trained import table
from tests.walks import RECIPE, states, told_of


@pytest.fixture
def experiment(experiment: Experiment, our_way: None) -> Experiment:
    return experiment


def test_it_goes_on_until_the_bar_is_met(studio, experiment, train_to):
    trainer = train_to(0.7, 0.8, 0.95)
    studio.recipes.take(experiment.id, "our-way", knobs={"minutes": 2})

    end = studio.walks.follow(experiment.id, minutes=10)

    assert (end.reached, end.n_steps) == (True, 3)
    assert "bar met is true" in end.message
    assert states(studio, experiment.id) == ["done", "done", "done", "not due", "not due", "not due"]
    assert [plan.families for plan in trainer.plans] == [("linear",), ("lightgbm", "linear"), ("linear",)]
    assert [plan.compute.time_limit_s for plan in trainer.plans] == [120.0, None, None]
    assert trainer.plans[2].tuning.n_trials == 2
    assert [run.title for run in studio.runs.list(experiment.id)] == [
        "Try linear", "Try lightgbm, linear", "Tune the leading model"
    ]  # fmt: skip


def test_no_run_takes_longer_than_each_may(studio, experiment, train_to):
    trainer = train_to(0.7, 0.8, 0.95)
    studio.recipes.take(experiment.id, "our-way", knobs={"minutes": 2})

    studio.walks.follow(experiment.id, minutes=10, most_s=25.0)

    assert [plan.compute.time_limit_s for plan in trainer.plans] == [25.0, 25.0, 25.0]


def test_the_next_step_should_bring_what_the_leading_runs_list_says_of_such_an_action(
    studio, experiment, train_to
):
    train_to(0.7, 0.8)
    studio.recipes.take(experiment.id, "our-way")
    for _ in range(2):
        studio.recipes.apply_step(experiment.id)
    assert studio.recipes.walk(experiment.id).expected == ""  # nobody looked what would help

    leader = studio.runs.list(experiment.id)[-1].id
    gain = Gain(value=0.012, low=-0.002, high=0.026, measured=0.012)
    tune = Action(
        key="tune", kind="tune", title=Statement.of("tune", "title"), gain=gain,
        cost=ActionCost(minutes=1.0),)  # fmt: skip
    listed = ActionList(metric="roc_auc", run_id=leader, actions=(tune,), n_rows=9, seconds=1.0)
    (folder := studio.workspace.run_dir(leader)).mkdir(parents=True, exist_ok=True)
    (folder / "actions.json").write_text(json.dumps(to_plain(listed)))

    found = studio.recipes.walk(experiment.id)
    assert found.next.step.kind == "tune"
    assert found.expected == (
        "As “Look for better settings” it should bring +0.012 (-0.0020 to +0.026, four times in five)."
    )


def test_what_was_done_is_known_to_whoever_opens_the_workspace_next(studio, experiment, train_to):
    train_to(0.7)
    studio.recipes.take(experiment.id, "our-way")
    studio.recipes.apply_step(experiment.id)
    studio.close()

    with Studio.open(studio.workspace.path) as later:
        assert states(later, experiment.id)[:3] == ["done", "next", "later"]
        trainer = train_to(0.95)
        assert later.walks.follow(experiment.id, minutes=10).reached
        assert len(trainer.plans) == 1


def test_a_rebuilt_store_tells_the_same(studio, experiment, train_to):
    train_to(0.82)
    studio.recipes.take(experiment.id, "our-way")
    studio.recipes.apply_step(experiment.id)
    before = studio.recipes.walk(experiment.id)

    studio.close()
    rebuild(studio.workspace)

    with Studio.open(studio.workspace.path) as later:
        assert later.recipes.walk(experiment.id) == before


def test_it_ends_where_a_persons_turn_it_is_and_goes_on_when_that_was_passed_over(
    studio, experiment, train_to
):
    train_to(0.82, 0.83)
    studio.recipes.take(experiment.id, "our-way")

    end = studio.walks.follow(experiment.id, minutes=10)

    assert (end.reached, end.message) == (False, "It is waiting for you: 100 more rows.")
    assert states(studio, experiment.id) == ["done", "not due", "done", "not due", "asked", "later"]
    assert studio.walks.follow(experiment.id, minutes=10).n_steps == 0
    studio.recipes.skip_step(experiment.id, why="There are none.")
    assert studio.walks.follow(experiment.id, minutes=10).message == "It is waiting for you: What now?"
    studio.recipes.skip_step(experiment.id)
    assert studio.walks.follow(experiment.id, minutes=10).message.startswith("No step is left")
    with pytest.raises(UsageError, match="No step is left"):
        studio.recipes.apply_step(experiment.id)


def test_a_step_that_fails_says_why_and_the_next_one_goes_on(studio, experiment, train_to):
    train_to("failed", 0.7, 0.95)
    studio.recipes.take(experiment.id, "our-way")

    end = studio.walks.follow(experiment.id, minutes=10)

    assert not end.reached  # without a score no condition on it holds, and what leads cannot be tuned
    first, *_ = studio.recipes.walk(experiment.id).places
    assert (first.state, first.why) == ("failed", "It did not work.")


def test_a_run_that_someone_stopped_ends_the_walk(studio, experiment, train_to):
    train_to("stopped")
    studio.recipes.take(experiment.id, "our-way")
    studio.recipes.apply_step(experiment.id)

    assert states(studio, experiment.id)[0] == "failed"


def test_time_that_is_up_ends_it_with_what_would_be_next(studio, experiment, train_to):
    trainer = train_to(0.7)
    studio.recipes.take(experiment.id, "our-way")

    end = studio.walks.follow(experiment.id, minutes=0.01)

    assert end.message == "The time is up. Next would be step 1: Try linear."
    assert trainer.plans == []
    with pytest.raises(UsageError, match="too short to go on"):
        studio.walks.follow(experiment.id, minutes=0)


def test_a_run_gets_no_more_time_than_there_is(studio, experiment, train_to):
    trainer = train_to(0.95)
    studio.recipes.take(experiment.id, "our-way", knobs={"minutes": 9})

    studio.recipes.apply_step(experiment.id, most_s=30)

    assert trainer.plans[0].compute.time_limit_s == 30


def test_post_processing_comes_after_the_leading_models_run(studio, experiment, train_to):
    trainer = train_to(0.86, 0.87, 0.88)
    studio.recipes.take(experiment.id, "our-way")

    studio.walks.follow(experiment.id, minutes=10)

    assert [part.reference for part in trainer.plans[2].postprocess] == ["abstain"]
    assert trainer.plans[2].families == trainer.plans[1].families  # of the tuned run, which leads
    assert trainer.plans[2].tuning == trainer.plans[1].tuning


@pytest.mark.parametrize(("model", "kept"), [("linear-C=0.5_BAG_L1", [0.5]), ("linear_BAG_L1", [])])
def test_what_leads_is_tuned_with_the_values_that_were_fixed(
    studio, experiment, train_to, monkeypatch, model, kept
):
    """A family beside it in the same run was trained as it is: where that leads, nothing is fixed."""
    recipe = RECIPE.replace(
        "steps:\n  - try: linear\n", "pipelines:\n  firm:\n    algorithms: [linear, linear: {C: 0.5}]\n"
        "steps:\n  - try: firm\n",
    ).replace("version: 1", "version: 2")  # fmt: skip
    studio.recipe_editor.save(recipe, run_tests=False)

    def ends(run_id, asked, value):
        trained, judged = told_of(run_id, asked, value)
        return replace(trained, candidate=replace(trained.candidate, model=model)), judged

    monkeypatch.setattr(walks, "told_of", ends)
    trainer = train_to(0.82, 0.95)
    studio.recipes.take(experiment.id, "our-way")

    studio.walks.follow(experiment.id, minutes=10)

    tuned = trainer.plans[1]
    assert [each.value for one in tuned.algorithms for each in one.hyperparameters] == kept
    assert tuned.families == (() if kept else ("linear",))


def test_two_processes_do_not_take_the_same_step(studio, experiment, train_to, monkeypatch):
    trainer = train_to(0.7)
    monkeypatch.setattr(walk_state, "_LOCK_WAIT_S", 0.0)
    studio.recipes.take(experiment.id, "our-way")

    with (
        walk_state.locked(studio.workspace, experiment.id),
        pytest.raises(BusyError, match="continuing this just now"),
    ):
        studio.recipes.apply_step(experiment.id)
    assert trainer.plans == []


def test_an_experiment_without_a_recipe_says_how_to_get_one(studio, experiment):
    with pytest.raises(UsageError, match="follows no recipe"):
        studio.recipes.walk(experiment.id)
    with pytest.raises(NotFoundError, match="Did you mean 'our-way'"):
        studio.recipes.take(experiment.id, "our-wax")
    with pytest.raises(UnknownNameError, match="Did you mean 'minutes'"):
        studio.recipes.take(experiment.id, "our-way", knobs={"minute": 2})
    with pytest.raises(UsageError, match="The nearest is 9"):
        studio.recipes.take(experiment.id, "our-way", knobs={"minutes": 99})


@pytest.mark.parametrize(
    ("before", "after", "line", "said"),
    [
        ("problems: [binary]", "problems: [regression]", 5, "'sold' is binary"),
        ("  - name: size", "  - name: sizes", 7, "The nearest is 'size'."),
        ("    kind: number", "    kind: text", 7, "is to hold text, and holds number"),
        ("try: linear", "try: text_linear", 12, "reads text, and no chosen column holds text"),
        ("post-process: abstain(below=0.6)", "post-process: cap(low=0)", 19, "cap does not fit"),
    ],
)
def test_a_recipe_that_does_not_fit_the_table_is_refused_with_its_line(
    studio, experiment, before, after, line, said
):
    text = RECIPE.replace(before, after).replace("our-way", "unfit")
    studio.recipe_editor.save(text, run_tests=False)

    with pytest.raises(RecipeError) as raised:
        studio.recipes.take(experiment.id, "unfit")

    assert raised.value.problems[0].line == line
    assert said in str(raised.value)
    with pytest.raises(UsageError, match="follows no recipe"):
        studio.recipes.walk(experiment.id)


def test_a_step_that_can_never_come_need_not_fit(studio, experiment):
    text = RECIPE.replace(
        "    minutes: ${minutes}\n",
        "    minutes: ${minutes}\n  - try: text_linear\n    when: text_columns > 0\n",
    )
    studio.recipe_editor.save(text.replace("our-way", "either"), run_tests=False)

    walk = studio.recipes.take(experiment.id, "either")

    assert walk.places[1].why == "text_columns > 0: text_columns is 0"


def test_versions_are_kept_and_experiments_follow_the_one_they_took(studio, experiment, train_to):
    studio.recipes.take(experiment.id, "our-way")
    with pytest.raises(UsageError, match="Write 'version: 2'"):
        studio.recipe_editor.save(RECIPE.replace("For tests", "For others"), run_tests=False)
    studio.recipe_editor.save(
        RECIPE.replace("version: 1", "version: 2").replace("linear", "lightgbm", 1), run_tests=False
    )

    assert studio.recipes.versions("our-way") == (1, 2)
    assert studio.recipes.get("our-way").version == 2
    assert studio.recipes.walk(experiment.id).recipe.version == 1


def test_a_recipe_whose_test_does_not_pass_is_not_kept(studio, monkeypatch):
    failed = TestResult(name="small", line=40, passed=False, message="step 1 failed.", seconds=1.0)
    monkeypatch.setattr(acceptance_tests, "run_all", lambda *given, **more: (failed,))

    with pytest.raises(UsageError, match=r"'small' \(line 40\) did not pass: step 1 failed"):
        studio.recipe_editor.save(RECIPE.replace("our-way", "unsound"))

    assert studio.recipes.versions("unsound") == ()


def test_what_comes_with_litmus_keeps_its_name_and_is_copied_when_taken(studio, experiment):
    text = studio.recipes.get("small-table").text
    with pytest.raises(UsageError, match="our-small-table"):
        studio.recipe_editor.save(text.replace("A small", "Our small"), run_tests=False)
    assert studio.recipes.versions("small-table") == ()

    studio.recipes.take(experiment.id, "small-table", knobs={"trials": 3})

    assert studio.recipes.versions("small-table") == (2,)
    assert {each.name for each in studio.recipes.list()} >= {"our-way", "small-table", "text"}


def test_removing_an_experiment_removes_where_it_was(studio, experiment, train_to):
    studio.recipes.take(experiment.id, "our-way")
    studio.experiments.delete(experiment.id)

    assert studio.store.recipe_notes(experiment.id) == []


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            {"recipe": "small-table", "training": Training(models=("linear",))},
            "A recipe says what is trained",
        ),
        ({"recipe": "small-table", "algorithm": "linear"}, "A recipe says what is trained"),
        ({"recipe": "small-table", "folds": 5}, "A recipe says what is trained"),
        ({"recipe": "small-tabel"}, "Did you mean 'small-table'"),
        ({"recipe": "small-table(trials=0)"}, "The nearest is 3"),
        ({"recipe": "small-table(5)"}, "cannot be read as a recipe"),
        ({"recipe": "text"}, "needs a column that holds text"),
    ],
)
def test_a_call_with_a_recipe_that_cannot_be_meant_starts_nothing(tmp_path, asked, said):
    with pytest.raises((UsageError, NotFoundError), match=said):
        train(table(n_rows=60), "sold", workspace=tmp_path / "workspace", **asked)

    with Studio.open(tmp_path / "workspace") as studio:
        assert studio.experiments.summaries() == []


def test_a_recipes_bar_in_another_metric_than_the_calls_counts_nowhere(tmp_path, train_to):
    train_to(0.95, 0.95)
    with Studio.open(tmp_path / "workspace") as studio:
        studio.recipe_editor.save(RECIPE.replace("steps:", "bar: accuracy>=0.9\nsteps:"), run_tests=False)
    asked = {"recipe": "our-way", "workspace": tmp_path / "workspace"}

    other = train(table(n_rows=60), "sold", goal="log_loss", **asked)
    same = train(table(n_rows=60), "sold", goal="accuracy", name="again", **asked)

    found = other.experiment.task.bar, same.experiment.task.bar
    other.studio.close()
    same.studio.close()
    assert found[0] is None
    assert found[1] is not None


def test_a_call_takes_bar_and_budget_from_the_recipe_and_its_first_step_begins(tmp_path, train_to):
    trainer = train_to(0.95)

    handle = train(
        table(n_rows=60),
        "sold",
        recipe="must-be-fast(most_ms=3.0, minutes=0.5)",
        workspace=tmp_path / "workspace",
    )

    budget = handle.experiment.task.budget
    handle.studio.close()
    assert budget.max_latency_ms == 3.0
    assert trainer.plans[0].compute.time_limit_s == 30.0
    assert trainer.plans[0].folds.n_folds == 3
