"""The metrics that Litmus knows, by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from litmus_core.errors import DataError, UnknownNameError
from litmus_core.metrics import _labels, _probabilities, _values
from litmus_core.metrics._case import Floats, LabelCase, ValueCase, label_case, value_case
from litmus_core.metrics._draws import Draws, EveryRow
from litmus_core.types import ProblemType

Needs = Literal["labels", "probabilities", "values"]
Unit = Literal["share", "score", "target"]
Case = LabelCase | ValueCase


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One way to say how good predictions are.

    ``needs``: decided labels, class probabilities, or values. ``unit``: ``share`` is a part of 1 that
    people read as a percentage, ``target`` is in the target's unit, ``score`` has none. ``lowest`` and
    ``highest`` bound its values. ``label`` is plain words, ``phrase`` what a model does, with a
    ``{value}``: "is right {value} of the time".
    """

    name: str
    label: str
    phrase: str
    greater_is_better: bool
    problem_types: tuple[ProblemType, ...]
    needs: Needs
    unit: Unit
    evaluate: Callable[[Any, Draws], Floats]
    lowest: float = 0.0
    highest: float = 1.0
    by_class: bool = False  # a class with few rows makes it uncertain, however many rows there are
    compares_pairs: bool = False  # of rows of two classes: one that is ranked by chance scores 0.5

    def score(
        self,
        y_true: ArrayLike,
        prediction: ArrayLike,
        *,
        classes: Sequence[Any] = (),
        positive_class: Any = None,
        threshold: float | None = None,
    ) -> float:
        """Return the value for labels (n,) and probabilities (n, k) in ``classes``' order, or values (n,).

        Binary metrics look at ``positive_class`` (None: the last class), decided at ``threshold`` on its
        probability (None: 0.5). Raises DataError where the rows leave it undefined (one class only).
        """
        case = self.case(
            y_true, prediction, classes=classes, positive_class=positive_class, threshold=threshold
        )
        return self.value(case)

    def value(self, case: Case) -> float:
        """Return the value of a case; raises DataError where it is undefined."""
        value = float(self.evaluate(case, EveryRow(case.n_rows))[0])
        if np.isnan(value):
            raise DataError(
                f"{self.label} cannot be told from these {case.n_rows} rows: {self._why_undefined()}.",
                hint="Choose another split or another metric.",
            )
        return value

    def case(
        self,
        y_true: ArrayLike,
        prediction: ArrayLike,
        *,
        classes: Sequence[Any] = (),
        positive_class: Any = None,
        threshold: float | None = None,
    ) -> Case:
        """Bring truth and prediction into the shape that :attr:`evaluate` takes."""
        if self.needs == "values":
            return value_case(y_true, prediction)
        return label_case(
            y_true, prediction, classes=classes, positive_class=positive_class, threshold=threshold
        )

    def _why_undefined(self) -> str:
        if self.name == "rmsle":
            return "some true values are below 0"
        if self.name in ("mape", "medape"):
            return "all true values are 0"
        if self.needs == "values":
            return "all true values are equal"
        return "they do not hold both sides of the question"


def _on_counts(rate: Callable[[_labels.Counts, int], Floats]) -> Callable[[LabelCase, Draws], Floats]:
    def evaluate(case: LabelCase, draws: Draws) -> Floats:
        return rate(_labels.count(case, draws), case.positive)

    return evaluate


_BOTH: tuple[ProblemType, ...] = ("binary", "multiclass")
_BINARY: tuple[ProblemType, ...] = ("binary",)
_REGRESSION: tuple[ProblemType, ...] = ("regression",)


def _labelled(
    name: str,
    label: str,
    phrase: str,
    rate: Callable[[_labels.Counts, int], Floats],
    *,
    problem_types: tuple[ProblemType, ...] = _BOTH,
    unit: Unit = "share",
    lowest: float = 0.0,
    by_class: bool = True,
) -> Metric:
    return Metric(
        name=name,
        label=label,
        phrase=phrase,
        greater_is_better=True,
        problem_types=problem_types,
        needs="labels",
        unit=unit,
        evaluate=_on_counts(rate),
        lowest=lowest,
        by_class=by_class,
    )


def _graded(
    name: str,
    label: str,
    phrase: str,
    evaluate: Callable[[LabelCase, Draws], Floats],
    *,
    greater_is_better: bool,
    problem_types: tuple[ProblemType, ...] = _BOTH,
    highest: float = 1.0,
    compares_pairs: bool = False,
) -> Metric:
    return Metric(
        name=name,
        label=label,
        phrase=phrase,
        greater_is_better=greater_is_better,
        problem_types=problem_types,
        needs="probabilities",
        unit="score",
        evaluate=evaluate,
        highest=highest,
        by_class=greater_is_better,
        compares_pairs=compares_pairs,
    )


