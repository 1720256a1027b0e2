"""The cases that a verdict counts on the rows that judge."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from litmus_core.jobs import TestPredictions
from litmus_core.jobs._judging.cases import count_cases
from litmus_core.metrics import get_metric
from litmus_core.types import Column, ErrorCases, FlaggedCases, RightCases, Task

TRUTH = ["no", "yes", "yes", "no"]


def counted(problem_type: Any, truth: list[Any], raw: Any, classes: tuple[Any, ...] = (), **more: Any) -> Any:
    metric = more.pop("metric", "rmse" if problem_type == "regression" else "accuracy")
    positive = "yes" if problem_type == "binary" else None
    task = Task(
        dataset_version_id="dv_1",
        target="sold",
        problem_type=problem_type,
        metric=metric,
        features=("size",),
        positive_class=positive,
    )
    learned = more.pop("learned", truth)
    data: Any = SimpleNamespace(
        frame=pd.DataFrame({"sold": [*truth, *learned]}),
        target="sold",
        index=lambda part: np.arange(len(truth), len(truth) + len(learned)),
        metric=lambda name, index: get_metric(name),
        weights_of=lambda index: None,
    )
    answers = TestPredictions(
        index=np.arange(len(truth)),
        raw=np.array(raw),
        threshold=more.pop("threshold", None),
        classes=classes,
        n_rows=len(truth),
    )
    target = Column(name="sold", original_name="sold", kind="number", storage="DOUBLE", **more)
    return count_cases(task, data, answers, target=target)


@pytest.mark.parametrize(("threshold", "n_flagged", "n_hits"), [(None, 2, 1), (0.3, 3, 2), (0.95, 0, 0)])
def test_flags_are_counted_at_the_threshold(threshold: float | None, n_flagged: int, n_hits: int) -> None:
    chance = np.array([0.6, 0.9, 0.4, 0.1])
    found = counted("binary", TRUTH, np.c_[1 - chance, chance], ("no", "yes"), threshold=threshold)
    assert found == FlaggedCases(label="yes", n_rows=4, n_positive=2, n_flagged=n_flagged, n_hits=n_hits)


def test_a_table_of_costs_decides_what_is_flagged() -> None:
    chance = np.array([0.04, 0.2, 0.06, 0.01])
    costs = 'cost(table={"no":{"yes":1},"yes":{"no":20}})'
    found = counted("binary", TRUTH, np.c_[1 - chance, chance], ("no", "yes"), metric=costs)
    assert (found.n_flagged, found.n_hits) == (2, 2)


def test_right_answers_are_counted_beside_the_commonest() -> None:
    raw = np.eye(3)[[0, 1, 1, 2]]
    found = counted("multiclass", ["a", "b", "c", "c"], raw, ("a", "b", "c"))
    assert found == RightCases(n_rows=4, n_right=3, n_commonest=2)
    found = counted("multiclass", ["a", "b", "c", "c"], raw, ("a", "b", "c"), learned=["b", "b", "c"])
    assert found.n_commonest == 1


def test_errors_are_in_the_unit_of_the_target() -> None:
    truth = [10.0, 20.0, 30.0, 40.0, 100.0]
    raw = [11.0, 22.0, 27.0, 44.0, 60.0]
    found = counted("regression", truth, raw, written_as="thousands; unit $", learned=[0.0, 0.0, 30.0])
    assert found == ErrorCases(n_rows=5, typical=3.0, nine_in_ten=25.6, guess_typical=20.0, unit="$")
