"""The compiled forms that a run keeps of its models: made, held against the trained ones, handed out."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from litmus_core.engine._compile import compile_candidate
from litmus_core.engine._folder import compiled_path
from litmus_core.engine._open import open_candidate
from litmus_core.errors import NotCompilableError, NotFoundError

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.runtime import Predictor

_LARGEST_DIFFERENCE = 1e-5  # of a probability, or relative to a value (a small one: to the mean size)


def keep_compiled(folder: Path, model: str, rows: pd.DataFrame) -> str:
    """Compile a model of a run's folder and keep that form; return why it is not kept, "" when it is.

    It must answer ``rows`` (n raw rows) as the trained model does.
    """
    to = compiled_path(folder, model)
    partial = to.with_name(f"{to.name}.partial")
    for left in (to, partial):
        shutil.rmtree(left, ignore_errors=True)
    to.parent.mkdir(exist_ok=True)
    try:
        compile_candidate(folder, model, partial)
    except NotCompilableError as error:
        shutil.rmtree(partial, ignore_errors=True)
        return error.reason
    partial.rename(to)
    n_other = _n_other(open_candidate(folder, model, native=True), open_candidate(folder, model), rows)
    if n_other:
        shutil.rmtree(to)
        return f"the compiled form answered {n_other:,} of {len(rows):,} real rows otherwise"
    return ""


def copy_compiled(folder: Path, model: str, to: Path) -> None:
    """Copy the compiled form that a run keeps to ``to``, which must not exist; NotFoundError without one."""
    kept = compiled_path(folder, model)
    if not kept.exists():
        raise NotFoundError(kind="compiled form of", id=model, hint="It was not compiled by its run.")
    shutil.copytree(kept, to)


def _n_other(native: Predictor, compiled: Predictor, rows: pd.DataFrame) -> int:
    """Return how many rows the two answer differently."""
    theirs, ours = _answers(native, rows), _answers(compiled, rows)
    scale = np.maximum(np.abs(theirs), np.abs(theirs).mean()) if theirs.ndim == 1 else 1.0
    differs = np.abs(theirs - ours) > _LARGEST_DIFFERENCE * scale
    return int(differs.any(axis=1).sum() if differs.ndim == 2 else differs.sum())


def _answers(predictor: Predictor, rows: pd.DataFrame) -> NDArray[np.float64]:
    if predictor.problem_type == "regression":
        return predictor.predict_values(rows)
    return predictor.predict_proba(rows)
