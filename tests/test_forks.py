"""Tests in forks of one process: each runs once, and what fails, dies or hangs is said of the test."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
_ONE = """
import os, pathlib, tempfile, time, warnings
import pytest

@pytest.fixture(scope="module")
def made(tmp_path_factory):
    yield tmp_path_factory.mktemp("made")
    pathlib.Path("given back").touch()

@pytest.mark.parametrize("number", range(3))
def test_good(number, made, tmp_path):
    with open(f"ran {number}", "x") as file:
        print(os.getpid(), file=file)

def test_bad(made):
    print("what it said")
    assert 1 == 2

def test_dies(made):
    os._exit(7)

def test_after_one_that_died(made):
    warnings.warn("careful")

def test_left_out():
    pytest.skip("no reason")

def test_leaves_a_folder_open():
    global kept_open
    kept_open = tempfile.TemporaryDirectory(dir=".", prefix="left ")
"""
_TWO = """
import os, pathlib, time

def test_at_the_same_time():
    while not pathlib.Path("ran 0").exists():
        time.sleep(0.01)
    assert pathlib.Path("ran 0").read_text() != f"{os.getpid()}\\n"
"""


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    (folder / "pytest.ini").touch()
    settings = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "scripts.forks", "-p", "no:randomly", "-q", *words],
        cwd=folder,
        env=settings | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def two_modules(tmp_path: Path) -> Path:
    (tmp_path / "test_one.py").write_text(_ONE)
    (tmp_path / "test_two.py").write_text(_TWO)
    return tmp_path


def test_all_run_once_at_the_same_time_and_one_that_dies_fails_alone(two_modules: Path) -> None:
    done = run(two_modules, "--forks", "2")

    assert done.returncode == 1, done.stdout + done.stderr
    assert re.search(r"^2 failed, 6 passed, 1 skipped, 1 warning in", done.stdout, re.M), done.stdout
    assert "what it said" in done.stdout
    assert "test_one.py::test_dies" in done.stdout
    assert "its process ended meanwhile, with status 7" in done.stdout
    assert "careful" in done.stdout
    assert (two_modules / "given back").exists()
    assert not list(two_modules.glob("left *"))


def test_the_first_that_fails_ends_all_where_that_is_asked(two_modules: Path) -> None:
    done = run(two_modules, "--forks", "2", "-x")

    assert "stopping after 1 failures" in done.stdout, done.stdout + done.stderr
    assert "test_dies" not in done.stdout
    assert (two_modules / "given back").exists()


def test_a_test_that_waits_for_what_another_fork_holds_does_not_keep_all_from_ending(tmp_path: Path) -> None:
    waiting = "while not pathlib.Path({!r}).exists(): time.sleep(0.01)"
    module = "import pathlib, pytest, time\n\n@pytest.fixture(scope='module')\ndef made():\n    yield\n    "
    (tmp_path / "test_a.py").write_text(
        f"import pathlib, time\n\ndef test_waits():\n    {waiting.format('given back')}"
    )
    (tmp_path / "test_b.py").write_text(
        module + "pathlib.Path('failed').touch()\n\ndef test_bad(made): assert 1 == 2"
    )
    (tmp_path / "test_c.py").write_text(
        module
        + f"pathlib.Path('given back').touch()\n\ndef test_holds(made):\n    {waiting.format('failed')}"
        "\n    time.sleep(0.1)\n\ndef test_after(made): pass"
    )
    done = run(tmp_path, "--forks", "3", "-x")

    assert "stopping after 1 failures" in done.stdout, done.stdout + done.stderr


def test_threads_that_a_fork_would_lose_are_named(tmp_path: Path) -> None:
    begun = "threading.Thread(target=time.sleep, args=[9], name='slow', daemon=True).start()"
    (tmp_path / "test_one.py").write_text(f"import threading, time\n{begun}\ndef test_it(): pass")
    (tmp_path / "test_two.py").write_text("def test_it(): pass")
    done = run(tmp_path, "--forks", "2")

    assert done.returncode == 4, done.stdout
    assert "Tests begin threads when they are imported, which no fork has: ['slow']" in done.stderr


@pytest.mark.parametrize("n_forks", [0, 2])
def test_the_folder_of_a_test_stays_only_where_it_fails(tmp_path: Path, n_forks: int) -> None:
    (tmp_path / "conftest.py").write_text(
        "import sys, types\n\n"
        "sys.modules['tests'] = types.ModuleType('tests')  # a package of that name may be installed\n"
        f"sys.modules['tests'].__path__ = [{str(ROOT / 'tests')!r}]\n\n"
        "from tests.conftest import tmp_path\n"
    )
    (tmp_path / "test_folders.py").write_text(
        "def test_good(tmp_path):\n    tmp_path.joinpath('of good').touch()\n\n"
        "def test_bad(tmp_path):\n    tmp_path.joinpath('of bad').touch()\n    assert False\n"
    )
    folders = tmp_path / "folders"
    answer = run(tmp_path, "--forks", str(n_forks), "--basetemp", str(folders))
    assert "1 failed, 1 passed" in answer.stdout
    assert [path.name for path in folders.rglob("*") if path.is_file()] == ["of bad"]
