"""A small bundle, and a client of its application."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from litmus_core.runtime import Bundle, load_bundle
from litmus_core.serving import Limits, create_app
from tests import tiny
from tests.serving.client import Client


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle that is written once, for tests to copy."""
    return Path(tiny.bundle(tmp_path_factory.mktemp("written") / "bundle").path)


@pytest.fixture
def bundle(written: Path, tmp_path: Path) -> Bundle:
    """Two labels from four columns."""
    tiny.register()  # whatever another test made of it
    return load_bundle(shutil.copytree(written, tmp_path / "bundle"))


@pytest.fixture
def client(bundle: Bundle) -> Iterator[Client]:
    """A client of the bundle's application, which takes few rows and small bodies."""
    limits = Limits(max_rows=100, max_body_bytes=20_000, max_waiting=4)
    with Client(create_app(bundle, limits=limits), quiet=True) as opened:
        yield opened
