"""Columns made of columns, and classes that weigh the same: offered where they help, and hardly elsewhere."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd

from litmus_core.advice import action_title
from litmus_core.advice._actions.class_weights import propose_class_weights
from litmus_core.advice._actions.feature_engineering import propose_feature_engineering
from litmus_core.advice._surrogate import Clock, Surrogate, outer_folds, parts_of
from litmus_core.advice._trials.class_weights import BALANCED, try_balanced
from litmus_core.advice._trials.feature_crosses import strongest_groups
from litmus_core.advice._trials.feature_engineering import try_features
from litmus_core.advice._trials.runner import TrialResults
from litmus_core.types import Column, PluginRef, RunPlan, TrainingOptions
from tests.advice.situations import RUN, known_rows, situation_of

_KINDS = {"f": ("number", "DOUBLE"), "M": ("date", "TIMESTAMP"), "O": ("category", "VARCHAR")}


def _mixed(frame: pd.DataFrame, problem: str, metric: str):
    columns = tuple(
        Column(name=name, original_name=name, kind=kind, storage=storage)
        for name in frame.columns.drop("y")
        for kind, storage in [_KINDS[frame[name].dtype.kind]]
    )
    return known_rows(frame, problem, metric, columns)


def _table(n_rows: int, seed: int = 0) -> pd.DataFrame:
    """Numbers, a category and a date of which none says anything but ``a``, and that as it is."""
    random = np.random.default_rng(seed)
    frame = pd.DataFrame({name: random.uniform(1, 9, n_rows) for name in "abc"})
    frame["from"] = random.choice(np.array([f"v{at}" for at in range(12)], dtype=object), n_rows)
    frame["at"] = pd.Timestamp("2021-01-01") + pd.to_timedelta(random.integers(0, 1400, n_rows), unit="D")
    chance = 1 / (1 + np.exp(3.5 - frame["a"]))
    return frame.assign(y=np.where(random.random(n_rows) < chance, "yes", "no"))


def _tried(known) -> TrialResults:
    """Try them on two of four folds beside the five models that each fold has anyway."""
    tried, clock = TrialResults(Surrogate(known)), Clock(math.inf)
    for learn, held in outer_folds(known, 4, seed=0)[:2]:
        single = [tried.surrogate.fit(np.setdiff1d(learn, s), s, held) for s in parts_of(learn, seed=0)]
        made = try_features(tried.surrogate, learn, held, clock, seed=0)
        weighed = try_balanced(tried.surrogate, learn, held, clock, seed=0)
        tried.held_out.append(held)
        tried.predictions.append({"single": single} | made | weighed)
    return tried


def _offered(frame: pd.DataFrame, problem: str, metric: str, **facts):
    known = _mixed(frame, problem, metric)
    situation = situation_of(known, **facts)
    tried = _tried(known)
    return {
        each.key: each
        for each in (
            *propose_feature_engineering(situation, tried, n_rows=len(frame)),
            *propose_class_weights(situation, tried, n_rows=len(frame)),
        )
    }


def test_pairs_are_told_where_numbers_matter_by_how_they_compare() -> None:
    frame = _table(500).assign(y=lambda each: np.where(each["a"] > each["b"], "yes", "no"))
    action = _offered(frame, "binary", "log_loss")["made pairs"]
    assert action.gain.value > 0
    assert action.plan is not None
    (step,) = action.plan.preprocess
    assert step.reference == "litmus_core.builtin_preprocessors:Pairs"
    assert dict(step.parameters)["columns"].startswith("a, b")


def test_circles_are_told_where_something_repeats_with_the_year() -> None:
    frame = _table(500).assign(
        y=lambda each: 5 * np.cos(2 * np.pi * (each["at"].dt.dayofyear - 40) / 365.25) + each["a"]
    )
    found = _offered(frame, "regression", "rmse")
    assert action_title(found["made round dates"]) == "Add the place in the year and the week of 'at'"


def test_counts_are_told_where_rare_values_behave_otherwise() -> None:
    random = np.random.default_rng(2)
    often = random.integers(1, 12, 90)
    values = np.repeat(np.array([f"v{at}" for at in range(90)], dtype=object), often)
    frame = _table(len(values)).assign(**{"from": values, "y": np.repeat(often, often).astype(float)})
    assert "made counts" in _offered(frame, "regression", "rmse")
    assert "made counts" not in _offered(frame, "regression", "rmse", keys=("lightgbm", "catboost"))


def _coded(n_rows: int, seed: int = 0) -> pd.DataFrame:
    """The same with two whole numbers and the number of a teacher, of which none says anything."""
    random = np.random.default_rng([seed, 1])
    frame = _table(n_rows, seed).drop(columns="at")
    for name, n_values in (("month", 12), ("day", 10), ("teacher", 60)):
        frame[name] = random.integers(1, 1 + n_values, n_rows).astype(float)
    return frame


def test_columns_are_read_together_where_neither_says_it_alone() -> None:
    frame = _coded(1_200)
    effect = np.random.default_rng(3).normal(0, 3, (13, 11))
    frame["y"] = frame["a"] + effect[frame["month"].astype(int), frame["day"].astype(int)]
    action = _offered(frame, "regression", "rmse")["made crosses"]
    assert action_title(action) == "Read 'month' and 'day' together"
    assert action.plan is not None
    (step,) = action.plan.preprocess
    assert step.reference == "litmus_core.builtin_preprocessors:Crosses"
    assert dict(step.parameters) == {"columns": "month + day"}


def test_numbers_are_read_as_names_where_they_are_no_amounts() -> None:
    frame = _coded(900)
    frame["y"] = frame["a"] + np.random.default_rng(4).normal(0, 3, 61)[frame["teacher"].astype(int)]
    action = _offered(frame, "regression", "rmse")["made crosses"]
    assert action_title(action) == "Read 'teacher' as names"
    assert action.plan is not None
    assert dict(action.plan.preprocess[0].parameters) == {"columns": "teacher"}


def test_groups_are_hardly_found_where_no_values_say_anything_together() -> None:
    found = [
        strongest_groups(Surrogate(_mixed(_coded(400, seed), "binary", "log_loss")), np.arange(400), seed=0)
        for seed in range(12)
    ]
    assert sum(map(bool, found)) <= 1
    offered = [_offered(_coded(400, seed), "binary", "log_loss") for seed in range(8)]
    assert sum("made crosses" in each for each in offered) <= 1


def test_what_is_there_already_is_not_offered_again() -> None:
    frame = _table(300).assign(y=lambda each: np.where(each["a"] > each["b"], "yes", "no"))
    step = PluginRef(
        point="preprocess",
        reference="litmus_core.builtin_preprocessors:Pairs",
        parameters=(("columns", "a, b"),),
    )
    run = replace(RUN, plan=RunPlan(preprocess=(step,)))
    assert "made pairs" in _offered(frame, "binary", "log_loss")
    assert "made pairs" not in _offered(frame, "binary", "log_loss", run=run)


def _rare(n_rows: int, seed: int) -> pd.DataFrame:
    """Three labels, two of them rare, that numbers tell apart but for noise."""
    random = np.random.default_rng(seed)
    frame = _table(n_rows, seed)
    return frame.assign(
        y=np.select([frame["a"] + random.normal(0, 1.5, n_rows) > 9, frame["b"] > 8.5], ["x", "z"], "o")
    )


def test_classes_weigh_the_same_where_rare_ones_count_as_much() -> None:
    found = _offered(_rare(600, 1), "multiclass", "balanced_accuracy")
    assert found["balanced"].plan == RunPlan(training=TrainingOptions(balanced=True))
    done = replace(RUN, plan=RunPlan(training=TrainingOptions(balanced=True)))
    assert "balanced" not in _offered(_rare(600, 1), "multiclass", "balanced_accuracy", run=done)


def test_weights_are_not_tried_where_the_score_counts_rows() -> None:
    known = _mixed(_rare(200, 1), "multiclass", "accuracy")
    surrogate, rows = Surrogate(known), np.arange(200)
    assert try_balanced(surrogate, rows[:150], rows[150:], Clock(9), seed=0) == {}
    known = _mixed(_rare(200, 1), "multiclass", "f1_macro")
    surrogate = Surrogate(known)
    assert set(try_balanced(surrogate, rows[:150], rows[150:], Clock(9), seed=0)) == {BALANCED}


def test_nothing_is_tried_when_the_time_is_over() -> None:
    known = _mixed(_table(200), "binary", "f1")
    surrogate, rows = Surrogate(known), np.arange(200)
    late = Clock(-1)
    for way in (try_features, try_balanced):
        assert way(surrogate, rows[:150], rows[150:], late, seed=0) == {}


def test_where_the_columns_say_it_all_hardly_anything_is_offered() -> None:
    n_false = 0
    for seed in range(12):
        frame = _table(200, seed)
        if seed % 2:
            frame["y"] = frame["a"] + np.random.default_rng(seed).normal(0, 2, len(frame))
        known = ("regression", "rmse") if seed % 2 else ("binary", "f1_macro")
        n_false += bool(_offered(frame, *known))
    assert n_false <= 1
