"""Set-up says what is missing in one sentence, starts over where it was cut short, is quick the next time."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from collections import namedtuple
from dataclasses import replace
from pathlib import Path

import pytest

from scripts import set_up

ROOT = Path(__file__).resolve().parents[1]
Disk = namedtuple("Disk", "total used free")


# --- finding a Python ---------------------------------------------------------------------------------------


def preflight(
    folder: Path, *, python3: str | None, goal: str = "run", newer: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run set-up in a bare checkout where ``python3`` answers the probe with these words.

    With ``newer`` there is a ``python3.13`` as well, and nobody says which Python to take.
    """
    checkout, path = folder / "checkout", folder / "bin"
    shutil.copytree(ROOT / "scripts", checkout / "scripts")
    path.mkdir()
    for tool in ("sh", "dirname"):
        (path / tool).symlink_to(shutil.which(tool) or tool)
    for name, answer in (("python3", python3), ("python3.13", newer)):
        if answer is not None:
            (path / name).write_text(
                f'#!/bin/sh\ncase "$1" in -c) echo "{answer}" ;; *) echo "{name}: $*" ;; esac\n'
            )
            (path / name).chmod(0o755)
    return subprocess.run(
        ["sh", str(checkout / "scripts" / "set_up.sh"), goal],
        env={"PATH": str(path)} | ({} if newer else {"PYTHON": "python3"}),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("python3", "sentence"),
    [
        (
            None,
            "Litmus needs Python 3.11, 3.12 or 3.13 and finds no python3: install it (Debian, as root: "
            "apt-get install python3 python3-venv) and run make again.",
        ),
        (
            "3.9",
            "Litmus needs Python 3.11, 3.12 or 3.13 and finds 3.9 (python3): install one of them, or name "
            "one that you have with make run PYTHON=/path/to/python3.12.",
        ),
        (
            "3.14",
            "Litmus needs Python 3.11, 3.12 or 3.13 and finds 3.14 (python3): install one of them, or name "
            "one that you have with make run PYTHON=/path/to/python3.12.",
        ),
        (
            "3.13 ensurepip",
            "Python 3.13 (python3) cannot make virtual environments: install the missing part (Debian, as "
            "root: apt-get install python3.13-venv) and run make again.",
        ),
        (
            "3.12 sqlite3",
            "Python 3.12 (python3) was built without sqlite3: install a complete one (Debian, as root: "
            "apt-get install python3 python3-venv) and run make again.",
        ),
    ],
)
def test_a_missing_python_or_part_of_it_is_one_sentence_with_the_remedy(
    tmp_path: Path, python3: str | None, sentence: str
) -> None:
    done = preflight(tmp_path, python3=python3)

    assert (done.returncode, done.stderr.strip(), done.stdout) == (1, sentence, "")


def test_a_python_that_does_is_handed_the_goal(tmp_path: Path) -> None:
    done = preflight(tmp_path, python3="3.12", goal="demo")

    assert (done.returncode, done.stdout.strip()) == (0, "python3: -m scripts.set_up demo")


@pytest.mark.parametrize(
    ("newer", "handed"), [("3.13", "python3.13"), ("3.13 ensurepip", "python3"), ("3.14", "python3")]
)
def test_the_newest_python_that_does_is_handed_the_goal(tmp_path: Path, newer: str, handed: str) -> None:
    done = preflight(tmp_path, python3="3.12", newer=newer)

    assert (done.returncode, done.stdout.strip()) == (0, f"{handed}: -m scripts.set_up run")


# --- what is there, and what is done about it ---------------------------------------------------------------


class Checkout:
    """A checkout whose set-ups are noted instead of carried out."""

    def __init__(self, root: Path, patch: pytest.MonkeyPatch) -> None:
        self.root, self.venv, self.done = root, root / ".venv", list[str]()
        self.works = True  # whether .venv's Python runs
        self.fails: Exception | None = None  # what installing ends with
        root.mkdir()
        for name in ("pyproject.toml", "constraints.txt"):
            shutil.copy(ROOT / name, root / name)
        patch.setattr(set_up, "make_venv", lambda _venv: self.done.append("made"))
        patch.setattr(set_up, "runs", lambda _venv: self.works)
        patch.setattr(set_up, "install", self._install)

    def _install(self, _venv: Path, wanted: set_up.VenvRecord) -> None:
        if self.fails:
            raise self.fails
        self.done.append("installed " + ",".join(wanted.extras))

    def make(self, goal: str = "run", light: str = "") -> list[str]:
        """Set up for ``goal`` and return what was done."""
        self.done.clear()
        set_up.set_up(goal, root=self.root, light=light, only_look=False)
        return list(self.done)

    def edit(self, name: str, old: str, new: str) -> None:
        text = (self.root / name).read_text()
        assert old in text
        (self.root / name).write_text(text.replace(old, new))


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    return Checkout(tmp_path / "litmus", monkeypatch)


def test_the_first_time_makes_and_installs_and_the_second_time_does_nothing(checkout: Checkout) -> None:
    assert checkout.make() == ["made", "installed app,torch,train"]
    assert checkout.make() == []


def test_tests_bring_their_tools_and_running_afterwards_does_nothing(checkout: Checkout) -> None:
    checkout.make()

    assert checkout.make("test") == ["installed app,dev,torch,train"]
    assert checkout.make("check") == []
    assert checkout.make("run") == []


