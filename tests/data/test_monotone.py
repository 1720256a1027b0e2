"""Columns with which predictions only rise or fall: which questions and columns allow it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from litmus_core.data import check_task
from litmus_core.errors import LitmusError
from litmus_core.types import ColumnRules, DatasetVersion, PluginRef, Task

TABLE = "price,sold,kind,area,built,town\n" + "".join(
    f"{row * 3.5},{'yes' if row % 3 else 'no'},{'abc'[row % 3]},{row % 17},1{row + 900}-01-02,T{row % 5}\n"
    for row in range(60)
)


def asked(version: DatasetVersion, *monotone: tuple[str, Any], **parts: Any) -> Task:
    facts: dict[str, Any] = {"target": "price", "problem_type": "regression", "metric": "mae"} | parts
    features = ("area", "built", "town")
    return Task(
        dataset_version_id=version.id, features=features, rules=ColumnRules(monotone=monotone), **facts
    )


@pytest.mark.parametrize(
    ("monotone", "parts", "message"),
    [
        ([("aera", "increasing")], {}, "Did you mean 'area'?"),
        ([("town", "increasing")], {}, "'town' is read as place: only a column of numbers"),
        ([("built", "increasing")], {}, "'built' is read as date: only a column of numbers"),
        ([("price", "increasing")], {}, "'price' is what to predict"),
        ([("kind", "increasing")], {}, "Models do not look at 'kind'"),
        (
            [("area", "increasing"), ("area", "decreasing")],
            {},
            "'area' cannot be both increasing and decreasing",
        ),
        (
            [("area", "increasing")],
            {"target": "kind", "problem_type": "multiclass", "metric": "accuracy"},
            "A prediction of 'kind' is one of several labels, which neither rises nor falls.",
        ),
        (
            [("area", "increasing")],
            {"task_type": PluginRef(point="task_type", reference="ratio", name="ratio")},
            "'price' is learned on another scale",
        ),
    ],
)
def test_what_has_no_direction_is_refused_in_a_sentence(
    imported: Callable[..., DatasetVersion], monotone: list[Any], parts: dict[str, Any], message: str
) -> None:
    version = imported(TABLE)
    with pytest.raises(LitmusError) as refused:
        check_task(version, asked(version, *monotone, **parts))
    assert message in f"{refused.value} {refused.value.hint or ''}"


def test_numbers_have_one_where_the_answer_is_a_number_or_one_of_two(
    imported: Callable[..., DatasetVersion],
) -> None:
    version = imported(TABLE)
    check_task(version, asked(version, ("area", "decreasing")))
    yes_or_no: dict[str, Any] = {"target": "sold", "problem_type": "binary", "metric": "roc_auc"}
    check_task(version, asked(version, ("area", "increasing"), positive_class="yes", **yes_or_no))
