"""A question in the making."""

from __future__ import annotations

from dataclasses import replace

from app.presenters.question.draft import (
    Draft,
    DraftGoal,
    draft_of_task,
    draft_on,
    draft_task,
    with_suggestion,
)
from litmus_core.task_types import RowNeeds
from litmus_core.types import Bar, ColumnRules, PluginRef, SplitPlan, Suggestion
from tests.app.presenters.facts import task

VERSION = "dv_0000000001"
SUGGESTED = Suggestion(
    target="label",
    problem_type="multiclass",
    why="3 different values.",
    metric="accuracy",
    metrics=("accuracy", "f1_macro"),
    features=("title", "price"),
    left_out=(),
    n_missing_target=0,
    classes=("a", "b", "c"),
)


def test_a_draft_without_a_target_is_no_task():
    assert draft_task(Draft(version_id=VERSION)) is None


def test_a_suggestion_fills_what_was_not_chosen():
    draft = with_suggestion(Draft(version_id=VERSION, target="label"), SUGGESTED)
    assert (draft.problem_type, draft.metric, draft.features) == (
        "multiclass",
        "accuracy",
        ("title", "price"),
    )


def test_what_was_chosen_stays_as_it_is():
    chosen = Draft(version_id=VERSION, target="label", metric="f1_macro", features=("title",))
    draft = with_suggestion(chosen, SUGGESTED)
    assert (draft.metric, draft.features) == ("f1_macro", ("title",))


def test_another_kind_of_question_takes_its_own_metric():
    chosen = Draft(version_id=VERSION, target="label", problem_type="regression", metric="accuracy")
    assert with_suggestion(chosen, SUGGESTED).metric == "rmse"


def test_another_metric_never_keeps_the_bar_of_the_one_before():
    chosen = Draft(
        version_id=VERSION,
        target="label",
        problem_type="regression",
        metric="accuracy",
        goal=DraftGoal(bar=0.9),
    )
    assert with_suggestion(chosen, SUGGESTED).goal.bar is None


def test_the_bar_stays_with_its_metric():
    chosen = Draft(version_id=VERSION, target="label", metric="accuracy", goal=DraftGoal(bar=0.9))
    assert with_suggestion(chosen, SUGGESTED).goal.bar == 0.9


def test_filling_twice_changes_nothing_more():
    once = with_suggestion(Draft(version_id=VERSION, target="label"), SUGGESTED)
    assert with_suggestion(once, SUGGESTED) == once


def test_the_bar_of_a_metric_where_less_is_better_is_an_upper_one():
    draft = Draft(
        version_id=VERSION,
        target="y",
        problem_type="regression",
        metric="rmse",
        features=("x",),
        goal=DraftGoal(bar=12.0),
    )
    assert draft_task(draft).bar == Bar(metric="rmse", op="<=", value=12.0)


def test_a_task_knows_whether_somebody_chose_its_bar():
    draft = draft_of_task(task())
    proposed = replace(draft, goal=replace(draft.goal, bar_is_chosen=False))
    assert (draft_task(draft).bar.is_proposed, draft_task(proposed).bar.is_proposed) == (False, True)
    assert not draft_of_task(draft_task(proposed)).goal.bar_is_chosen


def test_a_kind_of_question_has_its_columns_and_keeps_its_groups_whole():
    needs = RowNeeds(columns=("search",), group="search")
    kind = PluginRef(point="task_type", reference="order.py:Order", name="Order", needs=needs)
    draft = replace(draft_of_task(task()), task_type=kind, features=("price",), split=SplitPlan())
    asked = draft_task(draft)

    assert asked.features == ("price", "search")
    assert (asked.split.kind, asked.split.column) == ("group", "search")
    assert draft_task(replace(draft, split=SplitPlan(kind="time", column="day"))).split.column == "day"


def test_a_variation_of_a_question_keeps_its_weight():
    weighed = replace(task(), rules=ColumnRules(weight="exposure"))
    assert draft_task(draft_of_task(weighed)).weight == "exposure"


def test_without_the_wish_for_a_bar_the_task_has_none():
    draft = draft_of_task(task())
    assert draft_task(replace(draft, goal=replace(draft.goal, wants_bar=False))).bar is None


def test_a_task_comes_back_from_its_draft():
    assert draft_task(draft_of_task(task())) == task()


def test_a_draft_is_kept_only_for_its_own_table():
    kept = Draft(version_id=VERSION, target="label")
    assert draft_on(VERSION, kept) is kept
    assert draft_on("dv_0000000002", kept) == Draft(version_id="dv_0000000002")


def test_a_split_that_a_fix_asks_for_is_taken_until_another_is_chosen():
    by_shop = replace(SUGGESTED, split=SplitPlan(kind="group", column="shop"))
    draft = with_suggestion(Draft(version_id=VERSION, target="label"), by_shop)
    assert draft.split == by_shop.split
    assert with_suggestion(replace(draft, split=SplitPlan()), by_shop).split == SplitPlan()
