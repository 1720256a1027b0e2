"""A column that says how much each row counts: whether it can, and what a simple model scores by it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sklearn.metrics import mean_absolute_error

from litmus_core.data import baselines, check_task
from litmus_core.errors import LitmusError
from litmus_core.store import Workspace
from litmus_core.types import Baseline, ColumnRules, DatasetVersion, Task

Importer = Callable[..., DatasetVersion]
GOOD = [1.0 + row % 4 for row in range(60)]


def policies(weights: Sequence[Any] = GOOD) -> str:
    lines = [f"{row},{row % 7},{3 * row % 11 + 0.5},{weight}" for row, weight in enumerate(weights)]
    return "\n".join(["claims,age,bonus,exposure", *lines]) + "\n"


def task_on(version: DatasetVersion, **parts: Any) -> Task:
    asked: dict[str, Any] = {
        "metric": "mae",
        "features": ("age", "bonus"),
        "rules": ColumnRules(weight=parts.pop("weight", "exposure")),
    } | parts
    return Task(dataset_version_id=version.id, target="claims", problem_type="regression", **asked)


@pytest.mark.parametrize(
    ("weights", "parts", "said"),
    [
        (GOOD, {"weight": "exposre"}, "Did you mean 'exposure'?"),
        (GOOD, {"weight": "claims"}, "'claims' is what to predict, so it cannot be the weight."),
        (GOOD, {"features": ("age", "exposure")}, "'exposure' is the weight, so models may not look at it."),
        (GOOD, {"metric": "interval_width(level=0.9)"}, "interval_width(level=0.9) cannot be weighted."),
        ([-1.0, *GOOD[1:]], {}, "'exposure' is below 0 in 1 row"),
        (["", "", *GOOD[2:]], {}, "'exposure' is missing in 2 rows"),
        (["inf", *GOOD[1:]], {}, "'exposure' is infinite in 1 row"),
        (["inf", "", *GOOD[2:]], {}, "'exposure' is missing or infinite in 2 rows"),
        ([0.0] * 60, {}, "'exposure' is 0 in every row"),
        ([1e6, *[0.01] * 59], {}, "One row has 100 % of all weight by 'exposure'"),
        (["high", "low"] * 30, {}, "'exposure' holds no numbers"),
    ],
)
def test_a_column_that_cannot_weigh_is_refused_in_a_sentence(
    workspace: Workspace, imported: Importer, weights: Sequence[Any], parts: dict[str, Any], said: str
) -> None:
    version = imported(policies(weights))
    with pytest.raises(LitmusError) as refused:
        check_task(version, task_on(version, **parts), workspace=workspace)
    assert said in f"{refused.value} {refused.value.hint or ''}"


def test_a_table_of_test_rows_needs_the_weight_as_well(workspace: Workspace, imported: Importer) -> None:
    version = imported(policies())
    without = imported("claims,age,bonus\n1,2,3.5\n4,5,6.5\n7,8,9.5\n")
    task = task_on(version, test_version_id=without.id)
    with pytest.raises(LitmusError, match="lacks 'exposure'"):
        check_task(version, task, test=without, workspace=workspace)


def test_guessing_is_scored_by_weighted_rows(workspace: Workspace, imported: Importer) -> None:
    version = imported(policies([9.0 if row < 30 else 1.0 for row in range(60)]))
    heavy, plain = (
        _scores(baselines(workspace, version, task_on(version, weight=weight)))
        for weight in ("exposure", None)
    )
    assert heavy["mean"] < plain["mean"] - 1  # guessing is near the heavy half's middle
    assert heavy["quick linear"] != plain["quick linear"]
    assert mean_absolute_error([0, 1], [0, 3], sample_weight=[3, 1]) == 0.5  # what a weighted mean is


def _scores(found: Sequence[Baseline]) -> dict[str, float]:
    return {each.name: each.value for each in found}
