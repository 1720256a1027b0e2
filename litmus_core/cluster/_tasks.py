"""Pieces of work as Ray's tasks, which it places, and starts again where a process or a machine is lost."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from litmus_core.cluster._running import Node, nodes
from litmus_core.errors import LitmusError, UsageError

_RETRIES = 3  # times that what works on a piece may be lost


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What one piece takes of a machine while it is worked on; ``memory_gb`` 0: whatever it is."""

    cpus: float = 1
    gpus: float = 0
    memory_gb: float = 0

    def check(self, machines: Sequence[Node]) -> None:
        """Raise UsageError unless one of ``machines`` has all of it: Ray would wait for one for ever."""
        for name, unit in (("cpus", ""), ("gpus", ""), ("memory_gb", " GB")):
            wanted, most = getattr(self, name), max((getattr(each, name) for each in machines), default=0.0)
            if wanted > most:
                what = name.removesuffix("_gb")
                raise UsageError(
                    f"A piece of work needs {what} {wanted:g}{unit}, and no machine has more than "
                    f"{most:.3g}{unit}.",
                    hint=f"Ask for less {what}, or add a machine that has it.",
                )
        if not any(self._fits(each) for each in machines):
            raise UsageError(
                f"No machine has {self.cpus:g} cpus, {self.gpus:g} gpus and {self.memory_gb:g} GB together.",
                hint="Ask for less of one of them.",
            )

    def slots(self, machines: Sequence[Node]) -> int:
        """Return how many pieces ``machines`` have room for at once."""
        return sum(self._room(each) for each in machines)

    def _room(self, machine: Node) -> int:
        rooms = [
            int(has / wanted)
            for has, wanted in (
                (machine.cpus, self.cpus), (machine.gpus, self.gpus), (machine.memory_gb, self.memory_gb),
            )
            if wanted
        ]  # fmt: skip
        return min(rooms, default=1)

    def _fits(self, machine: Node) -> bool:
        return machine.cpus >= self.cpus and machine.gpus >= self.gpus and machine.memory_gb >= self.memory_gb

    def options(self) -> dict[str, Any]:
        """Return them as Ray's."""
        memory = {"memory": int(self.memory_gb * 2**30)} if self.memory_gb else {}
        return {"num_cpus": self.cpus, "num_gpus": self.gpus, **memory}


class Asking:
    """Has one thing at a time done by Ray, for a thread that waits for it; another thread may drop it."""

    def __init__(self, ray: Any, needs: Needs, *, retries: int = _RETRIES) -> None:
        self._ray, self._options = ray, {"max_retries": retries, **needs.options()}
        self._task: Any = None

    def __call__(self, do: Callable[..., Any], *given: Any) -> Any:
        """Return what ``do`` returns of ``given``, of which what was put there goes to a machine once.

        LitmusError where its process was lost too often, or it was dropped.
        """
        self._task = self._ray.remote(**self._options)(do).remote(*given)
        with _in_words(self._ray):
            return self._ray.get(self._task)

    def drop(self) -> None:
        """End what is being done, if anything is."""
        if self._task is not None:
            self._ray.cancel(self._task, force=True)


@contextmanager
def _in_words(ray: Any) -> Iterator[None]:
    """Raise a task's own LitmusError as it is, and say what became of processes that are lost."""
    try:
        yield
    except ray.exceptions.RayTaskError as error:
        if isinstance(error.cause, LitmusError):
            raise error.cause from None
        raise
    except ray.exceptions.RayError as error:
        said = str(error).splitlines()[0].rstrip(".")
        raise LitmusError(
            f"Ray lost the processes that computed a piece, and gave up: {said}.",
            hint="Where memory is short, take fewer rows a piece, or fewer processes.",
        ) from error


def each(
    ray: Any,
    do: Callable[[Any, Any], Any],
    shared: Any,
    pieces: Sequence[Any],
    *,
    needs: Needs | None = None,
    retries: int = _RETRIES,
) -> Generator[tuple[int, Any]]:
    """Yield (place among ``pieces``, what ``do(shared, piece)`` returned) as they come.

    ``shared`` goes to each machine once. A piece may be done twice, where its machine was lost at its end.
    The first that raises ends the others, a LitmusError as it is, as does whoever closes the generator.
    """
    needs = needs or Needs()
    needs.check(nodes(ray))
    task = ray.remote(max_retries=retries, **needs.options())(do)
    put = ray.put(shared)
    places = {task.remote(put, piece): at for at, piece in enumerate(pieces)}
    waiting = list(places)
    try:
        while waiting:
            done, waiting = ray.wait(waiting)
            for one in done:
                with _in_words(ray):
                    made = ray.get(one)
                yield places[one], made
    finally:
        for one in waiting:
            ray.cancel(one, force=True)
        if waiting:
            ray.wait(waiting, num_returns=len(waiting))
