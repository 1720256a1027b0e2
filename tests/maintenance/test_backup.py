"""A workspace saved to one file and brought back."""

from __future__ import annotations

import json
import os
import random
import shutil
import threading
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from litmus_core.cli import app
from litmus_core.errors import LitmusError, UsageError, WorkspaceError
from litmus_core.experiments import Studio
from litmus_core.maintenance import back_up, restore
from litmus_core.store import Journal, Workspace, open_store
from litmus_core.types import DatasetRenamed
from tests.store.story import content


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "flats.csv"
    path.write_text("rooms,rent\n" + "".join(f"{n},{n * 100}\n" for n in range(50)))
    return path


@pytest.fixture
def workspace(tmp_path: Path, table: Path) -> Workspace:
    workspace = Workspace(tmp_path / "workspace")
    with Studio.open(workspace.path) as studio:
        studio.datasets.import_file(table, name="flats")
    (workspace.path / "runs" / "run_1").mkdir()
    (workspace.path / "runs" / "run_1" / "model.json").write_text("{}")
    return workspace


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_what_was_saved_comes_back_byte_for_byte(workspace: Workspace, tmp_path: Path):
    report = back_up(workspace, tmp_path / "saved.litmus")
    back = Workspace(tmp_path / "elsewhere" / "again")

    assert restore(tmp_path / "saved.litmus", back).n_files == report.n_files
    for folder in ("datasets", "runs"):
        assert files(back.path / folder) == files(workspace.path / folder)
    with open_store(workspace) as before, open_store(back) as after:
        assert content(after) == content(before)
        assert after.journal.identity() == before.journal.identity()
    with Studio.open(back.path) as studio:
        assert (
            studio.rows(studio.datasets.list()[0].id, limit=1)
            if hasattr(studio, "rows")
            else studio.datasets.list()
        )


def test_a_backup_is_taken_while_others_write(workspace: Workspace, tmp_path: Path):
    over = threading.Event()

    def write() -> None:
        with closing(Journal(workspace)) as journal:
            while not over.is_set():
                journal.append(
                    DatasetRenamed(dataset_id="ds_x", name="a"), DatasetRenamed(dataset_id="ds_x", name="b")
                )

    writer = threading.Thread(target=write)
    writer.start()
    try:
        reports = [back_up(workspace, tmp_path / f"saved{number}") for number in range(3)]
    finally:
        over.set()
        writer.join()

    for number, report in enumerate(reports):
        back = Workspace(tmp_path / f"back{number}")
        restore(tmp_path / f"saved{number}", back)
        with closing(Journal(back)) as journal:
            assert journal.last_id() == report.last_event
            assert report.last_event % 2 == 1  # the import, and whole transactions of two


def test_the_key_of_trust_and_what_is_of_this_machine_stay_here(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(workspace.path / "config"))
    from litmus_core.plugins import PlugInState

    (workspace.path / "plugins").mkdir()
    (workspace.path / "plugins" / "mine.py").write_text("x = 1\n")
    PlugInState(workspace.path).trust(workspace.path / "plugins" / "mine.py")
    (workspace.path / "link").symlink_to("/etc/passwd")
    (workspace.path / "environments" / "abc").mkdir(parents=True)
    (workspace.path / "environments" / "abc" / "file").write_text("x")
    key = (workspace.path / "config" / "litmus" / "trust.key").read_bytes()

    report = back_up(workspace, tmp_path / "saved")

    with zipfile.ZipFile(tmp_path / "saved") as archive:
        names = archive.namelist()
        assert not [name for name in names if key in archive.read(name)]
    assert "plugins/mine.py" in names
    assert report.left_out == ("link",)
    assert not [name for name in names if name.endswith((".lock", "trust.key")) or "environments" in name]

    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "another machine"))
    restore(tmp_path / "saved", Workspace(tmp_path / "back"))
    state = PlugInState(tmp_path / "back")
    with pytest.raises(UsageError, match="not trusted"):
        state.check_trusted(tmp_path / "back" / "plugins" / "mine.py")


