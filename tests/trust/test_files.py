"""Files that run as code are opened for who wrote them, and for nobody else before they say so."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from litmus_core.errors import UntrustedError
from litmus_core.trust import (
    are_files_trusted,
    begin_writing,
    check_files,
    is_cut_short,
    sign_files,
)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run's folder as its process wrote it, signed at its end."""
    folder = tmp_path / "run_1"
    begin_writing(folder)
    write(folder, "predictor/models/trainer.pkl", "all models")
    write(folder, "predictor/models/linear/model.pkl", "one model")
    write(folder, "pipeline.json", "{}")
    sign_files(folder)
    return folder


@pytest.fixture
def as_someone_else(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Have the key of another person."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "someone else"))


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_who_wrote_them_opens_them_where_they_were_copied_to(run: Path, tmp_path: Path) -> None:
    check_files(run)
    check_files(shutil.copytree(run, tmp_path / "moved" / "run_1"))


@pytest.mark.usefixtures("run", "as_someone_else")
def test_someone_else_is_told_how_to_trust_them(run: Path) -> None:
    with pytest.raises(UntrustedError, match="'run_1' were not written by you here, so Litmus") as error:
        check_files(run)
    assert "litmus trust run_1" in error.value.hint

    sign_files(run)
    check_files(run)


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("predictor/models/linear/model.pkl", "changed"),
        ("predictor/models/trainer.pkl", "changed"),
        ("pipeline.json", "changed"),
        ("predictor/models/evil/model.pkl", "added"),
        ("predictor/models/linear/utils/oof.pkl", "added"),
        ("unknown.pkl", "added"),
        ("post/run_1-linear/postprocess/step.pkl", "added"),
        ("preprocess/step.pkl", "added"),
        ("modules/json.py", "added"),
        ("sitecustomize.py", "added"),
    ],
)
def test_a_file_that_was_changed_or_added_later_is_named(run: Path, name: str, word: str) -> None:
    write(run, name, "evil")

    with pytest.raises(UntrustedError, match=f"The file {name} of 'run_1' was {word} after"):
        check_files(run)


def test_a_change_that_keeps_size_and_time_is_seen(run: Path) -> None:
    model = run / "predictor" / "models" / "trainer.pkl"
    told = model.stat()
    fresh = write(run.parent, "fresh", "ALL models")
    os.utime(fresh, ns=(told.st_atime_ns, told.st_mtime_ns))
    fresh.replace(model)

    assert not are_files_trusted(run)


def test_links_are_what_they_were(run: Path, tmp_path: Path) -> None:
    elsewhere = write(tmp_path, "elsewhere/model.pkl", "one model")
    model = run / "predictor" / "models" / "linear" / "model.pkl"
    model.unlink()
    model.symlink_to(elsewhere)
    assert not are_files_trusted(run)

    model.unlink()
    model.parent.rmdir()
    model.parent.symlink_to(elsewhere.parent)
    assert not are_files_trusted(run)


def test_what_is_gone_and_what_is_read_as_data_is_no_matter(run: Path) -> None:
    (run / "predictor" / "models" / "linear" / "model.pkl").unlink()
    for name in (
        "worker.log",
        "diagnostics.json",
        "compiled/linear/plan.json",
        "actions.json",
        "export.lock",
    ):
        write(run, name, "later")

    check_files(run)


def test_a_folder_without_files_holds_nothing_to_trust(tmp_path: Path) -> None:
    check_files(tmp_path / "nothing")
    (tmp_path / "run_2").mkdir()
    check_files(tmp_path / "run_2")


def test_a_killed_process_leaves_its_files_to_its_owner_where_they_lie(tmp_path: Path) -> None:
    folder = tmp_path / "run_1"
    begin_writing(folder)
    write(folder, "predictor/models/trainer.pkl", "half of i")

    check_files(folder)
    assert not are_files_trusted(shutil.copytree(folder, tmp_path / "copy" / "run_1"))


def test_of_a_copy_of_that_counts_what_was_signed_so_far(tmp_path: Path) -> None:
    folder = tmp_path / "run_1"
    begin_writing(folder)
    write(folder, "predictor/models/trainer.pkl", "one model")
    write(folder, "predictor/models/linear/model.pkl", "one model")
    sign_files(folder, goes_on=True)
    write(folder, "predictor/models/forest/model.pkl", "half of the second")
    assert not is_cut_short(folder)

    copy = shutil.copytree(folder, tmp_path / "copy" / "run_1")

    assert is_cut_short(copy)
    check_files(copy)
    for name in ("predictor/models/linear/more.pkl", "predictor/models/other.pkl", "unknown.pkl"):
        added = write(copy, name, "evil")
        assert not are_files_trusted(copy), name
        added.unlink()


@pytest.mark.usefixtures("as_someone_else")
@pytest.mark.parametrize(
    "text", ["", "[]", "null", '{"files": 3}', '{"files": {"a": 1}, "goes_on": false}', "{"]
)
def test_a_mark_that_says_nonsense_is_none(tmp_path: Path, text: str) -> None:
    write(tmp_path, "run_1/predictor/x.pkl", "evil")
    for mark in (".signed.json", ".writing.json"):
        write(tmp_path, f"run_1/{mark}", text)

    with pytest.raises(UntrustedError, match="were not written by you here"):
        check_files(tmp_path / "run_1")
