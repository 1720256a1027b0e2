"""Tests write into memory only where that has room, may hold programs, and nobody chose another place."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests import in_memory
from tests.in_memory import ROOT, is_roomy, write_in_memory


@pytest.fixture
def plenty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A report of much memory, on a machine whose shared memory has room."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=9 << 30))
    monkeypatch.setattr(os, "statvfs", lambda _: SimpleNamespace(f_flag=0))
    (tmp_path / "meminfo").write_text("MemTotal:       24683652 kB\nMemAvailable:   9000000 kB\n")
    return tmp_path / "meminfo"


def test_a_machine_with_plenty_of_memory_is_roomy(plenty: Path, tmp_path: Path) -> None:
    assert is_roomy(tmp_path, plenty)


def test_little_memory_is_not_roomy(plenty: Path, tmp_path: Path) -> None:
    plenty.write_text("MemTotal:       24683652 kB\nMemAvailable:   8000000 kB\n")
    assert not is_roomy(tmp_path, plenty)


def test_a_small_folder_is_not_roomy(plenty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=64 << 20))
    assert not is_roomy(tmp_path, plenty)


def test_a_folder_that_runs_no_programs_is_not_taken(
    plenty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "statvfs", lambda _: SimpleNamespace(f_flag=os.ST_NOEXEC))
    assert not is_roomy(tmp_path, plenty)


def test_another_system_has_none(tmp_path: Path) -> None:
    assert not is_roomy(tmp_path / "shm", tmp_path / "meminfo")


def test_pytest_writes_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_memory, "is_roomy", lambda *_: True)
    given: dict[str, str] = {}
    write_in_memory(given)
    assert given == {ROOT: "/dev/shm"}


@pytest.mark.parametrize("name", [ROOT, "TMPDIR"])
def test_a_place_that_somebody_chose_stays(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_memory, "is_roomy", lambda *_: True)
    given = {name: "/elsewhere"}
    write_in_memory(given)
    assert given == {name: "/elsewhere"}
