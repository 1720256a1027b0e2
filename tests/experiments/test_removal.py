"""A data set that is deleted leaves its rows nowhere in the workspace."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from litmus_core.deploy._endpoints.folder import EndpointFolder, State
from litmus_core.errors import WorkspaceError
from litmus_core.experiments import Studio
from litmus_core.experiments._data.removal import delete_version
from litmus_core.maintenance import diagnose
from litmus_core.store import Store, examine
from litmus_core.store._analytic.mirrors import read_store
from litmus_core.types import BundleExported, DatasetImported, EndpointVersion, Task
from tests import tiny

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
    version = studio.datasets.import_file(table, name="people")
    studio.checks.run(version.id)
    task = Task(
        dataset_version_id=version.id,
        target="sold",
        problem_type="binary",
        metric="accuracy",
        features=("age",),
    )
    experiment = studio.experiments.create(task)
    record = tiny.bundle(tmp_path / "bundle")
    studio.context.record(BundleExported(bundle=replace(record, experiment_id=experiment.id)))
    forecast = studio.workspace.forecasts / "fc_1"
    forecast.mkdir(parents=True)
    (forecast / "request.json").write_text(json.dumps({"dataset_version_id": version.id}))
    served = {"mine": record.id, "units": "fc_1-0a1b2c3d", "other": "bd_other"}
    for name, bundle_id in served.items():
        folder = studio.workspace.endpoints / name
        folder.mkdir(parents=True)
        answers = EndpointVersion(
            number=1, bundle_id=bundle_id, path=record.path, sha256="0", added_at="2026"
        )
        state = State(id="ep_1", name=folder.name, versions=(answers,), live=1, started_at="2026")
        EndpointFolder(studio.workspace, folder.name).write(state)
        for name in ("samples.jsonl", "samples.jsonl.1", "answers.db", "answers.db-journal"):
            (folder / name).write_text(json.dumps({"rows": [{"name": SECRET}]}))
    studio.experiments.delete(experiment.id)
    assert len(holding(studio.workspace.path)) > 4

    studio.datasets.delete(version.dataset_id)

    left = holding(studio.workspace.path)
    names = ("samples.jsonl", "samples.jsonl.1", "answers.db", "answers.db-journal")
    assert left == {f"endpoints/other/{name}" for name in names}
    assert not [event for event in studio.journal.records() if SECRET in event.payload]
    assert studio.store.query("SELECT id FROM events WHERE contains(payload, ?)", [SECRET]) == []
    assert examine(studio.workspace).is_sound
    assert not (studio.workspace.datasets / version.dataset_id).exists()


def test_no_byte_stays_in_stores_that_were_set_aside(studio: Studio, table: Path):
    version = studio.datasets.import_file(table, name="people")
    other = studio.datasets.import_file(table, name="others")
    aside, store = studio.workspace.aside, studio.workspace.store_path
    studio.store.refresh()
    studio.store._publish(at_once=True)
    for folder in ("20260101-000000-000000", "20260102-000000-000000-keep"):
        (aside / folder).mkdir(parents=True)
        shutil.copyfile(studio.workspace.snapshot_path, aside / folder / store.name)
    kept = aside / "20260102-000000-000000-keep"
    studio.journal.empty_log()
    shutil.copyfile(studio.workspace.journal_path, kept / "journal.db")

    studio.datasets.delete(version.dataset_id)
    studio.datasets.delete(other.dataset_id)

    assert holding(studio.workspace.path) == set()
    assert not (aside / "20260101-000000-000000").exists()  # a mere copy
    mirrored = read_store(kept / store.name)
    assert [each.type for each in (mirrored.records or {}).values()] == ["DatasetImported"] * 2
    assert examine(studio.workspace).is_sound


def test_another_data_set_stays_as_it_is(studio: Studio, table: Path, tmp_path: Path):
    version = studio.datasets.import_file(table, name="people")
    (tmp_path / "b.csv").write_text("name,age\n" + "".join(f"Bob {n},{n}\n" for n in range(60)))
    other = studio.datasets.import_file(tmp_path / "b.csv", name="others")

    studio.datasets.delete(version.dataset_id)

    assert studio.datasets.get(other.id) == other
    assert [each.name for each in studio.datasets.list()] == ["others"]
    with Studio.open(studio.workspace.path) as reader:
        assert reader.datasets.get(other.id).columns == other.columns


def test_a_deletion_that_another_process_recorded_is_followed(tmp_path: Path, table: Path):
    with Studio.open(tmp_path / "workspace") as owner, Studio.open(tmp_path / "workspace") as other:
        version = owner.datasets.import_file(table, name="people")
        assert owner.store.is_owner
        other.datasets.delete(version.dataset_id)
        owner.store.refresh()
        assert holding(owner.workspace.path) == set()


def test_what_a_killed_process_left_undone_is_done_by_the_next(tmp_path: Path, table: Path, monkeypatch):
    with monkeypatch.context() as patched, Studio.open(tmp_path / "workspace") as studio:
        version = studio.datasets.import_file(table, name="people")
        patched.setattr(Store, "_rewrite", lambda _: None)
        studio.datasets.delete(version.dataset_id)
        assert holding(studio.workspace.path)
    with Studio.open(tmp_path / "workspace") as studio:
        studio.store.refresh()
        assert holding(studio.workspace.path) == set()


def test_what_cannot_be_removed_is_said(studio: Studio, table: Path, monkeypatch: pytest.MonkeyPatch):
    version = studio.datasets.import_file(table, name="people")

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "unlink", refused)
    with pytest.raises(WorkspaceError, match=r"could not be removed: .*Permission denied.*litmus doctor"):
        studio.datasets.delete(version.dataset_id)


@pytest.mark.parametrize("places", [{"dataset_id": "../.."}, {"path": "../precious.parquet"}])
def test_an_altered_record_removes_nothing_outside(
    studio: Studio, table: Path, tmp_path: Path, places: dict[str, str]
):
    (tmp_path / "precious.parquet").write_text("of somebody")
    version = replace(studio.datasets.import_file(table, name="people"), id="dv_1", version=2, **places)
    studio.context.record(DatasetImported(version=version))

    with pytest.raises(WorkspaceError, match="Somebody altered it"):
        delete_version(studio.context, version)
    if "dataset_id" in places:
        with pytest.raises(WorkspaceError, match=r"holds '../..', which is not an id"):
            studio.datasets.delete(version.dataset_id)
    found = [each.message for each in diagnose(studio.workspace).findings]

    assert (tmp_path / "precious.parquet").exists()
    assert studio.store.dataset_version("dv_1") == version, "and it is not recorded as deleted"
    assert ("path" in places) == any("'../precious.parquet', which is not a table" in each for each in found)
