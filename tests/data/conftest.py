"""A workspace, and tables written by the letter: what a test's file holds can be seen in the test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from litmus_core.data import import_table
from litmus_core.store import Workspace
from litmus_core.types import DatasetVersion

Importer = Callable[..., DatasetVersion]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace").create()


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a source file (text as UTF-8, or bytes as they are)."""

    def write(content: str | bytes, name: str = "table.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def imported(workspace: Workspace, write: Callable[..., Path]) -> Importer:
    """Return a function that imports a file with this content and gives the version."""

    def imported(content: str | bytes, name: str = "table.csv") -> DatasetVersion:
        return import_table(workspace, write(content, name))

    return imported
