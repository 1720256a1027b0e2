from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.recipes import RecipeError, check_recipe, plan_of_step, read_recipe
from litmus_core.recipes._file.yaml import read_yaml
from litmus_core.recipes._knobs import knob_values, read_knobs
from litmus_core.types import (
    Algorithm,
    Bar,
    Budget,
    Compression,
    Compute,
    Folds,
    Hyperparameter,
    PluginRef,
    RecipeStep,
    RunPlan,
    TrainingOptions,
    Tuning,
)
from tests.recipes.written import WHOLE, changed

REFINE = "- refine: leader\n    shares: [0.5, 0.2]\n    minutes: ${minutes}"


def test_a_whole_recipe_is_read():
    recipe = read_recipe(WHOLE)

    assert check_recipe(WHOLE) == ()
    assert (recipe.name, recipe.version, recipe.title) == ("shop-titles", 1, "Shop titles")
    assert recipe.bar == Bar(metric="accuracy", op=">=", value=0.9)
    assert recipe.budget == Budget(max_latency_ms=50, batch_rows=1, max_size_mb=30)
    assert recipe.until.text == "bar met"
    assert recipe.suits is None
    assert [step.kind for step in recipe.steps] == [
        "check data", "try", "try", "tune", "post-process", "gather", "hand off"
    ]  # fmt: skip
    assert [step.line for step in recipe.steps] == [31, 32, 34, 36, 39, 41, 43]
    assert recipe.settings == (("minutes", 2), ("family", "lightgbm"))


def test_a_step_becomes_the_plan_of_a_run():
    recipe = read_recipe(WHOLE, {"family": "catboost", "minutes": 4})
    _, quick, trees, *_ = recipe.steps

    plan = plan_of_step(recipe, quick, leader=None, led_by=None)
    assert (plan.families, plan.algorithms, plan.folds) == (("text_linear",), (), None)
    assert plan.compute.time_limit_s == 240.0
    assert plan.step == RecipeStep(recipe="shop-titles", version=1, number=2)

    plan = plan_of_step(recipe, trees, leader=None, led_by=None)
    booster = Algorithm(key="catboost", hyperparameters=(Hyperparameter(name="learning_rate", value=0.1),))
    assert (plan.families, plan.algorithms) == (("text_linear",), (booster,))
    assert plan.folds == Folds(3)
    assert plan.compute.time_limit_s is None
    assert not plan.training.balanced

    apart = "    folds: {n: 3, gap: 30, embargo: 7 days}\n"
    recipe = read_recipe(WHOLE.replace("    folds: 3\n", apart))
    plan = plan_of_step(recipe, recipe.steps[2], leader=None, led_by=None)
    assert plan.folds == Folds(3, gap=30, embargo="7 days")

    recipe = read_recipe(
        WHOLE.replace("    folds: 3\n", "    folds: 3\n    balanced: true\n    stack: true\n")
    )
    plan = plan_of_step(recipe, recipe.steps[2], leader=None, led_by=None)
    assert (plan.training.balanced, plan.training.stack) == (True, True)


def test_a_class_of_ones_own_takes_lists_and_a_family_does_not():
    net = "    algorithms:\n      - plugins/net.py:Net: {layers: [64, 32], depth: 2}\n"
    recipe = read_recipe(WHOLE.replace("    algorithms:\n", net))
    values = {
        one.name: one.value
        for pipeline in recipe.steps[2].pipelines
        for algorithm in pipeline.algorithms
        for one in algorithm.hyperparameters
        if algorithm.key == "plugins/net.py:Net"
    }
    assert values == {"layers": (64, 32), "depth": 2}
    with pytest.raises(RecipeError, match="learning_rate is a list"):
        read_recipe(WHOLE.replace("learning_rate: 0.1", "learning_rate: [0.1, 0.2]"))


def test_tuning_what_leads_needs_a_leader():
    recipe = read_recipe(WHOLE)
    step = recipe.steps[3]
    assert step.tuning == Tuning(n_trials=5)

    with pytest.raises(UsageError, match="there is none yet"):
        plan_of_step(recipe, step, leader=None, led_by=None)


def test_what_leads_is_tuned_with_the_steps_before_it():
    recipe = read_recipe(WHOLE)
    crosses = PluginRef(point="preprocess", reference="columns:Crosses", sha256="as it was then")
    trained = RunPlan(
        families=("linear", "lightgbm"), preprocess=(crosses,), training=TrainingOptions(balanced=True)
    )

    plan = plan_of_step(
        recipe, recipe.steps[3], leader=SimpleNamespace(family="lightgbm"), led_by=None, trained_by=trained
    )

    assert (plan.families, plan.training.balanced, plan.tuning.n_trials) == (("lightgbm",), True, 5)
    assert plan.preprocess == (PluginRef(point="preprocess", reference="columns:Crosses"),)


