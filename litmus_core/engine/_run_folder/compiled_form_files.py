"""Where a run keeps its models' compiled forms: put in place whole, read whole, rebuilt when outdated."""

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
_PATIENCE_S = 60.0  # the lock is held while a folder is read, copied or exchanged, never while one is made


@contextmanager
def compiled_held(folder: Path) -> Iterator[None]:
    """Keep the compiled forms of a run's folder as they are; BusyError where someone else does for long."""
    from litmus_core.store import FileLock

    (folder / "compiled").mkdir(exist_ok=True)
    with FileLock(folder / "compiled" / _LOCK) as lock:
        if not lock.acquire(timeout_s=_PATIENCE_S):
            raise BusyError("The run's compiled models are in use.", hint="Try again in a moment.")
        yield


@contextmanager
def compiled_draft(folder: Path, model: str) -> Iterator[Path]:
    """Give a path of one's own at which to make a model's compiled form; what is left there goes."""
    home = compiled_path(folder, model).parent
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".", suffix=".partial", dir=home) as work:
        yield Path(work) / "model"


def keep_draft(folder: Path, model: str, draft: Path) -> None:
    """Have the run keep ``draft`` as the model's compiled form, in place of any that it has."""
    to = compiled_path(folder, model)
    with compiled_held(folder):
        if to.exists():
            to.rename(draft.with_name("before"))
        draft.rename(to)


def drop_compiled(folder: Path, model: str) -> None:
    """Have the run keep no compiled form of the model."""
    to = compiled_path(folder, model)
    with compiled_draft(folder, model) as draft, compiled_held(folder):
        if to.exists():
            to.rename(draft)


def is_stored_form_outdated(folder: Path, model: str) -> bool:
    """Say whether the run keeps a form of the model that an older Litmus made, and that can be rebuilt.

    Raises BundleError where it cannot, because the trained model is gone.
    """
    if not is_outdated(compiled_path(folder, model)):
        return False
    if not predictor_path(folder).exists():
        raise BundleError(
            f"The compiled form of '{model}' was made by an older Litmus, and the trained model that it "
            f"could be made of again is no longer in the run's folder.",
            hint="Train it again, or use the Litmus that made it.",
        )
    return True


def renew_outdated(folder: Path, model: str) -> None:
    """Compile a model again where :func:`is_stored_form_outdated`; what no longer compiles is not kept."""
    if not is_stored_form_outdated(folder, model):
        return
    try:
        with compiled_draft(folder, model) as draft:
            compile_candidate(folder, model, draft)
            keep_draft(folder, model, draft)
    except NotCompilableError:
        drop_compiled(folder, model)


def copy_stored_forms(folder: Path, model: str, to: Path) -> bool:
    """Copy the compiled form that a run keeps to ``to``, which must not exist; say whether there is one."""
    kept = compiled_path(folder, model)
    if not kept.parent.exists():
        return False
    with compiled_held(folder):  # while it is exchanged it is not there
        if kept.exists():
            shutil.copytree(kept, to)
    return to.exists()
