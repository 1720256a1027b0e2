"""Measuring speed has its share of the time limit: the best model is always measured, others in time."""

from __future__ import annotations

import time
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from litmus_core.jobs._stages import fit_request
from litmus_core.jobs._stages import latency as _latency
from litmus_core.jobs._stages.clock import RunClock
from litmus_core.jobs._stages.latency import measure, unmeasured
from litmus_core.types import Budget, Experiment, Folds, RunPlan
from tests.store import facts


def _context(**changes: Any) -> Any:
    task = facts.task(time_limit_s=60.0, **changes)
    return SimpleNamespace(
        stop_requested=lambda: False,
        plan=RunPlan(),
        started=time.time(),
        experiment=SimpleNamespace(task=task),
        report=lambda _: None,
        folder=None,
    )


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was compiled, in order; each model is then measured at once."""
    done: list[str] = []
    monkeypatch.setattr(_latency._Measuring, "_compile_model", lambda _, model, __: done.append(model) or "")
    monkeypatch.setattr(_latency, "latency_sample", lambda *_, **__: pd.DataFrame({"a": np.arange(3)}))
    monkeypatch.setattr("litmus_core.engine.candidate_bytes", lambda *_: 10)

    def timed(_: Any, candidates: Any, __: Any, *, on_measured: Any, **more: Any) -> None:
        for each in candidates:
            on_measured(each.model, facts.latency())

    monkeypatch.setattr(_latency, "time_models", timed)
    return done


def _candidates() -> list[Any]:
    scores = {"slow": 0.7, "best": 0.9, "middle": 0.8}
    return [
        facts.candidate(id=f"run_1-{name}", model=name, validation=facts.score(value), latency=())
        for name, value in scores.items()
    ]


def test_the_best_model_is_measured_whatever_the_time(compiled: list[str]) -> None:
    found = measure(_context(), None, _candidates(), until=time.time() - 1, say=lambda _: None)

    assert compiled == ["best"]
    assert [each.model for each in found if each.latency] == ["best"]
    (said,) = unmeasured(found)
    assert said.startswith("There was no time to measure the speed of")


def test_with_time_enough_all_are_measured(compiled: list[str]) -> None:
    found = measure(_context(), None, _candidates(), say=lambda _: None)

    assert compiled == ["best", "middle", "slow"]
    assert unmeasured(found) == ()


def test_where_a_budget_is_to_be_kept_every_model_is_measured() -> None:
    assert RunClock(_context()).latency_until < time.time() + 30.0
    assert RunClock(_context(budget=Budget(max_latency_ms=1.0))).latency_until == float("inf")


@pytest.mark.parametrize(
    ("unused", "since_s", "said"),
    [
        ("all fitted", 20.0, "It took 20 of 60 s: Litmus has no more models"),
        ("too little", 20.0, "It took 20 of 60 s: to train more models, Litmus needs a longer limit"),
        ("all fitted", 57.0, ""),
        (None, 20.0, ""),
    ],
)
def test_a_run_that_ends_early_says_why(unused: Any, since_s: float, said: str) -> None:
    context = _context()
    context.started -= since_s
    clock = RunClock(context)
    clock.unused = unused
    assert clock.early_end_note.startswith(said)
    assert bool(clock.early_end_note) is bool(said)


def test_time_that_was_kept_for_outer_folds_is_named_where_models_lacked_it() -> None:
    context = _context()
    context.started -= 20.0
    clock = RunClock(context)
    clock.unused, clock._outer_share = "too little", 3
    assert clock.early_end_note.startswith("It took 20 of 60 s, since judging by all rows might have needed")


@pytest.mark.parametrize(("longer", "expected"), [(("linear",), False), (("linear", "forest"), True)])
def test_more_time_helps_where_a_longer_limit_would_choose_other_models(
    monkeypatch: pytest.MonkeyPatch, longer: tuple[str, ...], expected: bool
) -> None:
    @dataclass(frozen=True)
    class Context:
        experiment: Experiment
        started: float = 100.0

    def chosen(context: Any, _: Any, *, deadline: float) -> Any:
        limits.append((context.experiment.task.time_limit_s, deadline))
        return SimpleNamespace(folds=Folds(5), families=longer)

    limits: list[tuple[float, float]] = []
    monkeypatch.setattr(fit_request, "request_of", chosen)
    monkeypatch.setattr("litmus_core.engine.hyperparameters_for", lambda request: request.families)
    request: Any = SimpleNamespace(folds=Folds(5), families=("linear",), deadline=130.0)
    experiment = Experiment(id="ex_1", name="e", task=facts.task(time_limit_s=60.0), created_at="")
    assert fit_request.gains_by_time(Context(experiment), None, request) is expected  # type: ignore[arg-type]
    assert limits == [(600.0, 400.0)]
