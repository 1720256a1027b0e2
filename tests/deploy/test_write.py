"""A bundle is written whole or not at all, and never over something else."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from litmus_core.errors import BundleError, UsageError
from litmus_core.runtime import ExecutorKind, load_bundle, register_executor
from litmus_core.types import Score, Verdict
from tests import tiny


def test_the_record_says_where_it_is_how_large_and_which_one(tmp_path: Path) -> None:
    record = tiny.bundle(tmp_path / "model.zip", zipped=True)

    assert record.path == str(tmp_path / "model.zip")
    assert record.n_bytes == (tmp_path / "model.zip").stat().st_size
    assert record.id.startswith("bd_")
    assert (record.candidate_id, record.run_id, record.experiment_id) == ("run_1-tiny", "run_1", "ex_1")
    with zipfile.ZipFile(record.path) as archive:
        assert record.sha256 == hashlib.sha256(archive.read("manifest.json")).hexdigest()
    with load_bundle(record.path) as bundle:
        assert bundle.sha256 == record.sha256
        assert bundle.manifest.id == record.id


def test_only_the_bundle_is_left_in_its_folder(tmp_path: Path) -> None:
    tiny.bundle(tmp_path / "new" / "folder" / "model")

    assert [each.name for each in (tmp_path / "new" / "folder").iterdir()] == ["model"]


def test_the_same_files_give_the_same_zip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from litmus_core.deploy._bundles import export

    monkeypatch.setattr(export, "new_id", lambda prefix: f"{prefix}_1")
    monkeypatch.setattr(export, "utc_now", lambda: "2024-01-01T00:00:00+00:00")
    one = Path(tiny.bundle(tmp_path / "one.zip", zipped=True).path)
    other = Path(tiny.bundle(tmp_path / "other.zip", zipped=True).path)

    assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize("zipped", [False, True])
def test_what_is_there_already_stays(tmp_path: Path, zipped: bool) -> None:
    (tmp_path / "model").write_text("mine")

    with pytest.raises(UsageError, match=r"already exists at .* Choose another name"):
        tiny.bundle(tmp_path / "model", zipped=zipped)
    assert (tmp_path / "model").read_text() == "mine"
    assert [each.name for each in tmp_path.iterdir()] == ["model"]


def test_a_model_whose_copy_answers_otherwise_is_not_written(tmp_path: Path) -> None:
    model = tiny.predictor()
    tiny.bundle(tmp_path / "first", model=model)

    def load_other(folder: Path) -> Any:
        return tiny.TinyExecutor([5.0, 0.0])

    def register_other() -> None:
        register_executor("tiny", ExecutorKind(load=load_other, packages={}))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tiny, "register", register_other)
        with pytest.raises(BundleError, match=r"does not answer as the model does. Golden row 0"):
            tiny.bundle(tmp_path / "second", model=model)
    assert [each.name for each in tmp_path.iterdir()] == ["first"]


def test_an_export_that_breaks_off_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full_disk(folder: Path, sealed: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("litmus_core.deploy._bundles.write.seal_folder", full_disk)
    with pytest.raises(UsageError, match="cannot be written: No space left"):
        tiny.bundle(tmp_path / "model")
    assert list(tmp_path.iterdir()) == []


def test_without_example_rows_there_is_no_bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = tiny.predictor()
    monkeypatch.setattr(tiny, "FRAME", tiny.FRAME[:0])

    with pytest.raises(UsageError, match="at least one example row"):
        tiny.bundle(tmp_path / "model", model=model)


def test_the_manifest_holds_scores_verdict_and_versions(tmp_path: Path) -> None:
    from litmus_core.deploy import draft_manifest
    from litmus_core.types import Candidate, Experiment, LatencyFigure, Task

    tiny.register()
    score = Score(metric="accuracy", value=0.9, low=0.87, high=0.93, n_rows=400)
    verdict = Verdict(outcome="meets", model="N", candidate_id="c", score=score, baseline=0.5)
    unsayable = Score(metric="r2", value=float("nan"), low=0.0, high=1.0, n_rows=2)
    task = Task(dataset_version_id="dv_1", target="sold", problem_type="binary", metric="f1", features=("a",))
    candidate = Candidate(
        id="c",
        run_id="r",
        experiment_id="e",
        name="N",
        model="M",
        family="c",
        family_kind="f",
        is_ensemble=False,
        fit_s=1.0,
        validation=unsayable,
        test=score,
        latency=(LatencyFigure(batch_rows=1, p50_ms=5.0, p95_ms=6.0, p99_ms=7.0, n_calls=200),),
    )
    experiment = Experiment(id="e", name="E", task=task, created_at="2024-01-01")

    draft = draft_manifest(tiny.predictor().info, candidate, experiment, verdict=verdict, executor="tiny")
    plain = json.loads(draft.to_json())

    assert plain["results"]["test"]["low"] == 0.87
    assert plain["results"]["validation"] is None
    assert plain["results"]["verdict"]["model"] == "N"
    assert plain["results"]["latency"][0]["p95_ms"] == 6.0
    assert {"python", "litmus", "cattrs", "numpy"} <= set(plain["versions"])
    assert "runs code" in plain["trust"]
    assert plain["native_reason"] == "The weights are kept as AutoGluon wrote them."


def test_the_readme_says_what_goes_in_what_comes_out_and_what_to_know(tmp_path: Path) -> None:
    folder = Path(tiny.bundle(tmp_path / "model").path)

    readme = (folder / "README.md").read_text()
    assert readme.startswith("# Shop: Tiny\n")
    assert "| zip | category |" in readme
    assert '{"size": 1.0, "zip": "02134", "day": "2024-01-31T00:00:00", "new": true}' in readme
    assert "load this bundle only if you trust" in readme
    assert (folder / "requirements.txt").read_text().splitlines()[1].startswith("litmus-automl[train]==")