def test_steps_after_the_model_get_the_time_of_the_run_that_they_repeat():
    recipe = read_recipe(WHOLE)
    step = next(step for step in recipe.steps if step.kind == "post-process")
    led = RunPlan(families=("linear",), compute=Compute(time_limit_s=300.0))

    limits = [
        plan_of_step(recipe, asked, leader=None, led_by=led).compute.time_limit_s
        for asked in (step, replace(step, minutes=2.0))
    ]

    assert limits == [300.0, 120.0]


def test_values_that_were_fixed_stay_fixed_while_what_leads_is_tuned():
    recipe = read_recipe(WHOLE)
    fixed = Algorithm(key="lightgbm", hyperparameters=(Hyperparameter(name="num_leaves", value=9),))

    plan = plan_of_step(
        recipe, recipe.steps[3], leader=SimpleNamespace(family="lightgbm"), algorithm=fixed, led_by=None
    )

    assert (plan.families, plan.algorithms, plan.tuning.n_trials) == ((), (fixed,), 5)


def test_what_leads_is_made_faster_in_a_run_with_the_steps_time():
    recipe = read_recipe(changed("- gather: More titles of Fridges.", REFINE))
    step = recipe.steps[5]
    assert (step.kind, step.shares, step.is_run, step.needs_leader) == ("refine", (0.5, 0.2), True, True)
    assert step.title == "Make the leading model faster and smaller"
    refines = Compression(candidate_id="run_1-a", run_id="run_1", model="A", shares=step.shares)
    refined = RunPlan(compute=Compute(time_limit_s=600.0), origin=refines)

    plan = plan_of_step(recipe, step, leader=None, led_by=None, refined=refined)

    mark = RecipeStep(recipe="shop-titles", version=1, number=6)
    assert plan == RunPlan(step=mark, compute=Compute(time_limit_s=120.0), origin=refines)
    with pytest.raises(UsageError, match="there is none yet"):
        plan_of_step(recipe, step, leader=None, led_by=None)


def test_steps_after_a_faster_variant_keep_it_one():
    recipe = read_recipe(WHOLE)
    refines = Compression(candidate_id="run_1-a", run_id="run_1", model="A")

    plan = plan_of_step(recipe, recipe.steps[4], leader=None, led_by=RunPlan(origin=refines))

    assert (plan.origin_as(Compression), [each.reference for each in plan.postprocess]) == (
        refines,
        ["abstain"],
    )


