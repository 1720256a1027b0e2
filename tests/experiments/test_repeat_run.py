"""A run is carried out again without a clock: the same models, bit for bit, also ones that were cut short."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from litmus_core import Algorithm, Compute, Data, Folds, Integers, Training, train
from litmus_core.cli import app
from litmus_core.engine import validation_predictions
from litmus_core.errors import NotFoundError, UsageError
from litmus_core.experiments import Studio, TrainingHandle
from litmus_core.types import ReusedModel, RunPlan, Tuning
from tests.cases import thinned
from tests.trained import Trained, table

_MODEL = """
import numpy as np
from sklearn.linear_model import LogisticRegression


class Drawn(LogisticRegression):
    def __init__(self, random_state=0):
        super().__init__()
        self.random_state = random_state

    def fit(self, X, y):
        some = np.random.default_rng(self.random_state).random(len(y)) < 0.7
        return super().fit(X[some], np.asarray(y)[some])
"""
# Ways to train: what decides in each of them is another thing.
WAYS: dict[str, dict[str, Any]] = {
    "cut short": {
        "algorithm": [[Algorithm("lightgbm", learning_rate=0.0005, num_boost_round=60_000)]],
        "folds": 0,
        "compute": Compute(time_limit_s=14),
    },
    "folds, own, then steps": {
        "data": Data("shop.csv", seed=5),
        "training": Training(
            models=["catboost", "forest", "lightgbm", "linear", "drawn.py:Drawn"], postprocess=["calibrate"]
        ),
        "folds": Folds(2, refit=True),
    },
    "folds at once": {
        "training": Training(models=["xgboost", "linear"]),
        "folds": Folds(2, parallel=True),
        "compute": Compute(time_limit_s=60),  # its processes begin by importing what fits models
    },
    "tuned": {
        "algorithm": [[Algorithm("lightgbm", num_leaves=Integers(4, 40), num_boost_round=40)]],
        "training": Training(tuning=Tuning(n_trials=3)),
        "folds": 0,
    },
}
LIKE_OTHERS = "folds at once and tuned settings are written down as folds and settings are"


@pytest.fixture(scope="module", params=thinned(WAYS, keep=2, reason=LIKE_OTHERS))
def handle(
    _session_workspace: None, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TrainingHandle]:
    folder = tmp_path_factory.mktemp("repeated")
    table(300).to_csv(folder / "shop.csv", index=False)
    (folder / "drawn.py").write_text(_MODEL)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        way = {"compute": Compute(time_limit_s=20)} | WAYS[request.param]
        handle = train(**{"data": "shop.csv", "target": "sold", "workspace": folder / "ws", **way})
    (folder / "drawn.py").write_text("raise SystemExit('changed')\n")
    handle.studio.runs.wait(
        handle.run_id, timeout_s=280
    )  # what a busy machine has no time for is not repeated
    yield handle
    handle.studio.close()


def answers(handle: TrainingHandle, rows: pd.DataFrame) -> dict[str, list[bytes]]:
    """Return each model's answers to validation rows and to new ones, as bytes."""
    folder = handle.studio.workspace.run_dir(handle.run_id)
    return {
        each.name: [
            validation_predictions(folder, each.model)[1].tobytes(),
            np.asarray(handle.studio.candidates.predictor(each.id).predict_proba(rows)).tobytes(),
        ]
        for each in handle.candidates()
    }


def test_a_repeated_run_answers_the_same_bit_for_bit(handle: TrainingHandle) -> None:
    again = handle.repeat().wait(timeout_s=280)
    rows = table(200, seed=7).drop(columns=["sold"])

    assert answers(again, rows) == answers(handle, rows)
    n = len(handle.candidates())
    assert again.run.message.startswith(
        f"It repeats {handle.run_id}: {n} of {n} models give the same answers for the validation rows, "
        "bit for bit. The chosen one also for the test rows."
    )
    first, second = handle.verdict, again.verdict
    assert first is not None
    assert second is not None
    assert (second.score, second.n_evaluations) == (first.score, first.n_evaluations)
    assert [each.threshold for each in again.candidates()] == [each.threshold for each in handle.candidates()]


@pytest.mark.parametrize("handle", ["folds, own, then steps"], indirect=True)
def test_what_was_carried_out_is_written_down_for_people(handle: TrainingHandle) -> None:
    plan = json.loads((handle.studio.workspace.run_dir(handle.run_id) / "carried_out.json").read_text())
    boosted = next(each for each in plan["models"] if each["model"] == "lightgbm_BAG_L1")
    ensembles = [each for each in plan["models"] if each["weights"]]

    families = ["catboost", "forest", "lightgbm", "linear"]
    assert (plan["seed"], plan["folds"]["n_folds"], plan["families"]) == (5, 2, families)
    assert list(boosted["fits"]) == ["S1F1", "S1F2"]
    assert all(each["trained"]["num_boost_round"] > 0 for each in boosted["fits"].values())
    assert all(each["cpus"] >= 1 for each in boosted["fits"].values())
    assert all(sum(each["weights"].values()) == pytest.approx(1.0) for each in ensembles)


def test_what_cannot_be_repeated_is_said(own_training: Trained) -> None:
    trained = own_training
    with Studio.open(trained.workspace) as studio:
        run = studio.runs.get(trained.run.id)
        best = studio.candidates.list(run.id)[0]
        taken = ReusedModel(candidate_id=best.id, run_id=run.id, model=best.model)
        held = studio.runs.start(run.experiment_id, RunPlan(postprocess=(), origin=taken))
        studio.runs.stop(held.id)
        studio.runs.wait(held.id)
        with pytest.raises(UsageError, match="cannot be repeated bit by bit"):
            studio.runs.repeat(held.id)
        with pytest.raises(NotFoundError):
            studio.runs.repeat("run_nowhere")
    done = CliRunner().invoke(app, ["runs", "repeat", "run_nowhere", "--workspace", str(trained.workspace)])
    assert done.exit_code == 2
    assert "There is no run 'run_nowhere'" in done.stderr
