"""A small bundle, and a client of its application."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from litmus_core.runtime import Bundle, load_bundle
from litmus_core.serving import Access, Limits, create_app, listening
from litmus_core.serving._guards.protocol import TimeLimitedProtocol
from litmus_core.serving._server import _server_for
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


@pytest.fixture
def address(bundle: Bundle, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, int]]:
    """A real server in a thread that waits 0.3 seconds for a request's head."""
    monkeypatch.setattr(TimeLimitedProtocol, "head_timeout_s", 0.3)
    ready = threading.Event()
    with listening("127.0.0.1", 0) as listener:
        place = listener.getsockname()
        access = Access()
        server = _server_for(create_app(bundle, access=access), listener, access, None, ready.set)
        thread = threading.Thread(target=server.run, kwargs={"sockets": []})
        thread.start()
        assert ready.wait(timeout=30)
        yield place
        server.should_exit = True
        thread.join()
