"""The models in a run's folder: descriptions, predictions of the scored rows, sizes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.engine._autogluon.time_limit import time_cut
from litmus_core.engine._autogluon.trainer_folder import open_trainer, quiet
from litmus_core.engine._catalog.selection import (
    ENSEMBLE_FAMILY,
    ENSEMBLE_OF_BOTH,
    family_kind,
    family_of_algorithm,
    reads_labels,
    title_of,
)
from litmus_core.engine._fit.clock import fits_of
from litmus_core.engine._fit.failures import name_model_in_errors
from litmus_core.engine._fit.refit import folds_of, is_refit
from litmus_core.engine._fit.target_scale import open_scale, read_scored
from litmus_core.engine._run_folder.fitted_values import fitted_title
from litmus_core.engine._run_folder.folder import (
    ScoredRows,
    compiled_path,
    predictor_path,
    read_model_info,
    read_rows,
    read_target,
    read_unknown_features,
)
from litmus_core.engine._run_folder.variants import is_shown, read_chosen
from litmus_core.engine._target import Target
from litmus_core.errors import DataError, NotFoundError
from litmus_core.task_types import get_task_type
from litmus_core.types import ProblemType, TimeCut


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedModel:
    """One finished model. ``model`` is AutoGluon's name, ``name`` the display name.

    Hyperparameter values in ``name`` are those of the fitted model, whatever was requested. ``fit_s`` is its
    training time, for an ensemble including its ``parents``. ``validation_score`` is in the metric's own
    sign; None if the rows leave it undefined. ``refit_of`` is the model with folds after which it was trained
    on all rows: the score is that one's. ``unlisted`` are those of ``parents`` that are not candidates
    themselves. ``time_cut`` says how the time limit cut it short, or the model in folds that it follows.
    """

    model: str
    name: str
    family: str
    family_kind: str
    is_ensemble: bool
    fit_s: float
    parents: tuple[str, ...] = ()
    refit_of: str = ""
    validation_score: float | None = None
    unlisted: tuple[str, ...] = ()
    time_cut: TimeCut | None = None


def list_models(folder: Path) -> tuple[FittedModel, ...]:
    """Return the finished models in the order they were fitted.

    An ensemble of a single model is left out, since it is a slower form of that model. So are models that a
    compression run made only as members of its ensembles. Raises NotFoundError if nothing was trained,
    TrainingError if no model was finished.
    """
    info = read_model_info(folder)
    trainer = open_trainer(folder)
    rows, chosen = read_rows(folder), read_chosen(folder)
    return tuple(
        describe(trainer, name, folder=folder, rows=rows, info=info)
        for name in trainer.get_model_names()
        if is_candidate(trainer, name) and is_shown(chosen, name)
    )


def is_candidate(trainer: Any, model: str) -> bool:
    """Return whether the model is a candidate itself: not an ensemble of one, nor of two levels with one
    alone.
    """
    if family_of_algorithm(model) != ENSEMBLE_FAMILY:
        return True
    parents = _parents(trainer, model)
    is_second = not model.startswith(ENSEMBLE_OF_BOTH) or any(map(reads_labels, parents))
    return len(parents) > 1 and is_second


def describe(
    trainer: Any, model: str, *, folder: Path, rows: ScoredRows, info: dict[str, Any]
) -> FittedModel:
    """Return a description of the trainer's ``model``."""
    family = family_of_algorithm(model)
    is_ensemble = family == ENSEMBLE_FAMILY
    parents = _parents(trainer, model) if is_ensemble else ()
    chosen = read_chosen(folder)
    fit_s = sum(float(trainer.get_model_attribute(parent, "fit_time") or 0.0) for parent in (model, *parents))
    return FittedModel(
        model=model,
        name=fitted_title(trainer, model),
        family=family,
        family_kind=family_kind(family),
        is_ensemble=is_ensemble,
        fit_s=fit_s,
        parents=parents,
        refit_of=folds_of(model) if is_refit(model) else "",
        validation_score=_score(trainer, model, folder=folder, rows=rows, info=info),
        unlisted=tuple(parent for parent in parents if not is_shown(chosen, parent)),
        time_cut=time_cut(tuple(fits_of(folder, model=folds_of(model)).values())),
    )


