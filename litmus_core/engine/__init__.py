"""Training: the only home of AutoGluon. Nothing heavy is imported before a function needs it."""

from litmus_core.metrics import (
    Metric,
    default_metric,
    get_metric,
    label_index,
    metrics_for,
    score_interval,
    tune_threshold,
)

__all__ = [
    "Metric",
    "default_metric",
    "get_metric",
    "label_index",
    "metrics_for",
    "score_interval",
    "tune_threshold",
]
