"""Two experiments beside each other: when their scores can be held against each other row by row."""

from __future__ import annotations

from dataclasses import replace

import pytest

from litmus_core.errors import UsageError
from litmus_core.experiments import Studio
from litmus_core.experiments._runs.comparison.experiments import why_incomparable
from litmus_core.store import Workspace
from litmus_core.types import Bar, Budget, ColumnRules, ExperimentCreated, SplitPlan, Task
from tests.app.world import EXPERIMENT, World
from tests.trained import Trained, opened

TASK = Task(
    dataset_version_id="dv_1",
    target="sold",
    problem_type="binary",
    metric="roc_auc",
    features=("size",),
    positive_class="yes",
)


def test_bars_budgets_and_columns_may_differ() -> None:
    other = replace(
        TASK, features=("size", "colour"), budget=Budget(max_latency_ms=5.0),
        bar=Bar(metric="roc_auc", op=">=", value=0.9),
    )  # fmt: skip
    assert why_incomparable(TASK, other) == ""


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"target": "price"}, "different questions"),
        ({"metric": "accuracy"}, "different measures"),
        ({"positive_class": "no"}, "One looks for 'yes', the other for 'no'"),
        ({"rules": ColumnRules(weight="orders")}, "different weights"),
        ({"dataset_version_id": "dv_2"}, "different tables"),
        ({"test_version_id": "dv_2"}, "different tables"),
        ({"test_version_id": "dv_1"}, "different rows"),
        ({"seed": 1}, "set aside in different ways"),
        ({"split": SplitPlan(kind="time", column="day")}, "set aside in different ways"),
    ],
)
def test_what_keeps_scores_apart_is_said(other: dict, said: str) -> None:
    assert said in why_incomparable(TASK, replace(TASK, **other))


def test_two_that_cannot_be_compared_are_refused_with_the_reason() -> None:
    world = World(Workspace.locate())
    asked = world.experiment()
    other = replace(asked, id="ex_00000000ab", task=replace(asked.task, metric="roc_auc", bar=None))
    world.journal.append(ExperimentCreated(experiment=other))
    with Studio.open() as studio:
        assert (
            studio.experiments.why_not_paired(EXPERIMENT, other.id)
            == "They are judged by different measures."
        )
        with pytest.raises(UsageError, match=r"row by row. They are judged by different measures"):
            studio.experiments.paired_difference(EXPERIMENT, other.id)


def test_a_model_is_level_with_itself_on_its_own_test_rows(trained: Trained) -> None:
    with opened(trained) as studio:
        found = studio.experiments.paired_difference(trained.experiment.id, trained.experiment.id)
        assert trained.run.verdict is not None
        assert found.n_rows == trained.run.verdict.score.n_rows
    assert (found.value, found.low, found.high) == (0.0, 0.0, 0.0)
