"""Temporary folders go with their process, also one that was killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from litmus_core.plugins import PluginProcess
from litmus_core.runtime import open_table
from litmus_core.runtime._scratch import Scratch, sweep

LATER_S = 3600.0


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files of this test alone."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def child(temporary: Path, then: str, kind: str = "bundle") -> str:
    """Make a scratch folder in another process, which then does ``then``; returns the folder's home."""
    program = (
        "import os, signal, sys, tempfile\n"
        "tempfile.tempdir = sys.argv[1]\n"
        "from litmus_core.runtime._scratch import Scratch\n"
        f"scratch = Scratch.create({kind!r})\n"
        "print(scratch.folder.parent, flush=True)\n"
        f"{then}\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(temporary)], capture_output=True, text=True, check=False
    )
    return done.stdout.strip()


def test_a_folder_of_a_killed_process_is_swept_by_the_next(temporary: Path) -> None:
    home = Path(child(temporary, f"os.kill(os.getpid(), {int(signal.SIGKILL)})"))
    assert home.exists()

    assert sweep(temporary, now=home.stat().st_mtime + LATER_S) == [home]
    assert not home.exists()


def test_a_killed_processs_folder_of_a_plug_in_goes_as_the_next_begins(temporary: Path) -> None:
    left, other = (
        Path(child(temporary, f"os.kill(os.getpid(), {int(signal.SIGKILL)})", kind))
        for kind in ("custom", "bundle")
    )
    for home in (left, other):
        os.utime(home, (0, 0))

    host = PluginProcess(temporary)

    assert (left.exists(), other.exists()) == (False, True)
    assert host.scratch.folder.is_dir()
    host.close()
    assert list(temporary.iterdir()) == [other]


def test_a_table_that_is_read_sweeps_what_a_killed_reader_left(temporary: Path) -> None:
    left = Path(child(temporary, f"os.kill(os.getpid(), {int(signal.SIGKILL)})", "rows"))
    os.utime(left, (0, 0))
    file = temporary / "rows.csv"
    file.write_text("a\n1\n")

    with open_table(file, []):
        held = sorted(path.name for path in temporary.iterdir() if path.is_dir())

    assert not left.exists()
    assert len(held) == 1
    assert list(temporary.iterdir()) == [file]


def test_a_folder_of_a_living_process_stays(temporary: Path) -> None:
    scratch = Scratch.create()

    assert sweep(temporary, now=scratch.folder.parent.stat().st_mtime + LATER_S) == []
    assert scratch.folder.exists()
    scratch.close()


def test_a_young_folder_stays_for_its_process_may_be_about_to_lock_it(temporary: Path) -> None:
    home = Path(child(temporary, f"os.kill(os.getpid(), {int(signal.SIGKILL)})"))

    assert sweep(temporary, now=home.stat().st_mtime + 1) == []


def test_what_others_call_by_a_like_name_is_left_alone(temporary: Path) -> None:
    (temporary / "litmus-bundle-of-mine").mkdir()
    (temporary / "litmus-bundle-notes.txt").write_text("mine")

    later = os.stat(temporary).st_mtime + LATER_S
    assert sweep(temporary, now=later) == []


def test_closing_twice_changes_nothing(temporary: Path) -> None:
    scratch = Scratch.create()
    scratch.close()
    scratch.close()

    assert list(temporary.iterdir()) == []
