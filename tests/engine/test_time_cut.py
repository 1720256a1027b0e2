"""A model that the time limit cut short says so, with how far it got."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from litmus_core.engine import FittedModel
from litmus_core.engine._autogluon.time_limit import time_cut
from litmus_core.engine._fit import clock
from litmus_core.types import Algorithm, Hyperparameter, TimeCut
from tests.engine.conftest import table, task, train

STEPS = {
    "lightgbm": ("num_boost_round", 50, "round"),
    "xgboost": ("n_estimators", 50, "round"),
    "catboost": ("iterations", 50, "round"),
    "forest": ("n_estimators", 300, "tree"),
}


def fitted(folder: Path, family: str) -> FittedModel:
    frame = table(200)
    frame["answer"] = np.digitize(frame["signal"], [0.5, 1.5]).astype(str)
    name, most, _ = STEPS[family]
    asked = Algorithm(key=family, hyperparameters=(Hyperparameter(name=name, value=most),))
    made = train(
        folder,
        frame[:140],
        task("multiclass", "log_loss"),
        families=(),
        algorithms=(asked,),
        validation=frame[140:],
    )
    return made.reported[0]


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Within a fit each look at the clock takes two seconds, and a fit has sixty at most."""
    plain = clock._ClockRecording._next_value

    def tell(tape: clock._ClockRecording, word: str, real: int) -> int:
        return plain(tape, word, 2_000 * (len(tape.values[word]) + 1) if word == "clock_ms" else real)

    monkeypatch.setattr(clock._ClockRecording, "_next_value", tell)


@pytest.mark.parametrize("family", STEPS)
def test_a_model_whose_time_is_up_says_after_how_many_steps(family: str, tmp_path: Path, slow: None) -> None:
    cut = fitted(tmp_path, family).time_cut

    _, most, unit = STEPS[family]
    assert cut is not None
    assert (cut.unit, cut.most, cut.n_fits, cut.n_cut) == (unit, most, 1, 1)
    assert 0 < (cut.best_at or 0) <= cut.steps < most


def test_a_model_that_was_done_in_time_is_not_marked(tmp_path: Path) -> None:
    assert fitted(tmp_path, "lightgbm").time_cut is None


def test_a_model_in_folds_tells_of_the_fold_that_got_least_far() -> None:
    far = {"cut": {"unit": "round", "steps": 40, "best_at": 40, "most": 500}}
    near = {"cut": {"unit": "round", "steps": 34, "best_at": 30, "most": 500}}

    assert time_cut([far, {}, near]) == TimeCut(
        unit="round", steps=34, best_at=30, most=500, n_fits=3, n_cut=2
    )
