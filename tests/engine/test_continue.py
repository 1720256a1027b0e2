"""Going on with boosters: the libraries' own continued models, folds, ensembles, and what is refused."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
import pandas as pd
import pytest
import xgboost
from catboost import Pool

from litmus_core.compiled import load_compiled
from litmus_core.engine import (
    FitRequest,
    WarmStartSource,
    check_continuable,
    compile_candidate,
    fit_models,
    list_models,
    open_candidate,
    settings_of,
    validation_predictions,
)
from litmus_core.engine._families.xgboost import used_trees
from litmus_core.engine._folds import ray_tasks as fold_ray
from litmus_core.engine._run_folder.folder import predictor_path, read_rows
from litmus_core.engine._warm_start import warm_start_refreshing, warm_start_state
from litmus_core.engine._warm_start.reused_member import load_model
from litmus_core.errors import DataError, UsageError
from litmus_core.types import Algorithm, Compute, Folds, Hyperparameter, Resources, Task
from tests.cluster.pretend import PretendRay, pretend
from tests.engine.conftest import COLUMNS, table, task
from tests.session import once

OLD, ALL = 200, 320
METRICS: dict[str, str] = {"binary": "log_loss", "multiclass": "log_loss", "regression": "rmse"}


def rounds(key: str, name: str) -> Algorithm:
    return Algorithm(key=key, hyperparameters=(Hyperparameter(name=name, value=12),))


BOOSTERS = (
    rounds("lightgbm", "num_boost_round"),
    rounds("xgboost", "n_estimators"),
    rounds("catboost", "iterations"),
)


def rows(problem_type: str) -> pd.DataFrame:
    frame = pd.concat([table(OLD), table(ALL - OLD, seed=3)], ignore_index=True)
    answers = {
        "binary": frame["signal"] > 0.5,
        "multiclass": pd.cut(frame["signal"], [-np.inf, 0, 1, np.inf], labels=["low", "mid", "high"]).astype(
            str
        ),
        "regression": frame["signal"],
    }
    return frame.assign(answer=answers[problem_type])


def fitted(folder: Path, frame: pd.DataFrame, asked: Task, *, folds: int | Folds = 0, **more: Any) -> Path:
    """Fit on a frame whose every fourth row validates, unless there are folds."""
    validates = frame.index % 4 == 0
    request = FitRequest(
        folder=folder,
        train=frame if folds else frame[~validates],
        validation=None if folds else frame[validates],
        columns=COLUMNS,
        task=asked,
        deadline=time.time() + 60,
        **{"families": (), **more},
        folds=folds if isinstance(folds, Folds) else Folds(folds),
    )
    fit_models(request, on_model=lambda _: None, on_start=lambda _: None, should_stop=lambda: False)
    return folder


def continued(
    before: Path,
    model: str,
    to: Path,
    frame: pd.DataFrame,
    asked: Task,
    *,
    folds: int | Folds = 0,
    **more: Any,
) -> Path:
    carried = WarmStartSource(folder=before, model=model, n_before=OLD)
    return fitted(to, frame, asked, folds=folds, source=carried, **more)


@once(params=["binary", "multiclass", "regression"])
def earlier(kind: str, folder: Path) -> tuple[Path, pd.DataFrame, Task]:
    frame, asked = rows(kind), task(kind, METRICS[kind])
    folder = fitted(folder / "run", frame[:OLD], asked, algorithms=BOOSTERS)
    return folder, frame, asked


@pytest.mark.parametrize("family", ["lightgbm", "xgboost", "catboost"])
def test_a_booster_goes_on_as_its_library_does(earlier, tmp_path, family):
    folder, frame, asked = earlier
    model = next(each.model for each in list_models(folder) if each.family == family)
    to = continued(folder, model, tmp_path / "run", frame, asked)
    (grown,) = list_models(to)

    assert grown.name.endswith("continued")
    assert grown.family == family
    index, answers = validation_predictions(to, grown.model)
    own = library_says(family, folder, model, to, grown.model, frame)
    assert index.tolist() == [at for at in range(ALL) if at % 4 == 0]
    assert (answers[:, -1] if answers.ndim == 2 else answers) == pytest.approx(own, abs=1e-6)
    compile_candidate(to, grown.model, tmp_path / "compiled")
    compiled = open_candidate(to, grown.model, executor=load_compiled(tmp_path / "compiled"))
    answer = compiled.predict_values if asked.problem_type == "regression" else compiled.predict_proba
    assert answer(frame.loc[index]) == pytest.approx(answers, abs=1e-5)


def test_ray_grows_what_grows_without_the_earlier_run_s_files(earlier, tmp_path, monkeypatch):
    folder, frame, asked = earlier
    model = next(each.model for each in list_models(folder) if each.family == "lightgbm")
    here = continued(folder, model, tmp_path / "here", frame, asked, compute=Compute(train=Resources(cpus=1)))
    pretend(monkeypatch, fold_ray.__name__, PretendRay({"CPU": 1.0}))
    fitted, n_fits = fold_ray._run_fit, []

    def elsewhere(what: str, *given: Any) -> Any:
        n_fits.append(what)
        if what == "begin":
            return fitted(what, *given)
        folder.rename(folder.with_name("away"))
        try:
            return fitted(what, *given)
        finally:
            folder.with_name("away").rename(folder)

    monkeypatch.setattr(fold_ray, "_run_fit", elsewhere)
    there = continued(
        folder, model, tmp_path / "there", frame, asked, compute=Compute(train=Resources(cpus=1), where="ray")
    )

    assert [each.model for each in list_models(there)] == [each.model for each in list_models(here)]
    assert n_fits.count("model") == 1
    for each in list_models(there):
        _, answers = validation_predictions(there, each.model)
        assert answers == pytest.approx(validation_predictions(here, each.model)[1], abs=1e-9)


def library_says(family: str, folder: Path, model: str, to: Path, grown: str, frame: pd.DataFrame) -> Any:
    """Let the library itself go on with the earlier model; return (n,) what it says of validation rows."""
    before = load_model(str(predictor_path(folder) / "models" / model), "")
    ours = load_model(str(predictor_path(to) / "models" / grown), "").model
    pipeline, target = warm_start_state(WarmStartSource(folder=folder, model=model, n_before=OLD))
    names = [column.name for column in COLUMNS]
    validates = frame.index % 4 == 0
    X, X_val = (before.preprocess(pipeline.transform(frame[each][names])) for each in (~validates, validates))
    y = target.encode(frame[~validates]["answer"])
    if family == "lightgbm":
        extra = {"num_class": 3} if before.problem_type == "multiclass" else {}
        params = {name: value for name, value in before.params.items() if name != "num_boost_round"}
        objective = {"multiclass": "multiclass", "binary": "binary"}.get(before.problem_type, "regression")
        params |= {"objective": objective, "verbose": -1, **extra}
        own = lightgbm.train(params, lightgbm.Dataset(X, y), 12, init_model=before.model)
        assert ours.current_iteration() > before.model.current_iteration()
        said = own.predict(X_val, num_iteration=ours.current_iteration())
    elif family == "xgboost":
        start = used_trees(before.model)
        own = type(before.model)(**before.model.get_params())
        own.fit(X, y, xgb_model=start)
        assert ours.best_iteration >= start.num_boosted_rounds()
        ask = own.predict if isinstance(own, xgboost.XGBRegressor) else own.predict_proba
        said = ask(X_val, iteration_range=(0, ours.best_iteration + 1))
    else:
        features = list(before._category_features)
        own = type(before.model)(**before.model.get_params())
        own.fit(Pool(X, y, cat_features=features), init_model=before.model, verbose=False)
        assert ours.tree_count_ > before.model.tree_count_
        ask = own.predict_proba if hasattr(own, "predict_proba") else own.predict
        said = ask(Pool(X_val, cat_features=features), ntree_end=ours.tree_count_)
    return said[:, -1] if np.ndim(said) == 2 else said


@once()
def bagged(folder: Path) -> tuple[Path, pd.DataFrame, Task]:
    frame, asked = rows("regression"), task("binary", "log_loss")
    odd = frame["count"] % 2 == 1  # which a linear model cannot see
    frame["answer"] = frame["signal"] + 2 * odd > 1
    folder = folder / "run"
    fitted(folder, frame[:OLD], asked, folds=3, algorithms=BOOSTERS[:1], families=("linear",))
    return folder, frame, asked


def test_each_fold_goes_on_by_itself_and_old_rows_stay_in_theirs(bagged, tmp_path):
    folder, frame, asked = bagged
    model = next(each.model for each in list_models(folder) if each.family == "lightgbm")
    to = continued(folder, model, tmp_path / "run", frame, asked, folds=3)
    (grown,) = list_models(to)
    index, answers = validation_predictions(to, grown.model)

    was, now = read_rows(folder), read_rows(to)
    assert now.fold[:OLD].tolist() == was.fold.tolist()
    assert np.bincount(now.fold[OLD:]).min() >= (ALL - OLD) // 3 - 2
    assert index.tolist() == list(range(ALL))
    pipeline, _ = warm_start_state(WarmStartSource(folder=to, model=grown.model, n_before=OLD))
    features = pipeline.transform(frame[[column.name for column in COLUMNS]])
    for at in range(3):
        fold = load_model(str(predictor_path(to) / "models" / grown.model), f"S1F{at + 1}")
        tested = now.fold == at
        assert answers[tested, 1] == pytest.approx(fold.predict_proba(features[tested]), abs=1e-6)


def test_an_ensemble_keeps_what_cannot_grow_as_it_was(bagged, tmp_path):
    folder, frame, asked = bagged
    ensemble = next(each for each in list_models(folder) if each.is_ensemble)
    to = continued(folder, ensemble.model, tmp_path / "run", frame, asked, folds=3)
    models = {each.family: each for each in list_models(to)}

    assert models["linear"].name == "Linear model: as it was"
    assert "continued" in models["lightgbm"].name
    plain = next(each.model for each in list_models(folder) if each.family == "linear")
    old = validation_predictions(folder, plain)[1]
    assert validation_predictions(to, models["linear"].model)[1][:OLD] == pytest.approx(old, abs=1e-9)


def test_models_without_boosted_trees_are_refused_with_those_that_can(bagged):
    folder, _, _ = bagged
    linear = next(each.model for each in list_models(folder) if each.family == "linear")

    with pytest.raises(
        UsageError, match=r"linear models are fitted in one step.*LightGBM.*CatBoost.*XGBoost"
    ):
        check_continuable(folder, linear)


def test_the_settings_that_train_it_anew_are_those_it_was_trained_with(bagged):
    folder, _, _ = bagged
    by_card = {each.family: each.model for each in list_models(folder)}

    assert settings_of(folder, by_card["lightgbm"]) == ((), BOOSTERS[:1])
    assert settings_of(folder, by_card["linear"]) == (("linear",), ())


@pytest.mark.parametrize("family", ["lightgbm", "xgboost", "catboost", "forest"])
def test_a_random_state_that_was_asked_for_is_among_them_and_the_runs_own_seed_is_not(tmp_path, family):
    frame, asked = rows("binary"), replace(task("binary", "log_loss"), seed=5)
    steps = Hyperparameter(name="iterations" if family == "catboost" else "n_estimators", value=4)
    asks = [(steps,), (steps, Hyperparameter(name="random_state", value=42))]
    algorithms = tuple(Algorithm(key=family, hyperparameters=each) for each in asks)
    folder = fitted(tmp_path, frame[:OLD], asked, algorithms=algorithms)
    found = []
    for model in (each.model for each in list_models(folder) if not each.is_ensemble):
        _, (settings,) = settings_of(folder, model)
        found.append({each.value for each in settings.hyperparameters})
    assert sorted(found, key=len) == [{4}, {4, 42}]


def test_a_class_never_seen_is_refused_when_it_is_about_to_be_learned(earlier, tmp_path):
    folder, frame, asked = earlier
    if asked.problem_type == "regression":
        return
    unseen = frame.assign(answer=frame["answer"].astype(object))
    unseen.loc[ALL - 1, "answer"] = "other"
    model = list_models(folder)[0].model

    with pytest.raises(
        DataError, match="1 rows have answers that the model was not trained for, such as 'other'"
    ):
        continued(folder, model, tmp_path / "run", unseen, asked)


def test_a_new_row_of_a_known_group_goes_to_the_groups_fold(bagged):
    folder, _, _ = bagged
    was = read_rows(folder).fold
    index = np.arange(ALL)
    groups = np.concatenate([was, np.tile([0, 1, 2, 7], ALL)[: ALL - OLD]])  # old rows of a fold are a group
    carried = WarmStartSource(folder=folder, model="", n_before=OLD)

    folding = warm_start_refreshing(carried, np.zeros(ALL, dtype=np.int64), index, groups=groups, seed=0)

    number = folding.tested_in()
    assert (number[groups < 7] == groups[groups < 7]).all()
    assert len(set(number[groups == 7])) == 1
    assert all(not set(learned) & set(tested) for learned, tested in folding.folds)
