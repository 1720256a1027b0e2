"""What is asked for reaches the fitted model, of every kind, and its name says what was fitted."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from litmus_core.engine import FitRequest, FittedModel, fit_models, validation_predictions
from litmus_core.engine._autogluon.trainer_folder import open_trainer
from litmus_core.engine._catalog.hyperparameters import list_hyperparameters
from litmus_core.engine._run_folder.fitted_values import fitted_title, reported_values, same_value
from litmus_core.plugins import copy_parts
from litmus_core.types import Algorithm, Compute, CustomModel, Folds, Hyperparameter, Resources
from tests.engine.conftest import COLUMNS, table, task
from tests.session import once

TESTS = Path(__file__).resolve().parents[1]
# For every model family that needs no further library, and every kind of custom model: a value, and
# another one.
CARDS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "lightgbm": (
        {"num_leaves": 2, "n_estimators": 20, "random_state": 42},
        {"num_leaves": 9, "n_estimators": 20, "random_state": 7},
    ),
    "lightgbm_random": ({"eta": 0.3, "n_estimators": 20}, {"eta": 0.01, "n_estimators": 20}),
    "catboost": ({"depth": 3, "iterations": 20}, {"depth": 5, "iterations": 20}),
    "xgboost": ({"reg_alpha": 0.5, "n_estimators": 20}, {"reg_alpha": 9.0, "n_estimators": 20}),
    "forest": (
        {"n_estimators": 7, "max_depth": 3, "random_state": 42},
        {"n_estimators": 9, "max_depth": 6, "random_state": 7},
    ),
    "extra_trees": ({"n_estimators": 7, "criterion": "gini"}, {"n_estimators": 7, "criterion": "entropy"}),
    "linear": ({"C": 0.5}, {"C": 1e-4}),
    "text_linear": ({"use_columns": True}, {"use_columns": False}),
    "text_nearest": ({"neighbours": 3}, {"neighbours": 40}),
}
OWN: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "engine/many_kinds.py:Logit": ({"C": 1.0}, {"C": 1e-6, "name": "C", "steps": 4, "flat": True}),
    "engine/many_kinds.py:Tells": ({"C": 0.5}, {"C": 1e-6}),
    "engine/many_kinds.py:Opaque": ({"C": 0.5}, {"C": 1e-6}),
    "engine/many_kinds.py:logit": ({"C": 0.5}, {"C": 1e-6}),
    "engine/many_kinds.py:Halves": ({"share": 0.5}, {"share": 0.1}),
    "sklearn.linear_model:LogisticRegression": ({"C": 1.0}, {"C": 1e-6}),
    "sklearn.ensemble:RandomForestClassifier": (
        {"n_estimators": 5, "random_state": 42},
        {"n_estimators": 6, "max_depth": 1, "random_state": 7},
    ),
}
IN_FOLDS = (
    "lightgbm",
    "forest",
    "engine/many_kinds.py:Logit",
    "engine/many_kinds.py:Halves",
    "sklearn.ensemble:RandomForestClassifier",
)


@dataclass(frozen=True)
class Fit:
    """What came of a fit."""

    folder: Path
    models: list[FittedModel]
    notes: tuple[str, ...]

    def found(self, key: str, values: dict[str, Any], *, suffix: str = "") -> str:
        """Return AutoGluon's name of what was fitted of a family or a class with the values."""
        wanted = ", ".join(f"{name}={value}" for name, value in values.items())
        head = f"custom-{key.partition(':')[2]}, " if ":" in key else f"{key}-"
        (name,) = [each.model for each in self.models if each.model == f"{head}{wanted}{suffix}"]
        return name

    def values(self, model: str) -> dict[str, Any]:
        return reported_values(open_trainer(self.folder).load_model(model))


