"""A data set that is deleted leaves its rows nowhere in the workspace."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from litmus_core.deploy._home import Home, State
from litmus_core.errors import WorkspaceError
from litmus_core.experiments import Studio
from litmus_core.experiments._housekeeping import delete_version
from litmus_core.maintenance import diagnose
from litmus_core.store import examine
from litmus_core.types import BundleExported, DatasetImported, EndpointVersion, Task
from tests import tiny

# What they say is tested; free space in them, and the log, may hold old bytes until it is used again.
STORES = ("experiments.duckdb", "snapshot.duckdb", "journal.db-wal")
SECRET = "Marguerite Ivanova"  # in one cell


@pytest.fixture
def studio(tmp_path: Path):
    with Studio.open(tmp_path / "workspace") as studio:
        yield studio


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(
        "name,age,sold\n" + "".join(f"{SECRET} {n},{n},{'yes' if n % 2 else 'no'}\n" for n in range(60))
    )
    return path


def holding(folder: Path) -> set[str]:
    """Return the files that hold the secret (Parquet keeps it as it is where the column is that short)."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and SECRET.encode() in path.read_bytes()
    }


def test_versions_caches_samples_and_request_logs_go(studio: Studio, table: Path, tmp_path: Path):
    version = studio.import_data(table, name="people")
    studio.check(version.id)
    task = Task(
        dataset_version_id=version.id,
        target="sold",
        problem_type="binary",
        metric="accuracy",
        features=("age",),
    )
    experiment = studio.create_experiment(task)
    record = tiny.bundle(tmp_path / "bundle")
    studio.record(BundleExported(bundle=replace(record, experiment_id=experiment.id)))
    mine, other = studio.workspace.endpoints / "mine", studio.workspace.endpoints / "other"
    for folder, bundle_id in ((mine, record.id), (other, "bd_other")):
        folder.mkdir(parents=True)
        answers = EndpointVersion(
            number=1, bundle_id=bundle_id, path=record.path, sha256="0", added_at="2026"
        )
        state = State(id="ep_1", name=folder.name, versions=(answers,), live=1, started_at="2026")
        Home(studio.workspace, folder.name).write(state)
        for name in ("samples.jsonl", "samples.jsonl.1"):
            (folder / name).write_text(json.dumps({"rows": [{"name": SECRET}]}))
    studio.delete_experiment(experiment.id)
    assert len(holding(studio.workspace.path)) > 4

    studio.delete_dataset(version.dataset_id)

    left = {name for name in holding(studio.workspace.path) if not name.startswith(STORES)}
    assert left == {"endpoints/other/samples.jsonl", "endpoints/other/samples.jsonl.1"}
    assert not [event for event in studio.journal.records() if SECRET in event.payload]
    assert studio.store.query("SELECT id FROM events WHERE contains(payload, ?)", [SECRET]) == []
    assert examine(studio.workspace).is_sound
    assert not (studio.workspace.datasets / version.dataset_id).exists()


def test_what_cannot_be_removed_is_said(studio: Studio, table: Path, monkeypatch: pytest.MonkeyPatch):
    version = studio.import_data(table, name="people")

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "unlink", refused)
    with pytest.raises(WorkspaceError, match=r"could not be removed: .*Permission denied.*litmus doctor"):
        studio.delete_dataset(version.dataset_id)


@pytest.mark.parametrize("places", [{"dataset_id": "../.."}, {"path": "../precious.parquet"}])
def test_an_altered_record_removes_nothing_outside(
    studio: Studio, table: Path, tmp_path: Path, places: dict[str, str]
):
    (tmp_path / "precious.parquet").write_text("of somebody")
    version = replace(studio.import_data(table, name="people"), id="dv_1", version=2, **places)
    studio.record(DatasetImported(version=version))

    with pytest.raises(WorkspaceError, match="Somebody altered it"):
        delete_version(studio, version)
    if "dataset_id" in places:
        with pytest.raises(WorkspaceError, match=r"holds '../..', which is no id"):
            studio.delete_dataset(version.dataset_id)
    found = [each.message for each in diagnose(studio.workspace).findings]

    assert (tmp_path / "precious.parquet").exists()
    assert studio.store.dataset_version("dv_1") == version, "and it is not recorded as deleted"
    assert ("path" in places) == any("'../precious.parquet', which is no table" in each for each in found)
