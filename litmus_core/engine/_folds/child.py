"""Operations of a process that fits folds, models or tuning trials: called there by these names."""

from __future__ import annotations

import copy
import pickle
import time
import traceback
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.engine._autogluon.trainer_folder import warm_up_torch
from litmus_core.engine._families.registry import torch_models
from litmus_core.engine._fit.clock import clocked_fits
from litmus_core.engine._remote.model_files import unpacked
from litmus_core.engine._resources import limit_fit_resources, limit_linear_algebra

if TYPE_CHECKING:
    from litmus_core.plugins.child import WorkerContext


def begin(context: WorkerContext, *, folder: str, torch: bool = False) -> dict[str, Any]:
    """Import the libraries that fit models, and register the metric of the run in ``folder``.

    This happens before there is work. ``torch``: networks will be fitted.
    """
    from litmus_core.engine._autogluon.trainer_folder import load_libraries
    from litmus_core.plugins import register_run_metrics

    del context
    load_libraries()
    register_run_metrics(Path(folder))
    if torch:
        warm_up_torch()
    return {}


def fit(
    context: WorkerContext, *, folder: str, task: str, shared: str, path: str, to: str, label: str
) -> dict[str, Any]:
    """Fit the job in the pickle ``path`` on the rows in the pickle ``shared``; write predictions to ``to``.

    Exceptions are pickled there instead: the parent raises them, as if it had fitted the model itself.
    ``label`` is the job's display name for boards; processes of this machine have none.
    """
    del label
    begin(context, folder=folder)
    shared_data = context.stored.get(shared)
    if shared_data is None:
        shared_data = context.store(shared, pickle.loads(Path(shared).read_bytes()), most=1)  # noqa: S301 - the parent's
    job = pickle.loads(Path(path).read_bytes())  # noqa: S301 - the parent's
    with clocked_fits(Path(folder)) if task != "trial" else nullcontext():
        return fit_one(task, shared_data, job, Path(to))


def fit_one(task: str, shared: Any, job: dict[str, Any], to: Path) -> dict[str, Any]:
    """Fit a ``fold``, a ``model`` or a part of a ``trial``; write its predictions, or the pickled exception.

    ``job`` holds ``time_limit`` in seconds, and ``until`` (time.time() seconds), or None for both.
    """
    fitted: Callable[..., dict[str, Any]] = {"fold": _fold, "model": _model, "trial": _trial}[task]
    try:
        return fitted(shared, job, to)
    except Exception as error:  # noqa: BLE001 - whatever it was, the parent raises it
        error.add_note(traceback.format_exc())  # for the parent's log
        to.write_bytes(_pickle_error(error))
        return {"raised": True}


def _pickle_error(error: Exception) -> bytes:
    """Return an exception as bytes, as its message if it cannot be pickled."""
    try:
        pickled = pickle.dumps(error)
        pickle.loads(pickled)  # noqa: S301 - our own
    except Exception:  # noqa: BLE001 - someone's exception may raise anything here
        words = RuntimeError(f"{type(error).__name__}: {error}")
        words.__notes__ = error.__notes__
        return pickle.dumps(words)
    return pickled


def _trial(fitting: Any, job: dict[str, Any], to: Path) -> dict[str, Any]:
    """Fit a part of a tuning trial, see ``_tuning``; only its predictions are kept."""
    limit_s = job["until"] - time.time()
    predictions = fitting.predict(
        job["key"], job["settings"], job["part"], limit_s=limit_s, share=job["share"]
    )
    np.save(to, predictions, allow_pickle=False)
    return {}


def _model(shared: dict[str, Any], job: dict[str, Any], to: Path) -> dict[str, Any]:
    """Fit a whole model, and save it in the trainer's models folder; it predicts nothing yet."""
    began, model = time.time(), job["model"]
    model.set_contexts(str(Path(shared["path"], model.name)))
    rows = {name: shared[name] for name in ("X", "y", "X_val", "y_val")}
    resources = shared["kwargs"]["total_resources"]
    with unpacked(job["files"]), limit_fit_resources(resources["num_gpus"], resources["num_cpus"]):
        model = model.fit(**rows, time_limit=job["time_limit"], **shared["kwargs"])
    if model.fit_time is None:
        model.fit_time = time.time() - began
    model.reduce_memory_size(remove_fit=True, remove_info=False, requires_save=True)
    model.save()
    np.save(to, np.empty(0), allow_pickle=False)
    return {"name": model.name}


def _fold(shared: dict[str, Any], job: dict[str, Any], to: Path) -> dict[str, Any]:
    """Fit a fold of a bag, and save its model with the bag's."""
    if shared["model_base"].ag_key in torch_models():
        warm_up_torch()
    began = time.time()
    learned, rows = job["fold"]
    X, y = shared["X"], shared["y"]
    model = copy.deepcopy(shared["model_base"])
    model.name = f"{model.name}{job['suffix']}"
    model.set_contexts(str(Path(shared["path"], model.name)))
    with unpacked(shared["files"]), limit_linear_algebra(shared["num_cpus"]):
        model.fit(
            X=X.iloc[learned],
            y=y.iloc[learned],
            X_val=X.iloc[rows],
            y_val=y.iloc[rows],
            time_limit=job["time_limit"],
            num_cpus=shared["num_cpus"],
            num_gpus=shared["num_gpus"],
            **job["kwargs"],
        )
    model.fit_time = time.time() - began
    probabilities = model.predict_proba(X.iloc[rows], record_time=True)
    model.val_score = model.score_with_y_pred_proba(y=y.iloc[rows], y_pred_proba=probabilities)
    model.reduce_memory_size(remove_fit=True, remove_info=False, requires_save=True)
    if not shared["keeps_models"]:
        model.model = None
    model.save()
    np.save(to, np.asarray(probabilities), allow_pickle=False)
    return {
        "name": model.name,
        "fit_s": model.fit_time,
        "predict_s": model.predict_time,
        "predict_1_s": model.predict_1_time,
        "n_predicted": model.predict_n_size,
        "num_cpus": model.fit_num_cpus,
    }
