"""What the wheel brings, and where the installed Litmus looks for it. ``make wheel`` tries a real one."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path

import pytest

from litmus_core.deploy._bundles import wheel
from litmus_core.experiments import studio_folder
from scripts import try_arm64
from scripts.try_wheel import readme_blocks

ROOT = Path(__file__).resolve().parents[1]
BROUGHT = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"][
    "force-include"
]


def test_the_wheel_brings_what_the_pages_read_beside_them() -> None:
    read = {"app", "sample_data"}
    for path in (ROOT / "app").rglob("*.py"):
        for folders in re.findall(r"parents\[1\]((?: / \"\w+\")+)", path.read_text(encoding="utf-8")):
            read.add("/".join(re.findall(r"\w+", folders)))
    assert len(read) > 3
    assert {name: f"litmus_core/_studio/{name}" for name in sorted(read)} == BROUGHT
    assert all((ROOT / name).is_dir() for name in BROUGHT)


def test_an_installed_litmus_looks_in_its_package_and_a_checkout_beside_it(tmp_path: Path) -> None:
    package = tmp_path / "litmus_core"
    package.mkdir()
    (tmp_path / "app").mkdir()  # of somebody else, among the installed packages
    assert studio_folder(package) == tmp_path
    (package / "_studio").mkdir()
    assert studio_folder(package) == package / "_studio"
    assert studio_folder() == ROOT


def test_a_bundle_s_own_wheel_leaves_the_pages_out(tmp_path: Path) -> None:
    package = tmp_path / "litmus_core"
    for name in ("_studio/app/main.py", "runtime/_studio.py", "__init__.py"):
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).touch()
    assert list(wheel._files(package)) == ["litmus_core/__init__.py", "litmus_core/runtime/_studio.py"]


def test_what_arm64_takes_is_said_where_it_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "qemu-aarch64" else name)
    assert try_arm64.missing() == "ARM64 was not tried: 'apt-get install qemu-user' brings what it takes."
    monkeypatch.setattr(shutil, "which", lambda name: name)
    assert try_arm64.missing() == ""


def test_the_wheel_is_tried_by_what_readme_says() -> None:
    commands, script = readme_blocks()
    assert [command.split()[1] for command in commands] == [
        "train",
        "leaderboard",
        "export",
        "predict",
        "serve",
    ]
    assert script.count("goal=") == 1  # what mypy is shown misspelt
    assert 'export("model.zip")' in script
