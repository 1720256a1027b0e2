"""Count the chosen model's correct and wrong predictions on the judging rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from litmus_core.metrics import LabelCase, constant_answer, get_metric, label_case
from litmus_core.runtime import label_text
from litmus_core.task_types import Facet
from litmus_core.types import Cases, Column, ErrorCases, FlaggedCases, RightCases, Task

if TYPE_CHECKING:
    from litmus_core.jobs._context import RunContext
    from litmus_core.jobs._judging.scores import TestPredictions
    from litmus_core.jobs._run_data import RunData


def judged_cases(context: RunContext, data: RunData, predictions: TestPredictions) -> Cases | None:
    """Return the cases of the run's chosen model."""
    task = context.experiment.task
    target = context.versions()[task.dataset_version_id].column(task.target)
    return count_cases(task, data, predictions, target=target)


def count_cases(task: Task, data: RunData, predictions: TestPredictions, *, target: Column) -> Cases | None:
    """Return the cases of these predictions; None unless each is a single label or number."""
    return _COUNTERS.of(task.problem_type)(task, data, predictions, target)


def _truth(data: RunData, index: np.ndarray) -> np.ndarray:  # (n,)
    truth: np.ndarray = data.frame[data.target].to_numpy()[index]
    return truth


def _label_case(task: Task, data: RunData, predictions: TestPredictions) -> LabelCase:
    table = get_metric(task.metric).costs
    return label_case(
        _truth(data, predictions.index),
        predictions.raw,
        classes=predictions.classes,
        positive_class=task.positive_class,
        threshold=predictions.threshold,
        costs=None if table is None else table.matrix([label_text(label) for label in predictions.classes]),
    )


def _flagged_cases(task: Task, data: RunData, predictions: TestPredictions, target: Column) -> Cases:
    case = _label_case(task, data, predictions)
    flagged, positive = case.decided == case.positive, case.codes == case.positive
    return FlaggedCases(
        label=label_text(predictions.classes[case.positive]),
        n_rows=case.n_rows,
        n_positive=int(positive.sum()),
        n_flagged=int(flagged.sum()),
        n_hits=int((flagged & positive).sum()),
    )


def _right_cases(task: Task, data: RunData, predictions: TestPredictions, target: Column) -> Cases:
    case = _label_case(task, data, predictions)
    labels, counts = np.unique(_truth(data, data.index("train")).astype(str), return_counts=True)
    commonest = labels[counts.argmax()]
    return RightCases(
        n_rows=case.n_rows,
        n_right=int((case.decided == case.codes).sum()),
        n_commonest=int((_truth(data, predictions.index).astype(str) == commonest).sum()),
    )


def _error_cases(task: Task, data: RunData, predictions: TestPredictions, target: Column) -> Cases | None:
    if predictions.raw.ndim != 1 or task.needs.is_order:
        return None
    actual = _truth(data, predictions.index).astype(np.float64)
    typical, nine_in_ten = np.quantile(np.abs(predictions.raw - actual), (0.5, 0.9))
    return ErrorCases(
        n_rows=len(actual),
        typical=float(typical),
        nine_in_ten=float(nine_in_ten),
        guess_typical=None if task.read_columns else float(np.median(np.abs(actual - _guess(task, data)))),
        unit=target.unit if task.task_type is None else "",
    )


def _guess(task: Task, data: RunData) -> float:
    """Return the number that is the best answer to every row by the metric, from the training rows."""
    index = data.index("train")
    metric, weights = data.metric(task.metric, index), data.weights_of(index)
    return float(constant_answer(_truth(data, index), metric=metric, weights=weights)[0])


_COUNTERS: Facet[Callable[[Task, RunData, TestPredictions, Column], Cases | None]] = Facet(
    "count of cases", {"binary": _flagged_cases, "multiclass": _right_cases, "regression": _error_cases}
)
