"""Models of one's own in a real fit: beside families, in folds, in the ensemble, and when they go wrong."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from litmus_core.engine import (
    FitRequest,
    FittedModel,
    compilable,
    fit_models,
    list_models,
    open_candidate,
    open_for_validation,
    validation_predictions,
)
from litmus_core.errors import NoAnswerError
from litmus_core.plugins import copy_parts
from litmus_core.types import Compute, CustomModel, Folds, Resources
from tests.elsewhere import script
from tests.engine.conftest import COLUMNS, table, task
from tests.session import once
from tests.warm import client as warm

TESTS = Path(__file__).resolve().parents[1]
_ABSTRACT = '''
import numpy as np
from autogluon.core.models import AbstractModel


class Halves(AbstractModel):
    """Answers by which half of the first number a row is in."""

    ag_key = "HALVES"
    ag_name = "Halves"

    def _fit(self, X, y, X_val=None, y_val=None, **kwargs):
        first = X.iloc[:, 0].fillna(0)
        self.cut = float(first.median())
        self.model = [float(y[first <= self.cut].mean()), float(y[first > self.cut].mean())]

    def _predict_proba(self, X, **kwargs):
        return np.where(X.iloc[:, 0].fillna(0) > self.cut, self.model[1], self.model[0])
'''


@dataclass(frozen=True)
class Fit:
    folder: Path
    frame: pd.DataFrame
    reported: list[FittedModel]
    failures: tuple[str, ...]


def fit(
    folder: Path,
    frame: pd.DataFrame,
    wanted: Any,
    *references: str | CustomModel,
    n_train: int,
    folds: int = 0,
    seconds: float = 60,
    base: Path = TESTS,
) -> Fit:
    models = copy_parts(
        [CustomModel(reference=each) if isinstance(each, str) else each for each in references],
        base=base,
        to=folder / "modules",
    )
    reported: list[FittedModel] = []
    failures = fit_models(
        FitRequest(
            folder=folder,
            train=frame[:n_train],
            validation=None if folds else frame[n_train:],
            columns=COLUMNS,
            task=wanted,
            families=("linear",),
            deadline=time.time() + seconds,
            custom=models,
            folds=Folds(folds),
            compute=Compute(train=Resources(cpus=1)),
        ),
        on_model=reported.append,
        on_start=lambda name: None,
        should_stop=lambda: False,
    ).sentences
    return Fit(folder=folder, frame=frame, reported=reported, failures=failures)


def of(*names: str) -> list[str]:
    return [f"custom_models.py:{name}" for name in names]


@once()
def binary_fit(folder: Path) -> Fit:
    """A class of NumPy, one of AutoGluon's kind, a function that makes a forest."""
    base = folder / "base"
    base.mkdir()
    (base / "halves.py").write_text(_ABSTRACT)
    frame = table(200)
    frame["answer"] = np.where(frame["signal"] > 1, "yes", "no")
    own = TESTS / "custom_models.py"
    return fit(
        folder / "run",
        frame,
        task("binary", "roc_auc", positive_class="yes"),
        f"{own}:NearestMean",
        f"{own}:small_forest",
        "halves:Halves",
        n_train=140,
        base=base,
    )


def test_they_are_on_the_leaderboard_by_their_names_and_better_than_guessing(binary_fit: Fit) -> None:
    assert binary_fit.failures == ()
    scores = {each.name: each.validation_score for each in binary_fit.reported}
    assert {"NearestMean", "small_forest", "Halves", "Linear model"} <= set(scores)
    assert all(score is not None and score > 0.6 for score in scores.values())
    assert {each.family_kind for each in binary_fit.reported if each.family == "custom"} == {"own code"}
    assert list(list_models(binary_fit.folder)) == binary_fit.reported


def test_parameters_reach_the_fitted_object(tmp_path: Path) -> None:
    frame = table(120)
    frame["answer"] = np.where(frame["signal"] > 1, "yes", "no")
    flat = CustomModel(reference="sklearn.linear_model:LogisticRegression", parameters=(("C", 1e-6),))
    machine = CustomModel(reference="sklearn.svm:SVC", parameters=(("probability", False),))
    fitted = fit(tmp_path, frame, task("binary", "roc_auc"), flat, machine, n_train=90)
    (model,) = [each for each in fitted.reported if each.family == "custom"]
    assert np.ptp(validation_predictions(fitted.folder, model.model)[1][:, 1]) < 0.01  # 0.9 where C is 1
    assert fitted.failures == ("Your model SVC stopped: with these parameters SVC has no predict_proba.",)


