"""A chosen ensemble that costs many times its best member, for what may be noise, is remarked on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from litmus_core import engine
from litmus_core.jobs._judging.simpler import simpler_model
from litmus_core.metrics import get_metric
from litmus_core.types import Candidate, LatencyFigure, Score, Task

TASK = Task(dataset_version_id="dv", target="y", problem_type="regression", metric="rmse", features=("x",))
N_ROWS = 200
TRUTH = np.arange(N_ROWS, dtype=float)


def model(name: str, milliseconds: float, rmse: float, *parents: str) -> Candidate:
    return Candidate(
        id=name,
        run_id="run",
        experiment_id="ex",
        name=name,
        model=name,
        family="ensemble" if parents else "lightgbm",
        family_kind="boosting",
        is_ensemble=bool(parents),
        fit_s=1.0,
        parents=parents,
        validation=Score(metric="rmse", value=rmse, low=rmse - 0.2, high=rmse + 0.2, n_rows=N_ROWS),
        latency=(LatencyFigure(batch_rows=1, p50_ms=1.0, p95_ms=milliseconds, p99_ms=9.0, n_calls=200),),
    )


TEAM, BEST, WORSE = (
    model("Team", 12.0, 1.0, "Best", "Worse"),
    model("Best", 1.0, 1.01),
    model("Worse", 1.0, 3),
)


def compared(monkeypatch: pytest.MonkeyPatch, candidates: list[Candidate], *, off_by: float = 1.001) -> Any:
    """Compare with predictions of which the best member's are ``off_by``, the ensemble's by one."""
    signs = np.where(np.random.default_rng(0).random(N_ROWS) < 0.5, -1.0, 1.0)
    rng = np.random.default_rng(1)
    predictions = {
        "Team": TRUTH + signs,
        "Best": TRUTH + signs * (off_by + 0.3 * rng.normal(size=N_ROWS)),
        "Worse": TRUTH + 3,
    }
    monkeypatch.setattr(
        engine, "validation_predictions", lambda _, name: (np.arange(N_ROWS), predictions[name])
    )
    monkeypatch.setattr(engine, "read_model_info", lambda _: {"classes": []})
    context: Any = SimpleNamespace(experiment=SimpleNamespace(task=TASK), folder=Path("run"))
    data: Any = SimpleNamespace(
        frame=pd.DataFrame({"y": TRUTH}),
        target="y",
        blocks_of=lambda _: None,
        metric=lambda name, _: get_metric(name),
    )
    return simpler_model(context, data, candidates[0], candidates)


def test_an_ensemble_that_is_slow_for_noise_names_its_best_member(monkeypatch: pytest.MonkeyPatch) -> None:
    simpler = compared(monkeypatch, [TEAM, BEST, WORSE], off_by=0.97)

    assert simpler is not None
    assert (simpler.candidate_id, simpler.times_faster, simpler.n_rows) == ("Best", 12.0, N_ROWS)
    assert simpler.low <= 0 < simpler.high


def test_an_ensemble_that_is_clearly_better_is_worth_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    assert compared(monkeypatch, [TEAM, BEST, WORSE], off_by=1.5) is None


def test_an_ensemble_about_as_fast_as_its_member_needs_no_remark(monkeypatch: pytest.MonkeyPatch) -> None:
    near = replace(TEAM, latency=(replace(TEAM.latency[0], p95_ms=2.0),))

    assert compared(monkeypatch, [near, BEST, WORSE], off_by=0.97) is None


def test_a_single_model_needs_no_remark(monkeypatch: pytest.MonkeyPatch) -> None:
    assert compared(monkeypatch, [BEST, WORSE]) is None
