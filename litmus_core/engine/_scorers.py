"""Our metrics as AutoGluon scorers. Imports AutoGluon: import this module late.

Scorers are pickled with the models, so their functions are named here at module level.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from autogluon.core.metrics import Scorer, make_scorer

from litmus_core.errors import DataError
from litmus_core.metrics import get_metric
from litmus_core.types import ProblemType

# Where AutoGluon's own metric is the same function of the same inputs.
_SAME_NAME = {
    "accuracy",
    "average_precision",
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
_UNDEFINED = 0.5  # early stopping needs a number where a part of the rows leaves the metric undefined
_OTHER_NAME = {"rmse": "root_mean_squared_error", "mae": "mean_absolute_error"}


def scorer_for(name: str, problem_type: ProblemType) -> str | Scorer:
    """Return what AutoGluon is to optimise for the metric called ``name``."""
    if name in _SAME_NAME:
        return name
    if name in _OTHER_NAME:
        return _OTHER_NAME[name]
    if name == "roc_auc" and problem_type == "binary":
        return name  # AutoGluon knows it by name and stops early by log loss, which is smoother
    return _OWN[name]


def _on_probabilities(name: str, y_true: Any, y_pred: Any) -> float:
    probabilities = np.asarray(y_pred, dtype=np.float64)
    if probabilities.ndim == 1:
        probabilities = np.column_stack([1 - probabilities, probabilities])
    codes = np.asarray(y_true, dtype=np.int64)
    try:
        return get_metric(name).score(codes, probabilities, classes=range(probabilities.shape[1]))
    except DataError:
        return _UNDEFINED


def brier(y_true: Any, y_pred: Any) -> float:
    """Brier score."""
    return _on_probabilities("brier", y_true, y_pred)


def roc_auc(y_true: Any, y_pred: Any) -> float:
    """One-vs-rest ROC AUC, over the classes that occur."""
    return _on_probabilities("roc_auc", y_true, y_pred)


def mape(y_true: Any, y_pred: Any) -> float:
    """Mean absolute percentage error over rows whose truth is not 0."""
    return get_metric("mape").score(y_true, y_pred)


def medape(y_true: Any, y_pred: Any) -> float:
    """Median absolute percentage error."""
    return get_metric("medape").score(y_true, y_pred)


def rmsle(y_true: Any, y_pred: Any) -> float:
    """Root mean squared logarithmic error."""
    return get_metric("rmsle").score(y_true, y_pred)


_OWN: dict[str, Scorer] = {
    "brier": make_scorer("litmus_brier", brier, optimum=0, greater_is_better=False, needs_proba=True),
    "roc_auc": make_scorer("litmus_roc_auc", roc_auc, needs_proba=True),
    "mape": make_scorer("litmus_mape", mape, optimum=0, greater_is_better=False),
    "medape": make_scorer("litmus_medape", medape, optimum=0, greater_is_better=False),
    "rmsle": make_scorer("litmus_rmsle", rmsle, optimum=0, greater_is_better=False),
}
