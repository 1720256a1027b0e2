"""The base package as a wheel: made anywhere, always alike, of nothing but the base package."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

from litmus_core.compiled._native import build_path
from litmus_core.deploy import base_wheel
from litmus_core.deploy._bundles import wheel as wheels
from litmus_core.errors import BundleError


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    base_wheel.cache_clear()
    yield
    base_wheel.cache_clear()


def test_the_same_code_gives_the_same_bytes() -> None:
    first = base_wheel()
    base_wheel.cache_clear()

    assert base_wheel() == first
    assert first.name == f"litmus_automl-{first.version}-py3-none-any.whl"


def test_only_the_base_package_is_in_it() -> None:
    with zipfile.ZipFile(io.BytesIO(base_wheel().content)) as archive:
        tops = {name.partition("/")[0] for name in archive.namelist()}
        builds = {Path(name).name for name in archive.namelist() if name.endswith(".so")}
        suffixes = {Path(name).suffix for name in archive.namelist() if name.startswith("litmus_core/")}

    assert tops == {"litmus_core", f"litmus_automl-{base_wheel().version}.dist-info"}
    assert builds == {"rows-linux-aarch64.so", "rows-linux-x86_64.so"}
    assert suffixes == {".py", ".typed", ".html", ".so"}


@pytest.mark.skipif(not build_path().exists(), reason="no build of rows.c for this kind of machine")
def test_machine_code_comes_with_it(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(base_wheel().content)) as archive:
        archive.extractall(tmp_path)
    code = "from litmus_core.compiled import _native; print(_native.__file__, _native.unavailable_reason())"
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], env=environment, capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == [str(tmp_path / "litmus_core/compiled/_native/__init__.py"), "None"]


def test_it_needs_what_the_installed_one_needs() -> None:
    with zipfile.ZipFile(io.BytesIO(base_wheel().content)) as archive:
        about = archive.read(f"litmus_automl-{base_wheel().version}.dist-info/METADATA").decode()

    needs = [line.removeprefix("Requires-Dist: ") for line in about.splitlines() if "Requires-Dist" in line]
    assert needs == metadata.requires("litmus-automl")
    assert f"Version: {base_wheel().version}\n" in about


def test_another_code_has_another_version(monkeypatch: pytest.MonkeyPatch) -> None:
    first = base_wheel().version
    base_wheel.cache_clear()
    monkeypatch.setattr(wheels, "_files", lambda package: {"litmus_core/__init__.py": b"changed = True\n"})

    assert base_wheel().version != first
    assert base_wheel().version.startswith("0.1.0+c")


def test_bare_files_that_are_not_installed_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(name: str) -> None:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "metadata", unknown)

    with pytest.raises(BundleError, match="not installed here"):
        base_wheel()
