"""Versions behind a name: exchanged under load, kept alive, watched."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from litmus_core.deploy import (
    add_version,
    deploy_bundle,
    endpoint_alive,
    endpoint_log_tail,
    endpoint_stats,
    live_endpoints,
    promote_endpoint,
    restart_endpoint,
    rollback_endpoint,
    start_endpoint,
    stop_endpoint,
)
from litmus_core.errors import BusyError, NotFoundError, UnknownNameError, UsageError
from litmus_core.serving import listening, write_failure_path
from litmus_core.store import Journal, Workspace
from litmus_core.types import BundleRecord, Endpoint, EndpointRestarted, EndpointStats
from tests import tiny
from tests.elsewhere import teach_children


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """An empty workspace, and children that know the tiny executor."""
    teach_children(monkeypatch, tmp_path)
    return Workspace(tmp_path / "workspace").create()


@pytest.fixture
def bundles(tmp_path: Path) -> list[BundleRecord]:
    """Two models that never answer alike."""
    made = []
    for number in (1, 2):
        model = tiny.predictor(classes=())
        model.executor.weights = [3.0 * number]  # type: ignore[attr-defined]
        made.append(tiny.bundle(tmp_path / f"model-{number}", model=model))
    return made


@pytest.fixture
def endpoint(workspace: Workspace, bundles: list[BundleRecord]) -> Iterator[Endpoint]:
    """The first model at work behind the name 'shop', every request kept."""
    started = start_endpoint(workspace, bundles[0], name="shop", sample_rate=1.0)
    yield started
    stop_endpoint(started)


def answers(bundles: list[BundleRecord]) -> list[float]:
    """What each of the two models answers."""
    found = []
    for number in (1, 2):
        model = tiny.predictor(classes=())
        model.executor.weights = [3.0 * number]  # type: ignore[attr-defined]
        found.append(model.predict_records([tiny.ROW])[0]["value"])
    return found


def ask(url: str) -> httpx.Response:
    """Send one row on a connection of its own."""
    plain = {"trust_env": False, "verify": False}  # reading certificates takes longer than the answer
    return httpx.post(f"{url}/predict", json={"rows": [tiny.ROW]}, timeout=60, **plain)  # type: ignore[arg-type]


def value(url: str) -> float:
    """Return what is answered now."""
    return float(ask(url).json()["predictions"][0]["value"])


def stats_when(workspace: Workspace, held: Callable[[EndpointStats], bool]) -> EndpointStats:
    """Return the figures of 'shop' once they are as expected."""
    for _ in range(600):
        stats = endpoint_stats(workspace, "shop")
        if held(stats):
            return stats
        time.sleep(0.05)
    raise AssertionError(f"it stayed at {stats}")


class Callers:
    """Three that ask on one kept connection each, and one that opens a new one every time."""

    def __init__(self, url: str) -> None:
        self.url, self.found, self.wrong = url, [], []  # type: ignore[var-annotated]
        self._over = threading.Event()
        self._threads = [
            threading.Thread(target=self._loop, args=(kept,)) for kept in (True, True, True, False)
        ]

    def _loop(self, kept: bool) -> None:
        client = httpx.Client(trust_env=False, timeout=60)
        while not self._over.is_set() and len(self.found) < 3_000:
            try:
                answer = (
                    client.post(f"{self.url}/predict", json={"rows": [tiny.ROW]}) if kept else ask(self.url)
                )
                self.found.append(answer.json()["predictions"][0]["value"])
            except Exception as error:  # noqa: BLE001 - whatever it is, a request was lost
                self.wrong.append(repr(error))
            time.sleep(0.04)
        client.close()

    def __enter__(self) -> Callers:
        for each in self._threads:
            each.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for each in self._threads:
            each.join()

    def wait_for(self, n_more: int) -> None:
        """Wait until so many more were answered."""
        until = len(self.found) + n_more
        while len(self.found) < until and not self.wrong:
            time.sleep(0.01)


def test_versions_take_over_and_go_back_under_load_without_a_lost_or_wrong_answer(
    endpoint: Endpoint, workspace: Workspace, bundles: list[BundleRecord]
) -> None:
    one, two = answers(bundles)
    assert add_version(workspace, "shop", bundles[1]) == 2
    assert value(endpoint.url) == one
    with Callers(endpoint.url) as callers:
        callers.wait_for(50)
        promoted = promote_endpoint(workspace, "shop")
        assert value(endpoint.url) == two
        callers.wait_for(50)
        turn = len(callers.found)
        callers.wait_for(50)
        assert set(callers.found[turn:]) == {two}
        back = rollback_endpoint(workspace, "shop")
        assert value(endpoint.url) == one
        callers.wait_for(50)

    assert callers.wrong == []
    assert set(callers.found) == {one, two}
    assert (promoted.url, promoted.version, promoted.bundle_id) == (endpoint.url, 2, bundles[1].id)
    assert (back.version, back.bundle_id) == (1, bundles[0].id)
    stats = stats_when(workspace, lambda each: each.traffic.n_requests >= len(callers.found) + 3)
    assert stats.traffic.n_requests == len(callers.found) + 3
    assert (stats.version, stats.previous, stats.traffic.n_errors, stats.restarts.n) == (1, None, 0, 0)
    with pytest.raises(UsageError, match="There is nothing to go back to"):  # 2 is promoted, or not at all
        rollback_endpoint(workspace, "shop")


def test_a_killed_keeper_takes_its_server_with_it_and_a_killed_server_is_started_again(
    endpoint: Endpoint, workspace: Workspace
) -> None:
    before = value(endpoint.url)
    os.kill(endpoint.pid, signal.SIGKILL)

    stats = stats_when(workspace, lambda each: each.state == "stopped")
    assert stats.message.startswith("It does not run here: its process was killed")
    assert live_endpoints(workspace) == []
    for _ in range(200):
        try:
            ask(endpoint.url)
        except httpx.ConnectError:
            break
        except httpx.TransportError:
            pass  # it went while it was being asked
        time.sleep(0.05)
    else:
        pytest.fail("the server outlived its keeper")

    state = workspace.endpoints / "shop" / "state.json"
    state.write_text(state.read_text().replace('"n": 0', '"n": 1'))  # its server had crashed once
    left = state.parent / "counts-1-0.json"
    left.write_text("{}")
    write_failure_path(left).touch()  # the disk was full under a server that is gone
    again = restart_endpoint(workspace, "shop")
    try:
        assert (again.url, again.version, value(again.url)) == (endpoint.url, 1, before)
        assert endpoint_stats(workspace, "shop").message == ""
        child = json.loads(state.read_text())["child_pid"]
        os.kill(child, signal.SIGKILL)

        stats = stats_when(workspace, lambda each: each.restarts.n == 2 and each.state == "answering")
        assert value(again.url) == before
        assert stats.restarts.last_reason.startswith("ended by signal 9")
        assert stats.restarts.last_at is not None
        facts = [event.fact for event in Journal(workspace).events()]
        assert [type(fact) for fact in facts] == [EndpointRestarted]
        assert endpoint_alive(again)
    finally:
        stop_endpoint(again)


def test_of_two_that_deploy_behind_one_name_at_once_one_starts_it_and_the_other_adds(
    workspace: Workspace, bundles: list[BundleRecord]
) -> None:
    found: list[tuple[Endpoint, bool]] = []
    threads = [
        threading.Thread(target=lambda each=each: found.append(deploy_bundle(workspace, each, name="shop")))
        for each in bundles
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    try:
        assert sorted(is_new for _, is_new in found) == [False, True]
        assert len({each.id for each, _ in found}) == 1
        stats = endpoint_stats(workspace, "shop")
        assert {each.bundle_id for each in stats.versions} == {each.id for each in bundles}
        assert (stats.state, stats.version) == ("answering", 1)
    finally:
        stop_endpoint(found[0][0])


def test_what_cannot_be_served_is_said_and_leaves_what_is_there_at_work(
    endpoint: Endpoint, workspace: Workspace, bundles: list[BundleRecord]
) -> None:
    port = int(endpoint.url.rpartition(":")[2])
    with pytest.raises(BusyError, match="'shop' runs already"):
        start_endpoint(workspace, bundles[1], name="shop")
    with pytest.raises(BusyError, match=f"Port {port} is taken"):
        start_endpoint(workspace, bundles[1], name="other", port=port)
    with pytest.raises(NotFoundError):
        endpoint_stats(workspace, "other")
    with pytest.raises(UsageError, match="cannot name an endpoint"):
        start_endpoint(workspace, bundles[1], name="../shop")
    assert [each.name for each in live_endpoints(workspace)] == ["shop"]

    add_version(workspace, "shop", bundles[1])
    (Path(bundles[1].path) / "pipeline.json").write_text("{}")
    with pytest.raises(UsageError, match=r"Version 2 could not be served; version 1 goes on\. "):
        promote_endpoint(workspace, "shop", 2)
    assert value(endpoint.url) == answers(bundles)[0]
    assert endpoint_stats(workspace, "shop").version == 1
    with pytest.raises(UnknownNameError, match="There is no version of 'shop' called '7'"):
        promote_endpoint(workspace, "shop", 7)
    with pytest.raises(UsageError, match="There is nothing to go back to"):
        rollback_endpoint(workspace, "shop")


def test_a_workspace_that_cannot_be_written_is_said_before_anything_starts(
    workspace: Workspace, bundles: list[BundleRecord]
) -> None:
    workspace.endpoints.write_text("in the way")

    with pytest.raises(UsageError, match="cannot be written"):
        start_endpoint(workspace, bundles[0], name="shop")
    assert live_endpoints(workspace) == []


def test_requests_are_counted_and_an_endpoint_starts_again_elsewhere_with_its_versions(
    endpoint: Endpoint, workspace: Workspace, bundles: list[BundleRecord]
) -> None:
    told = value(endpoint.url)
    httpx.post(f"{endpoint.url}/predict", json={"rows": [{}]}, trust_env=False)
    json_type = {"Content-Type": "application/json"}
    httpx.post(f"{endpoint.url}/predict", content=b"{", headers=json_type, trust_env=False)

    stats = stats_when(workspace, lambda each: each.traffic.n_requests == 3)
    assert stats.traffic.errors == {"not JSON": 1, "row does not fit": 1}
    assert (stats.traffic.n_rows, stats.traffic.n_errors, stats.state) == (1, 2, "answering")
    assert stats.traffic.p50_ms is not None
    assert "Serving Shop: Tiny" in endpoint_log_tail(workspace, "shop", 5)
    lines = (workspace.endpoints / "shop" / "samples.jsonl").read_text().splitlines()
    assert [(json.loads(line)["rows"], json.loads(line)["predictions"]) for line in lines] == [
        ([tiny.ROW], [{"value": told}])
    ]

    stop_endpoint(endpoint)
    stopped = endpoint_stats(workspace, "shop")
    assert (stopped.state, stopped.traffic.n_requests) == ("stopped", 3)
    port = int(endpoint.url.rpartition(":")[2])
    with listening("127.0.0.1", port):
        again = restart_endpoint(workspace, "shop")
    try:
        said = endpoint_stats(workspace, "shop").message
        other = int(again.url.rpartition(":")[2])
        assert said == f"Its port of before, {port}, is taken: it answers on {other} now."
        assert value(again.url) == told
        assert stats_when(workspace, lambda each: each.traffic.n_requests == 4).version == 1
        with pytest.raises(BusyError, match="runs already"):
            restart_endpoint(workspace, "shop")

        stop_endpoint(again)
        again = start_endpoint(workspace, bundles[1], name="shop")
        assert (again.version, value(again.url)) == (2, answers(bundles)[1])
        assert stats_when(workspace, lambda each: each.traffic.n_requests == 5).version == 2
        assert promote_endpoint(workspace, "shop", 1).version == 1
        assert rollback_endpoint(workspace, "shop").version == 2  # an older version, too, was promoted
    finally:
        stop_endpoint(again)
