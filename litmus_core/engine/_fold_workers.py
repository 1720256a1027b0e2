"""The processes that fit folds side by side: started at once, asked by a thread each."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Self

from litmus_core.hooks import Host
from litmus_core.runtime import MODULES

CHILD = "litmus_core.engine._fold_child"
_LOG = "folds.log"
_BEGIN_S = 300.0


class FoldWorkers:
    """Processes as someone's own code has them, and for each a thread that asks one which is free.

    They import what fits models while whoever started them prepares its rows, and end with it, whatever
    ends it. What is printed is in ``folds.log`` in the run's folder.
    """

    def __init__(self, folder: Path, n_workers: int) -> None:
        self.folder, self.n_workers = folder, n_workers
        self._hosts = [Host(folder / MODULES, folder / _LOG) for _ in range(n_workers)]
        self._free: SimpleQueue[Host] = SimpleQueue()
        self._threads = ThreadPoolExecutor(n_workers)
        for host in self._hosts:
            self._free.put(host)
            self.submit(self._begin)

    def submit(self, work: Callable[[Host], Any]) -> Future[Any]:
        """Do ``work`` with the next process that is free."""
        return self._threads.submit(self._do, work)

    def _do(self, work: Callable[[Host], Any]) -> Any:
        host = self._free.get()
        try:
            return work(host)
        finally:
            self._free.put(host)

    def _begin(self, host: Host) -> None:
        host.ask({"do": f"{CHILD}:begin", "folder": str(self.folder)}, timeout_s=_BEGIN_S)

    def drop(self) -> None:
        """End what is being fitted; who waits for it is told."""
        for host in self._hosts:
            if host.pid is not None:
                with suppress(ProcessLookupError):
                    os.killpg(host.pid, signal.SIGKILL)

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
