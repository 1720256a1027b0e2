"""Open a candidate: raw rows in, predictions out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.engine._run_folder.folder import compiled_path, read_model_info

if TYPE_CHECKING:
    from litmus_core.runtime import Calibration, Executor, FeatureExecutor, Post, Predictor


def open_candidate(
    folder: Path,
    model: str,
    *,
    threshold: float | None = None,
    native: bool = False,
    custom_in_process: bool = False,
    executor: Executor | FeatureExecutor | None = None,
    post: Post | None = None,
    calibrate: Callable[[], Calibration | None] | None = None,
    find_examples: Callable[[], list[dict[str, Any]]] = list,
) -> Predictor:
    """Return the predictor of a model in a run's folder, with its pipeline and models in memory.

    It runs what production would: the compiled form if the run has one (rebuilt if an older Litmus made
    it), else (or if ``native`` is requested) AutoGluon's own models; or ``executor``. Custom code runs in a
    process of its own; ``custom_in_process`` runs it in this one, as in production. Predictions are
    converted from the models' scale, and go through the steps of ``post``; ``calibrate`` and
    ``find_examples`` are passed to the predictor. Raises NotFoundError if there is no such model,
    TrainingError if none was finished.
    """
    from litmus_core.engine._fit.target_scale import with_scale
    from litmus_core.engine._preprocess import open_steps
    from litmus_core.frame import open_pipeline
    from litmus_core.runtime import Predictor

    info = {**read_model_info(folder), "threshold": threshold}
    post = with_scale(folder, post, here=custom_in_process)
    if post is not None:
        info |= {"abstain_below": post.abstain_below, "abstain_label": post.abstain_label}
    state = json.loads((folder / "pipeline.json").read_text(encoding="utf-8"))
    executor = executor or _executor(folder, model, native=native, custom_in_process=custom_in_process)
    pipeline = open_pipeline(state, open_steps(folder, custom_in_process=custom_in_process))
    return Predictor(info, pipeline, executor, post=post, calibrate=calibrate, find_examples=find_examples)


def _executor(
    folder: Path, model: str, *, native: bool, custom_in_process: bool
) -> Executor | FeatureExecutor:
    compiled = None if native else _compiled(folder, model)
    if compiled is not None:
        return compiled
    from litmus_core.engine._autogluon.native_executor import executor_of

    return executor_of(folder, model, custom_in_process=custom_in_process)


def _compiled(folder: Path, model: str) -> FeatureExecutor | None:
    """Return the run's compiled form, None if it has none."""
    path = compiled_path(folder, model)
    if not path.exists():
        return None
    from litmus_core.compiled import load_compiled
    from litmus_core.engine._run_folder.compiled_form_files import lock_compiled, renew_outdated

    renew_outdated(folder, model)
    with lock_compiled(folder):
        return load_compiled(path) if path.exists() else None
