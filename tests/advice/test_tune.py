"""Tuning as an action: the gain that it predicts is that of settings, and so is what its run does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from litmus_core.advice._next_actions import _propose_tuning
from litmus_core.advice._surrogate import Surrogate
from litmus_core.advice._trials.runner import TrialResults, best_setting
from litmus_core.types import Algorithm, Folds, RunPlan
from tests.advice.situations import known_rows, numbers, situation_of


def test_better_settings_are_looked_for_of_what_was_trained_and_in_as_many_folds():
    """More models and folds are another action: else tuning would seem to bring what they bring."""
    known = known_rows(numbers(40), "regression", "rmse")
    surrogate, held = Surrogate(known), [np.arange(20), np.arange(20, 40)]
    answers = [
        {way: [surrogate.target[rows]] for way in ("single", "half", "settings 0", "settings 1")}
        for rows in held
    ]
    tried = TrialResults(surrogate, held, answers)
    told = situation_of(known, keys=("lightgbm", "linear"))
    (tune,) = _propose_tuning(told, tried, 40)
    assert (tune.plan.families, tune.plan.folds) == (("lightgbm", "linear"), Folds(0))
    assert tune.plan.tuning is not None
    (folded,) = _propose_tuning(replace(told, n_folds=5), tried, 40)
    assert folded.plan.folds == Folds(5)
    asked = RunPlan(algorithms=(Algorithm(key="lightgbm", name="mine"),))
    (own,) = _propose_tuning(replace(told, run=replace(told.run, plan=asked)), tried, 40)
    assert own.plan.families == ()


@pytest.mark.parametrize("better", ["single", "settings 1"])
def test_what_settings_bring_is_held_against_those_that_runs_have(better):
    """The stand-in's small trees are no run's: that they do better is something that tuning finds."""
    known, random = known_rows(numbers(400), "regression", "rmse"), np.random.default_rng(6)
    surrogate, held = Surrogate(known), [np.arange(200), np.arange(200, 400)]
    noise = random.normal(0, 0.4, 400)
    share = {"single": 0.9, "settings 0": 1.0, "settings 1": 0.95} | {better: 0.5}
    answers = [
        {way: [surrogate.target[rows] + of * noise[rows]] for way, of in share.items()} for rows in held
    ]
    tried = TrialResults(surrogate, held, answers)
    best, gain = best_setting(tried)
    assert best == better
    assert gain.value == pytest.approx(tried.better(better, "settings 0").value, rel=0.2)


def test_where_no_setting_does_better_nothing_is_expected_and_that_is_uncertain():
    known, random = known_rows(numbers(400), "regression", "rmse"), np.random.default_rng(7)
    surrogate, held = Surrogate(known), [np.arange(200), np.arange(200, 400)]
    noise = random.normal(0, 0.4, (3, 400))
    ways = ("settings 0", "settings 1", "single")
    answers = [
        {way: [surrogate.target[rows] + (1 + at) * noise[at, rows]] for at, way in enumerate(ways)}
        for rows in held
    ]
    _, gain = best_setting(TrialResults(surrogate, held, answers))
    assert gain.value == 0.0
    assert gain.spread > 0.0
