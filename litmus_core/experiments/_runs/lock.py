"""Lock the files of a run during export or deletion."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from litmus_core.errors import BusyError, NotFoundError
from litmus_core.experiments._context import Context
from litmus_core.store import FileLock

_LOCK = "export.lock"
_PATIENCE_S = 600.0


@contextmanager
def locked_run(context: Context, run_id: str, *, patience_s: float = _PATIENCE_S) -> Iterator[None]:
    """Lock the files of a run: its exports wait for each other, and nobody deletes it meanwhile.

    Raises BusyError if another process holds the lock for longer than ``patience_s``, NotFoundError if the
    run, or its folder, is gone.
    """
    folder = context.workspace.run_dir(run_id)
    if not folder.exists():
        raise NotFoundError(kind="folder of run", id=run_id, hint="Its files were removed; train it again.")
    with FileLock(folder / _LOCK) as lock:
        if not lock.acquire(timeout_s=patience_s):
            raise BusyError(
                f"{context.run(run_id).title} is being exported.",
                hint="Wait until that is done. Nothing was changed.",
            )
        context.run(run_id)  # it may have been deleted in the meantime
        yield
