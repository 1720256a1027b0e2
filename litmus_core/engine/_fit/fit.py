"""Fit models: features from our pipeline, models and ensembling by AutoGluon, one predictor for all."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.engine._autogluon.grouped_labels import carries_groups
from litmus_core.engine._autogluon.metadata import feature_metadata
from litmus_core.engine._autogluon.trainer_folder import open_trainer, quiet, warm_up_torch
from litmus_core.engine._catalog.algorithms import check_algorithms
from litmus_core.engine._catalog.losses import check_learnable
from litmus_core.engine._catalog.selection import (
    ENSEMBLE_FAMILY,
    check_families,
    family_of_algorithm,
    title_of,
)
from litmus_core.engine._fit.clock import clocked_fits
from litmus_core.engine._fit.ensembles.bagged_selection import bagged_selection
from litmus_core.engine._fit.ensembles.fixed import add_fixed_ensembles
from litmus_core.engine._fit.executed_plan import repeated_models, write_executed_plan
from litmus_core.engine._fit.failures import (
    FitReport,
    failures,
    fit_report,
    nothing_finished,
    require_time_left,
)
from litmus_core.engine._fit.metric_defined import check_defined
from litmus_core.engine._fit.refit import add_refits, is_refit, models_time_s
from litmus_core.engine._fit.request import FitRequest
from litmus_core.engine._fit.rows import (
    bagging_arguments,
    fitted_state,
    folds_of,
    learned_rows,
    scale_rows,
    scaled_weights,
    scored_rows,
)
from litmus_core.engine._fit.sample_weights import (
    balanced_weights,
    models_without_weights,
    row_weights,
    weighted_rows,
)
from litmus_core.engine._fit.singleton_classes import duplicate_singletons, singleton_rows
from litmus_core.engine._fit.target_scale import Decoding, TargetScale
from litmus_core.engine._fit.workers import (
    by_level,
    fit_with_workers,
    fit_workers,
    hyperparameters_for,
    reported_names,
    requested_values,
    trains_torch,
)
from litmus_core.engine._folds.splitters import Fold, check_folds
from litmus_core.engine._folds.workers import FoldWorkers
from litmus_core.engine._resources import hide_gpus, limit_fit_resources
from litmus_core.engine._run_folder.fitted_values import unmet_values
from litmus_core.engine._run_folder.folder import (
    ScoredRows,
    predictor_path,
    read_model_info,
    store_recovery_copy,
    write_json,
    write_model_info,
    write_rows,
    write_unknown_features,
)
from litmus_core.engine._run_folder.models import FittedModel, describe, is_candidate, list_models
from litmus_core.engine._run_folder.variants import read_chosen
from litmus_core.engine._target import Target
from litmus_core.engine._text_encoder import check_encoders
from litmus_core.errors import DataError, TrainingError, UsageError
from litmus_core.plugins import check_unchanged
from litmus_core.runtime import MODULES
from litmus_core.trust import begin_writing, sign_files

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from litmus_core.runtime import Pipeline
    from litmus_core.task_types import Loss

_LOG_VERBOSITY = 2  # AutoGluon's own log of a fit, for the worker's log file
_LEAST_S = 1.0


@dataclass(frozen=True, kw_only=True)
class _PreparedRows:
    """Encoded rows for AutoGluon; the target's column is called ``label``.

    ``weights`` (n,) are of the training rows, ``scored_weights`` of the rows that choose models during the
    fit; None: all count as one. ``notes`` are about custom pre-processing.
    """

    train: pd.DataFrame
    validation: pd.DataFrame | None
    label: str
    target: Target
    rows: ScoredRows
    splits: list[Fold] | None
    scale: TargetScale | None = None
    weights: NDArray[np.float64] | None = None
    scored_weights: NDArray[np.float64] | None = None
    notes: tuple[str, ...] = ()

    @property
    def decode(self) -> Decoding | None:
        """Converts predictions back to the original scale, if models learn on another one."""
        return None if self.scale is None or self.loss is not None or self.is_packed else self.scale.decoding

    @property
    def scorer_options(self) -> dict[str, Any]:
        """The scorers' options that depend on the scale."""
        return {"decode": self.decode, "loss": self.loss, "packed": self.is_packed}

    @property
    def is_packed(self) -> bool:
        """Whether the labels carry their rows' groups, for models that learn by these."""
        return self.scale is not None and carries_groups(self.scale.part.needs)

    @property
    def loss(self) -> Loss | None:
        """The loss that replaces the metric while models are fitted; None: the metric decides."""
        needs = None if self.scale is None else self.scale.part.needs
        return None if needs is None or needs.objectives or not (needs.loss or needs.columns) else needs.loss


