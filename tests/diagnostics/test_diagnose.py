import json

import numpy as np
import pandas as pd

from litmus_core.diagnostics import Diagnostics, diagnose
from litmus_core.metrics import get_metric
from litmus_core.types import Task, from_plain, to_plain
from tests.diagnostics.fakes import SumPredictor

MAE = get_metric("mae")

ACCURACY = get_metric("accuracy")


def _task(target: str, features: tuple[str, ...], problem_type) -> Task:
    return Task(
        dataset_version_id="dv_0", target=target, problem_type=problem_type, metric="m", features=features
    )


def _classification(signs, **more) -> Diagnostics:
    predictor, frame, truth = signs
    wanted = {
        "predictor": predictor,
        "frame": frame,
        "y": truth,
        "prediction": predictor.predict_proba(frame),
        "metric": ACCURACY,
        "task": _task("truth", ("signal", "noise"), "binary"),
        "seconds": 30,
        "seed": 0,
    }
    return diagnose(**(wanted | more))


def test_a_classifiers_diagnosis_has_a_confusion_and_no_residuals(signs):
    found = _classification(signs)
    assert found.confusion is not None
    assert found.residuals is None
    assert (found.metric, found.n_rows, found.score, found.mistakes) == ("accuracy", 200, 1.0, ())


def test_a_regressions_diagnosis_has_residuals_and_no_confusion():
    frame = pd.DataFrame(np.random.default_rng(0).normal(size=(60, 3)), columns=["a", "b", "unused"])
    prediction = SumPredictor().predict_values(frame)
    found = diagnose(
        predictor=SumPredictor(),
        frame=frame.set_axis(range(1_000, 1_060)),
        y=prediction + 1.0,
        prediction=prediction,
        metric=MAE,
        task=_task("y", ("a", "b", "unused"), "regression"),
        seconds=30,
        seed=0,
    )
    assert found.confusion is None
    assert found.residuals.bias == -1.0
    assert len(found.mistakes) == 50


def test_a_diagnosis_survives_json(signs):
    _, frame, truth = signs
    wrong = truth.copy()
    wrong[:5] = np.where(truth[:5] == "yes", "no", "yes")
    found = _classification(signs, frame=frame.assign(truth=wrong, day=pd.Timestamp("2020-01-01")), y=wrong)
    assert len(found.mistakes) == 5
    assert "truth" not in found.mistakes[0].values
    assert from_plain(Diagnostics, json.loads(json.dumps(to_plain(found)))) == found


def test_rows_keep_their_labels_when_the_predictor_is_asked_about_them(signs):
    predictor, frame, _ = signs
    asked = []

    class Listening(type(predictor)):
        def predict_proba(self, rows):
            asked.append(rows.index)
            return super().predict_proba(rows)

    labelled = frame.set_axis(range(1_000, 1_200))
    found = _classification(signs, predictor=Listening(), frame=labelled, out_of_fold=True)
    assert found.out_of_fold
    assert {label for index in asked for label in index} <= set(labelled.index)
