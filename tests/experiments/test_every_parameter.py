"""Each parameter of ``train`` is in what it starts: the experiment, its task, or the plan of its run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from functools import partial
from inspect import Parameter, signature
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import numpy as np
import pytest

from litmus_core import (
    Algorithm,
    Choices,
    Compute,
    Data,
    Floats,
    Folds,
    Goal,
    Integers,
    Metric,
    Resources,
    Training,
    Tuning,
    continue_training,
    train,
)
from litmus_core.errors import LitmusError
from litmus_core.experiments import (
    TrainedCandidate,
    TrainingHandle,
    TrainingHandles,
    WarmStartService,
)
from litmus_core.types import to_plain
from tests.trained import table

# A value that no call has by itself, and what else the call needs beside it.
TRAIN: dict[str, tuple[Any, dict[str, Any]]] = {
    "target": ("colour", {}),
    "goal": ("roc_auc>=0.9", {}),
    "algorithm": ("lightgbm", {}),
    "training": (Training(balanced=True), {}),
    "folds": (Folds(3), {}),
    "compute": (Compute(time_limit_s=77.0), {}),
    "recipe": ("small-table(minutes=3.0)", {}),
    "name": ("My shop", {}),
    "workspace": ("another", {}),
}

# The same of each field of the groups.
FIELDS: dict[type, dict[str, tuple[Any, dict[str, Any]]]] = {
    Goal: {
        "bar": ("roc_auc>=0.9", {}),
        "metrics": (["accuracy", "f1"], {}),
        "max_latency_ms": (7.0, {}),
        "batch_rows": (7, {"max_latency_ms": 7.0}),
        "max_size_mb": (7.0, {}),
        "assertions": (("unchanged by colour",), {}),
        "monotone": ({"size": "increasing"}, {}),
    },
    Training: {
        "models": (("linear",), {}),
        "preprocess": (("tidy.py:Tidy",), {}),
        "tuning": (Tuning(n_trials=7), {}),
        "balanced": (True, {}),
        "keep_judged": (True, {}),
        "without_rows": ((3,), {}),
        "stack": (True, {}),
        "postprocess": (("abstain(below=0.7)",), {}),
    },
    Compute: {
        "where": ("127.0.0.1:9", {}),
        "train": (Resources(cpus=1), {}),
        "tune": (Resources(cpus=1), {}),
        "predict": (Resources(cpus=1), {}),
        "time_limit_s": (77.0, {}),
    },
    Data: {
        "target": ("colour", {}),
        "task": ("ratio", {"target": "share"}),
        "positive_class": ("no", {}),
        "weight": ("stars", {}),
        "name": ("My shop", {}),
        "schema": ({"size": "text"}, {}),
        "only": (("size",), {}),
        "leave_out": (("day",), {}),
        "validation": ("other.csv", {}),
        "test": ("other.csv", {}),
        "split": ("group:colour", {}),
        "seed": (7, {}),
        "folds": (Folds(3), {}),
    },
}
_GROUPS = {Goal: "goal", Training: "training", Compute: "compute", Data: "data"}

WITHOUT: dict[str, list[object]] = {}  # by what the call says otherwise: what it starts


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A folder with tables and code; runs are queued and never started."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("litmus_core.jobs._queue.queue.dispatch", lambda *_, **__: None)
        patch.chdir(tmp_path_factory.mktemp("shop"))
        write_files()
        yield


def write_files() -> None:
    frame = table(80)
    frame["share"] = frame["size"].rank(pct=True).fillna(0.5).clip(0.01, 0.99)
    frame["stars"] = frame.index % 5
    frame.to_csv("shop.csv", index=False)
    table(80, seed=7).assign(share=0.5, stars=1).to_csv("other.csv", index=False)
    Path("tidy.py").write_text(
        "class Tidy:\n    def fit(self, X, y=None):\n        return self\n\n"
        "    def transform(self, X):\n        return X\n\n"
        "    def predict(self, X):\n        return X[:, 0] > 0\n\n"
        "    def predict_proba(self, X):\n        return X[:, :2]\n"
    )


def _target(asked: dict[str, Any]) -> str | None:
    data = asked.get("data")
    return None if isinstance(data, Data) and data.target else "sold"


def started(**asked: Any) -> list[object]:
    """Return what a call starts, without ids and times, or in which words it is refused."""
    try:
        handle = train(**{"data": "shop.csv", "target": _target(asked), "workspace": "here", **asked})
    except LitmusError as error:
        return [f"refused: {error}"]
    with handle.studio as studio:
        experiment = handle.experiment
        task, plan = to_plain(experiment.task), to_plain(handle.run.plan)
        name = (experiment.name, studio.datasets.get(experiment.task.dataset_version_id).name)
        return [str(studio.workspace.path), name, experiment.group, task, plan]


def started_once(**asked: Any) -> list[object]:
    if (key := repr(asked)) not in WITHOUT:
        WITHOUT[key] = started(**asked)
    return WITHOUT[key]


@pytest.mark.parametrize("name", TRAIN)
def test_a_parameter_of_train_is_in_what_it_starts(shop, name):
    value, beside = TRAIN[name]

    without, with_it = started_once(**beside), started(**beside, **{name: value})

    assert len(without) == 5
    assert len(with_it) == 5
    assert with_it != without


@pytest.mark.parametrize(
    ("group", "name"), [(group, name) for group, names in FIELDS.items() for name in names]
)
def test_a_field_of_a_group_is_in_what_a_call_starts(shop, group, name):
    value, beside = FIELDS[group][name]
    given = ("shop.csv",) if group is Data else ()
    word = _GROUPS[group]

    without = started_once(**{word: group(*given, **beside)})
    with_it = started(**{word: group(*given, **beside, **{name: value})})

    assert len(without) == 5
    assert len(with_it) == 5 or name == "where"  # no Ray listens there
    assert with_it != without


@pytest.mark.parametrize("group", FIELDS)
def test_no_field_of_a_group_is_left_out(group):
    known = {each.name for each in fields(group)} - ({"train"} if group is Data else set())

    assert set(FIELDS[group]) == known


def test_no_parameter_of_train_is_left_out():
    given = [each for each in signature(train).parameters.values() if each.default is not Parameter.empty]

    assert sorted(TRAIN) == sorted(each.name for each in given)


@pytest.mark.parametrize(
    ("made", "given"),
    [
        (
            Folds,
            {"n_folds": 4, "kind": "time", "column": "day", "repeats": 2, "parallel": True, "refit": True},
        ),
        (Tuning, {"n_trials": 7, "time_share": 0.2, "sampler": "gp", "pruner": "hyperband", "keep": 3}),
        (partial(Integers, 1, 9), {"log": True}),
        (partial(Floats, 0.1, 0.9), {"log": True}),
    ],
)
def test_what_is_given_is_what_is_meant(made, given):
    assert {name: getattr(made(**given), name) for name in given} == given


def test_values_are_those_of_an_algorithm_a_metric_and_choices():
    assert Choices("a", [8, 4], np.int64(3)).choices == ("a", (8, 4), 3)
    assert repr(Algorithm("lightgbm", num_leaves=7)) == "Algorithm('lightgbm', num_leaves=7)"
    assert str(Metric("coverage_at_precision", precision=0.9)) == "coverage_at_precision(precision=0.9)"


@pytest.mark.parametrize(
    "said", [{"version_id": "dv_1"}, {"old_per_new": 2.0}, {"retrain": False}, {"workspace": "another"}]
)
def test_a_parameter_of_continue_training_is_heard(monkeypatch, tmp_path, said):
    monkeypatch.chdir(tmp_path)
    heard: list[object] = []

    class Run:
        id = "run_1"

    def continued(service: WarmStartService, *asked: Any, **more: Any) -> list[type[Run]]:
        heard.append((service.context.workspace.path, asked, more))
        return [Run, Run]

    monkeypatch.setattr(WarmStartService, "start", continued)
    for asked in ({}, said):
        continue_training("run_1-m1", **{"workspace": "here", **asked}).studio.close()

    assert heard[0] != heard[1]


@pytest.mark.parametrize(
    ("method", "said"),
    [
        ("wait", {"timeout_s": 7.0}),
        ("wait", {"progress": True}),
        ("stop", {"hard": True}),
        ("export", {"to": "model.zip"}),
        ("export", {"form": "native"}),
        ("export", {"zipped": False}),
        ("continue_training", {"version_id": "dv_1"}),
        ("continue_training", {"old_per_new": 2.0}),
    ],
)
@pytest.mark.parametrize("several", [False, True])
def test_a_parameter_of_a_handle_reaches_the_studio(monkeypatch, method, said, several):
    of_one = TrainedCandidate if method in ("export", "continue_training") else TrainingHandle

    def heard(**asked: Any) -> list[object]:
        studio = MagicMock()
        studio.warm_start.start.return_value = [studio, studio]
        one = of_one(studio, studio.thing)
        handles = TrainingHandles([one]) if several and of_one is TrainingHandle else one
        for module in ("_api.handles.handle", "_api.handles.group"):
            monkeypatch.setattr(f"litmus_core.experiments.{module}.time", studio.time, raising=False)
        studio.time.monotonic.return_value = 0.0
        monkeypatch.setattr("litmus_core.experiments._api.handles.handle.progress_bar", studio.progress_bar)
        getattr(handles, method)(**asked)
        return [re.sub(r" id='\d+'", "", str(each)) for each in studio.mock_calls]

    assert heard(**said) != heard()
