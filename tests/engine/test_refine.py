"""Faster variants: cut trees answer as their libraries do, ensembles stay inside limits, folds become one."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from litmus_core.compiled import load_compiled
from litmus_core.engine import (
    Carried,
    FitRequest,
    Refined,
    check_refinable,
    compile_candidate,
    finish_models,
    fit_models,
    list_models,
    open_candidate,
    refine_models,
    validation_predictions,
)
from litmus_core.engine._folder import read_rows
from litmus_core.engine._load import open_trainer
from litmus_core.engine._refine._costs import Costs
from litmus_core.engine._refine._select import Part, prune, select
from litmus_core.engine._refine._trees import cut, n_rounds
from litmus_core.errors import UsageError
from litmus_core.types import Algorithm, Hyperparameter
from tests.engine.conftest import COLUMNS, table, task

METRICS = {"binary": "log_loss", "multiclass": "accuracy", "regression": "rmse"}
N_ROWS = 480


def rows(problem_type: str) -> Any:
    frame = table(N_ROWS, seed=4)
    answers = {
        "binary": (frame["signal"] > 0.5) ^ (frame["count"] > 4),
        "multiclass": np.select([frame["signal"] < 0, frame["signal"] < 1], ["low", "mid"], "high"),
        "regression": frame["signal"],
    }
    return frame.assign(answer=answers[problem_type])


def fit_request(folder: Path, frame: Any, asked: Any, *, folds: int, **more: Any) -> FitRequest:
    validates = frame.index % 4 == 0
    return FitRequest(
        folder=folder,
        train=frame if folds else frame[~validates],
        validation=None if folds else frame[validates],
        columns=COLUMNS,
        task=asked,
        folds=folds,
        deadline=time.time() + 120,
        n_cpus=1,
        **{"cards": (), **more},
    )


def short(key: str, name: str) -> Algorithm:
    return Algorithm(key=key, name="short", hyperparameters=(Hyperparameter(name=name, value=20),))


SHORT = (
    short("lightgbm", "num_boost_round"),
    short("xgboost", "n_estimators"),
    short("catboost", "iterations"),
    short("forest", "n_estimators"),
)
QUIET: dict[str, Any] = {
    "on_model": lambda _: None,
    "on_start": lambda _: None,
    "should_stop": lambda: False,
}


def refined(before: Path, model: str, to: Path, frame: Any, asked: Any, *, folds: int = 0) -> list[Any]:
    reported: list[Any] = []
    refine_models(
        fit_request(
            to,
            frame,
            asked,
            folds=folds,
            carried=Carried(folder=before, model=model, n_before=N_ROWS),
            refined=Refined(folder=before, model=model, shares=(0.95, 0.5)),
        ),
        **{**QUIET, "on_model": reported.append},
    )
    return reported


def fitted(folder: Path, problem_type: str, *, folds: int = 0, **more: Any) -> Path:
    frame, asked = rows(problem_type), task(problem_type, METRICS[problem_type])
    fit_models(fit_request(folder, frame, asked, folds=folds, **more), **QUIET)
    return folder


@pytest.fixture(scope="module", params=["multiclass", "regression"])
def trees(request, tmp_path_factory) -> tuple[str, Path]:
    """Short models of each library that grows trees, scored on validation rows, and their ensemble."""
    return request.param, fitted(tmp_path_factory.mktemp("trees"), request.param, algorithms=SHORT)


@pytest.fixture(scope="module")
def bags(tmp_path_factory) -> Path:
    """Two families in three folds, and their ensemble."""
    return fitted(
        tmp_path_factory.mktemp("bags"), "multiclass", algorithms=SHORT[1:2], cards=("linear",), folds=3
    )


@pytest.fixture(autouse=True)
def costs(monkeypatch) -> None:
    """Have members take set times, however quick this machine is."""

    def of(folder: Path, model: str, members: list[str], rows: Any, *, batches: list[int]) -> list[Costs]:
        prices = {each: 1.0 if each.startswith("linear") else 4.0 for each in members}
        whole = 1.0 + sum(prices.values())
        return [Costs(batch_rows=each, columns=1.0, whole=whole, members=prices) for each in batches]

    monkeypatch.setattr("litmus_core.engine._refine._choose.costs_of", of)


def test_an_ensemble_becomes_faster_ones_that_compile_and_answer_alike(trees, tmp_path):
    problem_type, folder = trees
    frame, asked = rows(problem_type), task(problem_type, METRICS[problem_type])
    reported = refined(folder, "WeightedEnsemble_L2", tmp_path / "run", frame, asked)
    models = list_models(tmp_path / "run")
    assert [each.model for each in models] == [each.model for each in reported]
    names = {each.name for each in models}
    assert problem_type == "multiclass" or any(each.is_ensemble for each in models)
    assert any(name.endswith("half its trees") for name in names), names
    assert not names & {each.name for each in list_models(folder)}
    for each in models:
        index, answers = validation_predictions(tmp_path / "run", each.model)
        assert index.tolist() == [at for at in range(N_ROWS) if at % 4 == 0]
        compile_candidate(tmp_path / "run", each.model, tmp_path / each.model)
        executor = load_compiled(tmp_path / each.model)
        compiled = open_candidate(tmp_path / "run", each.model, executor=executor)
        ask = compiled.predict_values if problem_type == "regression" else compiled.predict_proba
        assert ask(frame.loc[index]) == pytest.approx(answers, abs=1e-5)


def test_folds_become_one_model_with_the_score_of_its_folds(bags, tmp_path):
    frame, asked = rows("multiclass"), task("multiclass", "accuracy")
    reported = refined(bags, "WeightedEnsemble_L2", tmp_path / "run", frame, asked, folds=3)
    again = [each for each in reported if each.refit_of]
    assert again
    assert all(each.name.endswith(", on all rows") for each in again)
    for each in reported:
        compile_candidate(tmp_path / "run", each.model, tmp_path / each.model)
    before = read_rows(bags)
    after = read_rows(tmp_path / "run")
    assert after.fold.tolist() == before.fold.tolist()


@pytest.mark.parametrize("card", ["lightgbm", "xgboost", "catboost", "forest"])
def test_the_first_trees_answer_as_the_library_has_it(trees, card):
    trainer = open_trainer(trees[1])
    model = trainer.load_model(f"{card}-short")
    features = trainer.load_X_val()
    whole, n_kept = n_rounds(model), round(0.25 * n_rounds(model))
    expected = of_first_trees(card, model, model.preprocess(features), n_kept)
    cut(model, 0.25)
    assert n_rounds(model) == n_kept < whole
    assert np.asarray(model.predict_proba(features)) == pytest.approx(expected, abs=1e-6)


def of_first_trees(card: str, model: Any, features: Any, n_kept: int) -> Any:
    """Ask the library itself for the answer of its first trees."""
    own = model.model
    if card == "lightgbm":
        return own.predict(features, num_iteration=n_kept)
    if card == "xgboost":
        ask = own.predict if model.problem_type == "regression" else own.predict_proba
        return ask(features, iteration_range=(0, n_kept))
    if card == "catboost":
        ask = own.predict if model.problem_type == "regression" else own.predict_proba
        return ask(features, ntree_end=n_kept)
    answers = [
        each.predict(features) if model.problem_type == "regression" else each.predict_proba(features)
        for each in own.estimators_[:n_kept]
    ]
    return np.mean(answers, axis=0)


def test_a_run_that_was_killed_is_finished_with_the_ensembles_whose_members_are_there(trees, tmp_path):
    problem_type, folder = trees
    frame, asked = rows(problem_type), task(problem_type, METRICS[problem_type])
    refined(folder, "WeightedEnsemble_L2", tmp_path / "run", frame, asked)
    whole = [each.name for each in list_models(tmp_path / "run")]
    trainer = open_trainer(tmp_path / "run")
    trainer.delete_models(
        models_to_delete=[each for each in trainer.get_model_names() if each.startswith("Weighted")],
        dry_run=False,
    )
    trainer.save()
    assert sorted(each.name for each in finish_models(tmp_path / "run")) == sorted(whole)


def test_what_leaves_nothing_out_is_refused(tmp_path):
    folder = fitted(tmp_path / "run", "binary", cards=("linear",))
    with pytest.raises(UsageError, match="one model without trees"):
        check_refinable(folder, "linear")


def scorer(truth: Any) -> Any:
    return lambda answers: -float(np.abs(answers - truth).mean())


def test_an_ensemble_stays_inside_the_limit():
    truth = np.array([1.0, 0.0, 1.0, 0.0])
    parts = [
        Part(truth + 0.3, 3.0, "a"),  # the first two cancel each other out
        Part(truth - 0.3, 3.0, "b"),
        Part(truth + 0.6, 1.0, "c"),
        Part(truth + 0.2, 5.0, "d"),
    ]
    score = scorer(truth)
    assert select(parts, limit=6.0, score=score) == {0: 0.5, 1: 0.5}  # the best alone leaves no room
    assert select(parts, limit=3.5, score=score) == {0: 1.0}
    assert select(parts, limit=2.0, score=score) == {2: 1.0}
    assert select(parts, limit=0.5, score=score) == {}


def test_a_member_is_taken_once():
    truth = np.array([1.0, 0.0])
    parts = [Part(truth + 0.3, 2.0, "a"), Part(truth - 0.3, 1.0, "a")]
    assert select(parts, limit=9.0, score=scorer(truth)) == {1: 1.0}


def test_members_that_bring_nothing_are_dropped_the_dearest_first():
    truth = np.array([1.0, 0.0, 1.0, 0.0])
    parts = [Part(truth + 0.1, cost, name) for cost, name in ((1.0, "a"), (5.0, "b"), (2.0, "c"))]
    left = prune({0: 0.25, 1: 0.25, 2: 0.5}, parts, score=scorer(truth), allowed_loss=0.01)
    assert left == {0: pytest.approx(1 / 3), 2: pytest.approx(2 / 3)}
