"""A model that was really trained, at work: its server and its keeper are killed, its memory ends."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from litmus_core.deploy._endpoints import endpoints
from litmus_core.errors import BundleError
from litmus_core.experiments import Studio
from litmus_core.runtime import load_bundle
from litmus_core.types import EndpointStats
from tests.trained import Trained, opened

pytestmark = pytest.mark.kills


def stats_when(studio: Studio, name: str, held: Callable[[EndpointStats], bool]) -> EndpointStats:
    """Return the figures once they are as expected."""
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        stats = studio.endpoints.stats(name)
        if held(stats):
            return stats
        time.sleep(0.05)
    raise AssertionError(f"it stayed at {stats}")


@pytest.mark.exhaustive(reason="tests/deploy/test_versions.py kills servers and supervisors of a tiny bundle")
def test_whatever_is_killed_it_is_said_and_the_same_answers_come_back(
    trained: Trained, tmp_path: Path
) -> None:
    with opened(trained) as studio:
        record = studio.bundles.export(str(trained.run.chosen_id), to=tmp_path / "model.zip")
        with load_bundle(record.path) as bundle:
            rows, expected = bundle.examples, bundle.predict_records(bundle.examples)
        endpoint = studio.endpoints.deploy(record.id, name="real", certify=False)

        def answers(url: str) -> Any:
            asked = httpx.post(f"{url}/predict", json={"rows": rows}, trust_env=False, timeout=60)
            return asked.json()["predictions"]

        try:
            assert answers(endpoint.url) == expected
            state = endpoints.EndpointFolder(studio.workspace, "real").read()
            os.kill(state.child_pid, signal.SIGKILL)
            back = stats_when(studio, "real", lambda each: each.restarts.n == 1 and each.state == "answering")
            assert back.restarts.last_reason.startswith("ended by signal 9 (killed; too little memory is one")
            assert answers(endpoint.url) == expected

            os.kill(endpoint.pid, signal.SIGKILL)
            cut = stats_when(studio, "real", lambda each: each.state == "stopped")
            assert cut.message.startswith("It does not run here")
            again = studio.endpoints.start("real")
            assert answers(again.url) == expected
        finally:
            studio.endpoints.stop("real")


@pytest.mark.exhaustive(reason="tests/deploy/test_faults.py lets a model's memory end in the server")
@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="limits of others are Linux's")
@pytest.mark.skipif(
    hasattr(os, "sched_getaffinity") and len(os.sched_getaffinity(0)) == 1,
    reason="200 MB are enough without the threads of a second core",
)
def test_a_memory_limit_that_is_too_low_is_said_and_nothing_is_deployed(
    trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = endpoints._start

    def start_with_little(*what: Any) -> subprocess.Popen[bytes]:
        keeper = start(*what)
        resource.prlimit(keeper.pid, resource.RLIMIT_AS, (200 << 20, 200 << 20))
        return keeper

    with opened(trained) as studio:
        record = studio.bundles.export(str(trained.run.chosen_id), to=tmp_path / "model.zip")
        monkeypatch.setattr(endpoints, "_start", start_with_little)
        with pytest.raises(BundleError, match="Ran out of memory"):
            studio.endpoints.deploy(record.id, name="small", certify=False)
        assert studio.endpoints.list() == []
