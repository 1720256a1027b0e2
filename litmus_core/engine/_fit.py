"""Fitting: features from our pipeline, models and ensembling by AutoGluon, one predictor for all cards."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.engine._cards import (
    ENSEMBLE_CARD,
    add_setting,
    card_of,
    check_cards,
    custom_settings,
    hyperparameters_of,
    title_of,
)
from litmus_core.engine._defined import check_defined
from litmus_core.engine._failures import failures, nothing_finished
from litmus_core.engine._folder import (
    ScoredRows,
    keep_whole_copy,
    predictor_path,
    read_model_info,
    write_json,
    write_model_info,
    write_rows,
    write_unknown_features,
)
from litmus_core.engine._folds import Fold, check_folds, plan_folds
from litmus_core.engine._load import open_trainer, quiet
from litmus_core.engine._models import FittedModel, describe, is_candidate, list_models
from litmus_core.engine._pre import fit_pipeline
from litmus_core.engine._single_rows import single_rows, with_copies
from litmus_core.engine._target import Target
from litmus_core.errors import DataError, TrainingError, UsageError
from litmus_core.hooks import check_unchanged
from litmus_core.runtime import MODULES
from litmus_core.types import Algorithm, Column, CustomModel, Part, Task

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from litmus_core.runtime import Pipeline

_LOG_VERBOSITY = 2  # AutoGluon's own log of a fit, for the worker's log file
_ENSEMBLE_S, _ENSEMBLE_SHARE = 1.0, 0.03  # kept back from the time limit for the ensemble
_LEAST_S = 1.0


@dataclass(frozen=True, kw_only=True)
class FitRequest:
    """What to fit, where, and until when.

    ``train`` and ``validation`` hold the feature ``columns`` and the task's target, with the index of the
    frame they come from. ``folds`` 0: models are scored on ``validation``; k >= 2: each is bagged over k
    folds of ``train`` (``groups`` (n,) keeps rows together), and there is no ``validation``. ``deadline`` is
    in time.time() seconds; ``n_cpus`` None: all that AutoGluon finds. ``custom`` are models of one's own,
    and ``preprocess`` pre-processors, applied in their order, whose source lies in ``folder``/modules;
    ``algorithms`` have hyperparameters of their own, all values.
    """

    folder: Path
    train: pd.DataFrame
    validation: pd.DataFrame | None
    columns: Sequence[Column]
    task: Task
    cards: tuple[str, ...]
    folds: int
    deadline: float
    groups: NDArray[Any] | None = None
    n_cpus: int | None = None
    custom: tuple[CustomModel, ...] = ()
    preprocess: tuple[Part, ...] = ()
    algorithms: tuple[Algorithm, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Prepared:
    """Encoded rows as AutoGluon gets them; the target's column is called ``label``.

    ``notes`` say what became of pre-processing of one's own.
    """

    train: pd.DataFrame
    validation: pd.DataFrame | None
    label: str
    target: Target
    rows: ScoredRows
    splits: list[Fold] | None
    notes: tuple[str, ...] = ()


def fit_models(
    request: FitRequest,
    *,
    on_model: Callable[[FittedModel], None],
    on_start: Callable[[str], None],
    should_stop: Callable[[], bool],
) -> tuple[str, ...]:
    """Fit the request's cards until its deadline, and an ensemble of what was finished.

    Returns a sentence for each pre-processor of one's own, and for each model that failed. ``on_start`` gets
    a model's plain name, ``on_model`` each finished model once it is safe on disk. ``should_stop`` is asked
    between models; the ensemble is fitted then too. Raises TrainingError when no model was finished,
    DataError or UsageError when the rows or the request cannot be meant.
    """
    _check(request)
    request.folder.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(predictor_path(request.folder), ignore_errors=True)
    prepared = prepare(request)
    info = read_model_info(request.folder)

    def finished(trainer: Any, model: str) -> None:
        # AutoGluon would save after this call: what is reported must be on disk before.
        trainer.save()
        keep_whole_copy(request.folder)
        if is_candidate(trainer, model):
            on_model(describe(trainer, model, folder=request.folder, rows=prepared.rows, info=info))

    trainer = _run_autogluon(
        request,
        prepared,
        started=lambda model: on_start(title_of(model)),
        finished=finished,
        should_stop=should_stop,
    )
    if not trainer.get_model_names():
        raise nothing_finished(" ".join(failures(trainer)))
    for model in add_ensemble(trainer):
        finished(trainer, model)
    return (*prepared.notes, *failures(trainer))


def finish_models(folder: Path) -> tuple[FittedModel, ...]:
    """Fit the ensemble of the models that a stopped or killed fit left in ``folder``, unless it is there.

    Returns all models that are there then. Raises NotFoundError where nothing was begun, TrainingError
    where no model was finished.
    """
    read_model_info(folder)
    if add_ensemble(open_trainer(folder)):
        keep_whole_copy(folder)
    return list_models(folder)


def add_ensemble(trainer: Any) -> list[str]:
    """Fit a weighted ensemble of the trainer's models unless it has one; return the new model's name."""
    trainer.reset_callbacks()
    names = trainer.get_model_names()
    if len(names) < 2 or any(card_of(name) == ENSEMBLE_CARD for name in names):
        return []
    bagged = trainer.bagged_mode
    X, y = (trainer.load_X(), trainer.load_y()) if bagged else (trainer.load_X_val(), trainer.load_y_val())
    with quiet():
        added: list[str] = trainer.stack_new_level_aux(X=X, y=y, base_model_names=names, fit=bagged)
    trainer.save()
    return added


def _check(request: FitRequest) -> None:
    check_cards(
        [*request.cards, *(each.key for each in request.algorithms)],
        request.task.problem_type,
        request.columns,
    )
    check_folds(request.folds, request.task)
    check_unchanged((*request.custom, *request.preprocess), request.folder / MODULES)
    if not request.folds and (request.validation is None or request.validation.empty):
        raise UsageError("There are no validation rows.", hint="Give a validation part, or ask for folds.")
    if request.train.empty:
        raise UsageError("There are no training rows.", hint="Choose another split.")
    if request.deadline - time.time() < _LEAST_S:
        raise TrainingError(
            "No time was left for training when it was about to begin.", hint="Allow more time."
        )


def prepare(request: FitRequest) -> _Prepared:
    """Fit features on the training part, encode the target, and write down what a folder needs to reopen."""
    names = [column.name for column in request.columns]
    labels = request.train[request.task.target]
    target = Target.fit(labels, request.task)
    pipeline, notes = fit_pipeline(
        request.preprocess,
        columns=request.columns,
        train=request.train,
        target=labels,
        folder=request.folder,
        seed=request.task.seed,
        deadline=request.deadline,
    )
    train = pipeline.transform(request.train[names])
    label = _free_name("target", train.columns)
    train[label] = target.encode(labels)
    if request.folds:
        validation, splits = None, _splits(request, target, train[label].to_numpy())
        single = single_rows(train[label].to_numpy(), target)
        rows = _scored(request, target, train[label], train[label], n_extra=len(single), splits=splits)
        train, splits = with_copies(train, single, splits)
    else:
        validation, splits = _encoded_validation(request, target, pipeline, label), None
        rows = _scored(request, target, train[label], validation[label], n_extra=0)
        validation = _without_unknown(request.folder, validation, rows)
    check_defined(request.task.metric, target, rows)
    write_json(request.folder / "pipeline.json", pipeline.state())
    write_model_info(request.folder, target, request.columns, metric=request.task.metric)
    write_rows(request.folder, rows)
    return _Prepared(
        train=train, validation=validation, label=label, target=target, rows=rows, splits=splits, notes=notes
    )


def _splits(request: FitRequest, target: Target, codes: NDArray[Any]) -> list[Fold]:
    return plan_folds(
        codes,
        n_folds=request.folds,
        groups=request.groups,
        seed=request.task.seed,
        stratify=target.problem_type != "regression",
    )


def _encoded_validation(request: FitRequest, target: Target, pipeline: Pipeline, label: str) -> pd.DataFrame:
    given = request.validation
    if given is None:
        raise UsageError("There are no validation rows.", hint="Give a validation part, or ask for folds.")
    validation = pipeline.transform(given[[column.name for column in request.columns]])
    validation[label] = target.encode(given[request.task.target])
    return validation


def _without_unknown(folder: Path, validation: pd.DataFrame, rows: ScoredRows) -> pd.DataFrame:
    """Put rows with a label that training did not hold aside: AutoGluon cannot score them, we do."""
    unknown = rows.unknown
    if unknown.all():
        raise DataError(
            "No validation row has an answer that occurs in the training rows.", hint="Choose another split."
        )
    if unknown.any():
        write_unknown_features(folder, validation[unknown].iloc[:, :-1])
    return validation[~unknown]


def _scored(
    request: FitRequest,
    target: Target,
    trained: pd.Series[Any],
    scored: pd.Series[Any],
    *,
    n_extra: int,
    splits: Sequence[Fold] = (),
) -> ScoredRows:
    fold = np.full(len(scored), -1, dtype=np.int64)
    for number, (_, tested) in enumerate(splits):
        fold[tested] = number
    if target.problem_type == "regression":
        shares = np.array([float(trained.mean())])
    else:
        shares = np.bincount(trained, minlength=len(target.classes)) / len(trained)
    return ScoredRows(
        index=scored.index.to_numpy(),
        truth=scored.to_numpy(),
        shares=shares,
        folds=request.folds,
        n_extra=n_extra,
        fold=fold,
    )


def _free_name(wanted: str, taken: Collection[str]) -> str:
    while wanted in taken:
        wanted += "_"
    return wanted


def _run_autogluon(
    request: FitRequest,
    prepared: _Prepared,
    *,
    started: Callable[[str], None],
    finished: Callable[[Any, str], None],
    should_stop: Callable[[], bool],
) -> Any:
    """Return AutoGluon's trainer after its fit; it may hold no model."""
    from autogluon.tabular import TabularPredictor

    from litmus_core.engine._callback import Listener, ProgressCallback, listening
    from litmus_core.engine._scorers import scorer_for

    key = str(request.folder)
    listener = Listener(started=started, finished=finished, should_stop=should_stop)
    with quiet(_LOG_VERBOSITY), listening(key, listener):
        predictor = TabularPredictor(
            label=prepared.label,
            problem_type=prepared.target.problem_type,
            eval_metric=scorer_for(
                request.task.metric, prepared.target.problem_type, classes=prepared.target.classes
            ),
            path=str(predictor_path(request.folder)),
            verbosity=_LOG_VERBOSITY,
            # Codes 0 and 1, the positive class second; no class is too rare.
            positive_class=1 if prepared.target.problem_type == "binary" else None,
            learner_kwargs={"label_count_threshold": 1, "random_state": request.task.seed},
        )
        predictor.fit(
            prepared.train,
            tuning_data=prepared.validation,
            feature_metadata=feature_metadata(prepared),
            callbacks=[ProgressCallback(key)],
            **_settings(request),
            **_bagging(request, prepared),
        )
    return predictor._learner.load_trainer()


