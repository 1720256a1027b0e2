"""The machines of a cluster, and a look at them by a process of its own."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

from litmus_core.cluster import _machines, inspect_machine, machine_report, machines
from litmus_core.errors import LitmusError, MissingExtraError, UsageError
from tests.cluster.pretend import GB, PretendRay

TWO = '{"machines": [{"id": "1", "name": "big", "cpus": 8, "gpus": 1, "memory_gb": 30}]}'


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("litmus_core.cluster._connection.has_ray", lambda: True)


def says(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Have a look be made by this program."""
    monkeypatch.setattr(_machines, "_command", lambda on: [sys.executable, "-c", program, on])


def test_machines_tell_what_is_theirs_and_what_is_in_use() -> None:
    ray = PretendRay({"CPU": 4.0, "GPU": 2.0, "memory": 16.0 * GB}, {"CPU": 2.0, "memory": 8.0 * GB})
    ray.free = {"id 0": {"CPU": 1.0, "GPU": 2.0, "memory": 12.0 * GB}, "id 1": {}}

    one, other = machines(ray)
    assert (one.name, one.cpus, one.gpus, one.memory_gb) == ("node 0", 4.0, 2.0, 16.0)
    assert (one.cpus_used, one.gpus_used, one.memory_used_gb) == (3.0, 0.0, 4.0)
    assert (other.cpus_used, other.gpus_used, other.memory_used_gb) == (2.0, 0.0, 8.0)


def test_what_ray_does_not_tell_is_not_known() -> None:
    ray = PretendRay()
    ray._private = None
    (one,) = machines(ray)
    assert (one.cpus, one.cpus_used, one.memory_used_gb) == (2.0, None, None)


def test_a_look_is_read_from_the_last_line(monkeypatch: pytest.MonkeyPatch) -> None:
    says(monkeypatch, f"print('some warning'); print('{TWO}')")
    (one,) = inspect_machine("auto")
    assert (one.name, one.cpus, one.gpus, one.cpus_used) == ("big", 8.0, 1.0, None)


@pytest.mark.parametrize(
    "program", ["", "print('Segmentation fault')", "print('[1]')", "import nothing_such"]
)
def test_a_look_that_ends_badly_is_said_in_words(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    says(monkeypatch, program)
    with pytest.raises(UsageError, match="The cluster at 'auto' could not be reached"):
        inspect_machine("auto")


def test_a_look_has_its_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    says(monkeypatch, f"import time; time.sleep(3); open({str(tmp_path / 'late')!r}, 'w')")
    with pytest.raises(UsageError, match=r"did not answer in 0\.3 s"):
        inspect_machine("auto", limit_s=0.3)
    time.sleep(3)
    assert not (tmp_path / "late").exists()


@pytest.mark.parametrize(
    ("on", "said"),
    [
        ("here", "This machine, without Ray, is not a cluster"),
        ("cluster", "'cluster' is not a place to work"),
        ("127.0.0.1:1", "No Ray cluster answers at '127.0.0.1:1'"),
        ("nowhere:x", "No Ray cluster answers at 'nowhere:x'"),
    ],
)
def test_a_wrong_address_is_said_without_a_look(monkeypatch: pytest.MonkeyPatch, on: str, said: str) -> None:
    says(monkeypatch, "print(1 / 0)")
    with pytest.raises(UsageError, match=said):
        inspect_machine(on)


def test_without_ray_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("litmus_core.cluster._connection.has_ray", lambda: False)
    with pytest.raises(
        MissingExtraError, match=r"Looking at a cluster needs .* pip install 'litmus-automl\[ray\]'"
    ):
        inspect_machine("ray")


def report_machines(monkeypatch: pytest.MonkeyPatch, error: Exception) -> dict[str, str]:
    @contextmanager
    def running(*_: object, **__: object):
        raise error
        yield

    monkeypatch.setattr(machine_report, "running", running)
    found: dict[str, str] = machine_report.report_machines("10.0.0.5:6379")
    return found


def test_the_look_says_what_ray_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    told = report_machines(monkeypatch, LitmusError("Nobody answers.", hint="Ask again."))
    assert told == {"message": "Nobody answers.", "hint": "Ask again."}
    told = report_machines(monkeypatch, RuntimeError("\nVersion mismatch: 2.57 there.\nRay: …"))
    assert (
        told["message"]
        == "The cluster at '10.0.0.5:6379' could not be reached: Version mismatch: 2.57 there."
    )
    assert "same versions" in told["hint"]


@pytest.mark.skipif(find_spec("ray") is None, reason="Ray is an extra: pip install 'litmus-automl[ray]'")
def test_on_ray_this_machine_is_seen() -> None:
    (one,) = inspect_machine("ray", limit_s=120)
    assert one.cpus >= 1
    assert one.cpus_used == 0
    assert one.memory_gb > 0
