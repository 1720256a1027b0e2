"""Invalid steps are refused before training, with the nearest valid name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from litmus_core.engine import check_post
from litmus_core.errors import LitmusError
from litmus_core.plugins import read_part
from litmus_core.types import Column, Task


def column(name: str, kind: Any, storage: str, n_distinct: int, *examples: str) -> Column:
    return Column(
        name=name, original_name=name, kind=kind, storage=storage, n_distinct=n_distinct, examples=examples
    )


COLUMNS = (
    column("price", "number", "DOUBLE", 500, "9.5", "12"),
    column("country", "category", "VARCHAR", 4, "DE", "FR"),
    column("title", "text", "VARCHAR", 900, "a red bike"),
    column("day", "date", "TIMESTAMP", 300, "2024-01-31"),
    column("new", "boolean", "BOOLEAN", 2, "true", "false"),
)
BINARY = Task(
    dataset_version_id="dv_1",
    target="sold",
    problem_type="binary",
    metric="f1",
    features=tuple(each.name for each in COLUMNS),
)
REGRESSION = replace(BINARY, problem_type="regression", metric="rmse", target="price next year")
LABELS = {"binary": ["no", "yes"], "multiclass": ["bike", "car", "fridge"], "regression": []}


def check(task: Task, *steps: str) -> None:
    parts = [read_part("postprocess", step) for step in steps]
    check_post(parts, task, COLUMNS, labels=lambda: LABELS[task.problem_type])


@pytest.mark.parametrize(
    "steps",
    [
        ("rule(when=\"country = 'DE' and price < 3\", then=\"answer = 'no'\")", "abstain(below=0.7)"),
        ("rule(when=\"day >= '2024-01-01'\", then='answer = yes')",),
        ("rule(when='new = true', then='answer = yes')", "rule(when='new is missing', then='answer = no')"),
        ("thresholds_by_segment(column='country')", "abstain(below=0.6, label='ask a person')"),
        ("shift_classes(shares='no = 0.9, yes = 10%')",),
        ("calibrate", "threshold(at=0.3)", "abstain(below=0.6)"),
        ("mine.py:Step(top=3)", "abstain(below=0.7)"),
    ],
)
def test_steps_that_fit_a_yes_or_no_question_are_let_pass(steps: tuple[str, ...]) -> None:
    check(BINARY, *steps)


@pytest.mark.parametrize(
    "steps",
    [
        ("cap(low=0)", "round(step=0.5)"),
        ("cap(low_quantile=0.01, high=100)",),
        ("rule(when='price is missing', then='value *= 1.2')",),
    ],
)
def test_steps_that_fit_a_number_are_let_pass(steps: tuple[str, ...]) -> None:
    check(REGRESSION, *steps)


@pytest.mark.parametrize(
    ("task", "step", "said"),
    [
        (
            BINARY,
            "round(step=1)",
            "round does not fit: 'sold' is one of two labels. For that there are: thresholds_by_",
        ),
        (BINARY, "cap(low=0)", "cap does not fit"),
        (
            REGRESSION,
            "abstain(below=0.7)",
            "'price next year' is a number. For that there are: cap, round, rule.",
        ),
        (REGRESSION, "thresholds_by_segment(column='country')", "does not fit"),
        (REGRESSION, "rouns(step=1)", "Did you mean 'round'"),
        (REGRESSION, "cap()", "cap has no limit"),
        (REGRESSION, "cap(low=3, high=3)", "low is 3 and high 3"),
        (REGRESSION, "cap(low=3, low_quantile=0.1)", "Give one of them"),
        (REGRESSION, "round(step=0)", "no number is a multiple of 0"),
        (BINARY, "rule(when='contry = DE', then='answer = no')", "Did you mean 'country'"),
        (BINARY, "rule(when='country = DE', then='answer = yess')", "Did you mean 'yes'"),
        (BINARY, "rule(when='country = DE', then='value = 3')", "is a label"),
        (REGRESSION, "rule(when='country = DE', then='answer = no')", "is a number"),
        (BINARY, "rule(when='price = cheap', then='answer = no')", "'price' is a number, and 'cheap' is not"),
        (BINARY, "rule(when='day > soon', then='answer = no')", "is a date such as"),
        (BINARY, "rule(when='new = maybe', then='answer = no')", "is true or false"),
        (BINARY, "rule(when='country < DE', then='answer = no')", "country in ('DE', 'FR')"),
        (
            BINARY,
            "thresholds_by_segment(column='title')",
            "hardly repeat. Columns with few values: country, new.",
        ),
        (BINARY, "thresholds_by_segment(column='cuontry')", "Did you mean 'country'"),
        (
            replace(BINARY, metric="roc_auc"),
            "thresholds_by_segment(column='country')",
            "No threshold suits roc_auc",
        ),
        (
            replace(BINARY, problem_type="multiclass"),
            "thresholds_by_segment(column='country')",
            "does not fit",
        ),
        (BINARY, "shift_classes(shares='no = 1')", "'yes' has no share"),
        (BINARY, "shift_classes(shares='no = 0.5, yes = 0.2')", "sum to 0.7"),
        (BINARY, "shift_classes(shares='no = 0.5, yess = 0.5')", "Did you mean 'yes'"),
        (BINARY, "shift_classes(shares='half')", "is not a label with its share"),
        (BINARY, "threshold(at=1)", "all rows would get the same answer"),
        (BINARY, "threshold(at=3)", "between 0 and 1"),
        (BINARY, "weigh_classes", "does not fit"),
        (replace(BINARY, problem_type="multiclass"), "threshold(at=0.3)", "does not fit"),
        (
            replace(BINARY, problem_type="multiclass", metric="roc_auc"),
            "weigh_classes",
            "roc_auc looks at no answered label",
        ),
        (replace(BINARY, problem_type="multiclass", metric="cost"), "weigh_classes", "costs decide already"),
        (BINARY, "abstain(below=0)", "no probability is below 0"),
        (BINARY, "abstain(below=0.7, label='No')", "is one of the labels"),
    ],
)
def test_a_step_that_cannot_be_meant_is_said_with_the_nearest_thing(task: Task, step: str, said: str) -> None:
    with pytest.raises(LitmusError) as error:
        check(task, step)

    assert said in str(error.value)


def test_abstaining_comes_last_and_thresholds_once() -> None:
    with pytest.raises(LitmusError, match="Put it last"):
        check(BINARY, "abstain(below=0.7)", "rule(when='new = true', then='answer = yes')")
    with pytest.raises(LitmusError, match="would undo the first"):
        check(BINARY, "thresholds_by_segment(column='new')", "thresholds_by_segment(column='country')")
