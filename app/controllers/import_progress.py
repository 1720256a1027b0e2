"""The progress of an import, which runs in a separate thread."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor, wait

import streamlit as st

from app import state
from litmus_core.data import ImportProgress
from litmus_core.types import DatasetVersion

__all__ = ["import_with_progress"]

_EVERY_S = 0.2
_GOING = "import.going"  # this visitor's running import


def import_with_progress(
    key: Hashable, work: Callable[[ImportProgress], DatasetVersion], *, every_s: float = _EVERY_S
) -> DatasetVersion:
    """Return the version that ``work`` imports, and draw its progress in percent until it is done.

    A rerun with the same ``key`` waits for the same import. If the visitor leaves the page, the import
    continues, and the table appears on Data.
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
