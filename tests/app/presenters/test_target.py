"""Target's data: the question's choices, the bar's slider, a task in words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.presenters.metrics import bar_meaning
from app.presenters.question.draft import Draft, with_suggestion
from app.presenters.question.questions import answer_kinds
from app.presenters.question.target import (
    present_bar,
    present_caution,
    present_choices,
    present_reach,
    present_task,
)
from litmus_core.types import (
    Baseline,
    Budget,
    Column,
    DatasetVersion,
    LeftOut,
    PluginRef,
    Quote,
    QuoteBasis,
    SplitPlan,
    Suggestion,
)
from tests.app.presenters.facts import AT, task


def baselines(metric: str, guessing: float, simple: float) -> tuple[Baseline, ...]:
    return (
        Baseline(name="majority", sentence="Always guessing a.", metric=metric, value=guessing),
        Baseline(name="quick linear", sentence="A simple model.", metric=metric, value=simple),
    )


def column(name: str, kind: str) -> Column:
    return Column(name=name, original_name=name, kind=kind, storage="VARCHAR")


VERSION = DatasetVersion(
    id="dv_0000000001",
    dataset_id="ds_0000000001",
    name="titles",
    version=1,
    path="datasets/ds_0000000001/v1.parquet",
    n_rows=25_000,
    n_bytes=1_000_000,
    content_hash="0",
    columns=(
        column("row", "id"),
        column("title", "text"),
        column("price", "number"),
        column("listed", "date"),
        column("label", "category"),
    ),
    source="titles.csv",
    created_at=AT,
)
SUGGESTED = Suggestion(
    target="label",
    problem_type="multiclass",
    why="10 different values, so this is a choice between 10 categories.",
    metric="accuracy",
    metrics=("accuracy",),
    features=("title", "price", "listed"),
    left_out=(LeftOut(column="row", reason="It only numbers the rows."),),
    n_missing_target=44,
    classes=("Fridges", "Freezers", "TVs", "CPUs"),
)


def choices(**changes):
    draft = with_suggestion(Draft(version_id=VERSION.id, target="label", **changes), SUGGESTED)
    return present_choices(VERSION, SUGGESTED, draft, tables=[])


def test_the_question_is_said_as_an_example():
    assert choices().example == (
        "Given 3 columns, say which *label* it is: *Fridges*, *Freezers*, *TVs* or 1 more."
    )


@pytest.mark.parametrize(
    ("storage", "n_distinct", "suggested", "kinds"),
    [
        ("VARCHAR", 2, "binary", ("binary",)),
        ("VARCHAR", 10, "multiclass", ("multiclass",)),
        ("BOOLEAN", 2, "binary", ("binary",)),
        ("BIGINT", 2, "binary", ("binary", "regression")),
        ("BIGINT", 5, "multiclass", ("multiclass", "regression")),
        ("DOUBLE", 824, "regression", ("regression",)),
    ],
)
def test_only_kinds_of_question_that_the_column_can_have_are_offered(storage, n_distinct, suggested, kinds):
    held = replace(column("label", "category"), storage=storage, n_distinct=n_distinct)
    assert answer_kinds(held, n_values=1000, suggested=suggested) == kinds


def test_the_reason_follows_the_chosen_kind_of_question():
    assert choices().why == "10 different values, so this is a choice between 10 categories."
    assert choices(problem_type="regression").why == (
        "You chose a number: values are amounts, and near misses count less than far ones."
    )


def test_measures_that_the_numbers_leave_undefined_are_not_offered():
    assert choices().judging.groups == {"Right answers": ("accuracy",)}


def test_rows_without_an_answer_are_counted():
    assert choices().missing == "44 rows without an answer will be set aside."


def test_a_column_is_left_out_with_its_reason():
    assert choices().left_out == (("row", "It only numbers the rows."),)


def test_a_column_that_the_visitor_left_out_says_so():
    assert ("price", "You left it out.") in choices(features=("title", "listed")).left_out


def test_time_and_groups_offer_the_columns_that_fit():
    view = choices()
    assert view.time_columns == ("listed",)
    assert view.group_columns == ("row", "title")


@pytest.mark.parametrize(
    ("storage", "n_distinct", "examples", "is_offered"),
    [
        ("BIGINT", 900, ("1700000000", "1700000060"), True),  # seconds since an epoch
        ("BIGINT", 3, ("2007", "2008", "2009"), True),  # years
        ("BIGINT", 5, ("1", "2", "3"), False),  # a grade
        ("DOUBLE", 900, ("41.1", "39.5"), False),  # a measure
    ],
)
def test_numbers_stand_after_dates_and_only_where_they_can_be_a_moment(
    storage, n_distinct, examples, is_offered
):
    held = replace(column("moment", "number"), storage=storage, n_distinct=n_distinct, examples=examples)
    version = replace(VERSION, columns=(held, *VERSION.columns))
    draft = with_suggestion(Draft(version_id=VERSION.id, target="label"), SUGGESTED)
    view = present_choices(version, SUGGESTED, draft, tables=[])
    assert view.time_columns == (("listed", "moment") if is_offered else ("listed",))


def test_the_target_never_says_when():
    suggested = replace(SUGGESTED, target="listed")
    draft = with_suggestion(Draft(version_id=VERSION.id, target="listed"), suggested)
    assert present_choices(VERSION, suggested, draft, tables=[]).time_columns == ()


def test_the_bar_is_proposed_a_little_above_a_simple_model():
    view = present_bar("accuracy", baselines("accuracy", 0.16, 0.9), bar=None)
    assert view.value == pytest.approx(0.92)
    assert (view.minimum, view.maximum, view.better) == (0.0, 1.0, "higher")


def test_the_bar_is_never_proposed_where_nothing_can_pass_it():
    assert present_bar("accuracy", baselines("accuracy", 0.4, 1.0), bar=None).value == pytest.approx(0.99)


def test_where_less_is_better_the_bar_is_proposed_below_a_simple_model():
    view = present_bar("rmse", baselines("rmse", 40.0, 20.0), bar=None)
    assert view.value == pytest.approx(18.0)
    assert view.minimum == 0.0
    assert view.maximum >= 50.0
    assert view.better == "lower"


def test_large_values_of_a_bar_have_thousands_marks():
    assert present_bar("rmse", baselines("rmse", 3813.0, 1200.0), bar=None).format == "%,.0f"


def test_the_bar_of_money_has_its_sign():
    reached = baselines("mae", 3813.0, 1200.0)
    view = present_bar("mae", reached, bar=None, unit="EUR")
    assert (view.format, view.box_format) == ("€%,.0f", "%.0f")
    assert present_bar("mae", reached, bar=None, unit="%").format == "%,.0f %%"
    assert bar_meaning("mae", 350.0, unit="EUR").endswith("answers are off by €350 on average.")
    asks_nothing = present_caution("mae", 4000.0, reached, unit="EUR")
    assert asks_nothing.sentence == "Always guessing reaches €3,813, so a bar of €4,000 asks for nothing."


def test_a_bar_that_was_set_stays_where_it_is():
    assert present_bar("accuracy", baselines("accuracy", 0.16, 0.9), bar=0.7).value == pytest.approx(0.7)


def test_the_bar_can_be_set_without_references():
    view = present_bar("accuracy", (), bar=None)
    assert view.references == ()
    assert 0.0 < view.value < 1.0


def test_a_kind_of_question_is_called_by_its_name_and_not_by_its_file():
    kind = PluginRef(point="task_type", reference="plugins/order.py:Order", name="Order")
    view = present_task(task(task_type=kind), VERSION)

    assert dict(view.facts)["Kind of answer"].endswith(", asked as Order")


def test_a_task_is_told_in_words():
    view = present_task(
        task(budget=Budget(max_latency_ms=50.0), split=SplitPlan(kind="time", column="listed")), VERSION
    )
    said = {name: text.replace("\u202f", " ") for name, text in view.facts}
    assert said["Good enough"].startswith("at least 0.90. Of 1,000 real cases, about 900")
    assert said["Answering time"] == "at most 50 ms for 1 row a call"
    assert said["Rows kept aside"] == "20 % of the rows, the latest by listed, for the final test"


@pytest.mark.parametrize(
    ("n_rows", "asked_for", "may"),
    [
        (1_999, {}, True),
        (2_000, {}, False),
        (59, {}, False),
        (500, {"split": SplitPlan(kind="group", column="listed")}, True),
        (500, {"split": SplitPlan(kind="time", column="listed")}, False),
        (500, {"split": SplitPlan(test_fraction=0.3)}, False),
        (500, {"budget": Budget(max_size_mb=5.0)}, False),
    ],
)
def test_a_task_says_whether_all_rows_may_judge(n_rows: int, asked_for: dict[str, Any], may: bool):
    view = present_task(task(**asked_for), replace(VERSION, n_rows=n_rows))
    assert dict(view.facts)["Rows kept aside"].endswith("by models that had not seen it.") == may


QUOTE = Quote(
    metric="roc_auc", minutes=1.0, memory_mb=500.0, score=0.85, low=0.83, high=0.87, n_runs=0,
    basis=QuoteBasis(constant=0.5, quick=0.84, noise=0.01, seconds=60.0, memory_mb=500.0),
)  # fmt: skip


@pytest.mark.parametrize(
    ("metric", "bar", "said"),
    [
        ("roc_auc", 0.95, "No such model is likely: the best of these could reach about 0.87."),
        ("roc_auc", 0.86, ""),
        ("rmse", 0.5, "No such model is likely: the best of these could reach about 0.83."),
        ("rmse", 0.84, ""),
    ],
)
def test_a_bar_beyond_what_training_is_expected_to_reach_is_said(metric, bar, said):
    assert present_reach(metric, bar, replace(QUOTE, metric=metric)) == said


@pytest.mark.parametrize(
    ("metric", "quick", "high", "low", "proposed"),
    [
        ("roc_auc", 0.924, 0.933, 0.88, 0.93),
        ("roc_auc", 0.924, 0.96, 0.88, 0.94),
        ("rmse", 20.0, 24.0, 18.66, 18.7),
        ("rmse", 20.0, 24.0, 15.0, 18.0),
    ],
)
def test_no_bar_is_proposed_that_training_is_not_likely_to_reach(metric, quick, high, low, proposed):
    quote = replace(QUOTE, metric=metric, low=low, high=high)
    constant = 0.5 if metric == "roc_auc" else 40.0
    view = present_bar(metric, baselines(metric, constant, quick), bar=None, quote=quote)
    assert view.value == pytest.approx(proposed)
    assert present_reach(metric, view.value, quote) == ""
    assert present_bar(metric, (), bar=0.99, quote=quote).value == pytest.approx(0.99), "a chosen bar stays"