def _valued(
    name: str,
    label: str,
    phrase: str,
    evaluate: Callable[[ValueCase, Draws], Floats],
    *,
    unit: Unit,
    greater_is_better: bool = False,
    lowest: float = 0.0,
    highest: float = np.inf,
) -> Metric:
    return Metric(
        name=name,
        label=label,
        phrase=phrase,
        greater_is_better=greater_is_better,
        problem_types=_REGRESSION,
        needs="values",
        unit=unit,
        evaluate=evaluate,
        lowest=lowest,
        highest=highest,
    )


_METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        _labelled(
            "accuracy",
            "How often it is right",
            "is right {value} of the time",
            _labels.accuracy,
            by_class=False,
        ),
        _graded(
            "roc_auc",
            "How well it ranks",
            "ranks cases with a score of {value}",
            _probabilities.roc_auc,
            greater_is_better=True,
            compares_pairs=True,
        ),
        _labelled(
            "balanced_accuracy",
            "How often it is right, each class counting the same",
            "is right {value} of the time when each class counts the same",
            _labels.balanced_accuracy,
        ),
        _labelled(
            "f1",
            "Balance of finding and being right",
            "balances finding cases and being right with a score of {value} (F1)",
            _labels.f1,
            problem_types=_BINARY,
            unit="score",
        ),
        _labelled(
            "f1_macro",
            "Balance of finding and being right, each class counting the same",
            "balances finding and being right over all classes with a score of {value} (macro F1)",
            _labels.f1_macro,
            unit="score",
        ),
        _labelled(
            "f1_weighted",
            "Balance of finding and being right, classes by their size",
            "balances finding and being right with a score of {value} (weighted F1)",
            _labels.f1_weighted,
            unit="score",
        ),
        _labelled(
            "precision",
            "How often an alarm is right",
            "is right {value} of the time when it says yes",
            _labels.precision,
            problem_types=_BINARY,
        ),
        _labelled(
            "recall",
            "How many cases it finds",
            "finds {value} of the cases",
            _labels.recall,
            problem_types=_BINARY,
        ),
        _graded(
            "average_precision",
            "How well it ranks rare cases",
            "ranks rare cases with a score of {value} (average precision)",
            _probabilities.average_precision,
            greater_is_better=True,
            problem_types=_BINARY,
        ),
        _graded(
            "log_loss",
            "How far its probabilities are off (log loss)",
            "has probabilities that are off by {value} (log loss)",
            _probabilities.log_loss,
            greater_is_better=False,
            highest=np.inf,
        ),
        _labelled(
            "mcc",
            "How much its answers agree with the truth",
            "agrees with the truth with a correlation of {value}",
            _labels.mcc,
            unit="score",
            lowest=-1.0,
        ),
        _graded(
            "brier",
            "How far its probabilities are off (Brier)",
            "has probabilities that are off by {value} (Brier score)",
            _probabilities.brier,
            greater_is_better=False,
        ),
        _valued(
            "rmse",
            "How far it is off, large errors counting more",
            "is off by {value} (root mean square)",
            _values.rmse,
            unit="target",
        ),
        _valued(
            "mae", "How far it is off on average", "is off by {value} on average", _values.mae, unit="target"
        ),
        _valued(
            "r2",
            "How much of the differences it explains",
            "explains {value} of the differences",
            _values.r2,
            unit="share",
            greater_is_better=True,
            lowest=-np.inf,
            highest=1.0,
        ),
        _valued(
            "mape",
            "How far it is off on average, as a share",
            "is off by {value} on average",
            _values.mape,
            unit="share",
        ),
        _valued(
            "medape",
            "How far it is off in the middle case, as a share",
            "is off by {value} in the middle case",
            _values.medape,
            unit="share",
        ),
        _valued(
            "rmsle",
            "How far it is off in orders of size",
            "is off by {value} in the logarithm (RMSLE)",
            _values.rmsle,
            unit="score",
        ),
    )
}
_DEFAULTS: dict[ProblemType, str] = {"binary": "roc_auc", "multiclass": "accuracy", "regression": "rmse"}


def get_metric(name: str) -> Metric:
    """Return the metric called ``name``; raises UnknownNameError with the nearest name.

    >>> get_metric("rmse").greater_is_better
    False
    """
    if name not in _METRICS:
        raise UnknownNameError(kind="metric", name=name, known=_METRICS)
    return _METRICS[name]


def metrics_for(problem_type: ProblemType) -> tuple[Metric, ...]:
    """Return the metrics that fit, the default one first."""
    fitting = [metric for metric in _METRICS.values() if problem_type in metric.problem_types]
    return tuple(sorted(fitting, key=lambda metric: metric.name != _DEFAULTS[problem_type]))


def default_metric(problem_type: ProblemType) -> Metric:
    """Return the metric Litmus proposes: ranking for two classes, being right for more, RMSE for numbers."""
    return _METRICS[_DEFAULTS[problem_type]]
