"""One parameter at a time: read by every door, told to every fit, and asked of the fitted model."""

from __future__ import annotations

import importlib
import json
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from litmus_core import Algorithm
from litmus_core.deploy._code_templates import _algorithm
from litmus_core.engine import FitRequest, check_algorithms
from litmus_core.engine._autogluon.trainer_folder import quiet
from litmus_core.engine._catalog.hyperparameters import list_hyperparameters
from litmus_core.engine._custom._fitted_model import fit_model
from litmus_core.engine._fit.workers import hyperparameters_for
from litmus_core.engine._run_folder.fitted_values import reported_values, same_value
from litmus_core.engine._tuning._fitting import Fitting, _for_a_trial
from litmus_core.errors import LitmusError
from litmus_core.experiments import parse_algorithm
from litmus_core.recipes import read_recipe
from litmus_core.types import Algorithm as Planned
from litmus_core.types import Column, Compute, Folds, ProblemType, Resources, Scalar, Task

Outcome = str  # "carried", "refused: …", "no value", or "lost: …"
CARDS = (
    *("lightgbm", "lightgbm_random", "catboost", "xgboost", "forest", "extra_trees", "linear", "network"),
    *("text_linear", "text_nearest"),
)
_STEPS = {"num_boost_round": 7, "iterations": 7, "n_estimators": 7, "num_epochs": 2}
_METRICS = {"binary": "log_loss", "multiclass": "log_loss", "regression": "rmse"}
# What is tried, in this order, until a check allows it: texts that libraries know among them.
_VALUES: tuple[Scalar, ...] = (
    *(3, 5, 0.3, 0.7, True, False, 2, 1, 0, 0.01, 20),
    *(
        "sqrt",
        "log2",
        "balanced",
        "most_frequent",
        "entropy",
        "absolute_error",
        "saga",
        "L1",
        "tanh",
        "sgd",
        "mean",
        "Bernoulli",
        "Plain",
    ),
    *("gbdt", "dart", "basic", "Ordered", "Lossguide", "lossguide", "hist", "uniform", "distance", "cpu"),
    *("Newton", "MultiClass", "Logloss", "RMSE", "binary:logistic", "multi:softprob", "reg:squarederror"),
    *("binary", "multiclass", "regression_l1", "Silent", "Min", "brute", "poly", "scale", "text"),
)
_ONLY_ONES: dict[str, tuple[Scalar, ...]] = {"max_depth": (3, 4), "depth": (3, 4), "n_jobs": (1, 2)}
OWN_CLASSES: dict[str, dict[str, Scalar]] = {
    "sklearn.linear_model:LogisticRegression": {
        "C": 1e-6,
        "tol": 0.01,
        "fit_intercept": False,
        "max_iter": 33,
        "class_weight": "balanced",
        "solver": "newton-cg",
        "random_state": 3,
    },
    "sklearn.ensemble:RandomForestClassifier": {
        "n_estimators": 4,
        "max_depth": 2,
        "criterion": "entropy",
        "min_samples_leaf": 9,
        "bootstrap": False,
        "max_features": "log2",
        "max_leaf_nodes": 5,
        "class_weight": "balanced",
        "ccp_alpha": 0.01,
    },
    "sklearn.ensemble:GradientBoostingClassifier": {
        "learning_rate": 0.7,
        "n_estimators": 3,
        "subsample": 0.5,
        "max_depth": 2,
        "loss": "exponential",
    },
    "sklearn.neighbors:KNeighborsClassifier": {
        "n_neighbors": 3,
        "weights": "distance",
        "p": 1,
        "algorithm": "brute",
        "leaf_size": 9,
    },
    "sklearn.naive_bayes:GaussianNB": {"var_smoothing": 0.5},
    "sklearn.tree:DecisionTreeClassifier": {"max_depth": 2, "splitter": "random", "min_samples_split": 9},
    "sklearn.svm:SVC": {"C": 0.01, "kernel": "poly", "degree": 2, "gamma": "auto", "probability": True},
    "sklearn.neural_network:MLPClassifier": {
        "hidden_layer_sizes": 4,
        "activation": "tanh",
        "alpha": 0.1,
        "max_iter": 3,
        "learning_rate_init": 0.1,
    },
}


def names_of(card: str, problem_type: ProblemType) -> list[str]:
    """Return every name that a hyperparameter of the card may be given by."""
    return sorted(list_hyperparameters(card, problem_type).main)


def fit_card(card: str, problem_type: ProblemType, name: str) -> Outcome:
    """Fit the card with two values of one hyperparameter, each read by every door."""
    outcomes = [_fit_value(card, problem_type, name, value) for value in _two(card, problem_type, name)]
    if not outcomes:
        return "no value"
    return next((each for each in outcomes if each.startswith("lost")), outcomes[0])


def _two(card: str, problem_type: ProblemType, name: str) -> Iterator[Scalar]:
    n_found = 0
    for value in _ONLY_ONES.get(name, _VALUES):
        try:
            check_algorithms([Algorithm(card, **{name: value}).algorithm()], problem_type)
        except LitmusError:
            continue
        yield value
        n_found += 1
        if n_found == 2:
            return


