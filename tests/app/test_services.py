"""One studio for all visitors, and slow results outside of pages."""

from __future__ import annotations

import threading
from concurrent.futures import wait
from types import SimpleNamespace

import pytest

from app import services, slow_results
from litmus_core.errors import DataError
from litmus_core.store import Workspace
from tests.app.world import EXPERIMENT, RUN, World


@pytest.fixture
def later():
    made = services.Later()
    yield made
    made.close()


def test_the_studio_of_a_workspace_is_opened_once():
    assert services.studio() is services.studio()


def test_a_slow_result_is_worked_out_once(later):
    calls = []
    first = later.ask(("key",), lambda: calls.append(1))
    assert first.result(timeout=10) is None
    assert later.ask(("key",), lambda: calls.append(2)) is first
    assert calls == [1]


def test_a_page_does_not_wait_for_a_slow_result(later, monkeypatch):
    monkeypatch.setattr(slow_results, "PATIENCE_S", 0.0)
    gate = threading.Event()
    future = later.ask(("slow",), gate.wait)
    assert not services.exists(future)
    gate.set()
    assert future.result(timeout=10)
    assert services.exists(future)


def test_a_page_that_asks_for_several_slow_results_waits_once_for_all_of_them(later, monkeypatch):
    gate, now, waited = threading.Event(), [100.0], []
    monkeypatch.setattr(slow_results, "PATIENCE_S", 0.1)
    monkeypatch.setattr(slow_results, "time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr(slow_results, "wait", lambda futures, timeout: waited.append(timeout) or wait([], 0))
    first, second = later.ask(("first",), gate.wait), later.ask(("second",), gate.wait)
    services.exists(first)
    now[0] += 0.1
    services.exists(second)
    gate.set()
    assert waited == pytest.approx([0.1, 0.0])


def test_an_error_is_raised_where_the_result_is_asked_for(later):
    def fail() -> None:
        raise DataError("Too few rows.")

    future = later.ask(("bad",), fail)
    with pytest.raises(DataError, match="Too few rows"):
        future.result(timeout=10)


def test_results_are_bounded(later):
    first = later.ask((0,), lambda: 0)
    for n in range(1, 200):
        later.ask((n,), lambda: 0)
    assert later.ask((0,), lambda: 1) is not first


def test_improving_is_done_by_another_attempt_and_results_by_a_decision():
    world = World(Workspace.locate())
    experiment = world.experiment()
    world.run(experiment)
    hand = services.Selection(experiment=experiment)
    assert services.steps_done(hand) == {"target", "train"}
    services.studio().decisions.use_anyway(RUN, because="The pilot wants it.", by="Ann")
    decided = services.Selection(experiment=services.studio().experiments.get(EXPERIMENT))
    assert services.steps_done(decided) == {"target", "train", "results"}
    world.worse_run(experiment)
    services.studio().store.refresh()
    assert services.steps_done(decided) == {"target", "train", "results", "improve"}
