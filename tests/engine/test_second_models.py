"""Second models of the families that Litmus chose: which there are, and when there is time for them."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from litmus_core.engine import (
    FitRequest,
    fit_models,
    is_variant,
    list_models,
    second_models,
    trained_second_models,
)
from litmus_core.engine._catalog.algorithms import check_algorithms
from litmus_core.engine._fit.callbacks import SpareTime, spare_time
from litmus_core.engine._fit.workers import hyperparameters_for, reported_names
from litmus_core.types import Algorithm, Budget, Folds, Hyperparameter
from tests.engine.conftest import COLUMNS, table, task

MANY: dict[str, Any] = {"problem_type": "binary", "n_rows": 3_000, "seconds": 60.0}
TREES = ("linear", "lightgbm", "catboost", "lightgbm_random", "forest")


class Clock:
    """A clock that stands until somebody moves it."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def _request(folder: Path, **more: Any) -> FitRequest:
    frame = table(300)
    frame["answer"] = frame["signal"] > 0
    asked: dict[str, Any] = {
        "folder": folder,
        "train": frame[:240],
        "validation": frame[240:],
        "columns": COLUMNS,
        "task": task("binary", "f1"),
        "deadline": time.time() + 300,
        "families": TREES,
        "algorithms": second_models(TREES, **MANY),
    }
    return FitRequest(**asked | more)


def test_beside_simpler_trees_deeper_ones_are_tried_where_there_is_time():
    keys = ("linear", "lightgbm", "catboost", "lightgbm_random")
    enough = {"problem_type": "binary", "n_rows": 300, "seconds": 40.0}
    assert [one.key for one in second_models(keys, **enough)] == ["lightgbm", "catboost"]
    assert {one.name for one in second_models(keys, **enough)} == {"deeper trees"}
    for other in ({"seconds": 39.0}, {"n_classes": 20}):
        assert second_models(keys, **enough | other) == ()


def test_with_more_rows_families_have_variants_at_their_own_pace():
    models = second_models(TREES, **MANY)
    assert {one.key for one in models} == set(TREES) - {"linear"}
    assert {parameter.name for one in models for parameter in one.hyperparameters} & {
        "learning_rate", "num_boost_round", "iterations", "n_estimators"
    } == set()  # fmt: skip
    assert not any(name.value is True for one in models for name in one.hyperparameters)  # another family
    check_algorithms(models, "binary")
    assert second_models(TREES, **MANY, may_vary=False) == ()


def test_a_model_that_somebody_named_is_no_variant():
    variant = second_models(("lightgbm",), **MANY)[0]
    assert is_variant(variant, "binary")
    assert not is_variant(replace(variant, name="mine"), "binary")
    leaves = Algorithm(key="lightgbm", hyperparameters=(Hyperparameter(name="num_leaves", value=16),))
    assert not is_variant(leaves, "binary")


def test_variants_come_after_all_families_and_nobody_waits_for_them(tmp_path):
    request = _request(tmp_path)
    about = [one["ag_args"] for settings in hyperparameters_for(request).values() for one in settings]
    turns = {one["name"]: one["priority"] for one in about}
    plain = [turn for name, turn in turns.items() if "-" not in name]
    second = [turn for name, turn in turns.items() if name.endswith("settings 2")]
    third = [turn for name, turn in turns.items() if name.endswith("settings 3")]
    assert min(plain) > max(second) >= min(second) > max(third)
    assert set(reported_names(request)) == set(TREES)


def test_a_variant_grows_as_patiently_as_its_family(tmp_path):
    rows = table(2_000)
    rows["answer"] = rows["signal"] > 0
    patient = _request(tmp_path, train=rows, task=replace(task("binary", "f1"), time_limit_s=600.0))
    hurried = replace(patient, task=replace(patient.task, budget=Budget(max_latency_ms=5.0)))
    for request, rate in ((patient, 0.05), (hurried, 0.1)):
        settings = hyperparameters_for(request)["GBM"]
        assert {one["learning_rate"] for one in settings} == {rate}


def test_a_variant_begins_only_where_its_familys_first_model_would_finish_in_time():
    clock = Clock()
    spare = SpareTime(variants={"lightgbm-settings 2", "forest-settings 2"}, until=23.0, clock=clock)
    assert spare.allows("lightgbm")
    assert not spare.allows("lightgbm-settings 2")  # it has no first model
    spare.begins("lightgbm_BAG_L1")
    clock.now = 10.0
    spare.ends("lightgbm_BAG_L1")
    assert spare.allows("lightgbm-settings 2_BAG_L1")
    clock.now = 10.1
    assert not spare.allows("lightgbm-settings 2_BAG_L1")
    assert not spare.allows("forest-settings 2")
    assert spare.allows("forest")


def test_models_of_one_part_leave_time_for_the_model_of_all_rows(tmp_path):
    request, now = _request(tmp_path), time.time()
    assert 75 < spare_time(request, limit_s=100.0).until - now < 85
    folded = replace(request, validation=None, folds=Folds(5))
    assert 95 < spare_time(folded, limit_s=100.0).until - now < 105
    assert spare_time(request, limit_s=None).until == math.inf


def test_a_fit_adds_variants_in_its_time_and_says_nothing_of_those_without(tmp_path):
    models = second_models(("lightgbm",), **MANY)
    request = _request(tmp_path, families=("lightgbm", "linear"), algorithms=models)
    fitted: list[Any] = []
    said = {"on_model": fitted.append, "on_start": lambda _: None, "should_stop": lambda: False}
    report = fit_models(request, **said)
    names = [model.model for model in list_models(tmp_path)]
    assert names[:2] == ["linear", "lightgbm"]
    assert {"lightgbm-settings 2", "lightgbm-settings 3"} <= set(names)
    assert trained_second_models(tmp_path, "binary") == models
    assert (report.n_waiting, report.sentences) == (0, ())


def test_a_fit_without_time_for_variants_counts_them(tmp_path, monkeypatch):
    monkeypatch.setattr(SpareTime, "allows", lambda spare, model: model not in spare.variants)
    models = second_models(("lightgbm",), **MANY)
    named = Algorithm(key="lightgbm", hyperparameters=(Hyperparameter(name="num_leaves", value=16),))
    request = _request(tmp_path, families=("lightgbm", "linear"), algorithms=(*models, named))
    said = {"on_model": lambda _: None, "on_start": lambda _: None, "should_stop": lambda: False}
    report = fit_models(request, **said)
    assert (report.n_waiting, report.sentences) == (len(models), ())
    assert trained_second_models(tmp_path, "binary") == ()


def test_deeper_trees_come_after_all_families_and_those_that_somebody_named_in_their_turn(tmp_path):
    deeper = second_models(TREES, problem_type="binary", n_rows=240, seconds=40.0)
    named = Algorithm(key="lightgbm", hyperparameters=(Hyperparameter(name="num_leaves", value=16),))
    request = _request(tmp_path, algorithms=(*deeper, named))
    about = [one["ag_args"] for settings in hyperparameters_for(request).values() for one in settings]
    turns = {one["name"]: one["priority"] for one in about}
    later = {name for name, turn in turns.items() if turn < min(turns[family] for family in TREES)}
    assert later == {"lightgbm-deeper trees", "catboost-deeper trees"}
