"""Opening a candidate: raw rows in, answers out."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.engine._folder import compiled_path, read_model_info

if TYPE_CHECKING:
    from litmus_core.runtime import Executor, FeatureExecutor, Predictor


def open_candidate(folder: Path, model: str, *, threshold: float | None = None) -> Predictor:
    """Return the predictor of a model in a run's folder, its pipeline and models in memory.

    It runs what production would: the compiled form where there is one, else AutoGluon's own models.
    Raises NotFoundError where there is no such model, TrainingError where none was finished.
    """
    from litmus_core.frame import FeaturePipeline
    from litmus_core.runtime import Predictor

    info = {**read_model_info(folder), "threshold": threshold}
    state = json.loads((folder / "pipeline.json").read_text(encoding="utf-8"))
    return Predictor(info, FeaturePipeline.from_state(state), _executor(folder, model))


def _executor(folder: Path, model: str) -> Executor | FeatureExecutor:
    compiled = compiled_path(folder, model)
    if compiled.exists():
        from litmus_core.compiled import load_compiled

        return load_compiled(compiled)
    from litmus_core.engine._native import executor_of

    return executor_of(folder, model)


def keep_compiled(folder: Path, model: str) -> str:
    """Compile a model of a run's folder and keep it there; return why it cannot be, "" when it was."""
    from litmus_core.engine._compile import compile_candidate
    from litmus_core.errors import NotCompilableError

    to = compiled_path(folder, model)
    partial = to.with_name(f"{to.name}.partial")
    for left in (to, partial):
        shutil.rmtree(left, ignore_errors=True)
    try:
        compile_candidate(folder, model, partial)
    except NotCompilableError as error:
        shutil.rmtree(partial, ignore_errors=True)
        return error.reason
    partial.rename(to)
    return ""
