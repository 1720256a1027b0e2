"""Models that may only rise or fall with a column do so, against what the rows say."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from litmus_core.compiled import load_compiled
from litmus_core.engine import compile_candidate
from litmus_core.engine._autogluon.native_executor import executor_of
from litmus_core.engine._autogluon.trainer_folder import trainer_of
from litmus_core.engine._catalog.monotone_constraints import (
    check_monotone_plan,
    unconstrained_message,
    with_constraints,
)
from litmus_core.engine._final.member import FinalMember
from litmus_core.engine._preprocess import check_monotone_columns
from litmus_core.errors import UsageError
from litmus_core.frame import CodedPipeline, FeaturePipeline, trace
from litmus_core.types import (
    Algorithm,
    ColumnRules,
    CustomModel,
    Hyperparameter,
    RunPlan,
    TrainingOptions,
)
from tests.engine.conftest import COLUMNS, Trained, table, task, train
from tests.session import once

WIDTH, COUNT = 'width "in" [mm]', "count"
RULES = ColumnRules(monotone=((WIDTH, "decreasing"), (COUNT, "increasing")))  # the target rises with width
FAMILIES = ("lightgbm", "lightgbm_random", "xgboost", "catboost", "forest", "extra_trees")


@once()
def two_labels(folder: Path) -> Trained:
    """The positive class the first in order, in folds."""
    frame = table(300, seed=3)
    frame["answer"] = np.where(frame["signal"] > 0.9, "good", "poor")
    asked = task("binary", "log_loss", positive_class="good", rules=RULES)
    return train(folder, frame, asked, families=FAMILIES, folds=2)


@once()
def values(folder: Path) -> Trained:
    frame = table(300, seed=4)
    frame["answer"] = 100 * frame["signal"] + frame["count"]
    asked = task("regression", "rmse", rules=RULES)
    return train(folder, frame[:220], asked, families=FAMILIES, validation=frame[220:])


def swept(trained: Trained, column: str) -> tuple[FeaturePipeline, pd.DataFrame]:
    """Return the pipeline, and 40 rows, each at 60 ascending values of the column."""
    state = json.loads((trained.folder / "pipeline.json").read_text())
    ends = trained.frame[column].min(), trained.frame[column].max()
    rows = trained.frame.sample(40, random_state=0).loc[lambda rows: rows.index.repeat(60)]
    return FeaturePipeline.from_state(state), rows.assign(**{column: np.tile(np.linspace(*ends, 60), 40)})


def steps(trained: Trained, executor: Any, column: str) -> np.ndarray[Any, Any]:
    """Return (40, 59) changes of the prediction where the column rises."""
    pipeline, rows = swept(trained, column)
    raw = np.asarray(executor.predict_features(pipeline.features(rows)), dtype=float)
    good = raw if raw.ndim == 1 else raw[:, 1]
    return np.diff(good.reshape(40, 60), axis=1)


@pytest.mark.parametrize("kind", ["two_labels", "values"])
def test_every_model_and_its_compiled_form_go_one_way(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    trained: Trained = request.getfixturevalue(kind)
    names = [model.model for model in trained.reported]
    assert len(names) >= 6
    for place, name in enumerate(names):
        compile_candidate(trained.folder, name, tmp_path / str(place))
        compiled = load_compiled(tmp_path / str(place))
        widths, counts = (steps(trained, compiled, column) for column in (WIDTH, COUNT))
        assert widths.max() <= 0, name
        assert counts.min() >= 0, name


def test_the_compiled_form_answers_as_the_library_does(values: Trained, tmp_path: Path) -> None:
    pipeline, rows = swept(values, WIDTH)
    for place, model in enumerate(values.reported):
        compile_candidate(values.folder, model.model, tmp_path / str(place))
        native = executor_of(values.folder, model.model)
        expected = np.asarray(native.predict_proba(pipeline.transform(rows)))
        found = load_compiled(tmp_path / str(place)).predict_features(pipeline.features(rows))
        np.testing.assert_allclose(found, expected, rtol=2e-6)


def test_directions_reach_each_library_by_the_place_of_its_column(values: Trained) -> None:
    trainer = trainer_of(values.folder, values.reported[0].model)
    booster = trainer.load_model("lightgbm").model
    signs = booster.params["monotone_constraints"]
    assert [name for name, sign in zip(booster.feature_name(), signs, strict=True) if sign] == [
        "width__in___mm_",
        "count",
    ]
    forest = trainer.load_model("forest")
    assert dict(zip(forest.features, forest.model.monotonic_cst, strict=True))[WIDTH] == -1
    assert trainer.load_model("xgboost").model.get_params()["enable_categorical"] is True


def test_models_that_cannot_are_named() -> None:
    asked = task("regression", "rmse", rules=RULES)
    own = (CustomModel(reference="a.py:Mine", name="Mine"),)
    assert unconstrained_message(asked, ("lightgbm", "linear"), (), own) == (
        "Linear model and Mine were left out: they cannot be held to rising or falling with "
        "'width \"in\" [mm]' and 'count'."
    )
    assert unconstrained_message(asked, FAMILIES, (), ()) == ""
    assert unconstrained_message(replace(asked, rules=ColumnRules()), ("linear",), (), ()) == ""


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        (RunPlan(families=("linear", "network")), "None of these models can be held to rising or falling"),
        (RunPlan(models=(CustomModel(reference="a.py:Mine"),)), "None of these models can be held"),
        (RunPlan(training=TrainingOptions(stack=True)), "A second level learns from other models'"),
        (
            RunPlan(
                algorithms=(
                    Algorithm(key="lightgbm", hyperparameters=(Hyperparameter(name="loss", value="mae"),)),
                )
            ),
            "lightgbm with loss='mae' cannot be held",
        ),
    ],
)
def test_a_plan_that_breaks_it_is_refused(plan: RunPlan, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        check_monotone_plan(plan, task("regression", "rmse", rules=RULES))
    check_monotone_plan(plan, task("regression", "rmse"))


def test_settings_of_others_stay_as_they_are() -> None:
    settings: dict[Any, Any] = {"GBM": [{"ag_args": {"name": "lightgbm"}}]}
    assert with_constraints(settings, task("regression", "rmse")) is settings
    assert settings == {"GBM": [{"ag_args": {"name": "lightgbm"}}]}


def test_a_column_that_no_model_reads_is_named() -> None:
    rows = table(40).assign(count=5)
    pipeline = FeaturePipeline(COLUMNS).fit(rows)
    asked = task("regression", "rmse", rules=RULES)
    assert check_monotone_columns(pipeline, rows, asked) == (
        "No model reads 'count': its values are all the same, or those of another column.",
    )


def flipped(frame: Any) -> Any:
    frame = frame.copy()
    frame["count"] = -frame["count"]
    return frame


def derived(frame: Any) -> Any:
    frame = frame.copy()
    frame["double"] = frame["count"] * 2.0
    return frame


def beside(frame: Any) -> Any:
    frame = frame.copy()
    frame["letters"] = frame["label text"].str.len()
    return frame


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (flipped, "Pre-processing replaces 'count', so that models cannot be held"),
        (derived, "Pre-processing makes 'double' of 'count', so that models"),
        (beside, ""),
    ],
)
def test_pre_processing_may_do_anything_but_replace_the_column(step: Any, message: str) -> None:
    rows = table(60)
    pipeline = FeaturePipeline(COLUMNS, before=[trace(step, COLUMNS)]).fit(rows)
    asked = task("regression", "rmse", rules=RULES)
    if not message:
        assert check_monotone_columns(pipeline, rows, asked) == ()
        return
    with pytest.raises(UsageError, match=message):
        check_monotone_columns(pipeline, rows, asked)


def test_where_pre_processing_runs_as_python_it_is_said_why() -> None:
    asked, pipeline = task("regression", "rmse", rules=RULES), CodedPipeline(COLUMNS, [], [], None)
    with pytest.raises(UsageError, match=r"Not done in 5 s\. Pre-processing that runs as Python may replace"):
        check_monotone_columns(pipeline, table(40), asked, ("Not done in 5 s.",))
    assert check_monotone_columns(pipeline, table(40), task("regression", "rmse"), ("Not done.",)) == ()


@pytest.mark.parametrize("family", FAMILIES)
def test_the_model_of_all_rows_may_be_a_constrained_one(family: str) -> None:
    """It becomes what it fitted, which Python allows for classes of one layout alone."""
    settings = {"X": [{"ag_args": {"name": family}}]}
    (model,) = with_constraints(settings, task("regression", "rmse", rules=RULES))
    member = object.__new__(FinalMember)
    member.__class__ = model
    assert type(member) is model