def test_a_file_that_is_there_is_not_overwritten(workspace: Workspace, tmp_path: Path):
    (tmp_path / "saved").write_text("mine")

    with pytest.raises(UsageError, match="already exists"):
        back_up(workspace, tmp_path / "saved")
    assert (tmp_path / "saved").read_text() == "mine"


def test_a_folder_with_something_in_it_is_not_restored_into(workspace: Workspace, tmp_path: Path):
    back_up(workspace, tmp_path / "saved")
    before = files(workspace.path)

    with pytest.raises(UsageError, match="is not empty"):
        restore(tmp_path / "saved", workspace)
    assert files(workspace.path) == before


def test_a_backup_that_is_not_whole_is_refused_in_words_and_leaves_nothing(
    workspace: Workspace, tmp_path: Path
):
    back_up(workspace, tmp_path / "saved")
    content, chance = (tmp_path / "saved").read_bytes(), random.Random(1)
    mutated = [content[: len(content) // 2], b"", b"x" * 100, content[:-30]]
    for _ in range(60):
        bad = bytearray(content)
        bad[chance.randrange(len(bad))] ^= 1 << chance.randrange(8)
        mutated.append(bytes(bad))
    back, bad_file = Workspace(tmp_path / "back"), tmp_path / "bad"
    n_refused, said = 0, []
    for each in mutated:
        bad_file.write_bytes(each)
        try:
            restore(bad_file, back)
        except LitmusError as error:
            n_refused += 1
            said.append(error.message)
            assert not back.path.exists()
        else:  # a bit that says nothing of the content, as a time in the zip's own lists
            for folder in ("datasets", "runs"):
                assert files(back.path / folder) == files(workspace.path / folder)
            shutil.rmtree(back.path)
        assert not list(tmp_path.glob("*.new"))
    assert n_refused > 40
    assert all(said)


@pytest.mark.parametrize("name", ["../out", "/abs", "a\\b", "a/../b"])
def test_a_backup_writes_nothing_outside_of_its_folder(workspace: Workspace, tmp_path: Path, name: str):
    back_up(workspace, tmp_path / "saved")
    with zipfile.ZipFile(tmp_path / "saved") as archive:
        plain = json.loads(archive.read("backup.json"))
        kept = {each: archive.read(each) for each in archive.namelist() if each != "backup.json"}
    entry = plain["files"].pop("journal.db")
    plain["files"][name] = entry
    with zipfile.ZipFile(tmp_path / "forged", "w") as archive:
        for each, data in kept.items():
            archive.writestr(name if each == "journal.db" else each, data)
        archive.writestr("backup.json", json.dumps(plain))

    with pytest.raises(WorkspaceError, match="which no workspace has"):
        restore(tmp_path / "forged", Workspace(tmp_path / "inner" / "back"))
    assert not (tmp_path / "inner" / "out").exists()


def test_a_full_disk_leaves_no_half_backup(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("litmus_core.maintenance._backup.sync", full)

    with pytest.raises(UsageError, match=r"cannot be written: No space left .* Free some space"):
        back_up(workspace, tmp_path / "saved")
    assert not list(tmp_path.glob("saved*"))


def test_the_commands_say_what_they_did(workspace: Workspace, tmp_path: Path):
    where, run = ["--workspace", str(workspace.path)], CliRunner().invoke

    saved = run(app, ["backup", str(tmp_path / "saved"), *where, "--json"])
    again = run(app, ["restore", str(tmp_path / "saved"), "--workspace", str(tmp_path / "back")])
    refused = run(app, ["restore", str(tmp_path / "missing"), "--workspace", str(tmp_path / "b2"), "--json"])

    assert json.loads(saved.stdout)["tables"] == ["flats"]
    assert "Restored" in again.stdout
    assert (again.exit_code, refused.exit_code) == (0, 2)
    assert "There is no file" in json.loads(refused.stdout)["error"]["message"]
    assert os.listdir(tmp_path / "back" / "datasets") == os.listdir(workspace.path / "datasets")
