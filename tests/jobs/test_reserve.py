"""The time that a run reserves for its outer folds: what those of the experiment's last run took."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from litmus_core.jobs._outer.reserve import reserved_share
from litmus_core.jobs._outer.run import rounds
from litmus_core.jobs._stages.clock import RunClock
from litmus_core.types import Experiment, Folds, RunEnded, RunPlan, RunQueued
from tests.store import facts

FOLDS = Folds(5, outer=5)
N_ROUNDS = rounds(RunPlan(), 5)


def _run(id_: str, *, fit_s: float, outer_s: float, experiment: str = "ex_1", **more: Any) -> list[Any]:
    about = Experiment(id=experiment, name="e", task=facts.task(), created_at="")
    queued = RunQueued(run_id=id_, number=1, experiment=about, plan=more.pop("plan", RunPlan()))
    seconds = {"fit": fit_s, "outer": outer_s, "test": 9.0}
    return [queued, RunEnded(**{"run_id": id_, "status": "finished", "seconds": seconds} | more)]


def _context(*earlier: Any) -> Any:
    return SimpleNamespace(
        experiment=Experiment(id="ex_1", name="e", task=facts.task(time_limit_s=360.0), created_at=""),
        plan=RunPlan(),
        started=0.0,
        journal=SimpleNamespace(events=lambda *, types: [SimpleNamespace(fact=fact) for fact in earlier]),
    )


@pytest.mark.parametrize(
    ("earlier", "each"),
    [
        ([], 1.0),
        (_run("run_1", fit_s=30.0, outer_s=N_ROUNDS * 6.0), 0.3),
        (_run("run_1", fit_s=30.0, outer_s=N_ROUNDS * 60.0), 1.0),
        (_run("run_1", fit_s=30.0, outer_s=0.0), 1.0),
        (_run("run_1", fit_s=30.0, outer_s=N_ROUNDS * 6.0, experiment="ex_2"), 1.0),
        (_run("run_1", fit_s=30.0, outer_s=N_ROUNDS * 6.0, status="stopped"), 1.0),
        (_run("run_1", fit_s=30.0, outer_s=N_ROUNDS * 6.0, plan=RunPlan(folds=FOLDS)), 0.3),
    ],
    ids=["none", "quick folds", "slow folds", "no folds", "another experiment", "stopped", "folds chosen"],
)
def test_each_round_of_folds_is_given_half_as_much_again_as_in_the_last_run(
    earlier: list[Any], each: float
) -> None:
    assert reserved_share(_context(*earlier), 5) == pytest.approx(each * N_ROUNDS)


def test_the_last_run_counts() -> None:
    earlier = [
        *_run("run_1", fit_s=30.0, outer_s=N_ROUNDS * 6.0),
        *_run("run_2", fit_s=30.0, outer_s=N_ROUNDS * 12.0),
    ]
    assert reserved_share(_context(*earlier), 5) == pytest.approx(0.6 * N_ROUNDS)


def test_a_run_after_quick_folds_fits_for_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    def fit_s(*earlier: Any) -> float:
        clock = RunClock(_context(*earlier))
        clock.share(SimpleNamespace(outer=SimpleNamespace(max=lambda: 4)))  # type: ignore[arg-type]
        return clock.fit_deadline

    monkeypatch.setattr("litmus_core.jobs._stages.clock.fit_share", lambda *_: 1.0)
    monkeypatch.setattr("time.time", lambda: 0.0)
    left = 360.0 - 28.8 - 28.8
    assert fit_s() == pytest.approx(left / (1 + N_ROUNDS))
    assert fit_s(*_run("run_1", fit_s=30.0, outer_s=N_ROUNDS * 6.0)) == pytest.approx(
        left / (1 + 0.3 * N_ROUNDS)
    )
