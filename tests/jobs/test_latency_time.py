"""Measuring speed has its share of the time limit: the best model is always measured, others in time."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from litmus_core.jobs._stages import latency as _latency
from litmus_core.jobs._stages.clock import RunClock
from litmus_core.jobs._stages.latency import measure, unmeasured
from litmus_core.types import Budget, RunPlan
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
    ("fitted_all", "since_s", "said"),
    [(True, 20.0, "It took 20 of 60 s"), (True, 57.0, ""), (False, 20.0, "")],
)
def test_a_run_that_ends_early_says_that_more_time_would_not_help(
    fitted_all: bool, since_s: float, said: str
) -> None:
    context = _context()
    context.started -= since_s
    clock = RunClock(context)
    clock.has_fitted_all = fitted_all
    assert clock.early_end_note.startswith(said)
    assert bool(clock.early_end_note) is bool(said)
