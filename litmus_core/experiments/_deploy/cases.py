"""Predictions of a deployed model and their outcomes, as cases for metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from litmus_core.metrics import LabelCase, Metric, ValueCase
from litmus_core.runtime import ModelInfo, label_text

if TYPE_CHECKING:
    from numpy.typing import NDArray


def case_of(metric: Metric, info: ModelInfo, outcomes: list[Any], raw: Any) -> LabelCase | ValueCase:
    """Return ``outcomes`` (n: label texts or values) and ``raw`` predictions, (n, k) or (n,), as a case."""
    labels = [label_text(label) for label in info.classes]
    return metric.case(
        outcomes, raw, classes=labels, positive_class=info.positive_class, threshold=info.threshold
    )


def label_values(info: ModelInfo, outcomes: list[Any]) -> NDArray[Any]:
    """Return ``outcomes`` (n: label texts or values) as the model's own labels or values (n,)."""
    import numpy as np

    labels = {label_text(label): label for label in info.classes}
    values = [labels.get(outcome, outcome) for outcome in outcomes]
    return np.array(values, dtype=object if labels else float)
