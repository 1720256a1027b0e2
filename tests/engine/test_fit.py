"""Fitting: what is reported, what is on disk, and what is refused before time is spent."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from autogluon.tabular import TabularPredictor
from sklearn.ensemble import RandomForestClassifier

from litmus_core.engine import FitRequest, fit_models, list_models, open_candidate, validation_predictions
from litmus_core.errors import DataError, TrainingError, UnknownNameError, UsageError
from litmus_core.metrics import get_metric
from litmus_core.types import Compute, Folds, Resources, SplitPlan
from tests.cases import amount
from tests.engine.conftest import COLUMNS, table, task, train


def test_each_finished_model_is_reported_once_and_an_ensemble_at_the_end(binary):
    families = [model.family for model in binary.reported]
    assert sorted(families[:3]) == ["forest", "lightgbm", "linear"]
    assert families[3:] in (["ensemble"], [])  # an ensemble that is a single model is not a candidate
    assert binary.started[:2] == ["Linear model", "Fast boosted trees (LightGBM)"]


def test_listing_the_folder_gives_what_was_reported(binary, multiclass, regression):
    for trained in (binary, multiclass, regression):
        assert list(list_models(trained.folder)) == trained.reported


def test_model_json_says_what_the_models_are(binary):
    info = json.loads((binary.folder / "model.json").read_text())
    assert (info["problem_type"], info["target"], info["metric"]) == ("binary", "answer", "f1")
    assert (info["classes"], info["positive_class"]) == ([True, False], False)
    assert [column["name"] for column in info["columns"]] == [column.name for column in COLUMNS]
    assert info["versions"]["autogluon.tabular"] == "1.6.3"


def test_whole_number_labels_stay_integers_and_a_class_of_one_row_is_not_lost(multiclass):
    info = json.loads((multiclass.folder / "model.json").read_text())
    assert info["classes"] == [0, 1, 2, 9]


def test_a_loss_is_reported_in_its_own_sign(regression):
    assert all(0 < model.validation_score < 100 for model in regression.reported)


@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
def test_the_reported_score_is_our_metric_on_the_validation_predictions(request, kind):
    trained = request.getfixturevalue(kind)
    info = json.loads((trained.folder / "model.json").read_text())
    for model in trained.reported:
        index, prediction = validation_predictions(trained.folder, model.model)
        value = get_metric(trained.task.metric).score(
            trained.frame.loc[index, "answer"],
            prediction,
            classes=info["classes"],
            positive_class=trained.task.positive_class,
        )
        assert value == pytest.approx(model.validation_score)


def test_validation_predictions_are_what_the_opened_candidate_answers(binary, regression):
    for trained in (binary, regression):
        for model in list_models(trained.folder):
            index, prediction = validation_predictions(trained.folder, model.model)
            predictor = open_candidate(trained.folder, model.model)
            rows = trained.frame.loc[index]
            answer = predictor.predict_proba(rows) if trained is binary else predictor.predict_values(rows)
            assert np.abs(answer - prediction).max() < 1e-7 * np.abs(prediction).max()


def test_out_of_fold_predictions_cover_every_row_and_an_untestable_one_gets_the_shares(multiclass):
    index, prediction = validation_predictions(multiclass.folder, "linear_BAG_L1")
    assert index.tolist() == list(range(240))
    assert prediction.sum(axis=1) == pytest.approx(1.0)
    assert prediction[7].argmax() != 3
    assert prediction[7, 3] == pytest.approx(1 / 240)


def test_one_row_is_answered_exactly_as_within_a_batch(binary, multiclass):
    for trained in (binary, multiclass):
        rows = trained.frame.drop(columns=["answer", "signal"])[: amount(6, thorough=20)]
        for model in list_models(trained.folder):
            predictor = open_candidate(trained.folder, model.model)
            batch = predictor.predict_proba(rows)
            singly = [predictor.predict_proba([row]) for row in rows.to_dict("records")]
            assert np.array_equal(batch, np.concatenate(singly))


def test_the_first_class_in_order_can_be_the_positive_one(binary):
    predictor = open_candidate(binary.folder, "linear", threshold=0.9)
    index, prediction = validation_predictions(binary.folder, "linear")
    assert predictor.positive_class == "false"
    expected = [bool(share < 0.9) for share in prediction[:, 1]]
    assert predictor.predict(binary.frame.loc[index]).tolist() == expected


def test_labels_that_only_validation_holds_are_scored_as_wrong_and_not_dropped(tmp_path):
    frame = table(160)
    frame["answer"] = np.where(frame["signal"] > 1, "high up", "low")
    frame.loc[150:, "answer"] = "never seen"
    trained = train(
        tmp_path, frame[:120], task("multiclass", "accuracy"), families=["linear"], validation=frame[120:]
    )
    index, prediction = validation_predictions(tmp_path, "linear")
    assert index.tolist() == list(range(120, 160))
    assert prediction.shape == (40, 2)
    assert prediction.sum(axis=1) == pytest.approx(1.0)
    assert trained.reported[0].validation_score <= 30 / 40


def test_a_stop_between_models_keeps_the_finished_ones_and_fits_their_ensemble(tmp_path):
    frame = table(200)
    frame["answer"] = np.where(frame["signal"] > 1, "high", "low")
    finished = []

    def stop_after_two() -> bool:
        return len(finished) == 2

    fit_models(
        FitRequest(
            folder=tmp_path,
            train=frame[:140],
            validation=frame[140:],
            columns=COLUMNS,
            task=task("binary", "roc_auc"),
            families=("linear", "lightgbm", "forest", "xgboost"),
            deadline=time.time() + 60,
            folds=Folds(0),
            compute=Compute(train=Resources(cpus=1)),
        ),
        on_model=finished.append,
        on_start=lambda name: None,
        should_stop=stop_after_two,
    )
    assert [model.family for model in finished][:2] == ["linear", "lightgbm"]
    assert (tmp_path / "predictor" / "models" / "WeightedEnsemble_L2").exists()


def test_preparing_that_takes_all_of_the_time_is_said_in_words(tmp_path, monkeypatch):
    fitted = TabularPredictor.fit
    monkeypatch.setattr(
        TabularPredictor, "fit", lambda *given, **facts: fitted(*given, **{**facts, "time_limit": 1e-9})
    )
    with pytest.raises(TrainingError, match="Preparing the rows took all of the time"):
        _fit(**_asked(tmp_path))


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"families": ("linaer",)}, UnknownNameError, "Did you mean 'linear'"),
        ({"families": ()}, UsageError, "No model family is chosen"),
        ({"folds": Folds(1)}, UsageError, "^1 fold cannot be made"),
        ({"folds": Folds(100_000)}, UsageError, "100,000 folds cannot be fitted"),
        ({"validation": None}, UsageError, "There are no validation rows"),
        ({"deadline": 0.0}, TrainingError, "No time was left"),
    ],
)
def test_a_request_that_cannot_be_meant_is_refused_in_words(tmp_path, change, error, message):
    with pytest.raises(error, match=message):
        _fit(**{**_asked(tmp_path), **change})


def _asked(folder):
    frame = table(30).assign(answer=[0, 1] * 15)
    return {
        "folder": folder,
        "train": frame[:20],
        "validation": frame[20:],
        "columns": COLUMNS,
        "task": task("binary", "roc_auc"),
        "families": ("linear",),
        "deadline": time.time() + 60,
    }


def test_folds_in_order_of_time_are_refused_where_no_row_has_a_time(tmp_path):
    frame = table(30).assign(answer=[0, 1] * 15)
    by_time = task("binary", "roc_auc", split=SplitPlan(kind="time", column="when"))
    with pytest.raises(UsageError, match="need the rows' times"):
        train(tmp_path, frame, by_time, families=["linear"], folds=3)


def test_training_rows_of_one_class_are_refused(tmp_path):
    frame = table(30).assign(answer="yes")
    with pytest.raises(DataError, match="All training rows have the same label in 'answer': 'yes'"):
        train(tmp_path, frame[:20], task("binary", "f1"), families=["linear"], validation=frame[20:])


def test_a_metric_that_the_validation_rows_leave_undefined_is_refused_before_training(tmp_path):
    frame = table(30).assign(answer=[0, 1] * 10 + [1] * 10)
    with pytest.raises(DataError, match="cannot be computed from these 10 rows"):
        train(tmp_path, frame[:20], task("binary", "roc_auc"), families=["linear"], validation=frame[20:])


def test_a_metric_of_another_problem_type_is_refused(tmp_path):
    frame = table(30).assign(answer=[0, 1] * 15)
    with pytest.raises(UsageError, match="'rmse' does not fit a binary task"):
        train(tmp_path, frame[:20], task("binary", "rmse"), families=["linear"], validation=frame[20:])


def test_a_value_that_is_no_number_is_refused_in_regression(tmp_path):
    frame = table(30).assign(answer=[1.0, None] * 15)
    with pytest.raises(DataError, match="10 rows have no finite number in 'answer'"):
        train(tmp_path, frame[:20], task("regression", "rmse"), families=["linear"], validation=frame[20:])


def test_where_every_model_fails_the_reasons_are_given(tmp_path):
    frame = pd.DataFrame({each.name: [None] * 30 for each in COLUMNS}).assign(answer=[0, 1] * 15)
    with pytest.raises(TrainingError, match=r"LightGBM\) did not finish: no column has"):
        train(tmp_path, frame[:20], task("binary", "f1"), families=["lightgbm"], validation=frame[20:])


def _fit(**request) -> None:
    fit_models(
        FitRequest(**request),
        on_model=lambda model: None,
        on_start=lambda name: None,
        should_stop=lambda: False,
    )


def test_a_forest_that_one_slow_moment_would_have_ended_begins_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, fits = RandomForestClassifier.fit, []

    def fit_in_a_busy_moment(forest: Any, *args: Any, **kwargs: Any) -> Any:
        fits.append(forest.n_estimators)
        if len(fits) == 1:
            time.sleep(1.5)  # for four trees: a hundred would take longer than the limit
        return plain(forest, *args, **kwargs)

    monkeypatch.setattr(RandomForestClassifier, "fit", fit_in_a_busy_moment)
    frame = table(240)
    frame["answer"] = pd.cut(frame["signal"], [-9, 0.4, 1.6, 9], labels=False).astype(str)
    trained = train(
        tmp_path,
        frame[:180],
        task("multiclass", "accuracy"),
        families=["forest"],
        validation=frame[180:],
        seconds=12,
    )
    assert [each.model for each in trained.reported] == ["forest"]
    assert fits == [4, 4, 100]
