"""Tuning in whole runs: trials are facts, a killed run goes on with them, later runs learn from them."""

import os
import signal
import time

import pytest

from litmus_core import Training, Tuning, train
from litmus_core.engine import _resources
from litmus_core.errors import UsageError
from litmus_core.experiments import TaskWishes, make_task
from litmus_core.types import (
    Algorithm,
    Compute,
    Folds,
    Hyperparameter,
    Resources,
    RunPlan,
    RunStage,
    RunStarted,
    Space,
    TrialEnded,
)
from tests.trained import table

LINEAR = Algorithm(
    key="linear", hyperparameters=(Hyperparameter(name="C", space=Space(low=1e-4, high=1e3, log=True)),)
)


@pytest.fixture
def experiment(studio, tmp_path):
    table(n_rows=300).to_csv(tmp_path / "shop.csv", index=False)
    version = studio.datasets.import_file(tmp_path / "shop.csv")
    return studio.experiments.create(
        make_task(studio.workspace, version, "sold", TaskWishes(time_limit_s=600))
    )


def test_a_tuned_run_tells_its_trials_and_trains_what_it_found(studio, experiment):
    plan = RunPlan(families=("linear",), algorithms=(LINEAR,), tuning=Tuning(n_trials=4), folds=Folds(0))
    run = studio.runs.wait(studio.runs.start(experiment.id, plan).id, timeout_s=280)
    trials = studio.tuning.trials(run.id)

    assert run.status == "finished"
    assert [trial.number for trial in trials] == list(range(4))
    assert trials[0].origin == "default"
    assert trials[0].settings[0].value == 1.0
    said = [event.fact.message for event in studio.runs.events(run.id) if isinstance(event.fact, RunStage)]
    assert any(each.startswith("Trial 4: 0.") and ", best 0." in each for each in said)
    names = {candidate.name for candidate in studio.candidates.list(run.id)}
    assert "Linear model" in names
    best = max(trials, key=lambda trial: trial.value)
    assert ("Linear model: tuned" in names) == (best.origin != "default")
    assert studio.tuning.importances(run.id).keys() <= {"linear"}

    again = studio.runs.wait(studio.runs.start(experiment.id, plan).id, timeout_s=280)
    origins = [trial.origin for trial in studio.tuning.trials(again.id)]
    assert origins[:2] == ["default", "history"]


@pytest.mark.exhaustive(
    reason="tests/engine/test_tuning_at_once.py makes trials at once; what a run says of them is seen above"
)
def test_trials_at_once_are_facts_of_the_run_too(studio, experiment, monkeypatch):
    monkeypatch.setattr(_resources, "_n_cpus", lambda: 2)  # wherever this is run
    plan = RunPlan(
        families=("linear",),
        algorithms=(LINEAR,),
        tuning=Tuning(n_trials=3),
        folds=Folds(0),
        compute=Compute(tune=Resources(parallel=2)),
    )
    run = studio.runs.wait(studio.runs.start(experiment.id, plan).id, timeout_s=280)
    trials = studio.tuning.trials(run.id)

    assert run.status == "finished"
    assert [trial.number for trial in trials] == [0, 1, 2]
    assert {trial.state for trial in trials} == {"finished"}


def test_a_run_that_is_killed_while_tuning_goes_on_with_its_trials(studio, experiment):
    plan = RunPlan(families=("lightgbm",), tuning=Tuning(n_trials=3), folds=Folds(0))
    run = studio.runs.start(experiment.id, plan)
    for _ in range(1200):
        if studio.journal.events(run_id=run.id, types=[TrialEnded]):
            break
        time.sleep(0.05)
    started = [event.fact for event in studio.runs.events(run.id) if isinstance(event.fact, RunStarted)]
    os.kill(started[-1].pid, signal.SIGKILL)
    while studio.runs.progress(run.id).status == "running":
        time.sleep(0.1)
    assert studio.runs.get(run.id).status == "interrupted"
    kept = studio.tuning.trials(run.id)
    assert kept

    studio.runs.finish(run.id)
    finished = studio.runs.wait(run.id, timeout_s=280)
    trials = studio.tuning.trials(run.id)

    assert finished.verdict is not None
    assert trials[: len(kept)] == kept
    assert [trial.number for trial in trials] == list(range(len(trials)))
    assert sum(trial.origin == "default" for trial in trials) == 1


@pytest.mark.exhaustive(reason="tests/engine/test_tuning.py stops a search, test_cut_short.py a run")
def test_a_run_that_is_stopped_while_tuning_trains_the_best_so_far(studio, experiment):
    run = studio.runs.start(experiment.id, RunPlan(families=("linear",), tuning=Tuning(), folds=Folds(0)))
    for _ in range(1200):
        if len(studio.journal.events(run_id=run.id, types=[TrialEnded])) >= 2:
            break
        time.sleep(0.05)
    studio.runs.stop(run.id)
    stopped = studio.runs.wait(run.id, timeout_s=280)

    assert stopped.status == "stopped"
    assert stopped.verdict is not None
    assert len(studio.candidates.list(run.id)) == 1


def test_a_space_without_room_is_refused_before_anything_starts(studio, experiment):
    nowhere = Algorithm(
        key="linear", hyperparameters=(Hyperparameter(name="C", space=Space(low=1.0, high=1.0)),)
    )
    with pytest.raises(UsageError, match="has no room"):
        studio.runs.start(experiment.id, RunPlan(algorithms=(nowhere,)))
    assert studio.runs.list(experiment.id) == []


@pytest.mark.exhaustive(
    reason="the script of docs/guides/tuning.md trains so, and test_every_parameter sees it carried"
)
def test_train_takes_a_tuning(tmp_path):
    table(n_rows=300).to_csv(tmp_path / "shop.csv", index=False)
    handle = train(
        tmp_path / "shop.csv",
        "sold",
        training=Training(models=["linear"], tuning=Tuning(n_trials=2)),
        compute=Compute(time_limit_s=200),
        folds=0,
        workspace=tmp_path / "workspace",
    )
    assert handle.wait(timeout_s=280).verdict is not None
    assert len(handle.studio.tuning.trials(handle.run_id)) == 2
    handle.studio.close()


@pytest.mark.exhaustive(reason="tests/engine/test_tuning_at_once.py tunes one, test_doors.py asks for it")
def test_a_class_of_ones_own_is_tuned_in_its_keywords(studio, experiment, tmp_path):
    own = tmp_path / "own.py"
    own.write_text(OWN)
    wanted = Algorithm(
        key=f"{own}:Shrunk",
        hyperparameters=(Hyperparameter(name="strength", space=Space(low=0.001, high=100.0, log=True)),),
    )
    plan = RunPlan(algorithms=(wanted,), tuning=Tuning(n_trials=3), folds=Folds(0))
    run = studio.runs.wait(studio.runs.start(experiment.id, plan).id, timeout_s=280)
    trials = studio.tuning.trials(run.id)

    assert run.status == "finished", run.message
    assert [(trial.state, trial.message) for trial in trials] == [("finished", "")] * 3
    names = {candidate.name for candidate in studio.candidates.list(run.id)}
    best = max(trials, key=lambda trial: trial.value)
    assert "Shrunk" in names
    assert any(name.startswith("Shrunk, strength=") for name in names) == (best.origin != "default")


OWN = """
from sklearn.linear_model import LogisticRegression

class Shrunk(LogisticRegression):
    def __init__(self, strength=1.0, random_state=None):
        super().__init__(C=1.0 / strength, max_iter=500, random_state=random_state)
        self.strength = strength
"""
