"""Slow results: computed once outside any page, and waited for only a moment."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any
from weakref import WeakKeyDictionary

__all__ = ["Later", "exists"]

PATIENCE_S = 0.1  # a page's wait for a result that is almost ready
_MAX_RESULTS = 64
_ASKED_AT: WeakKeyDictionary[Future[Any], float] = WeakKeyDictionary()  # when a result was first asked for


def exists(future: Future[Any], *, is_quick: bool = True) -> bool:
    """Return whether a slow result is ready; one that was just asked for gets a moment, if usually fast.

    The moment begins with the question: a page that asks for several results waits once for all of them.
    """
    patience = PATIENCE_S if is_quick else PATIENCE_S / 10
    waited = time.monotonic() - _ASKED_AT.get(future, time.monotonic())
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
                _ASKED_AT[future] = time.monotonic()
            self._futures.move_to_end(key)
            while len(self._futures) > _MAX_RESULTS:
                self._futures.popitem(last=False)[1].cancel()
        return future

    def settle(self) -> None:
        """Wait until no work is running: for benchmarks, which measure one thing at a time."""
        wait(list(self._futures.values()))

    def close(self) -> None:
        """Drop waiting work; running work ends by itself."""
        self._pool.shutdown(wait=False, cancel_futures=True)
