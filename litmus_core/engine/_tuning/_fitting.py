"""Fit and score a trial: the family's own model, once for each fold of the run's rows.

Imports AutoGluon: import this module late. Only the model itself is fitted: rows are encoded once, and what
bagging adds (files, copies, the log) is left to the final fit.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from autogluon.core.utils.exceptions import TimeLimitExceeded
from numpy.typing import NDArray

from litmus_core.engine._autogluon.metadata import feature_metadata
from litmus_core.engine._autogluon.scorers import scorer_for
from litmus_core.engine._catalog.hyperparameters import list_hyperparameters
from litmus_core.engine._catalog.losses import with_loss
from litmus_core.engine._catalog.monotone_constraints import with_constraints
from litmus_core.engine._catalog.selection import Hyperparameters, add_setting, custom_settings
from litmus_core.engine._fit.clock import seeded
from litmus_core.engine._fit.fit import prepare
from litmus_core.engine._fit.request import FitRequest
from litmus_core.engine._fit.target_scale import read_scored
from litmus_core.engine._resources import limit_fit_resources, threads_for
from litmus_core.engine._run_folder.folder import predictor_path
from litmus_core.engine._run_folder.models import class_columns
from litmus_core.metrics import Metric, tune_threshold
from litmus_core.task_types import get_task_type
from litmus_core.types import CustomModel, ParameterValue, Resources

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
_FOR_THE_RUN = ("ag_args", "ag.max_time_limit_ratio")  # a trial has its own time limit


@dataclass(frozen=True, slots=True)
class _Part:
    """One model's training and scored rows; ``places`` (m,) of the scored rows among all of them."""

    X: pd.DataFrame
    y: pd.Series[Any]
    X_val: pd.DataFrame
    y_val: pd.Series[Any]
    weights: Floats | None
    places: NDArray[np.int64]


