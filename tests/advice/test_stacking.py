"""A second level is offered where rows that neither level saw say that it helps, and where it can be."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from litmus_core.advice import action_evidence
from litmus_core.advice._actions.stacking import propose_stacking
from litmus_core.advice._surrogate import Clock, Surrogate, outer_folds, parts_of
from litmus_core.advice._trials.runner import TrialResults
from litmus_core.advice._trials.stacking import STACKED, try_stacked
from litmus_core.types import Compute, Folds, RunPlan, TrainingOptions
from tests.advice.situations import RUN, known_rows, situation_of


def _case(n_rows: int = 240):
    random = np.random.default_rng(3)
    frame = pd.DataFrame(random.normal(size=(n_rows, 3)), columns=list("abc"))
    frame["y"] = np.where(frame["a"] + frame["b"] + random.normal(0, 0.5, n_rows) > 0, "yes", "no")
    return known_rows(frame, "binary", "log_loss")


def _answered(known, *, bag: float, stacked: float) -> TrialResults:
    """A trial in which each way gives the truth such a probability."""
    surrogate = Surrogate(known)
    right = np.column_stack([1 - surrogate.target, surrogate.target])

    def sure(share: float):
        return [share * right + (1 - share) * (1 - right)]

    ways = {"single": sure(0.6), "half": sure(0.6), "bag": sure(bag), STACKED: sure(stacked)}
    return TrialResults(surrogate, [np.arange(len(right))], [ways])


def test_it_is_offered_with_what_it_brings_over_folds_and_with_those_that_it_needs() -> None:
    known = _case()
    tried = _answered(known, bag=0.7, stacked=0.8)
    told = {"trained": ("boosting", "linear"), "fit_s": 20.0}
    (alone,) = propose_stacking(situation_of(known, **told), tried, n_rows=240)
    (folded,) = propose_stacking(situation_of(known, n_folds=5, **told), tried, n_rows=240)
    assert alone.plan == RunPlan(
        folds=Folds(5), training=TrainingOptions(stack=True), compute=Compute(time_limit_s=300.0)
    )
    assert folded.plan == RunPlan(
        folds=Folds(5), training=TrainingOptions(stack=True), compute=Compute(time_limit_s=90.0)
    )
    assert folded.gain.measured == pytest.approx(math.log(0.8 / 0.7))
    assert alone.gain.measured == pytest.approx(math.log(0.8 / 0.6))  # folds are in it
    assert "on rows that neither level saw" in action_evidence(folded)
    mine = Folds(4, column="a", kind="group")
    grouped = replace(RUN, plan=RunPlan(folds=mine))
    (kept,) = propose_stacking(situation_of(known, run=grouped, n_folds=4, **told), tried, n_rows=240)
    assert kept.plan.folds == mine


@pytest.mark.parametrize(
    "changes",
    [
        {"may_fold": False},
        {"trained": ("linear",)},
        {"run": replace(RUN, plan=RunPlan(training=TrainingOptions(stack=True)))},
        {"run": replace(RUN, plan=RunPlan(compute=Compute(where="ray")))},
        {"run": replace(RUN, plan=RunPlan(folds=Folds(3, repeats=2)))},
    ],
)
def test_it_is_not_offered_where_it_cannot_be(changes) -> None:
    known = _case()
    told = {"trained": ("boosting",)} | changes
    assert (
        list(
            propose_stacking(situation_of(known, **told), _answered(known, bag=0.7, stacked=0.8), n_rows=240)
        )
        == []
    )


def test_it_is_not_offered_where_unseen_rows_say_that_it_does_worse() -> None:
    known = _case()
    told = situation_of(known, trained=("boosting",))
    assert list(propose_stacking(told, _answered(known, bag=0.8, stacked=0.8), n_rows=240)) == []
    assert list(propose_stacking(told, _answered(known, bag=0.8, stacked=0.7), n_rows=240)) == []


def test_the_second_level_learns_from_answers_to_rows_that_were_left_out() -> None:
    """Two columns say all; a first level that saw the rows that it answers would say them by heart."""
    known = _case(600)
    tried, clock = TrialResults(Surrogate(known)), Clock(math.inf)
    for learn, held in outer_folds(known, 4, seed=0)[:2]:
        parts = parts_of(learn, seed=0)
        fits = [tried.surrogate.fit(np.setdiff1d(learn, stop), stop, held) for stop in parts]
        found = try_stacked(tried.surrogate, learn, held, clock, seed=0)
        tried.held_out.append(held)
        tried.predictions.append(found | {"bag": [np.mean(fits, axis=0)]})
    measured = tried.better(STACKED, "bag")
    assert measured is not None
    assert abs(measured.value) < 0.03  # there is nothing left to learn, nor is anything learned by heart
