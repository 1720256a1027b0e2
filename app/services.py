"""The one owner of what is shared between visitors: the studio of each workspace, and bounded caches.

Caches are keyed by ids of immutable things (a data set version, a task's content), never by time.
Slow work that a page must not wait for runs in :func:`later`; it never calls Streamlit.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import streamlit as st

from app import state
from litmus_core.experiments import Studio
from litmus_core.store import Workspace
from litmus_core.types import DatasetVersion, Experiment, Run

__all__ = ["Later", "dataset_in_hand", "experiment_in_hand", "later", "run_in_hand", "studio"]

_MAX_RESULTS = 64


def studio() -> Studio:
    """Return the workspace's one studio; the first call starts its folding and re-attaches to its runs."""
    return _open(str(Workspace.locate(None).path))


@st.cache_resource(max_entries=4, show_spinner=False, on_release=lambda opened: opened.close())
def _open(path: str) -> Studio:
    from litmus_core import jobs

    opened = Studio.open(path)
    opened.store.start_folding()
    jobs.reattach(opened.workspace)
    return opened


def experiment_in_hand() -> Experiment | None:
    """Return the experiment that the address names or the visitor held; NotFoundError when it is gone."""
    id_ = state.held("experiment")
    if id_ is None:
        return None
    if state.named("experiment") is None and id_ not in {each.id for each in studio().store.experiments()}:
        state.forget("experiment")
        return None
    found = studio().experiment(id_)
    state.hold("experiment", found.id)
    return found


def run_in_hand(experiment: Experiment) -> Run | None:
    """Return the run that the address names, else the experiment's latest; None before the first."""
    runs = studio().runs(experiment.id)
    named = state.named("run")
    chosen = next((run for run in runs if run.id == named), None)
    return chosen or max(runs, key=lambda run: run.number, default=None)


def dataset_in_hand() -> DatasetVersion | None:
    """Return the data set version that the address names or the visitor held; else the newest table."""
    id_ = state.held("dataset")
    if id_ is not None:
        found = studio().dataset(id_)
        state.hold("dataset", found.id)
        return found
    return next(iter(studio().datasets()), None)


class Later:
    """Slow results that pages ask for again and again: computed once, outside any page.

    Bounded (:data:`_MAX_RESULTS`, the least recently asked for goes first); thread-safe. A failed
    result raises its error each time it is asked for, until it falls out.
    """

    def __init__(self, *, n_threads: int = 2) -> None:
        self._pool = ThreadPoolExecutor(n_threads, thread_name_prefix="litmus-later")
        self._futures: OrderedDict[tuple[Any, ...], Future[Any]] = OrderedDict()
        self._lock = threading.Lock()

    def ask(self, key: tuple[Any, ...], work: Callable[[], Any]) -> Future[Any]:
        """Return the future of ``work``, started at the first call with ``key``."""
        with self._lock:
            future = self._futures.get(key)
            if future is None:
                future = self._futures[key] = self._pool.submit(work)
            self._futures.move_to_end(key)
            while len(self._futures) > _MAX_RESULTS:
                self._futures.popitem(last=False)[1].cancel()
        return future

    def close(self) -> None:
        """Drop what waits; what runs ends by itself."""
        self._pool.shutdown(wait=False, cancel_futures=True)


@st.cache_resource(show_spinner=False, on_release=lambda later: later.close())
def later() -> Later:
    """Return the app's one place for slow results."""
    return Later()
