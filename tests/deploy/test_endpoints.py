"""An endpoint is a process of its own: it survives its starter, and only it is ever stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from litmus_core.deploy import endpoint_alive, endpoint_log, start_endpoint, stop_endpoint
from litmus_core.errors import BundleError
from litmus_core.store import Workspace
from litmus_core.types import BundleRecord, Endpoint, from_plain, to_plain
from tests import tiny
from tests.elsewhere import teach_children


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """An empty workspace, and children that know the tiny executor."""
    teach_children(monkeypatch, tmp_path)
    return Workspace(tmp_path / "workspace").create()


@pytest.fixture
def record(tmp_path: Path) -> BundleRecord:
    """A bundle on disk."""
    return tiny.bundle(tmp_path / "model.zip", zipped=True)


@pytest.fixture
def endpoint(workspace: Workspace, record: BundleRecord) -> Iterator[Endpoint]:
    """A running endpoint, stopped at the end whatever happens."""
    started = start_endpoint(workspace, record)
    yield started
    stop_endpoint(started)


def ask(endpoint: Endpoint) -> httpx.Response:
    """Send one row."""
    return httpx.post(f"{endpoint.url}/predict", json={"rows": [tiny.ROW]}, trust_env=False, timeout=60)


def test_it_answers_on_this_machine_alone_until_it_is_stopped(
    endpoint: Endpoint, workspace: Workspace, record: BundleRecord
) -> None:
    assert endpoint.url.startswith("http://127.0.0.1:")
    assert endpoint.bundle_id == record.id
    assert ask(endpoint).json()["predictions"] == tiny.predictor().predict_records([tiny.ROW])
    assert endpoint_alive(endpoint)
    assert os.getsid(endpoint.pid) == endpoint.pid
    assert "Serving Shop: Tiny" in endpoint_log(workspace, endpoint.name).read_text()

    assert stop_endpoint(endpoint) is True
    assert not endpoint_alive(endpoint)
    assert stop_endpoint(endpoint) is False
    with pytest.raises(httpx.ConnectError):
        ask(endpoint)


@pytest.mark.parametrize("name", ["ep_0123456789", "-c", "input()"])
def test_a_process_that_merely_got_its_pid_is_left_alone(name: str) -> None:
    """Nor does a record that somebody sent end one by a word of its command line."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as stranger:
        old = Endpoint(id=name, bundle_id="bd_1", url="", pid=stranger.pid, started_at="")

        assert not endpoint_alive(old)
        assert stop_endpoint(old) is False
        assert stranger.poll() is None
        assert stranger.stdin is not None
        stranger.stdin.close()


def test_it_survives_whoever_started_it_and_is_known_to_be_dead_once_it_is(
    workspace: Workspace, record: BundleRecord
) -> None:
    program = (
        "import json, os, sys\n"
        "from litmus_core.deploy import start_endpoint\n"
        "from litmus_core.store import Workspace\n"
        "from litmus_core.types import BundleRecord, from_plain, to_plain\n"
        "record = from_plain(BundleRecord, json.loads(sys.argv[2]))\n"
        "endpoint = start_endpoint(Workspace(sys.argv[1]), record)\n"
        "print(json.dumps(to_plain(endpoint)), flush=True)\n"
        f"os.kill(os.getpid(), {int(signal.SIGKILL)})\n"
    )
    arguments = [str(workspace.path), json.dumps(to_plain(record))]
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False
    )
    orphan = from_plain(Endpoint, json.loads(done.stdout))

    try:
        assert done.returncode == -signal.SIGKILL
        assert endpoint_alive(orphan)
        assert ask(orphan).status_code == 200
    finally:
        os.kill(orphan.pid, signal.SIGKILL)
    while endpoint_alive(orphan):
        pass
    assert stop_endpoint(orphan) is False


def test_a_bundle_that_cannot_be_served_says_why(workspace: Workspace, record: BundleRecord) -> None:
    Path(record.path).write_bytes(b"damaged")

    with pytest.raises(BundleError, match=r"could not be served\. .* is not a bundle.*whole log is in"):
        start_endpoint(workspace, record)
    assert sorted(each.name for each in (workspace.endpoints / "model").iterdir()) == [
        "endpoint.log",
        "keeper.lock",
        "start.lock",
    ]


def test_a_bundle_that_is_not_ready_in_time_is_given_up(workspace: Workspace, record: BundleRecord) -> None:
    with pytest.raises(BundleError, match="not ready in time"):
        start_endpoint(workspace, replace(record), timeout_s=0.0)
