"""Answers of a deployed model and what came true, as metrics take them."""

from __future__ import annotations

from typing import Any

from litmus_core.metrics import LabelCase, Metric, ValueCase
from litmus_core.runtime import ModelInfo, label_text


def case_of(metric: Metric, info: ModelInfo, outcomes: list[Any], raw: Any) -> LabelCase | ValueCase:
    """Return ``outcomes`` (n: label texts or values) and ``raw`` predictions, (n, k) or (n,), as a case."""
    labels = [label_text(label) for label in info.classes]
    return metric.case(
        outcomes, raw, classes=labels, positive_class=info.positive_class, threshold=info.threshold
    )