def _fit_value(card: str, problem_type: ProblemType, name: str, value: Scalar) -> Outcome:
    asked = Algorithm(card, **{name: value}).algorithm()
    for door, read in _read_by_doors(card, name, value, asked).items():
        if read != asked:
            return f"lost: {name}={value!r} by {door} is {read}"
    fitting = _fitting(problem_type)
    main = list_hyperparameters(card, problem_type).main
    steps = {step: n for step, n in _STEPS.items() if step in main and main[step] != main[name]}
    settings = {**dict([next(iter(steps.items()))] if steps else []), name: value}
    kind, told = fitting._model_settings(card, settings)
    of_run = _told_by_run(fitting.request, Algorithm(card, **settings).algorithm())
    if of_run != told:
        return f"lost: a run is told {of_run}, and a trial of tuning {told}"
    try:
        model = _fit(fitting, kind, told)
    except Exception as error:  # noqa: BLE001 - whatever a library raises is told by a run
        return f"refused: {type(error).__name__}: {str(error)[:80]}"
    has = reported_values(model).get(main[name], "nothing")
    if same_value(value, has) or (main[name] in _STEPS and float(has) <= float(value or 0)):
        return "carried"
    return f"lost: {name}={value!r}, the model has {has!r}"


def _read_by_doors(card: str, name: str, value: Scalar, asked: Planned) -> dict[str, Any]:
    """Return what each door that takes text reads; names with a dot are for Python and recipes."""
    doors: dict[str, Any] = {}
    if name.isidentifier():
        doors["text"] = parse_algorithm(f"{card}({name}={value!r})").algorithm()
        doors["code"] = eval(_algorithm(asked, {}), {"Algorithm": Algorithm}).algorithm()
    doors["recipe"] = _of_recipe(card, name, value)
    return doors


def _of_recipe(card: str, name: str, value: Scalar) -> Any:
    written = json.dumps(value)
    recipe = read_recipe(
        "format: 1\nname: one\nversion: 1\ndescription: One value.\npipelines:\n  given:\n    algorithms:\n"
        f"      - {card}: {{{name}: {written}}}\nsteps:\n  - try: given\n"
    )
    return recipe.steps[0].pipelines[0].algorithms[0]


def _told_by_run(request: FitRequest, asked: Planned) -> dict[str, Any]:
    ((setting,),) = hyperparameters_for(replace(request, families=(), algorithms=(asked,))).values()
    return _for_a_trial(setting)


def _fit(fitting: Fitting, kind: Any, told: dict[str, Any]) -> Any:
    rows = fitting._part(0)
    with tempfile.TemporaryDirectory(dir=fitting.scratch) as folder, quiet():
        model = kind(
            path=folder,
            name="one",
            problem_type=fitting.target.problem_type,
            eval_metric=fitting._scorer,
            hyperparameters=told,
        )
        model.fit(
            X=rows.X.copy(),
            y=rows.y,
            X_val=rows.X_val.copy(),
            y_val=rows.y_val,
            time_limit=20,
            feature_metadata=fitting._metadata,
            num_classes=len(fitting.target.classes) or None,
            total_resources={"num_cpus": 1, "num_gpus": 0},
            verbosity=0,
        )
    return model


@cache
def _fitting(problem_type: ProblemType) -> Fitting:
    """Return what fits on a small table with a number, a category and a text."""
    random = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "size": random.normal(size=120),
            "rooms": random.integers(1, 9, 120).astype(float),
            "colour": random.choice(np.array(["red", "green", "blue"], dtype=object), 120),
            "about": random.choice(np.array(["big red box", "small box", "a lid"], dtype=object), 120),
        }
    )
    score = frame["size"] + frame["rooms"] / 4 + (frame["colour"] == "red") + random.normal(size=120) / 3
    names = np.array(["a", "b", "c"] if problem_type == "multiclass" else ["a", "b"], dtype=object)
    cuts = np.quantile(score, np.arange(1, len(names)) / len(names))
    frame["answer"] = score if problem_type == "regression" else names[np.searchsorted(cuts, score)]
    kinds = (("size", "number", "DOUBLE"), ("rooms", "number", "DOUBLE"), ("colour", "category", "VARCHAR"))
    columns = tuple(
        Column(name=name, original_name=name, kind=kind, storage=storage)  # type: ignore[arg-type]
        for name, kind, storage in (*kinds, ("about", "text", "VARCHAR"))
    )
    folder = Path(tempfile.mkdtemp(prefix="litmus-parameters-"))
    scratch = folder / "predictor" / "tuning"
    scratch.mkdir(parents=True)
    request = FitRequest(
        folder=folder,
        train=frame[:90],
        validation=frame[90:],
        columns=columns,
        task=Task(
            dataset_version_id="dv",
            target="answer",
            problem_type=problem_type,
            metric=_METRICS[problem_type],
            features=tuple(each.name for each in columns),
            positive_class="b" if problem_type == "binary" else None,
        ),
        families=("linear",),
        deadline=time.time() + 36_000,
        folds=Folds(0),
        compute=Compute(train=Resources(cpus=1)),
    )
    return Fitting(request, scratch=scratch)


def fit_own(reference: str, name: str) -> Outcome:
    """Fit a class as its own process does, and ask what came of it."""
    module, _, called = reference.partition(":")
    value = OWN_CLASSES[reference][name]
    rows = _fitting("binary")._part(0)
    more = {"probability": True} if called == "SVC" else {}
    fitted = fit_model(
        getattr(importlib.import_module(module), called),
        {"X": rows.X.select_dtypes("number"), "y": rows.y},
        problem_type="binary",
        n_classes=2,
        seed=0,
        folder="",
        options={},
        parameters={**more, name: value},
    )
    has = fitted.reported()[name]
    return "carried" if same_value(value, has) else f"lost: {name}={value!r}, the model has {has!r}"
