"""From a plan to what is fitted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from litmus_core.jobs._run_data import RunData
from litmus_core.jobs._stages.fit_request import (
    custom_models,
    fold_columns,
    fold_keys,
    folds_of,
    unmet_wishes,
)
from litmus_core.types import (
    Algorithm,
    Column,
    Compute,
    CustomModel,
    Folds,
    Hyperparameter,
    Resources,
    RunPlan,
    Space,
    SplitPlan,
    Task,
)
from tests.engine.conftest import task

NET = CustomModel(reference="/a/net.py:Net", module="net", name="Net", sha256="1")
OTHER = CustomModel(reference="/a/other.py:Other", module="other", name="Other", sha256="1")


def test_a_class_that_algorithms_name_is_trained_by_their_settings_alone():
    def net(**values):
        return Algorithm(
            key=NET.reference,
            hyperparameters=tuple(Hyperparameter(name=name, value=value) for name, value in values.items()),
        )

    found = custom_models(RunPlan(models=(NET, OTHER), algorithms=(net(depth=1), net(depth=2))))

    assert [(each.name, each.parameters) for each in found] == [
        ("Other", ()),
        ("Net", (("depth", 1),)),
        ("Net", (("depth", 2),)),
    ]


def test_what_is_still_looked_for_is_no_parameter_yet():
    space = Hyperparameter(name="depth", space=Space(low=1, high=4, integer=True))
    plan = RunPlan(models=(NET,), algorithms=(Algorithm(key=NET.reference, hyperparameters=(space,)),))

    assert custom_models(plan) == (NET,)


@pytest.mark.parametrize(
    ("folds", "split", "columns"),
    [
        (None, SplitPlan(), ()),
        (Folds(3), SplitPlan(), ()),
        (Folds(3, kind="group", column="shop"), SplitPlan(), ("shop",)),
        (Folds(3), SplitPlan(kind="time", column="day"), ("day",)),
        (Folds(3), SplitPlan(kind="time", column="year", finer=("month",)), ("year", "month")),
        (Folds(3, kind="time", column="day"), SplitPlan(kind="time", column="year"), ("day",)),
    ],
)
def test_the_column_that_folds_go_by_is_read_with_the_rows(folds, split, columns):
    assert fold_columns(RunPlan(folds=folds), task("binary", "f1", split=split)) == columns


def test_folds_in_order_of_time_go_by_all_columns_that_tell_it():
    """By the year alone, December would be learned from before November."""
    frame = pd.DataFrame({"year": [2020, 2019, 2019], "month": [1, 12, 3], "y": [0, 1, 0]})
    asked = task("binary", "f1", split=SplitPlan(kind="time", column="year", finer=("month",)))
    rows = RunData(frame=frame, part=np.zeros(3, dtype=np.int8), block=None, columns=(), target="y")
    keys = fold_keys(Folds(3), asked, rows, frame)
    assert keys.groups is None
    assert np.argsort(keys.times).tolist() == [2, 1, 0]


@pytest.mark.parametrize(("problem", "folds"), [("regression", 5), ("multiclass", 0)])
def test_only_a_class_counts_as_one_when_folds_are_chosen(problem, folds):
    """Of 3,000 different values 3,000 are not classes, for each of which boosters would grow trees."""
    columns = (Column(name="x", original_name="x", kind="number", storage="DOUBLE"),)
    frame = pd.DataFrame({"x": np.arange(3_000.0), "y": np.arange(3_000)})
    part = np.zeros(3_000, dtype=np.int8)
    rows = RunData(frame=frame, part=part, block=None, columns=columns, target="y")
    asked = Task(
        dataset_version_id="v",
        target="y",
        problem_type=problem,
        metric="rmse",
        features=("x",),
        time_limit_s=60,
    )

    assert folds_of(asked, rows) == folds


def test_folds_side_by_side_without_what_they_need_are_said():
    (said,) = unmet_wishes(RunPlan(folds=Folds(3, parallel=True), compute=Compute(train=Resources(cpus=1))))
    assert said.startswith("Folds were fitted one after the other: training has one processor, or too little")
    assert (
        unmet_wishes(RunPlan(folds=Folds(3, parallel=True), compute=Compute(train=Resources(cpus=2)))) == ()
    )
    assert unmet_wishes(RunPlan(folds=Folds(3))) == ()
    on_ray = RunPlan(folds=Folds(3, parallel=True), compute=Compute(train=Resources(cpus=1), where="ray"))
    assert unmet_wishes(on_ray) == ()  # there these are what one fold takes