def fit_models(
    request: FitRequest,
    *,
    on_model: Callable[[FittedModel], None],
    on_start: Callable[[str], None],
    should_stop: Callable[[], bool],
) -> FitReport:
    """Fit the request's families until its deadline, and an ensemble of the finished ones.

    Reports missing models, how pre-processing runs, and unmet values. ``on_start`` gets a display name,
    ``on_model`` each finished model once it is on disk. ``should_stop`` is called between models; the
    ensemble is fitted then too. Raises TrainingError, DataError or UsageError.
    """
    _check(request)
    begin_writing(request.folder)
    shutil.rmtree(predictor_path(request.folder), ignore_errors=True)

    def finished(trainer: Any, model: str) -> None:
        # AutoGluon would save after this call, but reported models must be on disk first.
        trainer.save()
        store_recovery_copy(request.folder)
        if is_candidate(trainer, model):
            info = read_model_info(request.folder)
            on_model(describe(trainer, model, folder=request.folder, rows=prepared.rows, info=info))

    telling: Any = {"started": lambda model: on_start(title_of(model)), "finished": finished}
    telling["should_stop"] = should_stop
    again: tuple[str, ...] = ()
    repeated = repeated_models(request)
    limits = limit_fit_resources(request.local_resources.gpus, request.processors)
    with limits, clocked_fits(request.folder, restart=True), fit_workers(request) as workers:
        prepared = prepare(request)
        trainer = run_autogluon(request, prepared, workers, **telling)
        is_stopped = should_stop()
        if not trainer.get_model_names():
            raise nothing_finished(*failures(trainer))
        for model in add_ensemble(trainer) if repeated is None else ():
            finished(trainer, model)
        if request.folds.n_folds and request.folds.refit:
            again = add_refits(
                trainer,
                workers,
                n_fits=len(prepared.splits or ()),
                not_learned=request.training.without_rows,
                deadline=request.deadline,
                wanted=repeated,
                **telling,
            )
    write_executed_plan(request, trainer)
    store_recovery_copy(request.folder)  # AutoGluon wrote more at its end
    left_out = (*models_without_weights(trainer), *unmet_values(trainer, requested_values(request)), *again)
    remarks = {"left_out": left_out, "notes": prepared.notes, "variants": request.variant_names}
    return fit_report(trainer, repeated or reported_names(request), is_stopped=is_stopped, **remarks)


def finish_models(folder: Path) -> tuple[FittedModel, ...]:
    """Fit the ensemble of the models that a stopped or killed fit left in ``folder``, if it is missing.

    Returns all models. Raises NotFoundError if nothing was started, TrainingError if no model was finished.
    """
    read_model_info(folder)
    trainer, chosen = open_trainer(folder), read_chosen(folder)
    begin_writing(folder)
    if add_ensemble(trainer) if chosen is None else add_fixed_ensembles(trainer, chosen):
        store_recovery_copy(folder)
    return list_models(folder)