def _settings(request: FitRequest) -> dict[str, Any]:
    """Return how AutoGluon is to fit: what, until when, and what it is to leave to us."""
    remaining = request.deadline - time.time()
    told = hyperparameters_of(request.cards, seed=request.task.seed, custom=custom_model)
    for each in request.algorithms:
        values = {given.name: given.value for given in each.hyperparameters}
        name = f"{each.key}-{each.name}"
        add_setting(told, each.key, name=name, values=values, seed=request.task.seed, custom=custom_model)
    if request.custom:
        from litmus_core.engine._custom.wrapper import CustomWrapper

        told[CustomWrapper] = custom_settings(request.custom, seed=request.task.seed)
    return {
        "time_limit": max(_LEAST_S, remaining - max(_ENSEMBLE_S, _ENSEMBLE_SHARE * remaining)),
        "hyperparameters": told,
        "feature_generator": None,  # ours made the features
        "dynamic_stacking": False,
        "auto_stack": False,
        "num_stack_levels": 0,
        "calibrate": False,  # it would change a model after it was scored
        "calibrate_decision_threshold": False,  # one for all models; ours is per candidate
        "num_cpus": request.n_cpus or "auto",
        "num_gpus": 0,
        "raise_on_no_models_fitted": False,
    }


def _bagging(request: FitRequest, prepared: _Prepared) -> dict[str, Any]:
    if prepared.splits is None:
        return {"num_bag_folds": 0}
    return {
        "num_bag_folds": len(prepared.splits),
        "num_bag_sets": 1,
        "ag_args_ensemble": {
            "fold_fitting_strategy": "sequential_local",
            "custom_splits": prepared.splits,
            "model_random_seed": request.task.seed,
        },
    }


def feature_metadata(prepared: _Prepared) -> Any:
    """Tell AutoGluon each column's type; raw text (object) is left to models that ask for it."""
    from autogluon.common.features.feature_metadata import FeatureMetadata

    kinds = {"f": "float", "u": "int", "i": "int", "b": "bool", "O": "object"}
    features = prepared.train.drop(columns=prepared.label)
    raw = {
        name: "category" if dtype == "category" else kinds[dtype.kind]
        for name, dtype in features.dtypes.items()
    }
    special = {
        "text": [name for name, kind in raw.items() if kind == "object"],
        "bool": [name for name, kind in raw.items() if kind == "int"],  # 0/1: does the text have the word
    }
    return FeatureMetadata(
        type_map_raw=raw, type_group_map_special={kind: names for kind, names in special.items() if names}
    )


def custom_model(key: str) -> Any:
    if key == "XGB_CATEGORIES":
        from litmus_core.engine._xgboost_categories import XGBoostCategoriesModel

        return XGBoostCategoriesModel
    from litmus_core.engine._text_linear import TextLinearModel

    return TextLinearModel