@pytest.mark.parametrize(
    ("before", "after", "line", "said"),
    [
        ("format: 1", "format: 2", 1, "Write 'format: 1'."),
        ("format: 1\n", "", 1, "The recipe needs 'format'."),
        ("name: shop-titles", "name: Shop Titles", 2, "cannot name a recipe"),
        ("version: 1", "version: one", 3, "a whole number expected"),
        ("problems: [multiclass]", "problems: [multclass]", 5, "Did you mean 'multiclass'?"),
        ("  - kind: text", "  - kind: txt", 7, "Did you mean 'text'?"),
        ("bar: accuracy >= 0.9", "bar: acuracy >= 0.9", 9, "Did you mean 'accuracy'?"),
        ("bar: accuracy >= 0.9", "bar: accuracy", 9, "is not a bar"),
        ("latency_ms: 50", "latency: 50", 10, "Did you mean 'latency_ms'?"),
        ("latency_ms: 50", "latency_ms: 0", 10, "out of range"),
        ("    default: 2\n", "    default: 40\n", 14, "The nearest is 30."),
        ("    low: 1\n    high: 30\n", "", 13, "'minutes' has no range"),
        ("    default: lightgbm\n", "    default: ligthgbm\n", 19, "Did you mean 'lightgbm'?"),
        ("    default: lightgbm\n", "    default: ${minutes}\n", 19, "cannot be made of another knob"),
        ("algorithms: [text_linear]", "algorithms: [text_liner]", 23, "Did you mean 'text_linear'?"),
        ("like: quick", "like: quik", 25, "Did you mean 'quick'?"),
        ("like: quick", "like: trees", 25, "Pipelines go in a loop: trees is like trees."),
        ("    algorithms: [text_linear]", "    like: trees", 25, "Pipelines go in a loop"),
        ("{learning_rate: 0.1}", "{learning_rat: 0.1}", 28, "Did you mean 'learning_rate'?"),
        ("{learning_rate: 0.1}", "{learning_rate: soon}", 28, "is a number"),
        ("{learning_rate: 0.1}", "{learning_rate: {low: 1, high: 1}}", 28, "no room"),
        ("folds: 3", "folds: 1", 29, "The nearest is 2."),
        ("- try: quick", "- try: quik", 32, "Did you mean 'quick'?"),
        ("- try: quick", "- tri: quick", 32, "Did you mean 'try'?"),
        ("- try: [trees]", "- try: [trees, quick]", 34, "a step is one run"),
        ("minutes: ${minutes}", "minutes: ${minuts}", 33, "Did you mean 'minutes'?"),
        ("minutes: ${minutes}", "minuts: 2", 33, "Did you mean 'minutes'?"),
        ("score < bar - 0.01", "scor < bar - 0.01", 35, "Did you mean 'score'?"),
        ("trials: 5", "trials: 0", 37, "The nearest is 1."),
        ("- tune: leader", "- tune: leading", 36, "There is no pipeline called 'leading'."),
        ("abstain(below=0.6)", "abstain(under=0.6)", 39, "Known: 'below', 'label', 'coverage'."),
        ("abstain(below=0.6)", "abstan(below=0.6)", 39, "Did you mean 'abstain'?"),
        ("- check data: safe fixes", "- check data: all", 31, "Known: safe fixes."),
        ("- gather: More titles of Fridges.", "- gather:", 41, "A text is expected"),
        ("- gather: More titles of Fridges.", "- refine: lightgbm", 41, "Known: leader."),
        ("- gather: More titles of Fridges.", "- refine: leader\n    shares: 2", 42, "The nearest is 0.99."),
        (
            "- gather: More titles of Fridges.",
            "- refine: leader\n    shares: [0.5, 0]",
            42,
            "nearest is 0.01.",
        ),
        (
            "- gather: More titles of Fridges.",
            "- refine: leader\n    share: 0.5",
            42,
            "Did you mean 'shares'?",
        ),
        ("- gather: More titles of Fridges.", "- refin: leader", 41, "Did you mean 'refine'?"),
        ("title: text, price", "title: words, price", 47, "There is no kind of column called 'words'."),
        ("    target: category\n", "", 46, "needs 'target'"),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_the_nearest_valid_thing(before, after, line, said):
    problems = check_recipe(changed(before, after))

    assert problems
    assert all(each.hint for each in problems)
    assert problems[0].line == line
    assert said in str(problems[0])


def test_a_step_that_is_not_there_is_named_with_those_that_are():
    (problem,) = check_recipe(changed("- gather: More titles of Fridges.", "- shrink: more"))

    assert "There is no field in a step called 'shrink'." in problem.message


def test_all_problems_are_said_at_once_in_the_order_of_their_lines():
    text = changed("bar: accuracy >= 0.9", "bar: acuracy >= 0.9").replace("worst_recall", "worst_recal")
    text = text.replace("folds: 3", "folds: 0")

    with pytest.raises(RecipeError) as raised:
        read_recipe(text, source="mine.yaml")

    assert [each.line for each in raised.value.problems] == [9, 29]  # steps wait for their pipelines
    assert "\nLine 29, column" in raised.value.hint
    assert raised.value.message.startswith("mine.yaml, line 9, column 6:")


def test_a_place_in_a_condition_is_a_place_in_the_line():
    (problem,) = check_recipe(changed("score < bar - 0.01", "score < ber - 0.01"))

    assert (problem.line, problem.column) == (35, 19)


def test_a_knob_that_breaks_the_recipe_at_one_of_its_ends_is_found():
    text = changed("    low: 1\n    high: 30", "    low: 0\n    high: 30")

    (problem,) = check_recipe(text)

    assert problem.line == 33
    assert problem.message.startswith("With the knob minutes at 0: 0 is out of range")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"minutes": 99}, "The knob 'minutes' is 99; it goes from 1 to 30. The nearest is 30."),
        ({"minutes": 1.5}, "takes whole numbers"),
        ({"minutes": "2"}, "not a number"),
        ({"minutes": True}, "not a number"),
        ({"family": "catbost"}, "Did you mean 'catboost'?"),
    ],
)
def test_a_knob_out_of_range_is_refused_with_the_nearest_value(settings, said):
    with pytest.raises(UsageError) as raised:
        read_recipe(WHOLE, settings)
    assert said in str(raised.value)


def test_a_choice_that_is_a_text_of_digits_can_be_turned_as_a_shell_writes_it():
    knobs = read_knobs(read_yaml("shop: {words: Which one, default: '1', choices: ['1', '2']}"))
    assert knob_values(knobs, {"shop": 2}) == {"shop": "2"}
    with pytest.raises(UsageError, match="none of its choices"):
        knob_values(knobs, {"shop": 3})


def test_an_unknown_knob_is_refused_with_the_nearest_name():
    with pytest.raises(UnknownNameError, match="Did you mean 'minutes'"):
        read_recipe(WHOLE, {"minute": 2})


def test_a_knob_that_nothing_uses_is_said():
    text = changed("    minutes: ${minutes}\n", "    minutes: 2\n").replace(
        "belongs to.", "${minutes} belongs to."
    )

    (problem,) = check_recipe(text)

    assert (problem.line, problem.column) == (12, 3)
    assert problem.message == "The knob 'minutes' changes nothing: no part of the recipe uses it."
