"""What browser tests share: the app as a visitor would start it, and a real Chromium."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from litmus_core.experiments import Studio
from scripts.browser import FLAGS, find_browser
from tests.browser.visitor import PATIENCE_MS, ROOT
from tests.warm import client as warm


@pytest.fixture
def app(warm_workers: warm.Server) -> Iterator[str]:
    """The address of the app, started as a visitor would on a fresh workspace; its endpoints end with it."""
    if warm.SOCKET in os.environ:  # what its runs are forked of: make test-all begins them from nothing
        warm_workers.start()
    with started_app() as address:
        yield address


@contextmanager
def started_app() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(Path(sys.executable).with_name("litmus")), "app", "--port", str(port)]
    env = os.environ | {"PIP_NO_INDEX": "1"}  # no test asks the net: what is certified is not awaited
    pages = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
    try:
        assert pages.stdout is not None
        said = next((line for line in pages.stdout if "http" in line), "")
        yield re.findall(r"http://\S+", said)[0]
    finally:
        pages.terminate()
        pages.wait(timeout=30)
        if pages.stdout is not None:
            pages.stdout.close()
        with Studio.open() as studio:
            for endpoint in studio.endpoints.list():
                studio.endpoints.stop(endpoint.id)
                studio.certificates.stop(endpoint.bundle_id)


@pytest.fixture(autouse=True)
def _patience() -> None:
    """Wait for pages that are drawn while other tests keep the machine busy, in whichever browser."""
    expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture
def browser() -> Iterator[Browser]:
    """A Chromium."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find_browser(), args=FLAGS)
        yield browser
        browser.close()
