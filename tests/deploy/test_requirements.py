"""What a bundle needs is read of what is installed now."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from litmus_core.deploy._bundles.requirements import closure


def install(site: Path, name: str, version: str, *needs: str) -> None:
    """Put a distribution into a folder, in place of any other version of it."""
    for there in site.glob(f"{name}-*"):
        shutil.rmtree(there)
    about = site / f"{name}-{version}.dist-info"
    about.mkdir()
    lines = [f"Name: {name}", f"Version: {version}", *(f"Requires-Dist: {need}" for need in needs), ""]
    (about / "METADATA").write_text("\n".join(lines))
    at = site.stat().st_mtime_ns + 1_000_000_000  # file systems tell no shorter times apart
    os.utime(site, ns=(at, at))


def test_what_was_installed_meanwhile_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    install(tmp_path, "far_away", "1.0+cpu", "Far.Beside", "nowhere")
    assert closure("far-away") == {"far-away": "1.0"}

    install(tmp_path, "far_beside", "3.1")
    assert closure("far-away") == {"far-away": "1.0", "far-beside": "3.1"}

    install(tmp_path, "far_away", "1.1")
    assert closure("far-away") == {"far-away": "1.1"}