def test_another_pin_is_installed_into_what_is_there(checkout: Checkout) -> None:
    checkout.make("test")
    checkout.edit("constraints.txt", "numpy==", "numpy==0.")

    assert checkout.make("run") == ["installed app,dev,torch,train"]


def test_a_setting_of_a_tool_is_no_reason_to_install(checkout: Checkout) -> None:
    checkout.make()
    checkout.edit("pyproject.toml", "line-length = ", "line-length = 1")

    assert checkout.make() == []


def test_light_leaves_torch_out_and_is_remembered(checkout: Checkout) -> None:
    assert checkout.make(light="1") == ["made", "installed app,train"]
    assert checkout.make() == []
    assert checkout.make("test") == ["installed app,dev,train"]
    assert checkout.make(light="0") == ["installed app,dev,torch,train"]
    assert checkout.make() == []


def test_light_after_a_full_installation_starts_over_without_torch(checkout: Checkout) -> None:
    checkout.make()

    assert checkout.make(light="1") == ["made", "installed app,train"]


def test_an_installation_that_was_cut_short_starts_over(checkout: Checkout) -> None:
    checkout.fails = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        checkout.make()
    (checkout.venv / "half-written").touch()
    checkout.fails = None

    assert checkout.make() == ["made", "installed app,torch,train"]
    assert not (checkout.venv / "half-written").exists()


def test_a_venv_whose_python_is_gone_is_made_anew(checkout: Checkout) -> None:
    checkout.make()
    checkout.works = False
    checkout.edit("constraints.txt", "numpy==", "numpy==0.")

    assert checkout.make() == ["made", "installed app,torch,train"]


def test_a_checkout_that_moved_makes_its_venv_anew(checkout: Checkout) -> None:
    checkout.make()
    held = set_up.VenvRecord.read(checkout.venv)
    assert held is not None
    replace(held, root="/elsewhere").write(checkout.venv)

    assert checkout.make() == ["made", "installed app,torch,train"]


def test_a_venv_that_somebody_else_made_is_used_and_never_removed(checkout: Checkout) -> None:
    checkout.venv.mkdir()
    (checkout.venv / "theirs").touch()
    checkout.fails = set_up.Trouble("No network.")
    with pytest.raises(set_up.Trouble):
        checkout.make()
    checkout.fails = None

    assert checkout.make() == ["installed app,torch,train"]
    assert checkout.make() == []
    assert (checkout.venv / "theirs").exists()


def test_a_venv_that_somebody_else_made_and_that_does_not_work_is_left_to_them(checkout: Checkout) -> None:
    checkout.venv.mkdir()
    checkout.works = False

    with pytest.raises(set_up.Trouble, match=r"was not made by Litmus .* move it away and run make again\.$"):
        checkout.make()
    assert checkout.venv.exists()


def test_a_full_disk_is_told_before_anything_is_made(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: Disk(10**10, 8 * 10**9, 2 * 10**9))

    with pytest.raises(set_up.Trouble, match=r"^The disk is too full: .* LIGHT=1\.$"):
        checkout.make()
    assert not checkout.venv.exists()


# --- the words that people and CI share ---------------------------------------------------------------------


def test_make_alone_explains_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):$", makefile, re.M)) - {"help"}

    shown = subprocess.run(["make", "-s"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert targets == set(re.findall(r"^ *make ([a-z-]+)", shown, re.M))


def asked_of_python(folder: Path, *words: str, **settings: str) -> str:
    """Return what make would run with Python for these words, and in front of it the setting of bytecode."""
    python = folder / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\necho "<$PYTHONDONTWRITEBYTECODE> $*"\n')
    python.chmod(0o755)
    done = subprocess.run(
        ["make", "-s", "-f", ROOT / "Makefile", "SET_UP=@:", *words],
        cwd=folder,
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=True,
    )
    return " ".join(done.stdout.split())


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        (["test"], "-m not exhaustive"),
        (["test", "BROWSER=none"], "-m not exhaustive and not browser"),
        (["test-all"], ""),
        (["test-all", "BROWSER=none"], "-m not browser"),
    ],
)
def test_test_leaves_to_test_all_what_other_tests_hold_and_both_keep_bytecode(
    tmp_path: Path, words: list[str], asked: str
) -> None:
    said = asked_of_python(tmp_path, *words, "ARGS=tests", PYTHONDONTWRITEBYTECODE="1")

    assert said == " ".join(f"<> -m pytest -p scripts.forks --forks 4 {asked} tests".split())


@pytest.mark.parametrize(("fails", "status"), [("none", 0), ("check", 1), ("test", 1)])
def test_ci_checks_and_tests_whatever_the_first_says(tmp_path: Path, fails: str, status: int) -> None:
    make = tmp_path / "make"
    make.write_text(f'#!/bin/sh\necho "make $*"\ntest "$1" != {fails}\n')
    make.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"

    done = subprocess.run(
        ["bash", str(ROOT / ".ci" / "run")], env={"PATH": path}, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout) == (status, "make check\nmake test\n")


def test_every_direct_requirement_but_torch_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [project["dependencies"], *project["optional-dependencies"].values()]
    names = {re.split(r"[\[<>=]", each)[0].lower() for part in wanted for each in part} - {"litmus-automl"}
    pins = re.findall(r"^([\w.-]+)==", (ROOT / "constraints.txt").read_text(), re.M)

    assert names - {pin.lower() for pin in pins} == {"torch"}