class Fitting:
    """Fits settings on a run's rows and scores them by the task's metric, in the metric's own sign.

    Raises the errors of preparing a fit (DataError, UsageError). ``scratch`` is a folder inside the run's
    ``predictor`` folder, where models may leave files.
    """

    at_once = 1  # parallel trials

    def __init__(self, request: FitRequest, *, scratch: Path) -> None:
        self.request, self.scratch = request, scratch
        self.prepared = prepare(request)
        self.target = self.prepared.target
        features = self.prepared.train.drop(columns=self.prepared.label)
        self._metadata = feature_metadata(features)
        self._scorer = scorer_for(
            request.task.metric,
            self.target.problem_type,
            classes=self.target.classes,
            **self.prepared.scorer_options,
        )

    def lean(self, *, n_cpus: int) -> Fitting:
        """Return a picklable copy without raw rows and scoring; a model takes ``n_cpus``."""
        other = copy.copy(self)
        resources = self.request.compute
        resources = replace(resources, train=replace(resources.train or Resources(), cpus=n_cpus))
        none = self.request.train.iloc[:0]
        other.request = replace(self.request, train=none, validation=None, compute=resources)
        return other

    def move(self, folder: Path) -> None:
        """Use another run's folder, after unpacking on another machine."""
        self.scratch = predictor_path(folder) / self.scratch.name
        self.scratch.mkdir(parents=True, exist_ok=True)

    @property
    def n_parts(self) -> int:
        """How many models a trial fits: the folds, or one."""
        return 1 if self.prepared.splits is None else len(self.prepared.splits)

    def predict(
        self,
        key: str,
        settings: Mapping[str, ParameterValue],
        part: int,
        *,
        limit_s: float,
        share: float = 1.0,
    ) -> Floats:
        """Fit one part and return the model's predictions of its scored rows: (m, k), or (m,) values.

        It trains on a ``share`` of its training rows. The model's errors are passed on, and so is
        TimeLimitExceeded if no time is left.
        """
        if limit_s <= 0:
            raise TimeLimitExceeded
        rows = self._part(part)
        X, y, weights = rows.X, rows.y, rows.weights
        if share < 1.0:
            some = self._subset(y.to_numpy(), share)
            X, y = X.iloc[some], y.iloc[some]
            weights = None if weights is None else weights[some]
        kind, model_settings = self._model_settings(key, settings)
        model = kind(
            path=str(self.scratch),
            name="trial",
            problem_type=self.target.problem_type,
            eval_metric=self._scorer,
            hyperparameters=model_settings,
        )
        processors = self.request.resources.cpus or threads_for(len(self.request.train))
        limits = limit_fit_resources(self.request.resources.gpus, processors)
        with limits, seeded(model, self.request.task.seed):
            model.fit(
                # AutoGluon writes into some frames it gets.
                X=X.copy(deep=False),
                y=y,
                X_val=rows.X_val.copy(deep=False),
                y_val=rows.y_val,
                sample_weight=weights,
                time_limit=limit_s,
                feature_metadata=self._metadata,
                num_classes=len(self.target.classes) or None,
                total_resources={"num_cpus": processors, "num_gpus": self.request.resources.gpus or 0},
                verbosity=0,
            )
        probabilities = np.asarray(model.predict_proba(rows.X_val.copy(deep=False)))
        return class_columns(probabilities, self.target.problem_type)

    def score(self, outputs: Mapping[int, Floats]) -> float:
        """Return the metric's value for the parts' predictions; raises DataError if it is undefined.

        A row that several parts scored (repeated folds) counts once, by the mean of its predictions.
        """
        together: dict[str, Any] = {"n": np.zeros(self._n_scored())}
        for part, prediction in outputs.items():
            places = self._places(part)
            if "sum" not in together:
                together["sum"] = np.zeros((self._n_scored(), *prediction.shape[1:]))
            together["sum"][places] += prediction
            together["n"][places] += 1
        scored = together["n"] > 0
        counts = together["n"][scored]
        prediction = together["sum"][scored] / (counts if together["sum"].ndim == 1 else counts[:, None])
        return self._score(*self._original(scored, prediction), self._scored_metric(scored))

    def _scored_metric(self, scored: NDArray[np.bool_]) -> Metric:
        """Return the metric of the scored rows, with their weights and groups."""
        rows = self.prepared.rows
        places = np.arange(len(rows.truth)) if self.prepared.validation is None else ~rows.unknown
        at = np.flatnonzero(places)[scored] if places.dtype == bool else places[scored]
        return rows.metric(self.request.task.metric, at).for_classes(self.target.classes)

    def _original(self, scored: NDArray[np.bool_], predictions: Floats) -> tuple[NDArray[Any], Floats]:
        """Return the scored rows' codes, or numbers on their original scale, and such predictions."""
        scale = self.prepared.scale
        if scale is None:
            return self._truth()[scored], predictions
        rows = read_scored(self.request.folder)
        original = scale.decode(predictions, None if rows is None else rows[scored])
        return self.prepared.rows.truth[scored], original

    def _score(self, truth: NDArray[Any], predictions: Floats, metric: Metric) -> float:
        codes = range(len(self.target.classes))
        positive = 1 if len(codes) == 2 else None
        threshold = None
        if positive is not None:
            threshold = tune_threshold(metric, truth, predictions, classes=codes, positive_class=positive)
        elif len(codes) > 2:
            predictions = predictions / predictions.sum(axis=1, keepdims=True)
        return metric.score(truth, predictions, classes=codes, positive_class=positive, threshold=threshold)

    def _model_settings(self, key: str, settings: Mapping[str, ParameterValue]) -> tuple[Any, dict[str, Any]]:
        """Return AutoGluon's class of a family (or of a custom model) and its hyperparameters."""
        model = next((one for one in self.request.custom if one.reference == key), None)
        if model is not None:
            return _custom_kind(model, settings, self.request.task.seed)
        main = list_hyperparameters(key, self.target.problem_type).main
        settings = {main.get(name, name): value for name, value in settings.items()}
        hyperparameters: Hyperparameters = {}
        add_setting(
            hyperparameters,
            key,
            name=key,
            values=dict(settings),
            problem_type=self.request.task.problem_type,
            seed=self.request.task.seed,
        )
        task = self.request.task
        ((kind, (setting,)),) = with_loss(with_constraints(hyperparameters, task), task).items()
        if isinstance(kind, str):
            from autogluon.tabular.registry import ag_model_registry

            kind = ag_model_registry.key_to_cls(kind)
        return kind, _for_a_trial(setting)

    def _part(self, number: int) -> _Part:
        label, train, validation = self.prepared.label, self.prepared.train, self.prepared.validation
        weights = self.prepared.weights
        if validation is None:
            learned, tested = self._split(number)
            train, validation = train.iloc[learned], train.iloc[tested]
            weights = None if weights is None else weights[learned]
        return _Part(
            X=train.drop(columns=label),
            y=train[label],
            X_val=validation.drop(columns=label),
            y_val=validation[label],
            weights=weights,
            places=self._places(number),
        )

    def _split(self, number: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        splits = self.prepared.splits or []
        return splits[number]

    def _places(self, number: int) -> NDArray[np.int64]:
        return np.arange(self._n_scored()) if self.prepared.splits is None else self._split(number)[1]

    def _truth(self) -> NDArray[Any]:
        """Return (n,) codes or values of the rows that can be scored: those with a known label."""
        validation = self.prepared.validation
        rows = self.prepared.rows.truth if validation is None else validation[self.prepared.label]
        return np.asarray(rows)

    def _n_scored(self) -> int:
        return len(self._truth())

    def _subset(self, y: NDArray[Any], share: float) -> NDArray[np.int64]:
        """Return a share of the positions, in order: the same ones each time, with a row of every class."""
        rng = np.random.default_rng(self.request.task.seed)
        order = rng.permutation(len(y))
        if get_task_type(self.target.problem_type).has_classes:
            _, first = np.unique(y[order], return_index=True)
            order = np.concatenate([order[first], np.delete(order, first)])
        n_rows = max(int(np.ceil(share * len(y))), len(self.target.classes))
        return np.sort(order[:n_rows])


def _custom_kind(
    model: CustomModel, settings: Mapping[str, ParameterValue], seed: int
) -> tuple[Any, dict[str, Any]]:
    from litmus_core.engine._custom.wrapper import CustomWrapper

    model_settings = _for_a_trial(custom_settings((model,), seed=seed)[0])
    return CustomWrapper, model_settings | {"parameters": dict(settings)}


def _for_a_trial(settings: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in settings.items() if name not in _FOR_THE_RUN}
