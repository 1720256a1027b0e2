"""The processes that fit folds side by side: started at once, asked by a thread each."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Protocol, Self

from litmus_core.hooks import Host
from litmus_core.runtime import MODULES

CHILD = "litmus_core.engine._fold_child"
_LOG = "folds.log"
_BEGIN_S = 300.0


class Fitter(Protocol):
    """Fits one fold at a time."""

    def ask(self, request: dict[str, Any], *, timeout_s: float) -> dict[str, Any]:
        """Have an operation of ``_fold_child`` done, as :class:`Host` does, and return its answer."""
        ...

    def drop(self) -> None:
        """End what is being fitted; may be called by another thread."""
        ...

    def close(self) -> None:
        """End for good."""
        ...


class _Process(Host):
    def drop(self) -> None:
        if self.pid is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)


def fitting_processes(folder: Path, n_workers: int) -> FoldWorkers:
    """Return workers that are processes of this machine, as someone's own code has them.

    They end with whoever started them, whatever ends it. What is printed is in ``folds.log`` in the run's
    folder.
    """
    return FoldWorkers(folder, [_Process(folder / MODULES, folder / _LOG) for _ in range(n_workers)])


class FoldWorkers:
    """Fitters, and for each a thread that asks one which is free.

    They import what fits models while whoever started them prepares its rows. ``n_cpus`` is what each has;
    None: they share what this machine has, and its memory.
    """

    def __init__(self, folder: Path, fitters: Sequence[Fitter], *, n_cpus: int | None = None) -> None:
        self.folder, self.n_workers, self.n_cpus = folder, len(fitters), n_cpus
        self._hosts = fitters
        self._free: SimpleQueue[Fitter] = SimpleQueue()
        self._threads = ThreadPoolExecutor(self.n_workers)
        for host in self._hosts:
            self._free.put(host)
            self.submit(self._begin)

    def submit(self, work: Callable[[Fitter], Any]) -> Future[Any]:
        """Do ``work`` with the next process that is free."""
        return self._threads.submit(self._do, work)

    def _do(self, work: Callable[[Fitter], Any]) -> Any:
        host = self._free.get()
        try:
            return work(host)
        finally:
            self._free.put(host)

    def _begin(self, host: Fitter) -> None:
        host.ask({"do": f"{CHILD}:begin", "folder": str(self.folder)}, timeout_s=_BEGIN_S)

    def drop(self) -> None:
        """End what is being fitted; who waits for it is told."""
        for host in self._hosts:
            host.drop()

    def close(self) -> None:
        """End the processes."""
        self.drop()
        self._threads.shutdown(cancel_futures=True)
        for host in self._hosts:
            host.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()
