from __future__ import annotations

from dataclasses import replace

import pytest

from litmus_core.diagnostics import Confusion
from litmus_core.recipes import Leader, class_facts, run_facts, table_facts
from litmus_core.recipes._conditions import read_condition
from litmus_core.recipes._node import Node
from litmus_core.types import Bar, Budget, Column
from tests.store import facts as told

TASK = told.task(features=("age", "title"), budget=Budget(max_latency_ms=1.0))


@pytest.mark.parametrize(
    ("bar", "value", "gap"),
    [
        (Bar(metric="roc_auc", op=">=", value=0.9), 0.88, 0.02),
        (Bar(metric="rmse", op="<=", value=10.0), 12.0, 2.0),
        (Bar(metric="rmse", op="<=", value=10.0), 9.0, -1.0),
    ],
)
def test_the_gap_is_positive_on_the_bad_side_of_the_bar(bar, value, gap):
    task = replace(TASK, bar=bar, metric=bar.metric)
    candidate = replace(told.candidate("a"), validation=told.score(value))

    facts = run_facts(task, [], Leader(candidate=candidate, verdict=None))

    assert facts["gap"] == pytest.approx(gap)


def test_too_slow_is_not_known_before_it_was_measured_and_false_without_a_budget():
    unmeasured = Leader(candidate=replace(told.candidate("a"), latency=(), size_bytes=None), verdict=None)

    assert run_facts(TASK, [], unmeasured)["too slow"] is None
    assert run_facts(replace(TASK, budget=Budget()), [], unmeasured)["too slow"] is False


def test_that_a_better_model_was_held_back_is_known_once_one_leads():
    leader = Leader(candidate=told.candidate("a"), verdict=None, held_back=True)

    assert run_facts(TASK, [], None)["held back"] is None
    assert run_facts(TASK, [], leader)["held back"] is True


def test_the_table_is_known_before_any_run():
    columns = [
        Column(name="age", original_name="age", kind="number", storage="BIGINT"),
        Column(name="title", original_name="title", kind="text", storage="VARCHAR"),
        Column(name="note", original_name="note", kind="text", storage="VARCHAR"),
    ]

    facts = table_facts(TASK, n_rows=100, columns=columns, shares={"no": 0.95, "yes": 0.05})

    assert (facts["columns"], facts["text_columns"]) == (2, 1)
    assert (facts["classes"], facts["smallest_class"]) == (2, 0.05)


def test_recall_and_precision_come_from_validation_counts():
    confusion = Confusion(
        labels=("a", "b", "others"),
        counts=((8, 2, 0), (1, 1, 0), (0, 0, 5)),
        n_collapsed=3,
        pairs=(),
        n_rows=17,
        n_wrong=3,
    )

    facts = class_facts(confusion)

    assert facts == {
        "recall:a": 0.8,
        "precision:a": pytest.approx(8 / 9),
        "recall:b": 0.5,
        "precision:b": pytest.approx(1 / 3),
        "worst_recall": 0.5,
    }


def test_classes_are_not_known_yet_before_a_model_leads_and_others_are_said_to_be_none():
    facts = table_facts(TASK, n_rows=9, columns=(), shares={"Fridges": 1.0})

    judged = read_condition(Node('recall("Fridges") < 1 and recall("Ovens") < 1', 1, 1)).judge(facts)

    assert (judged.holds, judged.why) == (
        None,
        "recall of 'Fridges' is not known yet, there is no answer 'Ovens'",
    )
