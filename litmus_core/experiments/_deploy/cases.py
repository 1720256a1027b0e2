"""Predictions of a deployed model and their outcomes, as cases for metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from litmus_core.errors import NotFoundError
from litmus_core.experiments._context import Context
from litmus_core.metrics import LabelCase, Metric, ValueCase, score_unit
from litmus_core.runtime import ModelInfo, label_text
from litmus_core.types import Task

if TYPE_CHECKING:
    from numpy.typing import NDArray


def case_of(metric: Metric, info: ModelInfo, outcomes: list[Any], raw: Any) -> LabelCase | ValueCase:
    """Return ``outcomes`` (n: label texts or values) and ``raw`` predictions, (n, k) or (n,), as a case."""
    labels = [label_text(label) for label in info.classes]
    return metric.case(
        outcomes, raw, classes=labels, positive_class=info.positive_class, threshold=info.threshold
    )


def unit_of_task(context: Context, task: Task) -> str:
    """Return the unit of a task's scores, such as a currency; "" if its table is gone."""
    try:
        target = context.dataset(task.dataset_version_id).column(task.target)
    except NotFoundError:
        return ""
    return score_unit(task, target)


def label_values(info: ModelInfo, outcomes: list[Any]) -> NDArray[Any]:
    """Return ``outcomes`` (n: label texts or values) as the model's own labels or values (n,)."""
    import numpy as np

    labels = {label_text(label): label for label in info.classes}
    values = [labels.get(outcome, outcome) for outcome in outcomes]
    return np.array(values, dtype=object if labels else float)
