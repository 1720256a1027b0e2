"""What tests of pages share: fresh caches, and a workspace that looks like months of use."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import app_test, local_script_runner

from app import services
from benchmarks.seed import seed_workspace
from litmus_core import checks
from litmus_core.experiments import Studio
from tests.warm.checked import keep_checks


@pytest.fixture(scope="session", autouse=True)
def _what_each_visit_does_again(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Do it once: read about all installed packages, compile a page, check the same rows."""
    folder = tmp_path_factory.mktemp("checks") / "made"
    with pytest.MonkeyPatch.context() as patch:
        scan = cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", scan)
        compiled = ScriptCache()
        for module in (app_test, local_script_runner):
            patch.setattr(module, "ScriptCache", lambda: compiled)
        patch.setattr(checks, "run_checks", keep_checks(checks.run_checks, lambda: folder, always=True))
        yield


@pytest.fixture(autouse=True)
def _own_studio() -> Iterator[None]:
    """Close what a test's app opened."""
    yield
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.fixture(autouse=True)
def _patient_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pages wait for slow results, so that a test reads what a visitor reads a little later."""
    monkeypatch.setattr(services, "PATIENCE_S", 600.0)  # a tenth of it for what is rarely quick


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let the pages read the files that a test writes."""
    monkeypatch.setenv("LITMUS_DATA_FOLDERS", str(tmp_path))


@pytest.fixture(scope="session")
def seeded_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seeded") / "litmus"
    seed_workspace(folder, n_experiments=20, n_candidates=60)
    return folder


@pytest.fixture
def seeded(seeded_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace of 20 experiments, for tests that only read."""
    monkeypatch.setenv("LITMUS_HOME", str(seeded_folder))
    return seeded_folder


@pytest.fixture(autouse=True)
def _no_looking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start no process that finds out what would help: tests of that say what it found."""
    monkeypatch.setattr(Studio, "start_advising", lambda self, run_id, seconds: None)
