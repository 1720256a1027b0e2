"""A task is checked against its table; each refusal is a sentence with the remedy."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import pytest

from litmus_core.data import check_task
from litmus_core.errors import LitmusError
from litmus_core.store import Workspace
from litmus_core.types import Bar, Budget, DatasetVersion, SplitPlan, Task

Importer = Callable[..., DatasetVersion]
HEADER = "late,carrier,miles,day,who,note"


def line(number: int, late: str | None = None) -> str:
    label = late or ("yes" if number % 3 else "no")
    return f"{label},{'ABC'[number % 3]},{number * 7 % 40},2024-05-{number % 28 + 1:02},p{number % 5},"


@pytest.fixture
def flights(imported: Importer) -> DatasetVersion:
    return imported("\n".join([HEADER, *map(line, range(40))]) + "\n", "flights.csv")


def task_on(version: DatasetVersion, **changes: Any) -> Task:
    task = Task(
        dataset_version_id=version.id,
        target="late",
        problem_type="binary",
        metric="roc_auc",
        features=("carrier", "miles"),
        positive_class="yes",
    )
    return replace(task, **changes)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"bar": Bar(metric="roc_auc", op=">=", value=0.9), "budget": Budget(max_latency_ms=20)},
        {"split": SplitPlan(kind="time", column="day")},
        {"split": SplitPlan(kind="time", column="miles")},
        {"split": SplitPlan(kind="group", column="who")},
        {"target": "miles", "problem_type": "regression", "metric": "rmse", "features": ("day",),
         "positive_class": None, "bar": Bar(metric="rmse", op="<=", value=250.0)},
        {"target": "carrier", "problem_type": "multiclass", "metric": "f1_macro", "features": ("note",),
         "positive_class": None},
    ],
)  # fmt: skip
def test_a_task_that_can_be_run_passes(
    workspace: Workspace, flights: DatasetVersion, changes: dict[str, Any]
) -> None:
    check_task(flights, task_on(flights, **changes), workspace=workspace)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"target": "lat"}, "There is no column 'lat'. Did you mean 'late'?"),
        ({"features": ("carier",)}, "There is no column 'carier'. Did you mean 'carrier'?"),
        ({"features": ("late", "miles")}, "'late' is what to predict, so models may not look at it."),
        ({"features": ()}, "There is no column to learn from. Choose at least one."),
        ({"features": ("miles", "miles")}, "'miles' is among the columns to learn from twice."),
        ({"target": "note"}, "'note' is empty in every row."),
        ({"target": "day"}, "'day' holds dates, which cannot be predicted."),
        ({"target": "carrier", "features": ("miles",)},
         "'carrier' has 3 different values, so it is not a yes-or-no question. Ask for multiclass instead."),
        ({"target": "miles", "features": ("day",)}, "Ask for multiclass or regression instead."),
        ({"problem_type": "multiclass", "positive_class": None},
         "'late' has two different values. Ask for binary"),
        ({"problem_type": "regression", "positive_class": None}, "'late' does not hold numbers"),
        ({"target": "miles", "problem_type": "multiclass", "features": ("day",), "positive_class": None},
         "'miles' has 40 different values in 40 rows: too many to tell apart. Choose regression"),
        ({"positive_class": "yess"}, "There is no class 'yess'. Did you mean 'yes'?"),
        ({"metric": "rmse"},
         "The metric rmse does not fit a binary question. Choose one of roc_auc, accuracy"),
        ({"metric": "acuracy"}, "There is no metric 'acuracy'. Did you mean 'accuracy'?"),
        ({"bar": Bar(metric="roc_auc", op=">=", value=95)},
         "roc_auc is between 0 and 1, so the bar 'roc_auc >= 95' is not possible. Did you mean 0.95?"),
        ({"bar": Bar(metric="roc_auc", op=">=", value=-1)}, "Set the bar inside that range."),
        ({"bar": Bar(metric="roc_auc", op=">=", value=1.2)}, "Set the bar inside that range."),
        ({"metric": "recall_at_precision(precision=90)"}, "Did you mean 0.9?"),
        ({"metric": 'cost(table={"no":{"maybe":1},"maybe":{"no":1}})'}, "There is no class 'maybe'"),
        ({"target": "carrier", "problem_type": "multiclass", "features": ("note",), "positive_class": None,
          "metric": 'cost(table={"A":{"B":1},"B":{"A":1}})'}, "The cost table says nothing of 'C'"),
        ({"target": "carrier", "problem_type": "multiclass", "features": ("note",), "positive_class": None,
          "metric": "top_k_accuracy"}, "Choose k below 3."),
        ({"metric": "cost", "bar": Bar(metric="cost", op="<=", value=2000)}, "between 0 and 1000"),
        ({"metric": "quantile_loss"}, "does not fit a binary question"),
        ({"bar": Bar(metric="roc_auc", op="<=", value=0.9)}, "higher is better"),
        ({"bar": Bar(metric="accuracy", op=">=", value=0.9)},
         "The bar is on accuracy, but the metric is roc_auc."),
        ({"bar": Bar(metric="roc_auc", op=">=", value=float("nan"))}, "The bar is not a finite number."),
        ({"time_limit_s": 2.0}, "A time limit of 2 s is too short to train anything. Give it at least 5 s"),
        ({"time_limit_s": float("nan")}, "A time limit of nan s is too short"),
        ({"time_limit_s": float("inf")}, "The time limit has no end."),
        ({"budget": Budget(max_latency_ms=0)}, "An answering time of 0 cannot be met."),
        ({"budget": Budget(batch_rows=0)}, "A call answers at least one row."),
        ({"split": SplitPlan(kind="time")},
         "A split by time needs a column. Name the column that holds the date."),
        ({"split": SplitPlan(kind="time", column="dya")}, "There is no column 'dya'. Did you mean 'day'?"),
        ({"split": SplitPlan(kind="time", column="who")}, "'who' holds neither dates nor numbers"),
        ({"split": SplitPlan(kind="group", column="note")},
         "'note' has too few different values to split by (0)."),
        ({"split": SplitPlan(kind="group", column="late")}, "Rows cannot be split by 'late'"),
        ({"split": SplitPlan(test_fraction=20)},
         "A test share of 20 is not between 0 and 1. Did you mean 0.2?"),
        ({"split": SplitPlan(validation_fraction=0.0)}, "A validation share of 0 is not between 0 and 1."),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_with_the_remedy(
    workspace: Workspace, flights: DatasetVersion, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(LitmusError) as refused:
        check_task(flights, task_on(flights, **changes), workspace=workspace)

    assert said in str(refused.value)
    assert refused.value.hint


def test_a_negative_error_bar_is_out_of_range(flights: DatasetVersion) -> None:
    task = task_on(
        flights, target="miles", problem_type="regression", metric="rmse", features=("day",),
        positive_class=None, bar=Bar(metric="rmse", op="<=", value=-1.0),
    )  # fmt: skip

    with pytest.raises(LitmusError, match="rmse cannot be below 0, so the bar 'rmse <= -1' is not possible"):
        check_task(flights, task)


def test_a_class_that_was_read_as_missing_is_named_as_the_cause(imported: Importer) -> None:
    version = imported("\n".join(["y,x", *(f"{('NA', 'EU')[x % 2]},{x}" for x in range(40))]) + "\n", "t.csv")
    with pytest.raises(LitmusError, match="'y' has one value only, and is missing in 20 rows") as refused:
        check_task(version, task_on(version, target="y", features=("x",), positive_class=None))
    assert refused.value.hint is not None
    assert refused.value.hint.startswith("A word such as NA or None means missing")


def test_numbers_beyond_single_precision_are_refused(workspace: Workspace, imported: Importer) -> None:
    rows = [f"{row}.5,{row}" for row in range(40)]
    version = imported("\n".join(["y,x", *rows, "-1e308,3"]) + "\n", "large.csv")
    task = task_on(
        version, target="y", problem_type="regression", metric="rmse", features=("x",), positive_class=None
    )
    with pytest.raises(LitmusError, match="'y' is too large to learn in 1 row of 'large', up to 1e\\+308"):
        check_task(version, task, workspace=workspace)


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        (
            [f"{1_700_000_000 + row}" for row in range(40)],
            "'y' varies too little .* steps of 128",
        ),
        ([f"{1e15 + row / 4:.2f}" for row in range(40)], "'y' varies too little for its size. "),
        ([f"-{row}e-300" for row in range(40)], "'y' is too small to learn in 't': 3.9e-299 at most"),
        ([f"{1_700_000_000 + 100 * row}" for row in range(40)], ""),
        ([f"{row}e-27" for row in range(40)], ""),
    ],
)
def test_numbers_that_single_precision_cannot_tell_apart_are_refused(
    workspace: Workspace, imported: Importer, numbers: list[str], said: str
) -> None:
    version = imported("\n".join(["y,x", *(f"{y},{x}" for x, y in enumerate(numbers))]) + "\n", "t.csv")
    task = task_on(
        version, target="y", problem_type="regression", metric="rmse", features=("x",), positive_class=None
    )
    with pytest.raises(LitmusError, match=said) if said else nullcontext():
        check_task(version, task, workspace=workspace)


def test_fewer_than_twenty_rows_are_too_few(imported: Importer) -> None:
    small = imported("\n".join([HEADER, *map(line, range(12))]) + "\n")

    with pytest.raises(
        LitmusError, match="Only 12 rows have a 'late'; training and testing need at least 20"
    ):
        check_task(small, task_on(small))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (f"{HEADER}\nno,A,99,2024-05-01,p0,\n", ""),
        (
            f"{HEADER}\n{line(0)}\n",
            "1 of the 1 rows (100 %) of the test table 'own' also lie in 'flights', "
            "so a score on them would say nothing about unseen rows.",
        ),
        ("late,carrier\nyes,A\n", "The test table 'own' lacks 'miles'."),
        ("carrier,miles\nA,1\n", "The test table 'own' lacks 'late'."),
        ("late,carrier,miles\n,A,1\n", "The test table 'own' has no row with a 'late'."),
        (
            "late,carrier,miles\nyes,A,far\n",
            "'miles' holds numbers in 'flights' and texts in the test table 'own'.",
        ),
        (
            "late,carrier,miles\nYES,A,1\n",
            "No 'late' of the test table 'own' occurs in 'flights': 'YES' there, 'no' here.",
        ),
    ],
)
def test_an_own_test_file_must_fit_the_table(
    workspace: Workspace, flights: DatasetVersion, imported: Importer, content: str, said: str
) -> None:
    own = imported(content, "own.csv")
    task = task_on(flights, test_version_id=own.id)

    if not said:
        check_task(flights, task, test=own, workspace=workspace)
        return
    with pytest.raises(LitmusError) as refused:
        check_task(flights, task, test=own, workspace=workspace)
    assert said in refused.value.message
    assert refused.value.hint
