"""What the doctor finds, says and puts right."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from litmus_core.cli import app
from litmus_core.errors import NotFoundError, WorkspaceError
from litmus_core.experiments import Studio
from litmus_core.maintenance import _doctor, back_up, diagnose
from litmus_core.store import Workspace
from litmus_core.store._journal import salvage


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    table = tmp_path / "flats.csv"
    table.write_text("rooms,rent\n" + "".join(f"{n},{n * 100}\n" for n in range(50)))
    workspace = Workspace(tmp_path / "workspace")
    with Studio.open(workspace.path) as studio:
        for name in ("flats", "houses"):
            studio.datasets.import_file(table, name=name)
    return workspace


def doctor(workspace: Workspace, *more: str) -> tuple[int, dict]:
    done = CliRunner().invoke(app, ["doctor", "--json", "--workspace", str(workspace.path), *more])
    return done.exit_code, json.loads(done.stdout)


def names(workspace: Workspace) -> set[str]:
    with Studio.open(workspace.path) as studio:
        return {each.name for each in studio.datasets.list()}


def test_a_sound_workspace_is_called_sound_and_left_as_it_is(workspace: Workspace):
    before = {path: path.read_bytes() for path in workspace.path.rglob("*") if path.is_file()}

    status, said = doctor(workspace)

    assert (status, said["sound"], said["findings"], said["n_events"]) == (0, True, [], 2)
    assert {path: path.read_bytes() for path in workspace.path.rglob("*") if path.is_file()} == before


def test_a_machine_without_machine_code_is_said_and_does_no_harm(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(_doctor, "unavailable_reason", lambda: "there is no build for Plan9 on pdp11")
    status, said = doctor(workspace)

    (finding,) = said["findings"]
    assert (status, said["sound"], finding["kind"]) == (0, True, "machine")
    assert finding["message"].endswith("in NumPy: there is no build for Plan9 on pdp11.")


def test_an_emptied_journal_is_found_and_brought_back(workspace: Workspace):
    workspace.journal_path.write_bytes(b"")

    status, said = doctor(workspace)
    assert (status, said["sound"]) == (1, False)
    assert [each["message"] for each in said["findings"]] == [
        "The journal is empty.",
        "The journal lacks 2 events (1, 2), which can be restored from experiments.duckdb.",
        f"The journal {workspace.journal_path} is empty,"
        " but the workspace holds an experiment store and 2 data sets.",
    ]

    status, said = doctor(workspace, "--fix")
    assert (status, said["sound"], said["n_events"]) == (0, True, 2)
    assert [each["fixed"] for each in said["findings"][:2]] == [True, True]
    assert names(workspace) == {"flats", "houses"}
    assert doctor(workspace)[0] == 0


def test_a_damaged_event_that_is_nowhere_else_is_said_once(workspace: Workspace):
    with closing(sqlite3.connect(workspace.journal_path)) as db, db:
        db.execute("UPDATE events SET payload = '{' WHERE id = 2")
    for path in (workspace.store_path, workspace.snapshot_path):
        path.unlink()

    status, said = doctor(workspace)
    assert status == 1
    assert said["findings"][0]["message"] == "Event 2 can no longer be read anywhere."
    assert names(workspace) == {"flats"}

    assert doctor(workspace, "--fix")[0] == 0
    status, said = doctor(workspace)
    assert status == 0
    assert said["findings"][0]["message"] == "An earlier repair could not restore event 2."


def test_damaged_and_missing_rows_are_named(workspace: Workspace):
    with Studio.open(workspace.path) as studio:
        flats, houses = sorted(studio.datasets.list(), key=lambda each: each.name)
    path = workspace.path / flats.path
    path.write_bytes(path.read_bytes()[:200])
    (workspace.path / houses.path).unlink()
    (workspace.datasets / "ds_stray").mkdir()

    status, said = doctor(workspace)

    assert status == 1
    found = {each["where"]: each for each in said["findings"]}
    assert found[str(path)]["message"].startswith(
        "The rows of 'flats', version 1, are lost: v1.parquet cannot be read"
    )
    assert "v1.parquet is missing" in found[str(workspace.path / houses.path)]["message"]
    assert not found[str(workspace.datasets / "ds_stray")]["is_harm"]


def test_a_damaged_bundle_is_named(workspace: Workspace):
    from tests import tiny

    record = tiny.bundle(workspace.bundles / "bundle")
    from litmus_core.store import Journal
    from litmus_core.types import BundleExported

    with closing(Journal(workspace)) as journal:
        journal.append(BundleExported(bundle=record))
    assert doctor(workspace)[0] == 0
    weights = next(Path(record.path).rglob("weights.json"))
    weights.write_text("[9, 9]")

    status, said = doctor(workspace)

    assert status == 1
    assert said["findings"][0]["message"].endswith("weights.json is not as exported in the bundle.")
    assert said["findings"][0]["hint"] == "Export it again: litmus export run_1-tiny"


def test_a_backup_that_still_holds_a_deleted_data_set_is_named(workspace: Workspace, tmp_path: Path):
    back_up(workspace, tmp_path / "saved")
    shutil.copy(tmp_path / "saved", tmp_path / "copy")
    with Studio.open(workspace.path) as studio:
        studio.datasets.delete(
            next(each.dataset_id for each in studio.datasets.list() if each.name == "flats")
        )

    status, said = doctor(workspace, "--backup", str(tmp_path / "copy"))

    assert status == 0
    found = [each for each in said["findings"] if each["kind"] == "backup"]
    assert {each["where"] for each in found} == {str(tmp_path / "saved"), str(tmp_path / "copy")}
    assert all(each["message"].endswith("still holds deleted data sets: 'flats'.") for each in found)


def test_a_file_set_aside_that_nobody_can_clean_is_named(workspace: Workspace):
    folder = workspace.aside / "20260101-000000-000000-keep"
    folder.mkdir(parents=True)
    (folder / "experiments.duckdb").write_bytes(b"no store, but Ivanova")
    with Studio.open(workspace.path) as studio:
        studio.datasets.delete(
            next(each.dataset_id for each in studio.datasets.list() if each.name == "flats")
        )

    found = [each for each in doctor(workspace)[1]["findings"] if each["kind"] == "set aside"]

    assert (folder / "experiments.duckdb").exists()
    assert found[0]["message"].endswith("cannot be read, so data sets that were deleted since may be in it.")


def test_where_there_is_no_workspace_nothing_is_made(tmp_path: Path):
    with pytest.raises(NotFoundError):
        diagnose(Workspace(tmp_path / "nothing"))
    assert not (tmp_path / "nothing").exists()


def test_words_for_people_come_with_what_to_do(workspace: Workspace):
    workspace.journal_path.unlink()

    done = CliRunner().invoke(app, ["doctor", "--workspace", str(workspace.path)])

    assert done.exit_code == 1
    assert "[HARM] The journal is missing." in done.stdout
    assert "litmus doctor --fix" in done.stdout
    assert "Something is damaged or lost: the journal holds 0 events." in done.stdout


def test_a_full_disk_is_not_taken_for_damage_and_a_backup_to_another_is_made(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def full(*_: object) -> str:
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMOPEN  # no room for the file that readers share
        raise error

    monkeypatch.setattr(salvage, "_backup", full)
    status, said = doctor(workspace)
    assert (status, said["sound"], said["findings"], said["n_events"]) == (0, True, [], 2)

    def no_room(*_: object, **__: object) -> None:
        raise OSError(28, "No space left")

    monkeypatch.setattr(Path, "write_text", no_room)
    assert Path(back_up(workspace, tmp_path / "saved.litmus").path).is_file()
    monkeypatch.setattr(shutil, "copyfile", no_room)
    with pytest.raises(WorkspaceError, match=r"cannot be copied.*Free some space"):
        back_up(workspace, tmp_path / "again.litmus")
