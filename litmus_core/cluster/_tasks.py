"""Run work as Ray tasks, which Ray places, and restarts if a process or machine is lost."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from litmus_core.cluster._board import StartReport, TaskBoard
from litmus_core.cluster._machines import Machine, machines
from litmus_core.errors import LitmusError, UsageError
from litmus_core.types import Resources

_RETRIES = 3  # how often the process of one task may be lost
_QUEUED_A_SLOT = 4  # tasks queued for each slot


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """The resources of a machine that one task uses while it runs; ``memory_gb`` 0: as much as it needs."""

    cpus: float = 1
    gpus: float = 0
    memory_gb: float = 0

    @classmethod
    def of(cls, resources: Resources) -> Needs:
        """Return the requested resources; one processor if no number is given."""
        return cls(cpus=resources.cpus or 1, gpus=resources.gpus or 0, memory_gb=resources.memory_gb or 0)

    def check(self, machines: Sequence[Machine]) -> None:
        """Raise UsageError unless one of ``machines`` has all of them: Ray would wait for ever."""
        for name, unit in (("cpus", ""), ("gpus", ""), ("memory_gb", " GB")):
            wanted = getattr(self, name)
            most = max((getattr(machine, name) for machine in machines), default=0.0)
            if wanted > most:
                resource = name.removesuffix("_gb")
                raise UsageError(
                    f"A piece of work needs {resource} {wanted:g}{unit}, and no machine has more than "
                    f"{most:.3g}{unit}.",
                    hint=f"Ask for less {resource}, or add a machine that has it.",
                )
        if not self.slots(machines):
            raise UsageError(
                f"No machine has {self.cpus:g} cpus, {self.gpus:g} gpus and {self.memory_gb:g} GB together.",
                hint="Ask for less of one of them.",
            )

    def slots(self, machines: Sequence[Machine]) -> int:
        """Return how many tasks ``machines`` can run at once."""
        return sum(self._slots(machine) for machine in machines)

    def shared_by(self, n_pieces: int, machines: Sequence[Machine]) -> Needs:
        """Return these needs with the most processors with which ``n_pieces`` tasks fit on free machines.

        The needs stay unchanged if not as many tasks fit.
        """
        free = [replace(machine, cpus=machine.cpus - (machine.cpus_used or 0.0)) for machine in machines]
        most = int(max((machine.cpus for machine in free), default=0.0))
        more = (replace(self, cpus=cpus) for cpus in range(most, int(self.cpus), -1))
        return next((resource for resource in more if resource.slots(free) >= n_pieces), self)

    def _slots(self, machine: Machine) -> int:
        rooms = [
            int(has / wanted)
            for has, wanted in (
                (machine.cpus, self.cpus), (machine.gpus, self.gpus), (machine.memory_gb, self.memory_gb),
            )
            if wanted
        ]  # fmt: skip
        return min(rooms, default=1)

    def options(self) -> dict[str, Any]:
        """Return the needs as Ray's options."""
        memory = {"memory": int(self.memory_gb * 2**30)} if self.memory_gb else {}
        return {"num_cpus": self.cpus, "num_gpus": self.gpus, **memory}


class TaskRunner:
    """Runs one task at a time on Ray while a thread waits for it; another thread may cancel it.

    ``board`` shows what runs where. Raises LitmusError if the task's process was lost too often, or the task
    was cancelled.
    """

    def __init__(
        self,
        ray: Any,
        do: Callable[..., Any],
        *,
        needs: Needs | None = None,
        retries: int = _RETRIES,
        board: TaskBoard | None = None,
    ) -> None:
        self._ray, self._board = ray, board
        self._do = ray.remote(max_retries=retries, **(needs or Needs()).options())(_reporting(do))
        self._task: Any = None

    def __call__(self, *arguments: Any, label: str = "") -> Any:
        """Return the task's result for ``arguments``; objects in Ray's store go to each machine once.

        ``label`` names the task for people.
        """
        with nullcontext() if self._board is None else self._board.listed(label) as note:
            self._task = self._do.remote(note, *arguments)
            try:
                with _plain_errors(self._ray):
                    return self._ray.get(self._task)
            finally:
                self._task = None  # otherwise the result would stay in the store

    def drop(self) -> None:
        """Cancel the current task, if any."""
        task = self._task
        if task is not None:
            self._ray.cancel(task, force=True)


def _reporting(do: Callable[..., Any]) -> Callable[..., Any]:
    def with_report(note: StartReport | None, *arguments: Any) -> Any:
        if note is not None:
            note.report_start()
        return do(*arguments)

    # The name that Ray shows; functools.wraps would also copy the signature, which differs.
    with_report.__name__ = with_report.__qualname__ = getattr(do, "__name__", "work")
    return with_report


def map_pieces(
    ray: Any,
    do: Callable[[Any, Any], Any],
    shared: Any,
    pieces: Sequence[Any],
    *,
    needs: Needs | None = None,
    retries: int = _RETRIES,
) -> Generator[tuple[int, Any]]:
    """Yield (index in ``pieces``, ``do(shared, piece)``) in the order of completion.

    ``shared`` goes to each machine once. A piece may be done twice if its machine was lost at its end. The
    first error cancels the other tasks and is raised, a LitmusError unchanged; closing the generator cancels
    too.
    """
    needs = needs or Needs()
    present = machines(ray)
    needs.check(present)
    task = ray.remote(max_retries=retries, **needs.options())(do)
    put, left = ray.put(shared), enumerate(pieces)
    places: dict[Any, int] = {}

    def begin(n_pieces: int) -> None:
        places.update({task.remote(put, piece): at for at, piece in islice(left, n_pieces)})

    begin(_QUEUED_A_SLOT * needs.slots(present))
    try:
        while places:
            done, _ = ray.wait(list(places))
            for result in done:
                at = places.pop(result)
                with _plain_errors(ray):
                    results = ray.get(result)
                begin(1)
                yield at, results
    finally:
        for result in places:
            ray.cancel(result, force=True)
        if places:
            ray.wait(list(places), num_returns=len(places))


@contextmanager
def _plain_errors(ray: Any) -> Iterator[None]:
    """Raise a task's own LitmusError unchanged, and explain lost processes."""
    try:
        yield
    except ray.exceptions.RayTaskError as error:
        if isinstance(error.cause, LitmusError):
            raise error.cause from None
        if isinstance(error.cause, ImportError):
            raise LitmusError(
                f"A machine lacks what the work needs: {error.cause}.",
                hint="Install Litmus there with the same extras, and in the same versions, as here.",
            ) from error
        raise
    except ray.exceptions.RayError as error:
        reason = str(error).splitlines()[0].rstrip(".")
        raise LitmusError(
            f"Ray lost the processes that worked on it, and gave up: {reason}.",
            hint="If memory is short, run fewer at a time, or ask for more memory for each.",
        ) from error
