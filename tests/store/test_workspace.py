from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from litmus_core.errors import WorkspaceError
from litmus_core.store import Journal, Workspace, new_id, utc_now


def test_a_path_that_is_given_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("LITMUS_HOME", "/elsewhere")

    assert Workspace.locate(tmp_path).path == tmp_path
    assert Workspace.locate().path == Path("/elsewhere")


def test_the_default_is_a_folder_in_the_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.delenv("LITMUS_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))

    assert Workspace.locate().path == tmp_path / ".litmus"


def test_creating_twice_is_creating_once(tmp_path: Path):
    workspace = Workspace(tmp_path / "new" / "workspace").create().create()

    assert sorted(path.name for path in workspace.path.iterdir()) == [
        "bundles",
        "datasets",
        "reserve",
        "runs",
        "uploads",
    ]


def test_a_file_in_the_way_is_said_in_words(tmp_path: Path):
    (tmp_path / "taken").write_text("")

    with pytest.raises(WorkspaceError, match=r"is a file. Choose a folder"):
        Workspace(tmp_path / "taken").create()
    with pytest.raises(WorkspaceError, match=r"is a file. Choose a folder"):
        Workspace(tmp_path / "taken" / "below").create()


def test_a_folder_that_cannot_be_made_is_said_in_words():
    with pytest.raises(WorkspaceError, match="cannot be created"):
        Workspace("/proc/litmus").create()


def test_a_folder_that_is_not_ours_to_write_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr("os.access", lambda path, mode: False)

    workspace = Workspace(tmp_path).create()

    assert workspace.is_read_only
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(WorkspaceError, match=r"no workspace at .* not writable. Make it writable"):
        Journal(workspace).last_id()


def test_the_size_of_a_folder_is_the_size_of_its_files(tmp_path: Path):
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "a").write_bytes(b"12345")
    (tmp_path / "b").write_bytes(b"123")

    workspace = Workspace(tmp_path)

    assert workspace.folder_bytes(tmp_path) == 8
    assert workspace.folder_bytes(tmp_path / "b") == 3
    assert workspace.folder_bytes(tmp_path / "missing") == 0


def test_ids_begin_with_their_kind_and_do_not_repeat():
    ids = {new_id("run") for _ in range(100)}

    assert len(ids) == 100
    assert all(each.startswith("run_") and len(each) == 14 for each in ids)


def test_later_times_sort_later():
    times = [utc_now() for _ in range(50)]

    assert times == sorted(times)
    assert times[0].endswith("+00:00")


def test_what_is_set_aside_for_a_full_disk_is_used_there_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    workspace = Workspace(tmp_path / "workspace").create()
    assert workspace.use_reserve() is False
    assert workspace.reserve_path.stat().st_size == 2 << 20

    full = shutil.disk_usage(tmp_path)._replace(free=1_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
    assert workspace.use_reserve() is True
    assert not workspace.create().reserve_path.exists()
    assert workspace.use_reserve() is False