def fit(folder: Path, *, families: Any, own: Any, folds: int = 0) -> Fit:
    """Fit each family and class of one's own with both of its settings, beside each other."""
    frame = table(160)
    frame["answer"] = (frame["signal"] < 1.4).map({True: "yes", False: "no"}).astype(object)
    brought = copy_parts([CustomModel(reference=each) for each in own], base=TESTS, to=folder / "modules")
    models: list[FittedModel] = []
    report = fit_models(
        FitRequest(
            folder=folder,
            train=frame if folds else frame[:120],
            validation=None if folds else frame[120:],
            columns=COLUMNS,
            task=task("binary", "log_loss", positive_class="yes"),
            families=(),
            deadline=time.time() + 900,
            algorithms=tuple(
                Algorithm(
                    key=key,
                    hyperparameters=tuple(Hyperparameter(name=name, value=each[name]) for name in each),
                )
                for key, both in families.items()
                for each in both
            ),
            custom=tuple(
                replace(model, parameters=tuple(each.items()))
                for model, both in zip(brought, own.values(), strict=True)
                for each in both
            ),
            folds=Folds(folds, refit=folds > 0),
            compute=Compute(train=Resources(cpus=1)),
        ),
        on_model=models.append,
        on_start=lambda name: None,
        should_stop=lambda: False,
    )
    return Fit(folder, models, report.sentences)


@once()
def fitted(folder: Path) -> Fit:
    return fit(folder, families=CARDS, own=OWN)


@once()
def in_folds(folder: Path) -> Fit:
    families, own = ({key: each for key, each in of.items() if key in IN_FOLDS} for of in (CARDS, OWN))
    return fit(folder, families=families, own=own, folds=2)


def main_name(key: str, name: str) -> str:
    return name if ":" in key else list_hyperparameters(key, "binary").main[name]


@pytest.mark.parametrize(("key", "both"), [*CARDS.items(), *OWN.items()])
def test_every_kind_of_model_has_the_values_that_were_asked_for(fitted, key, both):
    for asked in both:
        has = fitted.values(fitted.found(key, asked))

        for name, value in asked.items():
            if name not in ("n_estimators", "iterations") or key in ("forest", "extra_trees"):
                assert same_value(value, has[main_name(key, name)]), name


@pytest.mark.parametrize(("key", "both"), [*CARDS.items(), *OWN.items()])
def test_another_value_makes_another_model(fitted, key, both):
    one, other = (validation_predictions(fitted.folder, fitted.found(key, asked))[1] for asked in both)

    assert np.abs(one - other).max() > 1e-4


@pytest.mark.parametrize("suffix", ["_BAG_L1", "_BAG_L1_FULL"])
@pytest.mark.parametrize("key", IN_FOLDS)
def test_folds_and_the_model_on_all_rows_have_them_too(in_folds, key, suffix):
    one, other = {**CARDS, **OWN}[key]
    for asked in (one, other):
        has = in_folds.values(in_folds.found(key, asked, suffix=suffix))

        for name, value in asked.items():
            if name not in ("n_estimators", "iterations") or key == "forest":
                assert same_value(value, has[main_name(key, name)]), name
    answers = [
        validation_predictions(in_folds.folder, in_folds.found(key, each, suffix="_BAG_L1"))[1]
        for each in (one, other)
    ]
    assert np.abs(answers[0] - answers[1]).max() > 1e-4


def test_names_say_what_was_fitted_and_a_fit_that_forgets_is_told(tmp_path):
    forgets = {"engine/many_kinds.py:Forgets": ({"C": 1e-6},)}

    found = fit(tmp_path, families={"catboost": ({"iterations": 3, "depth": 2},)}, own=forgets)

    names = {each.model: each.name for each in found.models if not each.is_ensemble}
    assert names == {
        "catboost-iterations=3, depth=2": "Boosted trees for categories (CatBoost): iterations=3, depth=2",
        "custom-Forgets, C=1e-06": "Forgets, C=1",
    }
    assert found.notes == ("Forgets, C=1 was fitted with C=1, though 1e-06 was asked for.",)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("encoder-folder=tiny_BAG_L1", ": folder=tiny"),
        ("encoder-mode=full, epochs=4 and more_BAG_L1_FULL", ": epochs=1 and more, on all rows"),
        ("encoder-mode=full, epochs=4, continued_BAG_L1", ": epochs=1, continued"),
        ("encoder-mode=full, as it was", ": as it was"),
        ("encoder-mode=full_BAG_L1", ""),
    ],
)
def test_a_name_keeps_all_but_the_values_that_a_fitted_model_does_not_have(name: str, title: str) -> None:
    fitted = SimpleNamespace(reported={"folder": "/models/tiny", "epochs": 1})
    of_two = SimpleNamespace(models=["S1F1", "S1F2"], load_child=lambda _: fitted)
    trainer = SimpleNamespace(load_model=lambda _: of_two, problem_type="binary")

    assert fitted_title(trainer, name) == f"Text encoder, pretrained{title}"
