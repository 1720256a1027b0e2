"""A run's compiled models: built, compared with the trained ones, copied out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from litmus_core.engine._compile.candidate import compile_candidate
from litmus_core.engine._run_folder.compiled_form_files import (
    compiled_draft,
    copy_stored_forms,
    drop_compiled,
    is_stored_form_outdated,
    store_draft,
)
from litmus_core.engine._run_folder.open_candidate import open_candidate
from litmus_core.errors import NotCompilableError, NotFoundError

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.runtime import Predictor

_LARGEST_DIFFERENCE = 1e-5  # in a probability, or relative to a value (for a small one: to the mean)


def store_compiled(folder: Path, model: str, rows: pd.DataFrame) -> str:
    """Compile a model of a run's folder and store that form; return why it is not stored, "" if it is.

    It must predict ``rows`` (n raw rows) like the trained model.
    """
    with compiled_draft(folder, model) as draft:
        reason = _compile_draft(folder, model, rows, draft)
        if reason:
            drop_compiled(folder, model)
        else:
            store_draft(folder, model, draft)
    return reason


def _compile_draft(folder: Path, model: str, rows: pd.DataFrame, draft: Path) -> str:
    """Compile into ``draft``; return why it cannot be used, "" if it can."""
    from litmus_core.compiled import load_compiled

    try:
        compile_candidate(folder, model, draft)
    except NotCompilableError as error:
        return error.reason
    native = open_candidate(folder, model, native=True)
    n_other = _n_different(native, open_candidate(folder, model, executor=load_compiled(draft)), rows)
    return f"the compiled form answered {n_other:,} of {len(rows):,} real rows otherwise" if n_other else ""


def copy_compiled(folder: Path, model: str, to: Path, *, rows: pd.DataFrame) -> None:
    """Copy a run's compiled form to ``to``, which must not exist; raises NotFoundError without one.

    A form of an older Litmus is rebuilt first, and must predict ``rows`` as in :func:`store_compiled`.
    """
    if is_stored_form_outdated(folder, model):
        store_compiled(folder, model, rows)
    if not copy_stored_forms(folder, model, to):
        raise NotFoundError(kind="compiled form of", id=model, hint="It was not compiled by its run.")


def _n_different(native: Predictor, compiled: Predictor, rows: pd.DataFrame) -> int:
    """Return how many rows the two predict differently."""
    native_predictions, compiled_predictions = native.predict_raw(rows), compiled.predict_raw(rows)
    scale = (
        np.maximum(np.abs(native_predictions), np.abs(native_predictions).mean())
        if native_predictions.ndim == 1
        else 1.0
    )
    differs = np.abs(native_predictions - compiled_predictions) > _LARGEST_DIFFERENCE * scale
    return int(differs.any(axis=1).sum() if differs.ndim == 2 else differs.sum())
