"""Faster variants: cut trees answer as their libraries do, ensembles stay inside limits, folds become one."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from litmus_core.compiled import load_compiled
from litmus_core.engine import (
    CompressionSource,
    FitRequest,
    FittedModel,
    WarmStartSource,
    check_refinable,
    compile_candidate,
    compress_models,
    finish_models,
    fit_models,
    list_models,
    open_candidate,
    validation_predictions,
)
from litmus_core.engine._autogluon.trainer_folder import open_trainer
from litmus_core.engine._folds import ray_tasks as fold_ray
from litmus_core.engine._refine._choose import choose_variants
from litmus_core.engine._refine._costs import Costs, sizes_of
from litmus_core.engine._refine._distillation_set import DistillationSet
from litmus_core.engine._refine._students import drop_students, fit_students
from litmus_core.engine._refine._trees import cut, n_rounds
from litmus_core.engine._run_folder.folder import read_rows
from litmus_core.errors import UsageError
from litmus_core.types import Algorithm, Compute, Folds, Hyperparameter, Resources
from tests.cluster.pretend import PretendRay, pretend
from tests.engine.conftest import COLUMNS, table, task
from tests.session import once

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


def fit_request(folder: Path, frame: Any, asked: Any, *, folds: int | Folds, **more: Any) -> FitRequest:
    validates = frame.index % 4 == 0
    return FitRequest(
        folder=folder,
        train=frame if folds else frame[~validates],
        validation=None if folds else frame[validates],
        columns=COLUMNS,
        task=asked,
        deadline=time.time() + 120,
        folds=folds if isinstance(folds, Folds) else Folds(folds),
        **{"families": (), "compute": Compute(train=Resources(cpus=1)), **more},
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


def _source(before: Path, model: str, **wishes: Any) -> WarmStartSource:
    refined = CompressionSource(folder=before, model=model, **wishes)
    return WarmStartSource(folder=before, model=model, n_before=N_ROWS, refined=refined)


def refined(
    before: Path, model: str, to: Path, frame: Any, asked: Any, *, folds: int | Folds = 0, **more: Any
) -> list[Any]:
    reported: list[Any] = []
    compress_models(
        fit_request(
            to,
            frame,
            asked,
            folds=folds,
            source=_source(before, model, shares=(0.95, 0.5)),
            **more,
        ),
        **{**QUIET, "on_model": reported.append},
    )
    return reported


def fitted(folder: Path, problem_type: str, *, folds: int | Folds = 0, **more: Any) -> Path:
    frame, asked = rows(problem_type), task(problem_type, METRICS[problem_type])
    fit_models(fit_request(folder, frame, asked, folds=folds, **more), **QUIET)
    return folder


@once(params=["multiclass", "regression"])
def trees(kind: str, folder: Path) -> tuple[str, Path]:
    """Short models of each library that grows trees, scored on validation rows, and their ensemble."""
    return kind, fitted(folder, kind, algorithms=SHORT)


FOLDS = 2


@dataclass(frozen=True)
class Bags:
    """Two families in folds with their ensemble, before and after it was refined, and what was reported."""

    before: Path
    after: Path
    reported: list[FittedModel]


@once()
def bags(folder: Path) -> Bags:
    families: dict[str, Any] = {"algorithms": SHORT[1:2], "families": ("linear",)}
    before = fitted(folder / "before", "multiclass", folds=FOLDS, **families)
    asked = task("multiclass", "accuracy")
    with pytest.MonkeyPatch.context() as patch:
        set_costs(patch)
        frame, after = rows("multiclass"), folder / "after"
        reported = refined(before, "WeightedEnsemble_L2", after, frame, asked, folds=FOLDS)
    return Bags(before, after, reported)


@pytest.fixture(autouse=True)
def _costs(monkeypatch) -> None:
    set_costs(monkeypatch)


def set_costs(patch: pytest.MonkeyPatch) -> None:
    """Have members take set times, however quick this machine is."""

    def of(
        folder: Path, model: str, members: dict[str, Path], rows: Any, *, batches: list[int]
    ) -> list[Costs]:
        prices = {each: 1.0 if each.startswith("linear") else 4.0 for each in members}
        whole = 1.0 + sum(prices.values())
        return [Costs(batch_rows=each, columns=1.0, total=whole, members=prices) for each in batches]

    patch.setattr("litmus_core.engine._refine._choose.costs_of", of)


@pytest.fixture
def no_students(monkeypatch) -> None:
    """Leave students out, which do better than models this short."""
    monkeypatch.setattr("litmus_core.engine._refine._refine.fit_students", lambda *_, **__: ([], ()))


@pytest.mark.usefixtures("no_students")
def test_an_ensemble_becomes_faster_ones_that_compile_and_answer_alike(trees, tmp_path):
    problem_type, folder = trees
    frame, asked = rows(problem_type), task(problem_type, METRICS[problem_type])
    reported = refined(folder, "WeightedEnsemble_L2", tmp_path / "run", frame, asked)
    models = list_models(tmp_path / "run")
    assert [each.model for each in models] == [each.model for each in reported]
    names = {each.name for each in models}
    assert any(each.is_ensemble for each in models)
    assert problem_type == "multiclass" or any(name.endswith("half its trees") for name in names), names
    assert not names & {each.name for each in list_models(folder)}
    for each in models:
        index, answers = validation_predictions(tmp_path / "run", each.model)
        assert index.tolist() == [at for at in range(N_ROWS) if at % 4 == 0]
        compile_candidate(tmp_path / "run", each.model, tmp_path / each.model)
        executor = load_compiled(tmp_path / each.model)
        compiled = open_candidate(tmp_path / "run", each.model, executor=executor)
        ask = compiled.predict_values if problem_type == "regression" else compiled.predict_proba
        assert ask(frame.loc[index]) == pytest.approx(answers, abs=1e-5)


@pytest.mark.exhaustive(reason="test_ray_learns_in_folds_too sends models and folds")
def test_ray_learns_what_is_learned_and_reads_no_file_of_this_machine(trees, tmp_path, monkeypatch):
    problem_type, before = trees
    asked = task(problem_type, METRICS[problem_type])
    here = refined(before, "WeightedEnsemble_L2", tmp_path / "here", rows(problem_type), asked)
    learns_on_ray(problem_type, before, here, 0, tmp_path, monkeypatch)


def test_ray_learns_in_folds_too(bags, tmp_path, monkeypatch):
    learns_on_ray("multiclass", bags.before, bags.reported, FOLDS, tmp_path, monkeypatch)


def learns_on_ray(
    problem_type: str,
    before: Path,
    here: list[Any],
    folds: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    frame, asked = rows(problem_type), task(problem_type, METRICS[problem_type])
    pretend(monkeypatch, fold_ray.__name__, PretendRay({"CPU": 1.0}))
    learned: list[str] = []
    fitted, students = fold_ray._run_fit, tmp_path / "run" / "students"

    def elsewhere(what: str, *given: Any) -> Any:
        """Fit where neither the earlier run nor the lesson is."""
        learned.append(what)
        away = [each for each in (before, students) if what != "begin" and each.exists()]
        for each in away:
            each.rename(each.with_name(f"{each.name} away"))
        try:
            return fitted(what, *given)
        finally:
            for each in away:
                each.with_name(f"{each.name} away").rename(each)

    monkeypatch.setattr(fold_ray, "_run_fit", elsewhere)
    there = refined(
        before,
        "WeightedEnsemble_L2",
        tmp_path / "run",
        frame,
        asked,
        folds=folds,
        compute=Compute(train=Resources(cpus=1), where="ray"),
    )

    assert {each.name for each in there} == {each.name for each in here}
    assert learned.count("fold" if folds else "model") >= 2 * (folds or 1)  # students of all columns, of some
    assert not folds or "model" in learned  # those that are trained again on all rows


def test_folds_become_one_model_with_the_score_of_its_folds(bags, tmp_path):
    folder = bags.after
    again = [each for each in bags.reported if each.refit_of]
    assert again
    assert all(each.name.endswith(", on all rows") for each in again)
    assert any("distilled" in each.name for each in again)
    assert not (folder / "students").exists()
    for each in bags.reported:
        compile_candidate(folder, each.model, tmp_path / each.model)
    before = read_rows(bags.before)
    after = read_rows(folder)
    assert after.fold.tolist() == before.fold.tolist()


@pytest.mark.parametrize("family", ["lightgbm", "xgboost", "catboost", "forest"])
def test_the_first_trees_answer_as_the_library_has_it(trees, family):
    trainer = open_trainer(trees[1])
    model = trainer.load_model(f"{family}-short")
    features = trainer.load_X_val()
    whole, n_kept = n_rounds(model), round(0.25 * n_rounds(model))
    expected = of_first_trees(family, model, model.preprocess(features), n_kept)
    cut(model, 0.25)
    assert n_rounds(model) == n_kept < whole
    assert np.asarray(model.predict_proba(features)) == pytest.approx(expected, abs=1e-6)


def of_first_trees(family: str, model: Any, features: Any, n_kept: int) -> Any:
    """Ask the library itself for the answer of its first trees."""
    own = model.model
    if family == "lightgbm":
        return own.predict(features, num_iteration=n_kept)
    if family == "xgboost":
        ask = own.predict if model.problem_type == "regression" else own.predict_proba
        return ask(features, iteration_range=(0, n_kept))
    if family == "catboost":
        ask = own.predict if model.problem_type == "regression" else own.predict_proba
        return ask(features, ntree_end=n_kept)
    answers = [
        each.predict(features) if model.problem_type == "regression" else each.predict_proba(features)
        for each in own.estimators_[:n_kept]
    ]
    return np.mean(answers, axis=0)


@pytest.mark.usefixtures("no_students")
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
    folder = fitted(tmp_path / "run", "binary", families=("linear",))
    with pytest.raises(UsageError, match="one model without trees"):
        check_refinable(folder, "linear")


def inside_the_budget(folder: Path, frame: Any, limit_bytes: float | None) -> list[dict[str, float]]:
    """Return the shares of trees by member of what is made of the ensemble to keep a limit of its size."""
    asked = CompressionSource(
        folder=folder, model="WeightedEnsemble_L2", shares=(0.95,), limit_bytes=limit_bytes
    )
    chosen = choose_variants(asked, frame[[each.name for each in COLUMNS]], seed=0)
    shares = {each.name: (Path(each.before).name, each.share) for each in chosen.variants}
    return [
        dict(shares[name] for name, _ in each.weights)
        for each in chosen.weighings
        if each.name.startswith("inside the budget")
    ]


@pytest.mark.parametrize("trees", ["regression"], indirect=True)
def test_an_ensemble_is_chosen_for_a_size_budget_too(trees):
    problem_type, folder = trees
    frame = rows(problem_type)
    members = [each.model for each in list_models(folder) if not each.is_ensemble]
    sizes = sizes_of(dict.fromkeys(members, folder))
    limit = 0.7 * sizes_of({"WeightedEnsemble_L2": folder})["WeightedEnsemble_L2"]
    made = inside_the_budget(folder, frame, limit)
    assert made
    for shares in made:
        assert sum(sizes[member] * share for member, share in shares.items()) < limit
    assert inside_the_budget(folder, frame, None) == inside_the_budget(folder, frame, 1e9) == []


def distillation_set() -> DistillationSet:
    """Two teachers, of two folds, about four training rows and one made of the first."""
    return DistillationSet(
        features=pd.DataFrame({"x": [0.0, 1.0, 2.0, 3.0, 0.5]}),
        predictions=np.array([[1.0] * 5, [2.0] * 5]),
        origin=np.array([10, 11, 12, 13, 10]),
        is_generated=np.array([False] * 4 + [True]),
        labels=np.array([10, 11, 12, 13]),
        tested_in=np.array([0, 0, 1, 1]),
    )


@pytest.mark.parametrize(
    ("labels", "teacher", "learned"),
    [
        ([12, 13], 1.0, [2.0, 3.0]),  # scored on rows 10 and 11, which the first fold's models never saw
        ([10, 11], 2.0, [0.0, 1.0, 0.5]),
        ([10, 11, 12, 13], 1.5, [0.0, 1.0, 2.0, 3.0, 0.5]),  # of all rows: nothing is left to be scored on
    ],
)
def test_a_student_learns_from_a_teacher_that_never_saw_the_rows_it_is_scored_on(labels, teacher, learned):
    features, answers = distillation_set().for_student(np.array(labels), is_synthetic=True)
    assert features["x"].tolist() == learned
    assert answers.tolist() == [teacher] * len(learned)
    plain, _ = distillation_set().for_student(np.array(labels), is_synthetic=False)
    assert 0.5 not in plain["x"].tolist()


def test_a_student_of_the_columns_that_matter_needs_no_others(trees, tmp_path, monkeypatch):
    monkeypatch.setattr("litmus_core.engine._refine._columns._SHARES", (0.6,))
    problem_type, folder = trees
    frame, asked = rows(problem_type), task(problem_type, METRICS[problem_type])
    carried = _source(folder, "WeightedEnsemble_L2")
    request = fit_request(tmp_path / "run", frame, asked, folds=0, source=carried)
    students, failed = fit_students(
        request, carried, None, on_start=lambda _: None, should_stop=lambda: False
    )
    assert not failed
    whole, narrow = students
    assert (whole.narrow, narrow.narrow) == (False, True)
    compile_candidate(narrow.folder, narrow.model, tmp_path / "model")
    executor = load_compiled(tmp_path / "model")
    compiled = open_candidate(narrow.folder, narrow.model, executor=executor)
    native = open_candidate(narrow.folder, narrow.model, native=True)
    ask = "predict_values" if problem_type == "regression" else "predict_proba"
    kept = frame[[each.name for each in COLUMNS if each.name not in executor.unread]]
    assert 0 < kept.shape[1] < len(COLUMNS)
    assert getattr(compiled, ask)(kept) == pytest.approx(getattr(native, ask)(frame), abs=1e-5)
    drop_students(tmp_path / "run")
    assert not whole.folder.exists()


def test_several_classes_are_learned_by_rows_that_count_by_their_probability():
    from litmus_core.engine._refine.student import _training_rows

    rows, classes, weights = _training_rows(
        pd.DataFrame({"x": [1.0]}), pd.Series([2]), pd.DataFrame({"x": [5.0]}),
        np.array([[0.7, 0.295, 0.005]]), "multiclass",
    )  # fmt: skip
    assert rows["x"].tolist() == [1.0, 5.0, 5.0]  # what is rarer than 2 % is not learned
    assert classes.tolist() == [2, 0, 1]
    assert weights.tolist() == [1.0, 0.7, 0.295]
