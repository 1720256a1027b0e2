"""The files of a run's compiled models: replaced and read atomically, rebuilt when outdated."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from litmus_core.compiled import is_outdated
from litmus_core.engine._compile.candidate import compile_candidate
from litmus_core.engine._run_folder.folder import compiled_path, predictor_path
from litmus_core.errors import BundleError, BusyError, NotCompilableError

_LOCK = ".lock"
_PATIENCE_S = 60.0  # the lock is held while a folder is read, copied or exchanged, never while one is built


@contextmanager
def lock_compiled(folder: Path) -> Iterator[None]:
    """Lock the compiled forms of a run's folder; raises BusyError if another process holds them for long."""
    from litmus_core.store import FileLock

    (folder / "compiled").mkdir(exist_ok=True)
    with FileLock(folder / "compiled" / _LOCK) as lock:
        if not lock.acquire(timeout_s=_PATIENCE_S):
            raise BusyError("The run's compiled models are in use.", hint="Try again in a moment.")
        yield


@contextmanager
def compiled_draft(folder: Path, model: str) -> Iterator[Path]:
    """Yield a private path for building a model's compiled form; leftovers are removed."""
    home = compiled_path(folder, model).parent
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".", suffix=".partial", dir=home) as work:
        yield Path(work) / "model"


def store_draft(folder: Path, model: str, draft: Path) -> None:
    """Store ``draft`` as the model's compiled form, replacing any other."""
    to = compiled_path(folder, model)
    with lock_compiled(folder):
        if to.exists():
            to.rename(draft.with_name("before"))
        draft.rename(to)


def drop_compiled(folder: Path, model: str) -> None:
    """Remove the model's compiled form from the run."""
    to = compiled_path(folder, model)
    with compiled_draft(folder, model) as draft, lock_compiled(folder):
        if to.exists():
            to.rename(draft)


def is_stored_form_outdated(folder: Path, model: str) -> bool:
    """Return whether the run's form of the model is of an older Litmus, and can be rebuilt.

    Raises BundleError if it cannot, because the trained model is missing.
    """
    if not is_outdated(compiled_path(folder, model)):
        return False
    if not predictor_path(folder).exists():
        raise BundleError(
            f"An older Litmus compiled '{model}', and it cannot be compiled again: the trained model is no "
            "longer in the run's folder.",
            hint="Train it again, or use the Litmus that made it.",
        )
    return True


def renew_outdated(folder: Path, model: str) -> None:
    """Compile a model again if :func:`is_stored_form_outdated`; forms that no longer compile are removed."""
    if not is_stored_form_outdated(folder, model):
        return
    try:
        with compiled_draft(folder, model) as draft:
            compile_candidate(folder, model, draft)
            store_draft(folder, model, draft)
    except NotCompilableError:
        drop_compiled(folder, model)


def copy_stored_forms(folder: Path, model: str, to: Path) -> bool:
    """Copy a run's compiled form to ``to``, which must not exist; return whether there is one."""
    path = compiled_path(folder, model)
    if not path.parent.exists():
        return False
    with lock_compiled(folder):  # it does not exist while it is being exchanged
        if path.exists():
            shutil.copytree(path, to)
    return to.exists()