def validation_predictions(folder: Path, model: str) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return (n,) labels of the scored rows in the frame's index, and the model's predictions of them.

    Predictions are (n, k) probabilities in the classes' order, or (n,) values: of validation rows, or with
    folds out-of-fold ones of all training rows (in time order: of all except the earliest). A row that no
    fold could test, because its class has no other row, gets the class shares: a model that never saw the
    class knows no better. A model on all rows uses its folds' predictions.
    """
    info = read_model_info(folder)
    trainer = open_trainer(folder)
    if model not in trainer.get_model_names():
        raise NotFoundError(kind="model", id=model, hint="It was not finished, or has another name.")
    rows = read_rows(folder)
    predictions = predictions_of(trainer, model, folder=folder, rows=rows, target=read_target(info))
    return rows.index[rows.scored], predictions[rows.scored]


def predictions_of(
    trainer: Any, model: str, *, folder: Path, rows: ScoredRows, target: Target
) -> NDArray[np.float64]:
    """Return the model's predictions of all of ``rows``, as in :func:`validation_predictions`."""
    model = folds_of(model)
    if rows.folds:
        raw = _out_of_fold(trainer, model, n_rows=len(rows.truth) + rows.n_extra)
        with name_model_in_errors(title_of(model)):
            predictions = _in_row_order(folder, class_columns(raw[: len(rows.truth)], target.problem_type))
        untested = np.isnan(predictions).reshape(len(predictions), -1).any(axis=1)
        predictions[untested] = rows.shares
    else:
        model_predictions = _on_validation(trainer, model, folder=folder, rows=rows, target=target)
        with name_model_in_errors(title_of(model)):
            predictions = _in_row_order(folder, model_predictions)
    if len(target.classes) > 2:  # as the runtime does: float32 sums to 1 only approximately
        predictions = predictions / predictions.sum(axis=1, keepdims=True)
    return predictions


def _in_row_order(folder: Path, predictions: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the models' predictions converted from their scale, if there is one; NaN stays."""
    scale = open_scale(folder)
    if scale is None:
        return predictions
    present, reordered = ~np.isnan(predictions), predictions.copy()
    rows = read_scored(folder)
    reordered[present] = scale.decode(predictions[present], None if rows is None else rows[present])
    return reordered


def _out_of_fold(trainer: Any, model: str, *, n_rows: int) -> NDArray[Any]:
    """Return (n_rows, …) predictions, NaN where no fold tested a row.

    During an ensemble's fit the trainer holds predictions of the tested rows only; they are put in their
    positions.
    """
    raw = np.asarray(trainer.get_model_oof(model))
    if len(raw) == n_rows:
        return raw
    base = np.asarray(trainer.get_model_oof(_parents(trainer, model)[0]))
    full = np.full_like(base, np.nan)
    full[~np.isnan(base).reshape(n_rows, -1).any(axis=1)] = raw
    return full


def _on_validation(
    trainer: Any, model: str, *, folder: Path, rows: ScoredRows, target: Target
) -> NDArray[np.float64]:
    by_model = trainer.get_model_pred_proba_dict(X=trainer.load_X_val(), models=[model], use_val_cache=True)
    probabilities = class_columns(np.asarray(by_model[model]), target.problem_type)
    if not rows.unknown.any():
        return probabilities
    with quiet():
        raw = np.asarray(trainer.predict_proba(read_unknown_features(folder), model=model))
    predictions = np.empty((len(rows.truth), probabilities.shape[1]))
    predictions[~rows.unknown] = probabilities
    predictions[rows.unknown] = class_columns(raw, target.problem_type)
    return predictions


def class_columns(raw: NDArray[Any], problem_type: ProblemType) -> NDArray[np.float64]:
    """Return AutoGluon's output as (n, k) probabilities (for two classes it gives the second's), or (n,)."""
    if get_task_type(problem_type).has_classes and raw.ndim == 1:
        positive = raw.astype(np.float64)
        return np.column_stack([1 - positive, positive])
    return np.asarray(raw, dtype=np.float64)


def candidate_bytes(folder: Path, model: str) -> int:
    """Return the size on disk of a candidate in production: the compiled form, or all models it uses."""
    compiled = compiled_path(folder, model)
    if compiled.exists():
        return compiled_bytes(compiled)
    trainer = open_trainer(folder)
    models = predictor_path(folder) / "models"
    needed = trainer.get_minimum_model_set(model)
    return sum(
        path.stat().st_size
        for name in needed
        for path in (models / name).rglob("*")
        if path.is_file() and path.name not in ("oof.pkl", "model_template.pkl")
    )


def compiled_bytes(compiled: Path) -> int:
    """Return the size of a compiled model's folder."""
    return sum(path.stat().st_size for path in compiled.iterdir())


def _parents(trainer: Any, model: str) -> tuple[str, ...]:
    return tuple(sorted(set(trainer.get_minimum_model_set(model)) - {model}))


def _score(trainer: Any, model: str, *, folder: Path, rows: ScoredRows, info: dict[str, Any]) -> float | None:
    target = read_target(info)
    predictions = predictions_of(trainer, model, folder=folder, rows=rows, target=target)
    metric = rows.metric(info["metric"], rows.scored).for_classes(target.classes)
    codes = range(len(target.classes))
    try:
        return metric.score(
            rows.truth[rows.scored],
            predictions[rows.scored],
            classes=codes,
            positive_class=1 if len(codes) == 2 else None,
        )
    except DataError:
        return None
