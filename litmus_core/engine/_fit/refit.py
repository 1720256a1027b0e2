"""Refit on all rows: each model with folds is trained once more, with the same settings, on every row.

No row is left to score it on, so its validation score is that of its folds: an estimate.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection, Sequence
from typing import Any

import numpy as np

from litmus_core.engine._autogluon.trainer_folder import quiet
from litmus_core.engine._catalog.selection import ENSEMBLE_FAMILY, family_of_algorithm, title_of
from litmus_core.engine._fit.sample_weights import have_labels, positions_without
from litmus_core.engine._fit.workers import fit_with_workers
from litmus_core.engine._folds.workers import FoldWorkers
from litmus_core.types import Folds

FULL = "_FULL"  # AutoGluon's suffix
_SLACK = 1.5  # times the expected duration of one more fit: all rows are more than a fold's
_ENSEMBLE_S, _ENSEMBLE_SHARE = 1.0, 0.03  # reserved from the time limit for the ensemble
_LEAST_S = 1.0


def models_time_s(remaining_s: float, folds: Folds) -> float | None:
    """Return the seconds that models may take of the remaining time; None if it is unlimited.

    The ensemble takes some of it, and so do the models that are trained again on all rows.

    >>> models_time_s(100.0, Folds(0)), round(models_time_s(100.0, Folds(6, refit=True)), 3)
    (97.0, 77.6)
    """
    if remaining_s == math.inf:
        return None
    models_s = remaining_s - max(_ENSEMBLE_S, _ENSEMBLE_SHARE * remaining_s)
    n_fits = folds.n_folds * folds.repeats
    if folds.refit and n_fits:
        models_s *= n_fits / (n_fits + _SLACK)
    return max(_LEAST_S, models_s)


def folds_of(model: str) -> str:
    """Return the model with folds that one on all rows was made from; other models are their own.

    >>> folds_of("lightgbm_BAG_L1_FULL"), folds_of("lightgbm_BAG_L1")
    ('lightgbm_BAG_L1', 'lightgbm_BAG_L1')
    """
    return model.removesuffix(FULL)


def is_refit(model: str) -> bool:
    """Return whether a model was trained on all rows, after one with folds."""
    return model.endswith(FULL)


def add_refits(
    trainer: Any,
    workers: FoldWorkers | None,
    *,
    n_fits: int,
    not_learned: Sequence[int] = (),
    deadline: float,
    wanted: Collection[str] | None = None,
    started: Callable[[str], None],
    finished: Callable[[Any, str], None],
    should_stop: Callable[[], bool],
) -> tuple[str, ...]:
    """Train each model with folds (``n_fits`` of them) again on all rows, in the time until ``deadline``.

    If ``workers`` are on other machines, they do it. Rows whose labels are ``not_learned`` are left out.
    ``wanted`` are the names of the models to make; None: all. Models come in the order they were fitted,
    their ensemble last. Returns a sentence for each that was not trained again, and why.
    """
    return refit_models(
        trainer,
        [
            name
            for name in trainer.get_model_names()
            if not is_refit(name) and (wanted is None or f"{name}{FULL}" in wanted)
        ],
        workers,
        n_fits=n_fits,
        not_learned=not_learned,
        deadline=deadline,
        started=started,
        finished=finished,
        should_stop=should_stop,
    )


def refit_models(
    trainer: Any,
    models: Sequence[str],
    workers: FoldWorkers | None,
    *,
    n_fits: int,
    not_learned: Sequence[int] = (),
    deadline: float,
    started: Callable[[str], None],
    finished: Callable[[Any, str], None],
    should_stop: Callable[[], bool],
) -> tuple[str, ...]:
    """Like :func:`add_refits` for these ``models`` only; an ensemble comes after all its members."""
    left_out: dict[str, str] = {}
    if workers is not None and not workers.are_remote:
        workers.end_folds()  # this process fits them, with all resources of the folds
        workers = None
    elif workers is not None:
        n_fits = math.ceil(n_fits / workers.n_workers)  # fit_s is of folds fitted in parallel
    for model in models:
        reason = _obstacle(trainer, model, n_fits=n_fits, deadline=deadline, left_out=left_out)
        if not reason and should_stop():
            reason = "the run was stopped"
        if not reason:
            started(f"{model}{FULL}")
            with fit_with_workers(workers):
                reason = _refit(trainer, model, not_learned, deadline=deadline)
        if reason:
            left_out[model] = reason
        else:
            finished(trainer, f"{model}{FULL}")
    return tuple(
        f"{title_of(model)} was not trained again on all rows: {reason}."
        for model, reason in left_out.items()
    )


def _refit(trainer: Any, model: str, not_learned: Sequence[int], *, deadline: float) -> str:
    """Train a model again on all rows; return why that failed, "" if it did not."""
    with quiet():
        rows = _learned(trainer, not_learned) if not_learned else {}
        limit_s = None if deadline == math.inf else max(1.0, deadline - time.time())
        trainer.refit_ensemble_full(model=model, time_limit=limit_s, **rows)
        if f"{model}{FULL}" in trainer.get_model_names():
            if not _is_copy(trainer, model):
                return ""
            trainer.delete_models(models_to_delete=[f"{model}{FULL}"], dry_run=False)
    return "its fit failed, see worker.log"


def _learned(trainer: Any, not_learned: Sequence[int]) -> dict[str, Any]:
    """Return the training rows in AutoGluon's form."""
    X, y = trainer.load_X(), trainer.load_y()
    rows = positions_without(np.arange(len(y)), y.to_numpy(), have_labels(X.index, not_learned))
    return {"X": X.iloc[rows], "y": y.iloc[rows]}


def _is_copy(trainer: Any, model: str) -> bool:
    """Return whether AutoGluon returned the first fold, as it does after a failed fit.

    The fit then took exactly as long as the fold's. An ensemble keeps its weights, so its copy is intended.
    """
    if family_of_algorithm(model) == ENSEMBLE_FAMILY:
        return False
    folds = trainer.load_model(model)
    first: float | None = folds.load_child(folds.models[0]).fit_time
    fit_time: float | None = trainer.load_model(f"{model}{FULL}").fit_time
    return first == fit_time


def _obstacle(trainer: Any, model: str, *, n_fits: int, deadline: float, left_out: dict[str, str]) -> str:
    """Return why a model cannot be trained again on all rows; "" if nothing is known against it."""
    if family_of_algorithm(model) == ENSEMBLE_FAMILY:
        return "not each of its models was" if left_out else ""
    if not trainer.load_model(model)._get_tags_child().get("can_refit_full", False):
        return "it needs rows to stop by"  # AutoGluon would return its first fold under that name
    needed_s = _SLACK * float(trainer.get_model_attribute(model, "fit_time") or 0.0) / max(1, n_fits)
    return "" if time.time() + needed_s < deadline else "too little time was left"
