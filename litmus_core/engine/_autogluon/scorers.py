"""Our metrics as AutoGluon scorers. Imports AutoGluon: import this module late.

Scorers are pickled with the models, so they call a module-level class, which holds a metric's text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from autogluon.core.metrics import Scorer, make_scorer

from litmus_core.engine._autogluon.grouped_labels import unpack_labels
from litmus_core.engine._autogluon.losses import loss_scorer
from litmus_core.errors import DataError, UnknownNameError
from litmus_core.metrics import Metric, get_metric
from litmus_core.plugins import register_run_metrics
from litmus_core.task_types import Loss, get_task_type
from litmus_core.types import ProblemType

# Metrics for which AutoGluon's own is the same function of the same inputs.
_SAME_NAME = {
    "accuracy",
    "balanced_accuracy",
    "f1",
    "f1_macro",
    "f1_weighted",
    "log_loss",
    "mcc",
    "precision",
    "r2",
    "recall",
}
_RANKINGS = {"average_precision", "roc_auc"}  # of two classes only
_UNDEFINED = 0.5  # early stopping needs a number even if some rows leave the metric undefined
_OTHER_NAME = {"rmse": "root_mean_squared_error", "mae": "mean_absolute_error"}


def scorer_for(
    name: str,
    problem_type: ProblemType,
    *,
    classes: Sequence[Any] = (),
    decode: Callable[[Any], Any] | None = None,
    folder: Path | None = None,
    loss: Loss | None = None,
    packed: bool = False,
) -> str | Scorer:
    """Return AutoGluon's optimisation target for the metric ``name``.

    ``classes`` are the labels behind class codes from 0, which costs depend on. ``decode`` converts numbers
    back from the models' scale: the metric is on the original one. ``folder`` is the run's, which stores a
    custom metric. A ``loss`` ("": the squared error) replaces the metric where numbers cannot be converted
    back without their rows, which AutoGluon does not pass on. ``packed`` labels carry the groups of their
    rows: the metric is then computed on the learned numbers.
    """
    if loss is not None:
        return loss_scorer(loss)
    metric = get_metric(name)
    path = str(folder) if folder is not None and metric.is_custom else ""
    if packed:
        return _custom_scorer(metric, CustomScore(metric.name, folder=path, packed=True))
    if decode is not None or path:
        return _custom_scorer(metric, CustomScore(metric.name, tuple(classes), decode=decode, folder=path))
    if metric.family in _SAME_NAME:
        return metric.family
    if metric.family in _OTHER_NAME:
        return _OTHER_NAME[metric.family]
    if metric.family in _RANKINGS and get_task_type(problem_type).has_positive_class:
        return metric.family  # for roc_auc AutoGluon stops early by log loss, which is smoother
    return _custom_scorer(metric, CustomScore(metric.name, tuple(classes)))


def _custom_scorer(metric: Metric, score: CustomScore) -> Scorer:
    return make_scorer(
        f"litmus_{metric.family}",
        score,
        optimum=_optimum(metric),
        greater_is_better=metric.greater_is_better,
        needs_proba=metric.needs == "probabilities",
        needs_class=metric.needs == "labels",
    )


def _optimum(metric: Metric) -> float:
    """Return the best possible value, from which AutoGluon measures distances; 0 if there is none."""
    best = metric.highest if metric.greater_is_better else metric.lowest
    return best if np.isfinite(best) else 0.0


@dataclass(frozen=True)
class CustomScore:
    """One of our metrics as a function of class codes and AutoGluon's predictions, or of values."""

    name: str
    classes: tuple[Any, ...] = ()
    decode: Callable[[Any], Any] | None = None
    folder: str = ""  # of the run that stores the metric, if it is a custom one
    packed: bool = False

    def __call__(self, y_true: Any, y_pred: Any, *, sample_weight: Any = None) -> float:
        """Return the metric's value in its own sign; 0.5 if the rows leave it undefined."""
        metric = self._metric()
        try:
            if self.packed:
                numbers, groups = unpack_labels(y_true)
                return metric.grouped(groups).score(numbers, y_pred)
            metric = metric.weighted(sample_weight)
            if metric.needs == "values":
                decode = getattr(self, "decode", None)  # models of earlier versions have none
                pair = (y_true, y_pred) if decode is None else (decode(y_true), decode(y_pred))
                return metric.score(*pair)
            return self._of_classes(metric, np.asarray(y_true, dtype=np.int64), np.asarray(y_pred))
        except DataError:
            return _UNDEFINED

    def _metric(self) -> Metric:
        try:
            return get_metric(self.name)
        except UnknownNameError:
            if not getattr(self, "folder", ""):
                raise
        register_run_metrics(Path(self.folder))  # in one of Ray's processes, which fits a fold
        return get_metric(self.name)

    def _of_classes(self, metric: Metric, codes: Any, predictions: Any) -> float:
        if metric.needs == "labels":
            n_classes = int(max(len(self.classes), 2, codes.max() + 1, predictions.max() + 1))
            probabilities = np.eye(n_classes)[predictions.astype(np.int64)]
        else:
            probabilities = predictions.astype(np.float64)
            if probabilities.ndim == 1:
                probabilities = np.column_stack([1 - probabilities, probabilities])
        if self.classes:
            metric = metric.for_classes(self.classes)
        return metric.score(codes, probabilities, classes=range(probabilities.shape[1]))


# Models of earlier versions were pickled with functions of these names.
brier, roc_auc, mape, medape, rmsle = (
    CustomScore(name) for name in ("brier", "roc_auc", "mape", "medape", "rmsle")
)
