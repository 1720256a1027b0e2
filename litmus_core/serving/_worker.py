"""The one thread that calls the model: native models are not safe for concurrent calls."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from litmus_core.errors import BusyError
from litmus_core.serving._problems import RequestError

T = TypeVar("T")


class Worker:
    """A thread that runs jobs one after the other, so that the event loop stays free.

    One thread, instead of many with a lock, keeps the model's own threads and caches warm. For use from one
    event loop.
    """

    def __init__(self, *, max_waiting: int) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="litmus-model")
        self._max_waiting = max_waiting
        self._jobs: set[Future[Any]] = set()

    @property
    def idle(self) -> bool:
        """Whether nothing runs or waits, abandoned jobs included."""
        self._jobs = {job for job in self._jobs if not job.done()}
        return not self._jobs

    async def run(self, job: Callable[[], T], *, timeout_s: float | None = None) -> T:
        """Return what ``job`` returns.

        Raises BusyError if too many jobs wait already or its turn does not come within ``timeout_s`` seconds,
        and RequestError (504) if it is not done by then. The job still runs to its end, and others wait for
        it.
        """
        if not self.idle and len(self._jobs) >= self._max_waiting:
            raise BusyError(
                f"{len(self._jobs)} requests are waiting already.",
                hint="Try again in a moment, or send more rows per request.",
            )
        future = self._pool.submit(job)
        self._jobs.add(future)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), timeout_s)
        except TimeoutError as error:
            if future.done() and not future.cancelled():
                raise  # the model's own message
            if future.cancelled():
                raise BusyError(
                    f"Others took the model for {timeout_s:g} seconds.", hint="Try again in a moment."
                ) from error
            raise RequestError(
                f"The model did not answer within {timeout_s:g} seconds.",
                status=504,
                hint="Send fewer rows per request.",
            ) from error

    def close(self) -> None:
        """Wait for the running job, and end the thread."""
        self._pool.shutdown(wait=True, cancel_futures=True)
