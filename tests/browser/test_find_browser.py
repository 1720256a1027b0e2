"""The browser that the journey needs is found, brought, or asked for in one sentence."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from scripts import browser


def machine(folder: Path, patch: pytest.MonkeyPatch, *, user: int, programs: dict[str, str]) -> None:
    """Leave only these programs (name and shell script) on the PATH of this user."""
    for name, script in programs.items():
        program = folder / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
    patch.setenv("PATH", str(folder))
    patch.setattr("os.geteuid", lambda: user)


def test_a_browser_on_the_path_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine(tmp_path, monkeypatch, user=1000, programs={"google-chrome": "", "chromium": ""})

    assert browser.find_browser() == str(tmp_path / "chromium")
    assert browser.install_browser() == ""


def test_who_is_not_root_is_told_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine(tmp_path, monkeypatch, user=1000, programs={"apt-get": ""})

    assert browser.install_browser() == (
        "The browser journey needs Chromium, and none is on the PATH: install it (Debian: sudo apt-get "
        "install chromium), or leave the journey out with make test BROWSER=none."
    )


def test_root_gets_debians_chromium(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def apt_get(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        asked.append(command)
        if "install" in command:
            (tmp_path / "chromium").write_text("")
            (tmp_path / "chromium").chmod(0o755)
        return subprocess.CompletedProcess(command, 0, "", "")

    machine(tmp_path, monkeypatch, user=0, programs={"apt-get": ""})
    monkeypatch.setattr("subprocess.run", apt_get)

    assert browser.install_browser() == ""
    assert asked == [
        ["apt-get", "-q", "update"],
        ["apt-get", "-q", "install", "-y", "--no-install-recommends", "chromium"],
    ]


def test_a_failed_installation_is_told_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine(
        tmp_path,
        monkeypatch,
        user=0,
        programs={"apt-get": "echo 'E: Unable to locate package chromium' >&2; exit 100"},
    )

    assert browser.install_browser() == (
        "Debian's chromium could not be installed (E: Unable to locate package chromium): fix that with "
        "apt-get, or leave the browser journey out with make test BROWSER=none."
    )
