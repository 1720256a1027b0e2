"""Where a run that follows another trains."""

import socket

import pytest

from litmus_core.cluster import _connection
from litmus_core.experiments._runs.placement import follow
from litmus_core.types import Compute, Resources, RunPlan

TAKES = Resources(cpus=4)


@pytest.mark.parametrize("has_ray", [True, False])
def test_it_is_by_ray_where_ray_is(monkeypatch, has_ray):
    monkeypatch.setattr(_connection, "has_ray", lambda: has_ray)
    asked = RunPlan(compute=Compute(where="ray", train=TAKES))

    assert follow(asked) == (asked if has_ray else RunPlan())


def test_it_is_on_a_cluster_that_answers_and_here_without_one(monkeypatch):
    monkeypatch.setattr(_connection, "has_ray", lambda: True)
    with socket.socket() as head:
        head.bind(("127.0.0.1", 0))
        asked = RunPlan(compute=Compute(where=f"127.0.0.1:{head.getsockname()[1]}", train=TAKES))
        assert follow(asked) == RunPlan()
        head.listen()
        assert follow(asked) == asked


def test_what_was_here_stays_here_with_what_it_may_take():
    assert follow(RunPlan(compute=Compute(train=TAKES))) == RunPlan(compute=Compute(train=TAKES))
