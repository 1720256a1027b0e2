"""Trials made at once, by processes of this machine or by Ray: the same scores, and nothing left behind."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from litmus_core.engine import FitRequest, TuneRequest, tune
from litmus_core.engine._folds import ray_tasks as fold_ray
from litmus_core.engine._tuning import _search
from litmus_core.plugins import copy_parts
from litmus_core.types import (
    Algorithm,
    Compute,
    CustomModel,
    Folds,
    Hyperparameter,
    Resources,
    Space,
    Trial,
    Tuning,
)
from tests.cluster.pretend import PretendRay, pretend
from tests.engine.conftest import task
from tests.engine.test_tuning import labelled, look, request, rounds
from tests.engine.test_tuning_search import KIND, Formula, X, run, search
from tests.started import Started
from tests.warm import client as warm

TESTS = Path(__file__).resolve().parents[1]
AT_ONCE = Resources(parallel=2)
N_TRIALS, FOLDS = 3, 2


@pytest.fixture
def nothing_left(warm_workers: warm.Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Started]:
    """Fail where one that was started within the test does not end with it; a busy machine takes its time."""
    warm_workers.start()  # it is not the test's
    started = Started(monkeypatch)
    yield started
    assert psutil.wait_procs(started.living(), timeout=10)[1] == []


@pytest.fixture(autouse=True)
def _patience(monkeypatch):
    """A busy machine takes its time for what is nothing: no trial here is to be cut short by it."""
    monkeypatch.setattr(_search, "_REMOTE_SLACK_S", 200.0)


def rates() -> Algorithm:
    return Algorithm(
        key="lightgbm",
        hyperparameters=(
            Hyperparameter(name="num_boost_round", value=20),
            Hyperparameter(name="learning_rate", space=Space(low=0.01, high=0.5, log=True)),
        ),
    )


def scores(told: list[Trial]) -> dict[object, float]:
    return {each.settings[0].value: pytest.approx(each.value, abs=1e-9) for each in told}


def asked(folder: Path, **facts) -> FitRequest:
    frame = labelled("regression")
    return request(folder, frame, task("regression", "rmse"), families=("lightgbm",), folds=FOLDS, **facts)


def tried(fit: FitRequest) -> tuple[Any, list[Trial]]:
    return look(fit, rates(), seconds=2000, n_trials=N_TRIALS, sampler="random", pruner="none")


@pytest.fixture(scope="module")
def one_by_one(made_once: Callable[..., Any]) -> dict[object, float]:
    return scores(made_once("tuned-one-by-one", try_one_by_one))


def try_one_by_one(folder: Path) -> list[Trial]:
    return tried(asked(folder / "run"))[1]


@pytest.mark.usefixtures("nothing_left")
def test_trials_at_once_have_the_scores_of_trials_one_by_one(one_by_one, tmp_path):
    found, told = tried(asked(tmp_path / "run", compute=Compute(train=AT_ONCE)))

    assert [trial.number for trial in told] == [0, 1, 2]
    assert scores(told) == one_by_one
    assert found.notes == ()


def test_ray_makes_trials_with_the_same_scores(one_by_one, tmp_path, monkeypatch):
    ray = pretend(monkeypatch, fold_ray.__name__, PretendRay({"CPU": 2.0}, {"CPU": 1.0}))
    _, told = tried(asked(tmp_path / "run", compute=Compute(train=Resources(cpus=1), where="ray")))

    assert scores(told) == one_by_one
    assert len(ray.done) == 3 + 3 * 2  # each of three begins, then three trials of two folds
    assert ray.asked["num_cpus"] == 1


def test_trials_on_ray_are_so_many_at_once_as_was_asked_for_and_take_what_was(tmp_path, monkeypatch):
    from litmus_core.engine._tuning._parallel import fitting_of

    ray = pretend(monkeypatch, fold_ray.__name__, PretendRay({"CPU": 9.0}))
    for resources, n_trials, cpus in (
        (Resources(), 9, 1), (Resources(cpus=4), 2, 4), (Resources(parallel=2), 2, 4),
    ):  # fmt: skip
        fit = asked(tmp_path, compute=Compute(train=resources, where="ray"))
        scratch = tmp_path / "scratch"
        scratch.mkdir(exist_ok=True)
        with fitting_of(fit, scratch=scratch) as fitting:
            assert fitting.at_once == n_trials
            assert ray.asked["num_cpus"] == cpus


@pytest.mark.usefixtures("nothing_left")
def test_one_s_own_model_is_tuned_at_once(tmp_path):
    frame = labelled("binary")
    wanted = CustomModel(reference="custom_parameters.py:Shrunk")
    models = copy_parts([wanted], base=TESTS / "engine", to=tmp_path / "run" / "modules")
    fit = request(
        tmp_path / "run",
        frame,
        task("binary", "roc_auc", positive_class="yes"),
        families=(),
        custom=models,
        folds=Folds(FOLDS),
        compute=Compute(train=AT_ONCE),
    )
    shrink = Hyperparameter(name="shrink", space=Space(low=0.0, high=1.0))
    _, told = look(
        fit,
        Algorithm(key=models[0].reference, hyperparameters=(shrink,)),
        seconds=2000,
        n_trials=N_TRIALS,
        pruner="none",
    )

    assert [(trial.state, trial.message) for trial in told] == [("finished", "")] * N_TRIALS


def test_settings_that_break_a_model_cost_their_trial_alone(tmp_path):
    broken = Algorithm(
        key="linear", hyperparameters=(Hyperparameter(name="C", space=Space(low=-2.0, high=-1.0)),)
    )
    fit = request(
        tmp_path / "run", labelled("binary"), task("binary", "roc_auc"), compute=Compute(train=AT_ONCE)
    )
    _, told = look(fit, broken, seconds=2000, n_trials=3)

    by_origin = {trial.origin: trial.state for trial in told}
    assert by_origin == {"default": "finished", "suggested": "failed"}
    assert all("C" in trial.message for trial in told if trial.state == "failed")


def test_a_stop_is_heard_while_trials_are_fitted(tmp_path, nothing_left):
    fit = asked(tmp_path / "run", compute=Compute(train=AT_ONCE))
    slow = replace(rounds(), hyperparameters=(Hyperparameter(name="num_boost_round", value=10**6), X))
    began = time.monotonic()

    def are_at_work() -> bool:
        return sum(each.cpu_times().user > 0.3 for each in nothing_left.living()) == 2

    found = tune(
        TuneRequest(fit=fit, algorithms=(slow,), tuning=Tuning(), deadline=time.time() + 300, train_s=300),
        on_trial=lambda trial, best: None,
        should_stop=are_at_work,
    )

    assert found.stopped
    assert time.monotonic() < began + 60


class _Counting(Formula):
    """Counts how many are fitted at once, and no more than it says there may be."""

    at_once = 3

    def __init__(self, **facts):
        super().__init__(predict_s=0.01, **facts)
        self.now = self.most = 0
        self._alone = threading.Lock()

    def predict(self, key, settings, part, *, limit_s, share=1.0):
        with self._alone:
            self.now += 1
            self.most = max(self.most, self.now)
        try:
            return super().predict(key, settings, part, limit_s=limit_s, share=share)
        finally:
            with self._alone:
                self.now -= 1


def test_there_are_as_many_as_were_asked_for_and_none_twice():
    fitting = _Counting()
    told = run(search(X, fitting=fitting, n_trials=20))

    assert fitting.most == 3
    assert [trial.number for trial, _ in told] == list(range(20))
    assert len({trial.settings for trial, _ in told}) == 20
    assert told[-1][1].value < 25.0


def test_a_small_space_is_tried_whole_and_then_it_ends():
    told = run(search(KIND, fitting=_Counting(score=lambda settings: ord(settings.get("kind", "z")))))

    assert sorted(str(trial.settings[0].value) for trial, _ in told if trial.settings) == ["a", "b", "c"]


def test_what_fails_once_it_cannot_be_heard_is_raised_and_ends_the_others():
    fitting = _Counting()
    searched = search(X, fitting=fitting, n_trials=20)

    def deaf(trial: Trial, best: Trial | None) -> None:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="the disk is full"):
        searched.run(
            until=time.monotonic() + 60,
            fitted_by=time.monotonic() + 99,
            trial_s=9,
            n_trials=20,
            on_trial=deaf,
            should_stop=lambda: False,
        )
    until = time.monotonic() + 20
    while fitting.now and time.monotonic() < until:  # those at work end what they began
        time.sleep(0.01)
    assert fitting.now == 0
    assert len(fitting.asked) < 20


def test_on_ray_trials_whose_processes_are_killed_are_made_again(one_by_one, tmp_path, monkeypatch):
    pytest.importorskip("ray", reason="Ray is an extra: pip install 'litmus-automl[ray]'")
    import os

    from litmus_core.cluster import running

    fitted, deaths = fold_ray._run_fit, tmp_path / "deaths"
    deaths.mkdir()

    def dies(*given):
        n_deaths = len(list(deaths.iterdir()))
        if n_deaths < 10:
            (deaths / f"{n_deaths} {os.getpid()}").touch()
            os._exit(1)
        return fitted(*given)

    monkeypatch.setattr(fold_ray, "_run_fit", dies)
    fit = asked(tmp_path / "run", compute=Compute(train=Resources(cpus=1), where="ray"))
    with running(processes=2):
        _, told = tried(fit)

    assert len(list(deaths.iterdir())) >= 10
    assert scores(told) == one_by_one
