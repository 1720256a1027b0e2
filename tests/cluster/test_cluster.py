"""Where work is done, what a piece may need, and pieces that come back, fail or are cut short."""

from __future__ import annotations

import sys
from contextlib import closing
from types import SimpleNamespace

import pytest

from litmus_core.cluster import (
    HERE,
    Needs,
    Place,
    check_place,
    machines,
    map_pieces,
    n_threads,
    place_of,
    running,
)
from litmus_core.errors import DataError, LitmusError, UsageError
from tests.cluster.pretend import GB, PretendRay


def _twice(shared: int, piece: int) -> int:
    if piece < 0:
        raise DataError("A piece is below zero.", hint="Give none.")
    return shared * piece


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("here", HERE),
        ("ray", Place(on_ray=True)),
        ("auto", Place(on_ray=True, address="auto")),
        ("10.0.0.5:6379", Place(on_ray=True, address="10.0.0.5:6379")),
        ("ray://head:10001", Place(on_ray=True, address="ray://head:10001")),
    ],
)
def test_a_place_is_said_in_one_word(said: str, place: Place) -> None:
    assert place_of(said) == place


@pytest.mark.parametrize("said", ["", "cluster", "Ray", "localhost"])
def test_what_is_no_place_is_refused_with_those_that_are(said: str) -> None:
    with pytest.raises(UsageError, match=rf"'{said}' is not a place to work\. Write here .*host:port"):
        place_of(said)


def test_pieces_come_back_with_their_places_whatever_their_order() -> None:
    ray = PretendRay()

    with closing(map_pieces(ray, _twice, 2, [5, 7, 9], needs=Needs(cpus=2, memory_gb=1.5))) as done:
        assert list(done) == [(2, 18), (1, 14), (0, 10)]
    assert (ray.asked["num_cpus"], ray.asked["memory"]) == (2, 1.5 * GB)
    assert ray.cancelled == []


def test_the_first_that_fails_ends_the_others_with_its_own_error() -> None:
    ray = PretendRay()

    with pytest.raises(DataError, match=r"^A piece is below zero\. Give none\.$"):
        list(map_pieces(ray, _twice, 2, [1, 2, -3, 4]))
    assert ray.cancelled == [1, 2]


def test_who_stops_asking_ends_what_is_left() -> None:
    ray = PretendRay()

    with closing(map_pieces(ray, _twice, 2, [1, 2, 3])) as done:
        next(done)
    assert ray.cancelled == [1, 2]


@pytest.mark.parametrize(
    ("needs", "said"),
    [
        (Needs(cpus=5), "needs cpus 5, and no machine has more than 4"),
        (Needs(gpus=1), "needs gpus 1, and no machine has more than 0"),
        (Needs(memory_gb=64), "needs memory 64 GB, and no machine has more than 16 GB"),
        (Needs(cpus=4, memory_gb=16), "No machine has 4 cpus, 0 gpus and 16 GB together"),
    ],
)
def test_what_no_machine_has_is_said_before_anything_starts(needs: Needs, said: str) -> None:
    ray = PretendRay({"CPU": 4.0, "memory": 8.0 * GB}, {"CPU": 1.0, "memory": 16.0 * GB})

    with pytest.raises(UsageError, match=said):
        list(map_pieces(ray, _twice, 2, [1], needs=needs))
    assert ray.asked == {}


def test_machines_that_are_gone_do_not_count() -> None:
    assert [(one.name, one.cpus, one.gpus, one.memory_gb) for one in machines(PretendRay())] == [
        ("node 0", 2.0, 0.0, 8.0)
    ]


def test_a_task_uses_no_more_processors_than_it_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    usable = n_threads()

    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    assert n_threads() == 1
    for other in ("", "0", "-1", "many", "100000"):
        monkeypatch.setenv("OMP_NUM_THREADS", other)
        assert n_threads() == usable


def test_a_process_that_is_lost_for_good_is_told_in_words() -> None:
    class Lost(PretendRay):
        def get(self, one: object) -> None:
            raise self.exceptions.RayError(OSError("worker died\nat length"))

    Lost.exceptions = type(
        "Names", (), {"RayTaskError": ZeroDivisionError, "RayError": PretendRay.exceptions.RayError}
    )

    with pytest.raises(LitmusError, match=r"Ray lost the processes .* gave up: worker died\. If memory"):
        list(map_pieces(Lost(), _twice, 2, [1]))


def test_a_ray_that_does_not_start_says_so_and_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def init(**_: object) -> None:
        raise Exception("The current node timed out during startup. Some of the raylet failed.")

    ray = SimpleNamespace(is_initialized=lambda: False, init=init)
    monkeypatch.setitem(sys.modules, "ray", ray)  # type: ignore[arg-type]

    said = r"Ray did not start on this machine: The current node timed out during startup\. Try again"
    with pytest.raises(LitmusError, match=said), running():
        pass


@pytest.mark.parametrize(
    ("address", "why"),
    [("127.0.0.1:1", "connection refused"), ("127.0.0.1:many", "a port is a number up to 65535")],
)
def test_why_nobody_answers_is_said_in_words(monkeypatch: pytest.MonkeyPatch, address: str, why: str) -> None:
    monkeypatch.setattr("litmus_core.cluster._connection.has_ray", lambda: True)
    with pytest.raises(UsageError, match=f"No Ray cluster answers at '{address}': {why}"):
        check_place(Place(on_ray=True, address=address), purpose="A look")
