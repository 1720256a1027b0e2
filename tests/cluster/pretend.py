"""Ray as far as litmus_core.cluster asks for it, in this process: no Ray is needed to see what is asked."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

GB = 2**30


class TaskError(Exception):
    """What a task raised, as Ray hands it on."""

    def __init__(self, cause: BaseException) -> None:
        super().__init__(str(cause))
        self.cause = cause


class PretendRay:
    """Tasks run when they are waited for, the last one first; what goes to them and back is pickled."""

    exceptions = SimpleNamespace(RayTaskError=TaskError, RayError=TaskError)

    def __init__(self, *machines: dict[str, float]) -> None:
        self.machines = machines or ({"CPU": 2.0, "memory": 8.0 * GB},)
        self.asked: dict[str, Any] = {}
        self.cancelled: list[Any] = []
        self.done: list[str] = []
        self.here = "id 0"  # the node that a task finds itself on
        self.lost: list[str] = []  # nodes
        self.free: dict[str, dict[str, float]] = {}
        self.facts: dict[str, bytes] = {}
        told = SimpleNamespace(available_resources_per_node=lambda: self.free)
        self._private = SimpleNamespace(state=told)
        self.experimental = SimpleNamespace(internal_kv=_Facts(self.facts))

    def nodes(self) -> list[dict[str, Any]]:
        found = [
            {
                "Alive": f"id {at}" not in self.lost,
                "NodeID": f"id {at}",
                "NodeManagerHostname": f"node {at}",
                "Resources": each,
            }
            for at, each in enumerate(self.machines)
        ]
        gone = {"Alive": False, "NodeID": "gone", "NodeManagerHostname": "gone", "Resources": {"CPU": 99.0}}
        return [*found, gone]

    def is_initialized(self) -> bool:
        return True

    def get_runtime_context(self) -> Any:
        return SimpleNamespace(get_node_id=lambda: self.here)

    def remote(self, **asked: Any) -> Callable[[Callable[..., Any]], Any]:
        self.asked = asked
        return lambda do: SimpleNamespace(remote=lambda *given: _Later(do, pickle.loads(pickle.dumps(given))))

    def put(self, value: Any) -> Any:
        return value

    def wait(
        self, waiting: Sequence[_Later], num_returns: int = 1
    ) -> tuple[Sequence[_Later], Sequence[_Later]]:
        return waiting[-num_returns:], waiting[:-num_returns]

    def get(self, one: _Later) -> Any:
        self.done.append(one.do.__name__)
        try:
            return pickle.loads(pickle.dumps(one.do(*one.given)))
        except Exception as error:
            raise TaskError(pickle.loads(pickle.dumps(error))) from error

    def cancel(self, one: _Later, *, force: bool) -> None:
        assert force
        self.cancelled.append(one.given[-1])


class _Facts:
    """Ray's store of small facts."""

    def __init__(self, facts: dict[str, bytes]) -> None:
        self.facts = facts

    def _internal_kv_put(self, key: str, value: str, *, namespace: str) -> None:
        self.facts[key] = value.encode()

    def _internal_kv_get(self, key: str, *, namespace: str) -> bytes | None:
        return self.facts.get(key)

    def _internal_kv_del(self, key: str, *, del_by_prefix: bool, namespace: str) -> None:
        for each in [each for each in self.facts if each == key or (del_by_prefix and each.startswith(key))]:
            del self.facts[each]


class _Later:
    def __init__(self, do: Callable[..., Any], given: tuple[Any, ...]) -> None:
        self.do, self.given = do, given


def pretend(monkeypatch: pytest.MonkeyPatch, where: str, ray: PretendRay | None = None) -> PretendRay:
    """Have the module ``where`` run on a PretendRay."""
    ray = ray or PretendRay()

    @contextmanager
    def running(*_: Any, **__: Any) -> Iterator[PretendRay]:
        yield ray

    monkeypatch.setattr(f"{where}.running", running)
    return ray
