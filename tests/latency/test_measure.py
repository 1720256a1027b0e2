"""Measuring a run's models: what comes back, and what one broken model costs the others."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest

from litmus_core.engine import FitRequest, fit_models
from litmus_core.latency import measure
from litmus_core.latency._child import LatencyProcess
from litmus_core.types import Column, Compute, Folds, Resources, Task

# Stands in for the probe: answers for models called "good", and then does what the next one is called.
_PROBE = """
import os, sys, time
from pathlib import Path
from litmus_core.latency._job import JobResult, LatencyJob, figure_of

for model, _ in LatencyJob.read(Path(sys.argv[1])).models:
    if model.startswith("dies"):
        os._exit(9)
    if model.startswith("hangs"):
        print("hangs", flush=True)
        time.sleep(600)
    if model.startswith("fails"):
        print(JobResult(model=model, problem="its weights are gone").to_line(), flush=True)
    else:
        print(JobResult(model=model, figures=(figure_of(1, [0.002]),)).to_line(), flush=True)
"""


class _OnceItHangs(LatencyProcess):
    """Loses patience with a model that hangs, and not with a machine that is slow to start a process."""

    def line(self, patience_s):
        line = super().line(60.0)
        return super().line(patience_s) if line == "hangs\n" else line


def _measure_with_stand_in(monkeypatch, models, **facts):
    monkeypatch.setattr("litmus_core.latency._measure._PROBE", ("-c", _PROBE))
    told = []
    found = measure(
        "unused",
        [(model, None) for model in models],
        pd.DataFrame({"x": [1.0]}),
        on_measured=lambda model, figures: told.append(model),
        **facts,
    )
    assert told == list(found)
    return list(found)


def test_a_model_that_ends_the_process_loses_no_other(monkeypatch):
    assert _measure_with_stand_in(monkeypatch, ["good 1", "dies", "good 2", "dies too", "good 3"]) == [
        "good 1",
        "good 2",
        "good 3",
    ]


def test_a_model_that_cannot_be_measured_is_named_with_the_reason(monkeypatch, caplog):
    assert _measure_with_stand_in(monkeypatch, ["fails", "good"]) == ["good"]
    assert "fails could not be measured: its weights are gone" in caplog.text


def test_a_model_that_hangs_is_given_up_and_the_rest_go_on(monkeypatch, caplog):
    monkeypatch.setattr("litmus_core.latency._measure._LEAST_PATIENCE_S", 0.0)
    monkeypatch.setattr("litmus_core.latency._measure._PATIENCE", 0.3)
    monkeypatch.setattr("litmus_core.latency._measure.LatencyProcess", _OnceItHangs)
    assert _measure_with_stand_in(monkeypatch, ["good 1", "hangs", "good 2"], timeout_s=60.0) == [
        "good 1",
        "good 2",
    ]
    assert "hangs could not be measured: its process ended or hung" in caplog.text


def test_when_the_time_is_up_the_rest_is_left_unmeasured(monkeypatch, caplog):
    assert _measure_with_stand_in(monkeypatch, ["good"], timeout_s=0.0) == []
    assert "good could not be measured: the time was up" in caplog.text


def test_a_stop_leaves_the_rest_unmeasured_and_blames_no_model(monkeypatch, caplog):
    answers = iter([False, False])
    models = ["good 1", "good 2"]
    assert _measure_with_stand_in(monkeypatch, models, should_stop=lambda: next(answers, True)) == ["good 1"]
    assert "good 2 could not be measured: the run was stopped" in caplog.text
    assert "ended or hung" not in caplog.text


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A folder with one linear model, and the raw rows it was trained on."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "size": rng.normal(size=120),
            "sold": rng.choice(np.array([True, False, None], dtype=object), 120),
            "when": pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(120), unit="D"),
        }
    )
    frame["price"] = frame["size"] * 10
    kinds = {"size": ("number", "DOUBLE"), "sold": ("boolean", "BOOLEAN"), "when": ("date", "TIMESTAMP")}
    columns = [
        Column(name=name, original_name=name, kind=kind, storage=storage)
        for name, (kind, storage) in kinds.items()
    ]
    folder = tmp_path_factory.mktemp("run")
    task = Task(
        dataset_version_id="dv",
        target="price",
        problem_type="regression",
        metric="rmse",
        features=tuple(kinds),
    )
    request = FitRequest(
        folder=folder,
        train=frame[:80],
        validation=frame[80:],
        columns=columns,
        task=task,
        families=("linear",),
        deadline=time.time() + 60,
        folds=Folds(0),
        compute=Compute(train=Resources(cpus=1)),
    )
    fit_models(request, on_model=lambda model: None, on_start=lambda name: None, should_stop=lambda: False)
    return folder, frame[list(kinds)]


def test_a_real_model_is_measured_at_each_batch_size_and_an_unknown_one_is_left_out(run):
    folder, rows = run
    found = measure(
        folder,
        [("nope", None), ("linear", None)],
        rows,
        batches=(1, 50, 400),
        on_measured=lambda model, figures: None,
    )
    assert list(found) == ["linear"]
    assert [figure.batch_rows for figure in found["linear"]] == [1, 50, 400]
    for figure in found["linear"]:
        assert 0 < figure.p50_ms <= figure.p95_ms <= figure.p99_ms
        assert figure.n_calls >= 1
