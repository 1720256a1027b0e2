"""The predictor interface that diagnostics use, and how they score predictions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from litmus_core.errors import DataError
from litmus_core.metrics import Metric, get_metric, label_index, score_interval
from litmus_core.runtime import decide
from litmus_core.task_types import get_task_type
from litmus_core.types import Column, ProblemType, Score

Array = np.ndarray[Any, Any]
_MEANS = frozenset(  # families whose value over all rows lies between those of any two halves
    {
        "accuracy",
        "brier",
        "cost",
        "log_loss",
        "mae",
        "mape",
        "medape",
        "quantile_loss",
        "rmse",
        "rmsle",
        "top_k_accuracy",
    }
)


class PredictorLike(Protocol):
    """The part of ``runtime.Predictor`` that diagnostics use; any object with these methods will do."""

    @property
    def problem_type(self) -> ProblemType: ...

    @property
    def classes(self) -> tuple[Any, ...]: ...

    @property
    def columns(self) -> tuple[Column, ...]: ...

    @property
    def positive_class(self) -> Any: ...

    @property
    def threshold(self) -> float | None: ...

    @property
    def costs(self) -> Sequence[Sequence[float]]: ...

    @property
    def abstain_below(self) -> float | None: ...

    @property
    def abstain_label(self) -> str: ...

    def predict_proba(self, rows: Any, /) -> Array:
        """Return probabilities, shape (n_rows, n_classes), columns in the order of ``classes``."""

    def predict_values(self, rows: Any, /) -> Array:
        """Return values, shape (n_rows,)."""


@dataclass(frozen=True)
class Scorer:
    """A metric, with the predictor's classes and threshold."""

    metric: Metric
    classes: tuple[Any, ...]
    positive_class: Any
    threshold: float | None

    def at(self, rows: Array) -> Scorer:
        """Return the scorer for some of the metric's rows."""
        return replace(self, metric=self.metric.at(rows))

    @property
    def _options(self) -> dict[str, Any]:
        return {
            "classes": self.classes,
            "positive_class": self.positive_class,
            "threshold": self.threshold,
        }

    def score(self, y: Array, prediction: Array) -> float:
        """Return the metric on these rows in its own sign; NaN if it is undefined for them."""
        if len(y) == 0:
            return float("nan")
        try:
            return self.metric.score(y, prediction, **self._options)
        except DataError:  # such as one class only, which happens in small groups
            return float("nan")

    def interval(self, y: Array, prediction: Array, *, seed: int, n: int) -> tuple[Score, Array]:
        """Return the score with its 95 % interval, and ``n`` bootstrap replicates."""
        return score_interval(self.metric, y, prediction, seed=seed, n=n, **self._options)

    def of_groups(self) -> Scorer:
        """Return the scorer that compares groups of rows: by its metric, or else by accuracy or RMSE.

        A metric such as ROC AUC falls inside almost any group, so that all parts of a column look worse. A
        metric that is a mean over groups stays: on some of their rows it scores the order of these.
        """
        if self.metric.by_group or (self.metric.family in _MEANS and not self.metric.is_custom):
            return self
        plain = get_metric("accuracy" if self.classes else "rmse")
        return replace(self, metric=plain.weighted(self.metric.weights))

    def worse_by(self, score: float, *, than: float) -> float:
        """Return how much worse ``score`` is than ``than``: positive is worse for every metric."""
        return than - score if self.metric.greater_is_better else score - than


def scorer_for(predictor: PredictorLike, metric: Metric) -> Scorer:
    """Bind ``metric`` to the classes and the threshold of ``predictor``."""
    return Scorer(
        metric=metric,
        classes=tuple(predictor.classes),
        positive_class=predictor.positive_class,
        threshold=predictor.threshold,
    )


def predict(predictor: PredictorLike, rows: Any) -> Array:
    """Return probabilities (n, k) for classification, values (n,) for regression."""
    if not get_task_type(predictor.problem_type).has_classes:
        return np.asarray(predictor.predict_values(rows), dtype=float)
    return np.asarray(predictor.predict_proba(rows), dtype=float)


def class_codes(labels: Sequence[Any] | Array, classes: Sequence[Any]) -> Array:
    """Return each label's index in ``classes``, shape (n,); -1 for an unknown label.

    Labels match by value, or else by their text (a class ``1`` read back as ``"1"``).
    """
    by_value = {label: code for code, label in enumerate(classes)}
    by_text = {str(label): code for code, label in enumerate(classes)}
    plain = labels.tolist() if isinstance(labels, np.ndarray) else list(labels)
    codes = (by_value.get(label, by_text.get(str(label), -1)) for label in plain)
    return np.fromiter(codes, dtype=np.int64, count=len(plain))


def answered_codes(
    prediction: Array,
    classes: Sequence[Any],
    *,
    positive_class: Any,
    threshold: float | None,
    costs: Sequence[Sequence[float]] = (),
) -> Array:
    """Return the index of each row's predicted class, shape (n,).

    The most probable class; for two classes the positive one if it reaches ``threshold`` (None: 0.5); with
    ``costs`` of truth and prediction, the class with the lowest expected cost.
    """
    positive = 1 if positive_class is None else label_index(classes, positive_class)
    return decide(prediction, positive=positive, threshold=threshold, costs=costs)
