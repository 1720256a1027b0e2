"""What trained the model of a run that took it, made it faster, or went on with it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from litmus_core import engine
from litmus_core.errors import NotFoundError
from litmus_core.experiments._runs import warm_start
from litmus_core.experiments._runs.lineage import plan_that_trains
from litmus_core.types import (
    Algorithm,
    Compression,
    Folds,
    PluginRef,
    Retrained,
    ReusedModel,
    Run,
    RunPlan,
    RunTimes,
    Tuning,
    WarmStart,
)

CROSSES = PluginRef(point="preprocess", reference="columns:Crosses")
CAP = PluginRef(point="postprocess", reference="cap")
TRAINED = RunPlan(families=("linear",), preprocess=(CROSSES,), tuning=Tuning(), folds=Folds(5))


def _run(run_id: str, plan: RunPlan) -> Run:
    return Run(
        id=run_id,
        experiment_id="ex",
        number=1,
        plan=plan,
        status="finished",
        times=RunTimes(queued_at=""),
        chosen_id="c",
    )


def _context(tmp_path, *runs: Run):
    known = {each.id: each for each in runs}

    def run(run_id):
        if run_id not in known:
            raise NotFoundError(kind="run", id=run_id)
        return known[run_id]

    return SimpleNamespace(
        run=run,
        chosen=lambda run_id: SimpleNamespace(model=f"model of {run_id}"),
        store=SimpleNamespace(runs=lambda: list(runs), find_run=known.get),
        workspace=SimpleNamespace(run_dir=lambda run_id: tmp_path / run_id),
    )


@pytest.mark.parametrize(
    "way",
    [
        {"origin": Compression(candidate_id="c", run_id="run_1", model="m")},
        {"origin": ReusedModel(candidate_id="c", run_id="run_1", model="m")},
    ],
)
def test_what_a_run_took_or_made_faster_is_trained_as_it_was_with_the_steps_after_it(tmp_path, way):
    first, later = _run("run_1", TRAINED), _run("run_2", RunPlan(postprocess=(CAP,), **way, folds=Folds(5)))
    found = plan_that_trains(_context(tmp_path, first, later), later)
    assert (found.families, found.preprocess, found.tuning) == (("linear",), (CROSSES,), Tuning())
    assert found.postprocess == (CAP,)
    assert found.origin is None
    assert plan_that_trains(_context(tmp_path, later), later) == later.plan  # the first is gone


def test_what_went_on_is_trained_by_its_own_cards_and_the_steps_of_where_it_began(tmp_path, monkeypatch):
    began = WarmStart(candidate_id="c", run_id="run_1", model="m", n_before=9, old_per_new=1.0)
    first, later = _run("run_1", TRAINED), _run("run_2", RunPlan(folds=Folds(5), origin=began))
    steps = Algorithm(key="lightgbm")
    monkeypatch.setattr(engine, "settings_of", lambda folder, model: ((), (steps,)))
    found = plan_that_trains(_context(tmp_path, first, later), later)
    assert (found.algorithms, found.preprocess) == ((steps,), (CROSSES,))


def test_retraining_what_went_on_has_the_columns_of_where_it_began(tmp_path, monkeypatch):
    began = WarmStart(candidate_id="c", run_id="run_1", model="m", n_before=9, old_per_new=1.0)
    first, later = _run("run_1", TRAINED), _run("run_2", RunPlan(folds=Folds(5), origin=began))
    monkeypatch.setattr(engine, "settings_of", lambda folder, model: (("lightgbm",), ()))
    monkeypatch.setattr(engine, "fitted_folds", lambda folder: 5)
    candidate = SimpleNamespace(id="c2", model="m")
    found = warm_start._retraining(_context(tmp_path, first, later), later, candidate)
    assert (found.families, found.preprocess) == (("lightgbm",), (CROSSES,))
    assert found.origin == Retrained(candidate_id="c2")


def test_a_run_that_trained_says_it_itself(tmp_path):
    run = _run("run_1", TRAINED)
    assert plan_that_trains(_context(tmp_path, run), run) == TRAINED
