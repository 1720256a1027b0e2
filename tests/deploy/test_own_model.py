"""A model class of one's own among AutoGluon's: its bundle loads where nobody has its module."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from litmus_core.deploy import export_bundle
from litmus_core.engine import FitRequest, fit_models
from litmus_core.runtime import read_manifest
from litmus_core.types import Candidate, Column, Compute, Experiment, Folds, Resources, Task
from tests.elsewhere import script
from tests.warm import client as warm

_MODULE = '''
import numpy as np
from autogluon.core.models import AbstractModel


class NearestMean(AbstractModel):
    """Answers by which label's mean of the first column is nearer."""

    ag_key = "NEAREST_MEAN"
    ag_name = "NearestMean"

    def _fit(self, X, y, **kwargs):
        self.means = [float(X.iloc[:, 0][np.asarray(y) == label].mean()) for label in (0, 1)]
        self.model = self.means

    def _predict_proba(self, X, **kwargs):
        size = X.iloc[:, 0].to_numpy(dtype=float)
        near = np.abs(size - self.means[1]) < np.abs(size - self.means[0])
        return np.where(near, 0.75, 0.25)
'''
_ASK = """
import json, sys
from litmus_core import load_bundle

bundle = load_bundle(sys.argv[1])
print(json.dumps([bundle.check(), bundle.predict_records(json.loads(sys.argv[2]))]))
"""


def test_an_abstract_model_from_a_module_of_ones_own_is_trained_bundled_and_answers_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, warm_workers: warm.Server
) -> None:
    warm_workers.start()
    own = tmp_path / "own"
    own.mkdir()
    (own / "shop_nearest.py").write_text(_MODULE)
    monkeypatch.syspath_prepend(str(own))
    import shop_nearest

    monkeypatch.setattr(
        "litmus_core.engine._fit.workers.hyperparameters_of",
        lambda *_, **__: {shop_nearest.NearestMean: [{"ag_args": {"name": "linear"}}]},
    )
    random = np.random.default_rng(0)
    frame = pd.DataFrame({"size": np.concatenate([random.normal(0, 1, 60), random.normal(9, 1, 60)])})
    frame["sold"] = ["no"] * 60 + ["yes"] * 60
    frame = frame.sample(frac=1.0, random_state=0).reset_index(drop=True)
    task = Task(
        dataset_version_id="dv", target="sold", problem_type="binary", metric="accuracy", features=("size",)
    )
    request = FitRequest(
        folder=tmp_path / "run",
        train=frame[:90],
        validation=frame[90:],
        columns=[Column(name="size", original_name="size", kind="number", storage="DOUBLE")],
        task=task,
        families=("linear",),
        deadline=time.time() + 60,
        folds=Folds(0),
        compute=Compute(train=Resources(cpus=1)),
    )
    fit_models(request, on_model=lambda model: None, on_start=lambda name: None, should_stop=lambda: False)
    candidate = Candidate(
        id="run_1-linear", run_id="run_1", experiment_id="ex_1", name="Mine", model="linear", family="linear",
        family_kind="own", is_ensemble=False, fit_s=0.1,
    )  # fmt: skip
    experiment = Experiment(id="ex_1", name="Shop", task=task, created_at="2024-01-01")

    record = export_bundle(
        tmp_path / "run",
        candidate,
        experiment,
        golden=frame[["size"]][:20],
        to=tmp_path / "b.zip",
        zipped=True,
    )

    assert "modules/shop_nearest.py" in read_manifest(record.path).files
    rows = [{"size": -1.0}, {"size": 11.0}]
    done = subprocess.run(
        [*script(_ASK, tmp_path), record.path, json.dumps(rows)],
        capture_output=True, text=True, check=False, cwd=tmp_path / "run",
    )  # fmt: skip
    sys.modules.pop("shop_nearest")
    assert done.returncode == 0, done.stderr
    problems, answers = json.loads(done.stdout)
    assert problems == []
    assert [answer["label"] for answer in answers] == ["no", "yes"]
