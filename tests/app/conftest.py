"""What tests of pages share: fresh caches, and a workspace that looks like months of use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import app_test, local_script_runner

from app import slow_results
from benchmarks.seed import seed_workspace
from litmus_core import checks, data
from litmus_core.experiments import ActionsService
from litmus_core.store import Workspace
from tests.app.world import World
from tests.session import shared_folder
from tests.warm.checked import keep_checks, keep_fits


@pytest.fixture(scope="session")
def _fitted_once(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Callable[..., Any]]:
    folder = shared_folder(tmp_path_factory) / "fits of pages"
    return {each.__name__: keep_fits(each, lambda: folder) for each in (data.baselines, data.quick_reference)}


@pytest.fixture(scope="session")
def _done_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Callable[..., Any], ...]:
    """What each visit does again, to be done once: read about all packages, compile a page, check rows."""
    folder, compiled = shared_folder(tmp_path_factory) / "checks of pages", ScriptCache()
    check = keep_checks(checks.run_checks, lambda: folder, always=True)
    return cache(manifest_scanner.scan_component_manifests), lambda: compiled, check


@pytest.fixture(autouse=True)
def _quick_visits(
    monkeypatch: pytest.MonkeyPatch,
    _done_once: tuple[Callable[..., Any], ...],
    _fitted_once: dict[str, Callable[..., Any]],
) -> None:
    scan, compiled, check = _done_once
    monkeypatch.setattr(manifest_scanner, "scan_component_manifests", scan)
    for module in (app_test, local_script_runner):
        monkeypatch.setattr(module, "ScriptCache", compiled)
    monkeypatch.setattr(checks, "run_checks", check)
    for name, fitted in _fitted_once.items():
        monkeypatch.setattr(data, name, fitted)


@pytest.fixture(autouse=True)
def _own_studio() -> Iterator[None]:
    """Close what a test's app opened."""
    yield
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.fixture(autouse=True)
def _patient_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pages wait for slow results, so that a test reads what a visitor reads a little later."""
    monkeypatch.setattr(slow_results, "PATIENCE_S", 600.0)  # a tenth of it for what is rarely quick


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
    monkeypatch.setattr(ActionsService, "start", lambda self, run_id, seconds: None)


@pytest.fixture
def world() -> World:
    """A workspace with a binary question and nothing trained yet."""
    return World(Workspace.locate())