def add_ensemble(trainer: Any) -> list[str]:
    """Fit a weighted ensemble of the trainer's models if it has none; return the new model's name."""
    trainer.reset_callbacks()
    fitted = [name for name in trainer.get_model_names() if not is_refit(name)]
    names = [name for name in fitted if family_of_algorithm(name) != ENSEMBLE_FAMILY]
    level = 1 + max(map(trainer.get_model_level, names), default=0)
    if len(names) < 2 or any(trainer.get_model_level(name) == level for name in fitted):
        return []
    bagged = trainer.bagged_mode
    X, y = (trainer.load_X(), trainer.load_y()) if bagged else (trainer.load_X_val(), trainer.load_y_val())
    with quiet(), bagged_selection(), hide_gpus(None):  # weights take no GPU
        added: list[str] = trainer.stack_new_level_aux(
            X=X, y=y, base_model_names=names, level=level, fit=bagged
        )
    trainer.save()
    return added


def _check(request: FitRequest) -> None:
    keys = (*request.families, *(algorithm.key for algorithm in request.algorithms))
    if keys or not (request.custom or request.source):
        check_families(keys, request.task.problem_type, request.columns)
        check_encoders(request.families, request.algorithms)
    check_algorithms(request.algorithms, request.task.problem_type)
    check_learnable(keys, request.task, has_custom=bool(request.custom))
    check_folds(request.folds, request.task)
    if request.training.stack and not by_level(hyperparameters_for(request))[2]:
        raise UsageError(
            "A second level is of trees, and there are none.",
            hint="Add lightgbm, or train without stack.",
        )
    check_unchanged((*request.custom, *request.preprocess), request.folder / MODULES)
    if not request.folds.n_folds and (request.validation is None or request.validation.empty):
        raise UsageError("There are no validation rows.", hint="Give a validation part, or ask for folds.")
    if request.train.empty:
        raise UsageError("There are no training rows.", hint="Choose another split.")
    if request.deadline - time.time() < _LEAST_S:
        raise TrainingError(
            "No time was left for training when it was about to begin.", hint="Allow more time."
        )


def prepare(request: FitRequest) -> _PreparedRows:
    """Fit features on the training rows, encode the target, and store what reopening the folder needs."""
    labels = request.train[request.task.target]
    target, pipeline, notes = fitted_state(request, labels)
    train = pipeline.transform(request.train[[column.name for column in request.columns]])
    label = _unique_name("target", train.columns)
    train[label] = target.encode(labels)
    if request.folds.n_folds:
        codes = train[label].to_numpy()
        folding, folds = folds_of(request, codes)
        single = singleton_rows(codes, target)
        weights = row_weights(request.train, train.index, request.task)
        rows = scored_rows(
            request, target, train[label], train[label], weights, n_extra=len(single), folding=folding
        )
        weights = None if weights is None else np.concatenate([weights, weights[single]])
        validation, (train, splits) = None, duplicate_singletons(train, single, folds)
    else:
        train = learned_rows(request, train, label)
        validation, splits = _encoded_validation(request, target, pipeline, label), None
        weights = row_weights(request.train, train.index, request.task)
        rows = scored_rows(request, target, train[label], validation[label], weights, n_extra=0)
        validation = _without_unknown(request.folder, validation, rows)
    check_defined(request.task.metric, target, rows)
    scale = scale_rows(request, label, train, validation, rows)
    weights, scored_weights = scaled_weights(scale, weights, rows.weights)
    write_json(request.folder / "pipeline.json", pipeline.state())
    write_model_info(request.folder, target, request.columns, metric=request.task.metric)
    write_rows(request.folder, rows)
    sign_files(request.folder, goes_on=True)
    return _PreparedRows(
        train=train,
        validation=validation,
        label=label,
        target=target,
        rows=rows,
        splits=splits,
        scale=scale,
        weights=balanced_weights(request.training, train[label].to_numpy(), target, weights),
        scored_weights=scored_weights,
        notes=notes,
    )


