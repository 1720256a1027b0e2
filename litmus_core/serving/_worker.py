"""The one thread that asks the model: native models are not safe for several at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from litmus_core.errors import BusyError

T = TypeVar("T")


class Worker:
    """Runs jobs one after the other in its own thread, while the event loop stays free.

    One thread, not a lock over many: a model's own threads and caches then stay warm where they are.
    """

    def __init__(self, *, max_waiting: int) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="litmus-model")
        self._max_waiting = max_waiting
        self._n_waiting = 0

    async def run(self, job: Callable[[], T]) -> T:
        """Return what ``job`` returns; raises BusyError when too many wait already."""
        if self._n_waiting >= self._max_waiting:
            raise BusyError(
                f"{self._n_waiting} requests are waiting already.",
                hint="Try again in a moment, or send more rows per request.",
            )
        self._n_waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, job)
        finally:
            self._n_waiting -= 1

    def close(self) -> None:
        """Wait for the running job, and end the thread."""
        self._pool.shutdown(wait=True, cancel_futures=True)
