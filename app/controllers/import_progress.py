"""Show how far an import is while it goes on in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor, wait

import streamlit as st

from app import state
from litmus_core.data import ImportProgress
from litmus_core.types import DatasetVersion

__all__ = ["import_in_sight"]

_EVERY_S = 0.2
_GOING = "import.going"  # the import that this visitor started, while it goes on


def import_in_sight(
    key: Hashable, work: Callable[[ImportProgress], DatasetVersion], *, every_s: float = _EVERY_S
) -> DatasetVersion:
    """Return what ``work`` imports, and draw its percent until then.

    Whoever clicks something meanwhile waits for the same import, known by its ``key``; whoever leaves the
    page finds the table on Data.
    """
    going: tuple[Hashable, Future[DatasetVersion], ImportProgress] | None = state.stored(_GOING, None)
    if going is None or going[0] != key:
        progress = ImportProgress()
        pool = ThreadPoolExecutor(1, thread_name_prefix="litmus-import")
        going = (key, pool.submit(work, progress), progress)
        pool.shutdown(wait=False)
        state.keep(_GOING, going)
    _, imported, progress = going
    place = st.empty()
    while not wait([imported], timeout=every_s).done:
        share = progress.share
        place.progress(share, text=f"Reading the table: {share:.0%}")
    place.empty()
    state.keep(_GOING, None)
    return imported.result()