def test_whoever_opens_a_run_gets_the_same_numbers_without_importing_their_code(binary_fit: Fit) -> None:
    for model in ("custom-NearestMean", "custom-Halves"):
        index, expected = validation_predictions(binary_fit.folder, model)
        rows = binary_fit.frame.loc[index]
        predictor = open_candidate(binary_fit.folder, model)
        np.testing.assert_allclose(predictor.predict_proba(rows), expected, atol=1e-6)
        one = predictor.predict_proba([rows.drop(columns=["answer", "signal"]).iloc[3].to_dict()])
        np.testing.assert_allclose(one[0], expected[3], atol=1e-6)
    assert not {"custom_models", "halves"} & set(sys.modules)


def test_production_runs_them_in_place_and_says_in_words_where_they_fail(
    binary_fit: Fit, tmp_path: Path, warm_workers: warm.Server
) -> None:
    warm_workers.start()
    program = """
import pandas as pd, sys
from pathlib import Path
from litmus_core.engine import open_candidate
from litmus_core.errors import NoAnswerError
from litmus_core.plugins import copy_parts
rows = pd.read_pickle(sys.argv[2])
predictor = open_candidate(Path(sys.argv[1]), "custom-NearestMean", custom_in_process=True)
print(predictor.predict_proba(rows)[:, 1].tolist())
import custom_models
custom_models.NearestMean.predict_proba = custom_models.FailsOnManyRows.predict_proba
custom_models.NearestMean.most = 3
try:
    predictor.predict_proba(rows)
except NoAnswerError as error:
    print(error.message)
"""
    model = "custom-NearestMean"
    index, expected = validation_predictions(binary_fit.folder, model)
    rows = tmp_path / "asked.pkl"
    binary_fit.frame.loc[index].to_pickle(rows)
    done = subprocess.run(
        [*script(program, tmp_path), str(binary_fit.folder), str(rows)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    numbers, said = done.stdout.splitlines()[-2:] if done.returncode == 0 else ("[]", done.stderr)
    np.testing.assert_allclose(eval(numbers), expected[:, 1], atol=1e-6)
    line = next(
        number
        for number, text in enumerate((TESTS / "custom_models.py").read_text().splitlines(), start=1)
        if "that many rows" in text
    )
    assert said == (
        f"The model NearestMean stopped: RuntimeError: that many rows, in line {line} of custom_models.py."
    )


def test_they_stay_native_because_they_are_someones_own_code(binary_fit: Fit) -> None:
    assert compilable(binary_fit.folder, "custom-Halves") == "it is your own code"
    ensembles = [each.model for each in binary_fit.reported if each.is_ensemble]
    assert all(compilable(binary_fit.folder, each) == "it is your own code" for each in ensembles)


def test_what_they_print_is_kept_up_to_a_limit(binary_fit: Fit) -> None:
    log = binary_fit.folder / "custom.log"
    assert log.read_bytes().startswith(b"noise\nnoise\n")
    assert log.stat().st_size <= 1 << 20


def test_several_classes_in_folds_are_scored_out_of_fold_and_join_the_ensemble(tmp_path: Path) -> None:
    frame = table(150, seed=1)
    apart = (frame['width "in" [mm]'] > 0) ^ (frame["count"] > 4)  # which no linear model tells
    frame["answer"] = np.where(frame["signal"] > 1.6, "high", np.where(apart, "odd", "even"))
    found = fit(
        tmp_path, frame, task("multiclass", "log_loss"), *of("NearestMean", "small_forest"),
        n_train=150, folds=2,
    )  # fmt: skip
    assert found.failures == ()
    index, prediction = validation_predictions(tmp_path, "custom-small_forest_BAG_L1")
    assert index.tolist() == list(range(150))
    np.testing.assert_allclose(prediction.sum(axis=1), 1.0)
    again = open_for_validation(tmp_path, "custom-small_forest_BAG_L1").predict_proba(frame)
    np.testing.assert_allclose(again, prediction, atol=1e-6)
    (ensemble,) = [each for each in found.reported if each.is_ensemble]
    assert any(parent.startswith("custom-") for parent in ensemble.parents)


def test_a_number_is_predicted_by_a_model_that_takes_data_frames(tmp_path: Path) -> None:
    frame = table(150, seed=2)
    frame["answer"] = 100 + 10 * frame["signal"]
    found = fit(tmp_path, frame, task("regression", "rmse"), *of("LeastSquares"), n_train=100)
    assert found.failures == ()
    score = next(each.validation_score for each in found.reported if each.name == "LeastSquares")
    assert score is not None
    assert score < frame["answer"].std()


def test_each_way_to_go_wrong_is_a_sentence_and_the_rest_is_trained(tmp_path: Path) -> None:
    frame = table(160)
    frame["answer"] = np.where(frame["signal"] > 1, "yes", "no")
    names = ("Raises", "Exits", "Crashes", "Eats", "GivesOneColumnTooMany", "CannotBeKept", "NearestMean")
    found = fit(tmp_path, frame, task("binary", "roc_auc"), *of(*names), n_train=110)
    lines = (TESTS / "custom_models.py").read_text().splitlines()

    def line_of(text: str) -> int:
        return next(number for number, line in enumerate(lines, start=1) if text in line)

    said = dict(zip(names, found.failures, strict=False))
    where = "of custom_models.py."
    assert said["Raises"] == (
        f"Your model Raises stopped: ValueError: no luck, in line {line_of('no luck')} {where}"
    )
    assert said["Exits"] == (
        f"Your model Exits stopped: it called sys.exit(3), in line {line_of('sys.exit(3)')} {where}"
    )
    assert said["Crashes"] == "Your model Crashes stopped: its process crashed (SIGSEGV)."
    assert said["Eats"] == (
        "Your model Eats stopped: it asked for more memory than the machine has free, "
        f"in line {line_of('1 << 40')} {where}"
    )
    assert "predict_proba gave an array of shape (50, 3) for 50 rows" in said["GivesOneColumnTooMany"]
    assert said["CannotBeKept"].startswith(
        "Your model CannotBeKept stopped: it was fitted but cannot be kept:"
    )
    assert {each.name for each in found.reported} >= {"NearestMean", "Linear model"}


def test_one_that_never_ends_costs_its_share_of_the_time_only(tmp_path: Path) -> None:
    frame = table(160)
    frame["answer"] = np.where(frame["signal"] > 1, "yes", "no")
    found = fit(tmp_path, frame, task("binary", "roc_auc"), *of("Loops"), n_train=110, seconds=8)
    (said,) = found.failures
    assert said.startswith("Your model Loops stopped: it was not done in the ")
    assert [each.name for each in found.reported] == ["Linear model"]


def test_what_its_module_imports_costs_nothing_of_its_time(tmp_path: Path) -> None:
    mean = (TESTS / "custom_models.py").read_text()
    (tmp_path / "slow.py").write_text(f"{mean}\nimport time\n\ntime.sleep(5)  # as a large package takes\n")
    frame = table(160)
    frame["answer"] = np.where(frame["signal"] > 1, "yes", "no")
    wanted = task("binary", "roc_auc")

    found = fit(tmp_path, frame, wanted, "slow.py:NearestMean", n_train=110, seconds=10, base=tmp_path)

    assert (found.failures, "NearestMean" in {each.name for each in found.reported}) == ((), True)


def test_one_that_fails_later_says_so_as_an_error_in_words(tmp_path: Path) -> None:
    frame = table(160)
    frame["answer"] = np.where(frame["signal"] > 1, "yes", "no")
    fit(tmp_path, frame, task("binary", "roc_auc"), *of("FailsOnManyRows"), n_train=110)
    predictor = open_candidate(tmp_path, "custom-FailsOnManyRows")
    with pytest.raises(NoAnswerError, match="Your model FailsOnManyRows stopped: RuntimeError: that many"):
        predictor.predict_proba(frame)
    assert len(predictor.predict_proba(frame[:9])) == 9
