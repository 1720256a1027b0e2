"""Workers that fit folds, models or tuning trials in parallel: started at once, with a thread each."""

from __future__ import annotations

import os
import pickle
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Protocol, Self

import numpy as np

from litmus_core.plugins import PluginProcess
from litmus_core.runtime import MODULES

CHILD = "litmus_core.engine._folds.child"
_LOG = "folds.log"
_BEGIN_S = 300.0
_AGAIN_S = 0.5
_MOST_S = 24 * 3600.0
_GRACE_S = 30.0  # on a cluster: what exceeds its time by this is cancelled


class Fitter(Protocol):
    """Fits one fold, one model, or one part of a trial, at a time."""

    def ask(self, request: dict[str, Any], *, timeout_s: float) -> dict[str, Any]:
        """Run an operation of ``_folds.child``, as :class:`PluginProcess` does; return its result."""
        ...

    def drop(self) -> None:
        """Cancel the current fit; may be called by another thread."""
        ...

    def close(self) -> None:
        """End the fitter for good."""
        ...


class _Process(PluginProcess):
    def drop(self) -> None:
        if self.pid is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)


def fitting_processes(folder: Path, n_workers: int, *, torch: bool = False, spare: int = 0) -> FoldWorkers:
    """Return workers that are processes of this machine, like those for custom code.

    ``torch``: they will fit networks. ``spare``: of as many processors as there are workers, those that
    other work needs while the workers import the libraries. They end with the process that started them,
    however it ends. Their output is in ``folds.log`` in the run's folder.
    """
    processes = [_Process(folder / MODULES, folder / _LOG) for _ in range(n_workers)]
    return FoldWorkers(folder, processes, torch=torch, begin_at_once=max(1, n_workers - spare))


class FoldWorkers:
    """Fitters, and a thread for each; free ones take the next work.

    They import the libraries while the starting process prepares its rows, ``begin_at_once`` of them at a
    time (None: all). ``n_cpus`` and ``n_gpus`` are each one's resources; ``n_cpus`` None: they share this
    machine's processors and memory. ``torch``: they prepare it, too.
    """

    def __init__(
        self,
        folder: Path,
        fitters: Sequence[Fitter],
        *,
        n_cpus: int | None = None,
        n_gpus: int = 0,
        torch: bool = False,
        begin_at_once: int | None = None,
    ) -> None:
        self.folder, self.n_workers, self.n_cpus, self.n_gpus = folder, len(fitters), n_cpus, n_gpus
        self.pending_models: dict[
            str, Future[Any]
        ] = {}  # fits that have not been awaited, by AutoGluon's names
        self.gave_up = False  # a fit was late, and all pending work was cancelled
        self._futures: list[Future[Any]] = []
        self._submit_lock = threading.Lock()
        self._fitters = fitters
        self._free: SimpleQueue[Fitter] = SimpleQueue()
        self._threads = ThreadPoolExecutor(self.n_workers)
        for fitter in fitters:
            self._free.put(fitter)
        self._begins = threading.Semaphore(begin_at_once or self.n_workers)
        self._first = {"do": f"{CHILD}:begin", "folder": str(folder), "torch": torch}
        self._begun = [self.submit(self._begin) for _ in fitters]

    def wait_until_begun(self, *, most_s: float) -> None:
        """Wait until the fitters have imported the libraries, so that a fit's time does not include it."""
        wait(self._begun, timeout=most_s)

    @property
    def have_begun(self) -> bool:
        """Whether all fitters have imported the libraries."""
        return all(begun.done() for begun in self._begun)

    def submit(self, work: Callable[[Fitter], Any]) -> Future[Any]:
        """Do ``work`` with the next free fitter; safe to call from several threads."""
        with self._submit_lock:
            future = self._threads.submit(self._do, work)
            self._futures = [
                *(one for one in self._futures if not one.done()),
                future,
            ]  # finished ones can go
        return future

    @property
    def are_remote(self) -> bool:
        """Whether they run on a cluster, with the requested resources whatever this machine has."""
        return self.n_cpus is not None

    def is_ready(self, model: str | None = None) -> bool:
        """Return whether a model that was not awaited yet is fitted; None: any."""
        return any(fit.done() for name, fit in self.pending_models.items() if model in (None, name))

    def in_time(self, future: Future[Any], *, limit_s: float | None) -> Any:
        """Return the result of ``future``, which may take ``limit_s``, or raise its exception.

        Raises AutoGluon's TimeLimitExceeded if it is not there some time after that: on a full cluster the
        wait would never end. All other pending work is cancelled then, too.
        """
        try:
            return future.result(None if limit_s is None else limit_s + _GRACE_S)
        except TimeoutError:
            if future.done():
                raise
            from autogluon.core.utils.exceptions import TimeLimitExceeded

            self.gave_up = True
            self.end_folds()
            raise TimeLimitExceeded from None

    def fit(
        self, task: str, fitter: Fitter, *, shared: Path, path: Path, to: Path, label: str
    ) -> tuple[np.ndarray[Any, Any], dict[str, Any]]:
        """Fit a ``fold``, a ``model`` or a part of a ``trial``; return its predictions, and facts.

        ``shared`` and ``path`` are pickled, ``to`` is the path for predictions, see ``_fold_child``;
        ``label`` is its display name. Raises the exception that was raised there.
        """
        request = {"folder": str(self.folder), "shared": str(shared), "path": str(path), "to": str(to)}
        request |= {"do": f"{CHILD}:fit", "task": task, "label": label}
        facts = fitter.ask(request, timeout_s=_MOST_S)
        if facts.get("raised"):
            raise pickle.loads(to.read_bytes())  # noqa: S301 - our own process wrote it
        return np.load(to, allow_pickle=False), facts

    def _do(self, work: Callable[[Fitter], Any]) -> Any:
        fitter = self._free.get()
        try:
            return work(fitter)
        finally:
            self._free.put(fitter)

    def _begin(self, fitter: Fitter) -> None:
        with self._begins:
            fitter.ask(self._first, timeout_s=_BEGIN_S)

    def end_folds(self) -> None:
        """Cancel running and pending work; waiting threads are notified.

        Repeatedly, since a fitter may have been about to start.
        """
        with self._submit_lock:
            ending = list(self._futures)
        for future in ending:
            future.cancel()
        while True:
            for fitter in self._fitters:
                fitter.drop()
            if not wait(ending, timeout=_AGAIN_S).not_done:
                break

    def close(self) -> None:
        """End the fitters; they cannot be used any more."""
        with self._submit_lock:
            self._threads.shutdown(wait=False)
        self.end_folds()
        self._threads.shutdown()
        for fitter in self._fitters:
            fitter.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()
