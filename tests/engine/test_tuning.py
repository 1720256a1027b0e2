"""Tuning on real rows and real models: what a trial says is what the fit says of the same setting."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from litmus_core.engine import FitRequest, TuneRequest, fit_models, list_models, tunable_algorithms, tune
from litmus_core.types import Algorithm, Compute, Folds, Hyperparameter, Resources, RunPlan, Space, Tuning
from tests.cases import thinned
from tests.engine.conftest import COLUMNS, table, task


def request(folder, frame, asked, *, families=("lightgbm",), folds=0, **facts) -> FitRequest:
    split = len(frame) * 2 // 3
    return FitRequest(
        folder=folder,
        train=frame if folds else frame[:split],
        validation=None if folds else frame[split:],
        columns=COLUMNS,
        task=asked,
        families=families,
        deadline=time.time() + 120,
        folds=folds if isinstance(folds, Folds) else Folds(folds),
        **{"compute": Compute(train=Resources(cpus=1)), **facts},
    )


def look(
    fit: FitRequest,
    *algorithms: Algorithm,
    seconds=60.0,
    should_stop=lambda: False,
    may_choose=False,
    **tuning,
):
    told = []
    found = tune(
        TuneRequest(
            fit=fit,
            algorithms=algorithms,
            tuning=Tuning(**tuning),
            deadline=time.time() + seconds,
            train_s=seconds,
            may_choose=may_choose,
        ),
        on_trial=lambda trial, best: told.append(trial),
        should_stop=should_stop,
    )
    return found, told


def rounds(low: float = 5, high: float = 60) -> Algorithm:
    """LightGBM with few rounds: quick, and the same trees each time."""
    return Algorithm(
        key="lightgbm",
        hyperparameters=(
            Hyperparameter(name="num_boost_round", value=20),
            Hyperparameter(name="num_leaves", space=Space(low=low, high=high, integer=True)),
        ),
    )


def labelled(problem: str) -> pd.DataFrame:
    frame = table(300)
    if problem == "binary":
        frame["answer"] = np.where(frame["signal"] < 1.0, "no", "yes").astype(object)
    elif problem == "multiclass":
        frame["answer"] = pd.cut(frame["signal"], [-9, 0.4, 1.6, 9], labels=["a", "b", "c"]).astype(object)
        frame.loc[7, "answer"] = "seen once"
    else:
        frame["answer"] = 1000 + 100 * frame["signal"]
    return frame


@pytest.mark.parametrize(
    ("problem", "metric", "folds"),
    thinned(
        [
            ("binary", "recall_at_precision(precision=0.8)", 2),
            ("multiclass", "accuracy", 0),
            ("regression", "rmse", 2),
            ("binary", "f1", 0),
            ("multiclass", "log_loss", 2),
            ("regression", "mae", 0),
        ],
        keep=3,
        reason="each kind of task is tried once, with folds and without",
    ),
)
def test_a_trial_scores_what_the_fitted_model_scores(tmp_path, problem, metric, folds):
    facts = {"positive_class": "yes"} if problem == "binary" else {}
    fit = request(
        tmp_path / "run", labelled(problem), task(problem, metric, **facts), families=(), folds=folds
    )
    found, told = look(fit, rounds(), n_trials=2, keep=2)

    assert [trial.state for trial in told] == ["finished"] * 2
    assert told[0].origin == "default"
    assert found.fit.families == ()
    assert found.fit.algorithms[0].hyperparameters == (Hyperparameter(name="num_boost_round", value=20),)
    if metric not in ("rmse", "mae"):  # thresholds and rows that no fold tested: see below
        return
    fitted = request(
        fit.folder, labelled(problem), fit.task, families=(), folds=folds, algorithms=found.fit.algorithms
    )
    fit_models(fitted, on_model=lambda model: None, on_start=lambda name: None, should_stop=lambda: False)
    models = {model.name: model for model in list_models(fit.folder)}
    default = models["Fast boosted trees (LightGBM): num_boost_round=20"]
    assert default.family == "lightgbm"
    assert default.validation_score == pytest.approx(told[0].value)


def test_what_was_found_is_trained_beside_the_default_in_one_predictor(tmp_path):
    frame = labelled("regression")
    wanted = Algorithm(
        key="linear", hyperparameters=(Hyperparameter(name="C", space=Space(low=1e-3, high=0.5, log=True)),)
    )
    fit = request(tmp_path / "run", frame, task("regression", "rmse"), families=("linear",), folds=3)
    found, told = look(fit, wanted, n_trials=4)

    assert found.fit.families == ("linear",)
    best = min(told, key=lambda trial: trial.value)
    if best.origin == "default":
        assert found.fit.algorithms == ()
    else:
        (tuned,) = found.fit.algorithms
        assert (tuned.key, tuned.name) == ("linear", "tuned")
        assert tuned.hyperparameters == (Hyperparameter(name="C", value=best.settings[0].value),)


def test_settings_that_break_every_trial_leave_the_default_and_are_named(tmp_path):
    broken = Algorithm(
        key="linear", hyperparameters=(Hyperparameter(name="C", space=Space(low=-2.0, high=-1.0)),)
    )
    fit = request(tmp_path / "run", labelled("binary"), task("binary", "roc_auc"), families=("linear",))
    found, told = look(fit, broken, n_trials=3)

    assert [trial.state for trial in told] == ["finished", "failed", "failed"]
    assert len(found.missing) == 1
    assert found.missing[0].startswith(
        "Of the values to try for Linear model none worked: 2 trials failed, the last"
    )
    assert found.fit.algorithms == ()
    assert found.fit.families == ("linear",)


def test_too_little_time_for_one_trial_is_said_and_the_card_is_trained_as_it_is(tmp_path):
    fit = request(tmp_path / "run", labelled("binary"), task("binary", "roc_auc"))
    found, told = look(fit, rounds(), seconds=0.1)

    assert told == []
    assert found.missing == (
        "The time for tuning was too short to try Fast boosted trees (LightGBM) even once, so it was trained "
        "as it is. Allow more time, or give tuning a larger share of it.",
    )


def test_a_stop_while_tuning_keeps_the_best_setting_so_far(tmp_path):
    fit = request(tmp_path / "run", labelled("regression"), task("regression", "rmse"))
    told: list[object] = []
    found = tune(
        TuneRequest(
            fit=fit,
            algorithms=(rounds(2, 40),),
            tuning=Tuning(n_trials=50),
            deadline=time.time() + 60,
            train_s=60,
        ),
        on_trial=lambda trial, best: told.append(trial),
        should_stop=lambda: len(told) >= 4,
    )

    assert found.stopped
    assert len(told) == 4
    assert len(found.fit.families) + len(found.fit.algorithms) == 1


@pytest.mark.exhaustive(
    reason="docs/guides/tuning.md tunes with it from the shell, test_tuning_search.py knows what it gives up"
)
def test_hyperband_tunes_real_models(tmp_path):
    fit = request(tmp_path / "run", labelled("regression"), task("regression", "rmse"), folds=2)
    _, told = look(fit, rounds(2, 64), n_trials=4, pruner="hyperband", sampler="random")

    assert told[0].state == "finished"
    assert {trial.state for trial in told} <= {"finished", "given up"}


@pytest.mark.parametrize("family", ["linear", "lightgbm"])
def test_a_trial_takes_the_processors_there_are_where_nobody_says_how_many(tmp_path, family):
    fit = replace(
        request(tmp_path / "run", labelled("binary"), task("binary", "roc_auc"), families=(family,)),
        compute=Compute(),
    )
    _, told = look(fit, *tunable_algorithms(RunPlan(tuning=Tuning()), (family,)), n_trials=1)

    assert [(trial.state, trial.message) for trial in told] == [("finished", "")]


def test_nothing_of_the_trials_stays_in_the_folder(tmp_path):
    fit = request(tmp_path / "run", labelled("binary"), task("binary", "roc_auc"))
    look(fit, rounds(), n_trials=2)

    assert not (fit.folder / "predictor" / "tuning").exists()
