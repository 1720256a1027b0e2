"""A full disk and too little memory are said; the endpoint goes on, or nothing is left of it."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from litmus_core.deploy import add_version, endpoint_stats, live_endpoints, start_endpoint, stop_endpoint
from litmus_core.deploy._endpoints import endpoints
from litmus_core.errors import BundleError, LitmusError, NotFoundError, UsageError
from litmus_core.store import Workspace
from litmus_core.types import BundleRecord, Endpoint, EndpointStats
from tests import tiny
from tests.elsewhere import teach_children

pytestmark = pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="limits of others are Linux's")
_FREE = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """An empty workspace, and children that know the tiny executor."""
    teach_children(monkeypatch, tmp_path)
    return Workspace(tmp_path / "workspace").create()


@pytest.fixture
def record(tmp_path: Path) -> BundleRecord:
    """A bundle on disk."""
    return tiny.bundle(tmp_path / "model")


@pytest.fixture
def endpoint(workspace: Workspace, record: BundleRecord) -> Iterator[Endpoint]:
    """A running endpoint that keeps every request."""
    started = start_endpoint(workspace, record, name="shop", sample_rate=1.0)
    yield started
    stop_endpoint(started)


def state(workspace: Workspace) -> dict[str, Any]:
    """What is on record of 'shop'."""
    found: dict[str, Any] = json.loads((workspace.endpoints / "shop" / "state.json").read_text())
    return found


def ask(endpoint: Endpoint) -> int:
    """Send one row, return the status."""
    body = {"rows": [tiny.ROW]}
    return httpx.post(f"{endpoint.url}/predict", json=body, trust_env=False, timeout=60).status_code


def stats_when(workspace: Workspace, held: Callable[[EndpointStats], bool]) -> EndpointStats:
    """Return the figures of 'shop' once they are as expected."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        stats = endpoint_stats(workspace, "shop")
        if held(stats):
            return stats
        time.sleep(0.05)
    raise AssertionError(f"it stayed at {stats}")


def fail_twice(workspace: Workspace) -> None:
    """Wait until the counts of 'shop' could not be written twice from now on."""
    (trouble,) = workspace.endpoints.glob("shop/**/*.trouble")
    deadline = time.monotonic() + 60
    for _ in range(2):
        before = trouble.stat().st_mtime_ns
        while trouble.stat().st_mtime_ns == before:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def no_room(pid: int) -> None:
    """Let the process write no byte into any file, as on a full disk."""
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))


def test_a_server_that_cannot_note_requests_goes_on_answering_and_that_is_said(
    endpoint: Endpoint, workspace: Workspace
) -> None:
    server = state(workspace)["child_pid"]
    no_room(server)
    assert ask(endpoint) == 200
    full = stats_when(workspace, lambda each: each.message != "")
    assert full.message.startswith(
        "It answers, but its counts and samples cannot be written: the disk is full"
    )
    assert (full.state, full.restarts.n) == ("answering", 0)
    fail_twice(workspace)  # the first may have begun before the request was there

    resource.prlimit(server, resource.RLIMIT_FSIZE, _FREE)
    assert ask(endpoint) == 200
    after = stats_when(workspace, lambda each: each.message == "" and each.traffic.n_requests == 2)
    assert (after.traffic.n_samples_lost, after.state) == (0, "answering")


def test_a_keeper_that_cannot_write_goes_on_and_takes_no_version_that_would_be_forgotten(
    endpoint: Endpoint, workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("litmus_core.deploy._endpoints.endpoints._ADD_S", 2.0)
    no_room(endpoint.pid)
    with pytest.raises(LitmusError):
        add_version(workspace, "shop", tiny.bundle(tmp_path / "model-2"))
    assert ask(endpoint) == 200
    assert [each.name for each in live_endpoints(workspace)] == ["shop"]

    resource.prlimit(endpoint.pid, resource.RLIMIT_FSIZE, _FREE)
    assert len(endpoint_stats(workspace, "shop").versions) == 1
    assert add_version(workspace, "shop", tiny.bundle(tmp_path / "model-3")) == 2


def test_a_disk_that_fills_while_it_starts_is_said_and_nothing_is_deployed(
    workspace: Workspace, record: BundleRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = endpoints._start

    def start_without_room(*what: Any) -> subprocess.Popen[bytes]:
        keeper = start(*what)
        no_room(keeper.pid)
        return keeper

    monkeypatch.setattr(endpoints, "_start", start_without_room)
    with pytest.raises(UsageError, match=r"cannot be written\. Nothing was deployed\. Free some space"):
        start_endpoint(workspace, record, name="shop")
    assert live_endpoints(workspace) == []
    with pytest.raises(NotFoundError):
        endpoint_stats(workspace, "shop")


def test_a_full_disk_is_said_before_anything_starts(workspace: Workspace, record: BundleRecord) -> None:
    """A process of its own: its limit must not bind the tests."""
    program = (
        "import resource, sys, json\n"
        "from litmus_core.deploy import start_endpoint\n"
        "from litmus_core.errors import UsageError\n"
        "from litmus_core.store import Workspace\n"
        "from litmus_core.types import BundleRecord, from_plain\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
        "record = from_plain(BundleRecord, json.loads(sys.argv[2]))\n"
        "try:\n"
        "    start_endpoint(Workspace(sys.argv[1]), record, name='shop')\n"
        "except UsageError as error:\n"
        "    print(error)\n"
    )
    from litmus_core.types import to_plain

    command = [sys.executable, "-c", program, str(workspace.path), json.dumps(to_plain(record))]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert "cannot be written" in done.stdout
    assert done.stderr == ""
    assert sorted(each.name for each in (workspace.endpoints / "shop").iterdir()) == ["start.lock"]


def test_a_model_that_does_not_fit_into_memory_is_said(
    workspace: Workspace, record: BundleRecord, tmp_path: Path
) -> None:
    site = tmp_path / "sitecustomize.py"  # what teaches children: there the memory ends
    site.write_text(site.read_text() + "\ndef no(*_): raise MemoryError\ntiny.load = no\ntiny.register()\n")
    with pytest.raises(BundleError, match=r"could not be served\. Ran out of memory: .* does not fit"):
        start_endpoint(workspace, record, name="shop")
    assert live_endpoints(workspace) == []