def _encoded_validation(request: FitRequest, target: Target, pipeline: Pipeline, label: str) -> pd.DataFrame:
    rows = request.validation
    if rows is None:
        raise UsageError("There are no validation rows.", hint="Give a validation part, or ask for folds.")
    validation = pipeline.transform(rows[[column.name for column in request.columns]])
    validation[label] = target.encode(rows[request.task.target])
    return validation


def _without_unknown(folder: Path, validation: pd.DataFrame, rows: ScoredRows) -> pd.DataFrame:
    """Set rows aside whose label training did not contain: AutoGluon cannot score them, Litmus does."""
    unknown = rows.unknown
    if unknown.all():
        raise DataError(
            "No validation row has an answer that occurs in the training rows.", hint="Choose another split."
        )
    if unknown.any():
        write_unknown_features(folder, validation[unknown].iloc[:, :-1])
    return validation[~unknown]


def _unique_name(wanted: str, used: Collection[str]) -> str:
    while wanted in used:
        wanted += "_"
    return wanted


def run_autogluon(
    request: FitRequest,
    prepared: _PreparedRows,
    workers: FoldWorkers | None,
    **telling: Any,
) -> Any:
    """Return AutoGluon's trainer after its fit of the request's members; it may have no model.

    ``telling`` are the callbacks ``started``, ``finished`` and ``should_stop``.
    """
    from autogluon.tabular import TabularPredictor

    from litmus_core.engine._autogluon.scorers import scorer_for
    from litmus_core.engine._fit.callbacks import ProgressCallback, listener_of, listening

    key, settings = str(request.folder), _settings(request)
    train, validation, weight = weighted_rows(prepared)
    telling |= {"wanted": repeated_models(request), "limit_s": settings["time_limit"]}
    listener = listener_of(request, workers, **telling)
    with quiet(_LOG_VERBOSITY), listening(key, listener), fit_with_workers(workers), require_time_left():
        if workers is None and trains_torch(request):
            warm_up_torch()
        predictor = TabularPredictor(
            label=prepared.label,
            problem_type=prepared.target.problem_type,
            eval_metric=scorer_for(
                request.task.metric,
                prepared.target.problem_type,
                classes=prepared.target.classes,
                folder=request.folder,
                **prepared.scorer_options,
            ),
            path=str(predictor_path(request.folder)),
            verbosity=_LOG_VERBOSITY,
            positive_class=1 if prepared.target.task_type.has_positive_class else None,
            sample_weight=weight,
            weight_evaluation=prepared.scored_weights is not None,  # class weights are for learning only
            learner_kwargs={"label_count_threshold": 1, "random_state": request.task.seed},
        )
        with bagged_selection():
            predictor.fit(
                train,
                tuning_data=validation,
                feature_metadata=feature_metadata(prepared.train.drop(columns=prepared.label)),
                callbacks=[ProgressCallback(key)],
                **settings,
                **bagging_arguments(prepared.splits, seed=request.task.seed),
            )
    return predictor._learner.load_trainer()


def _settings(request: FitRequest) -> dict[str, Any]:
    """Return AutoGluon's fit settings: models, time, and options that turn off what Litmus does itself."""
    here = request.local_resources
    return {
        "time_limit": models_time_s(request.deadline - time.time(), request.folds),
        "hyperparameters": by_level(hyperparameters_for(request))
        if request.training.stack
        else hyperparameters_for(request),
        "feature_generator": None,  # ours computed the features
        "dynamic_stacking": False,
        "auto_stack": False,
        "num_stack_levels": int(request.training.stack),
        "calibrate": False,  # it would change a model after it was scored
        "calibrate_decision_threshold": False,  # one for all models; ours is per candidate
        "num_cpus": request.processors,
        "num_gpus": here.gpus or 0,
        "memory_limit": here.memory_gb or "auto",
        "raise_on_no_models_fitted": False,
        # their members are chosen already
        "fit_weighted_ensemble": not (request.refitted or (request.refined and request.refined.members)),
    }
