"""The model on all rows beside its folds, here of numbers that are learned on a scale of their own."""

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from litmus_core.engine import open_candidate, scale_part, store_compiled, validation_predictions
from litmus_core.engine._autogluon.scorers import scorer_for
from litmus_core.engine._autogluon.trainer_folder import open_trainer
from litmus_core.engine._fit import refit as _refit
from litmus_core.engine._fit.refit import add_refits
from litmus_core.engine._folds.out_of_fold import open_for_validation
from litmus_core.types import Folds, PluginRef
from tests.engine.conftest import table, task, train
from tests.session import once

RATIO = PluginRef(point="task_type", reference="ratio", parameters=(("offset", 1.0),), name="ratio")
PLAIN, WHOLE = "linear_BAG_L1", "linear_BAG_L1_FULL"


@once()
def trained(folder: Path):
    frame = table(150, seed=7)
    frame["answer"] = np.expm1(2 + frame["signal"]).clip(0)
    return train(
        folder,
        frame,
        task("regression", "mae", task_type=RATIO),
        families=["linear", "xgboost"],
        folds=Folds(3, refit=True),
    )


def rows(trained):
    return trained.frame.drop(columns=["answer", "signal"])


def test_each_model_has_one_more_on_all_rows_with_its_folds_score(trained):
    by_model = {each.model: each for each in trained.reported}
    again = {name: each for name, each in by_model.items() if each.refit_of}

    assert {each.refit_of for each in again.values()} == by_model.keys() - again.keys()
    assert by_model[WHOLE].name == "Linear model, on all rows"
    assert all(each.validation_score == by_model[each.refit_of].validation_score for each in again.values())
    needed = open_trainer(trained.folder).get_minimum_model_set("WeightedEnsemble_L2_FULL")
    assert all(name.endswith("_FULL") for name in needed)


def test_it_answers_with_one_model_that_compiles(trained):
    model = open_trainer(trained.folder).load_model(WHOLE)

    assert len(model.models) == 1
    assert store_compiled(trained.folder, WHOLE, rows(trained)[:40]) == ""
    assert store_compiled(trained.folder, "WeightedEnsemble_L2_FULL", rows(trained)[:40]) == ""


def test_of_scored_rows_its_folds_answer(trained):
    index, said = validation_predictions(trained.folder, WHOLE)
    again = open_for_validation(trained.folder, WHOLE).predict_values(rows(trained).loc[index])

    assert np.allclose(said, validation_predictions(trained.folder, PLAIN)[1])
    assert np.allclose(said, again, rtol=1e-6)


def test_numbers_are_learned_on_the_scale_and_answered_as_they_were_asked(trained):
    truth, (index, said) = trained.frame["answer"], validation_predictions(trained.folder, PLAIN)
    learned = open_trainer(trained.folder).load_y()

    assert np.allclose(learned, np.log(truth + 1), atol=1e-9)
    assert np.median(np.abs(np.log1p(said) - np.log1p(truth.to_numpy()[index]))) < 0.6
    assert scale_part(trained.folder) == RATIO
    post = open_candidate(trained.folder, PLAIN).post
    assert post is not None
    assert json.dumps(post.state()["steps"]) == '[{"reference": "ratio", "state": {"offset": 1.0}}]'


def test_the_metric_of_training_is_of_the_numbers_asked_for():
    scorer = scorer_for("mae", "regression", decode=np.exp)

    assert scorer(np.log([1.0, 10.0]), np.log([2.0, 20.0])) == pytest.approx(-5.5)


class Trainer:
    """What add_refits asks of AutoGluon's trainer: two models, one of which needs rows to stop by."""

    def __init__(self, *names):
        self.names = list(names or ("linear_BAG_L1", "network_BAG_L1", "WeightedEnsemble_L2"))

    def get_model_names(self):
        return list(self.names)

    def load_model(self, name):
        return SimpleNamespace(
            _get_tags_child=lambda: {"can_refit_full": "network" not in name},
            models=["S1F1"],
            load_child=lambda child: SimpleNamespace(fit_time=1.0),
            fit_time=1.0 if "copied" in name else 2.0,
        )

    def delete_models(self, models_to_delete, dry_run):
        self.names = [name for name in self.names if name not in models_to_delete]

    def get_model_attribute(self, name, attribute):
        return 4.0

    def refit_ensemble_full(self, model, time_limit):
        self.names.append(f"{model}_FULL")


@pytest.mark.parametrize(
    ("seconds", "finished", "said"),
    [
        (60.0, ["linear_BAG_L1_FULL"], ["it needs rows to stop by", "not each of its models was"]),
        (1.0, [], ["too little time was left", "it needs rows to stop by", "not each of its models was"]),
    ],
)
def test_what_is_not_trained_again_is_said(monkeypatch, seconds, finished, said):
    monkeypatch.setattr("time.time", lambda: 100.0)
    told = []
    notes = add_refits(
        Trainer(), None, n_fits=2, deadline=100.0 + seconds, started=lambda model: None,
        finished=lambda trainer, model: told.append(model), should_stop=lambda: False,
    )  # fmt: skip

    assert told == finished
    assert [note.rpartition(": ")[2].rstrip(".") for note in notes] == said


@pytest.mark.parametrize(("n_workers", "is_refitted"), [(1, True), (2, False)])
def test_folds_that_were_fitted_at_once_took_the_time_of_one(monkeypatch, n_workers, is_refitted):
    monkeypatch.setattr("time.time", lambda: 100.0)
    monkeypatch.setattr(_refit, "fit_with_workers", lambda _: nullcontext())
    workers, told = SimpleNamespace(are_remote=True, n_workers=n_workers), []
    add_refits(
        Trainer("linear_BAG_L1"), workers, n_fits=2, deadline=104.0, started=lambda model: None,
        finished=lambda trainer, model: told.append(model), should_stop=lambda: False,
    )  # fmt: skip

    assert bool(told) is is_refitted  # 4 s of two folds, and half as much again


def test_a_first_fold_under_another_name_is_no_model_on_all_rows():
    trainer = Trainer("custom-copied_BAG_L1")
    (said,) = add_refits(
        trainer, None, n_fits=2, deadline=1e12, started=lambda model: None,
        finished=lambda trainer, model: None, should_stop=lambda: False,
    )  # fmt: skip

    assert said == "copied was not trained again on all rows: its fit failed, see worker.log."
    assert trainer.names == ["custom-copied_BAG_L1"]
