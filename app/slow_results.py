"""Slow results: they are computed once, outside any page, and pages wait for them only briefly."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any
from weakref import WeakKeyDictionary

from litmus_core.errors import LitmusError

__all__ = ["Later", "error_of", "exists"]

PATIENCE_S = 0.1  # the longest wait of a page for a result that is almost ready
_MAX_RESULTS = 64
# The time of each future's first request, for the wait.
_FIRST_REQUESTS: WeakKeyDictionary[Future[Any], float] = WeakKeyDictionary()


def exists(future: Future[Any], *, is_quick: bool = True) -> bool:
    """Return whether a slow result is ready; wait briefly for a new request that is usually fast.

    The wait counts from the request, so a page that requests several results waits once for all of them.
    """
    patience = PATIENCE_S if is_quick else PATIENCE_S / 10
    waited = time.monotonic() - _FIRST_REQUESTS.get(future, time.monotonic())
    return bool(wait([future], timeout=max(0.0, patience - waited)).done)


class Later:
    """Slow results that pages request repeatedly: computed once, outside any page.

    Bounded (:data:`_MAX_RESULTS`, the least recently requested is evicted first); thread-safe. A failed
    result raises its error on each request until it is evicted.
    """

    def __init__(self, *, n_threads: int = 2) -> None:
        self._pool = ThreadPoolExecutor(n_threads, thread_name_prefix="litmus-later")
        self._futures: OrderedDict[tuple[Any, ...], Future[Any]] = OrderedDict()
        self._lock = threading.Lock()

    def ask(self, key: tuple[Any, ...], work: Callable[[], Any]) -> Future[Any]:
        """Return the future of ``work``, which starts with the first call for ``key``."""
        with self._lock:
            future = self._futures.get(key)
            if future is None:
                future = self._futures[key] = self._pool.submit(work)
                _FIRST_REQUESTS[future] = time.monotonic()
            self._futures.move_to_end(key)
            while len(self._futures) > _MAX_RESULTS:
                self._futures.popitem(last=False)[1].cancel()
        return future

    def settle(self) -> None:
        """Wait until no work is running: for benchmarks, which measure one thing at a time."""
        wait(list(self._futures.values()))

    def close(self) -> None:
        """Cancel waiting work; running work continues to its end."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def error_of(future: Future[Any]) -> LitmusError | None:
    """Return the deliberate error of finished slow work; a bug is raised."""
    error = future.exception()
    if error is not None and not isinstance(error, LitmusError):
        raise error
    return error
